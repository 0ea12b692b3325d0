"""The site, served: tables up to date, a worker beside it, granian in front. `python -m oneworkforce.website.serving HOST PORT`."""

from __future__ import annotations

import os
import signal
import socket
import subprocess  # nosec B404
import sys
import time
from contextlib import suppress
from types import FrameType

import django
from django.core.management import call_command

from oneworkforce.errors import Invalid

START = 30.0  # seconds that the site gets to answer
PATIENCE = 10.0  # seconds that a process gets to end by itself


def serve(host: str = "127.0.0.1", port: int = 8000, *, processes: int = 1, worker: bool = True) -> None:
    """The site answers at the address until the process is told to stop; then its worker has stopped too, and loses no work.

    Raises `Invalid` where something else answers at the address already.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oneworkforce.website.settings")
    _check_free(host, port)
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    house = _House(_granian(host, port, processes), [sys.executable, "-m", "django", "work"] if worker else [])
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, house.told_to_stop)
    try:
        _wait_until_it_answers(house.front, host, port)
        if house.front.poll() is None:
            shown = "localhost" if host in {"127.0.0.1", "0.0.0.0"} else host  # nosec B104
            print(f"One Workforce is at http://{shown}:{port}/  (Ctrl+C stops it)", flush=True)
        house.keep()
    finally:
        house.stop()
    if not house.told:
        raise Invalid("The site stopped by itself (see above). Nothing that was saved is lost; serve it again.")


class _House:
    """The site's process and the worker's, kept together: a worker that was killed is followed by another."""

    def __init__(self, front: list[str], worker: list[str]) -> None:
        self.told = False
        self.worker = worker
        self.beside = subprocess.Popen(worker) if worker else None  # nosec B603
        self.front = subprocess.Popen(front)  # nosec B603

    def keep(self) -> None:
        """The site has stopped, or was told to."""
        while self.front.poll() is None and not self.told:
            if self.beside and self.beside.poll() is not None:
                self.beside = subprocess.Popen(self.worker)  # nosec B603
            time.sleep(1)

    def told_to_stop(self, number: int, frame: FrameType | None) -> None:
        """Both processes were asked to end."""
        self.told = True
        for process in filter(None, (self.front, self.beside)):
            process.terminate()

    def stop(self) -> None:
        """Both have ended; what a worker was doing when its patience ran out is resumed by the next."""
        for process in filter(None, (self.front, self.beside)):
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _granian(host: str, port: int, processes: int) -> list[str]:
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    command += ["--workers", str(processes), "--blocking-threads", "4", "--no-ws", "--log-level", "warning"]
    return [*command, "oneworkforce.website.wsgi:application"]


def _check_free(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Invalid(
                f"The site can’t be served at {host}:{port} ({error.strerror}). Choose another: --address {host}:{port + 1}"
            ) from error


def _wait_until_it_answers(front: subprocess.Popen[bytes], host: str, port: int) -> None:
    ends = time.monotonic() + START
    while front.poll() is None and time.monotonic() < ends:
        with suppress(OSError), socket.create_connection((host, port), timeout=1):
            return
        time.sleep(0.05)


if __name__ == "__main__":
    serve(sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1", int(sys.argv[2]) if len(sys.argv) > 2 else 8000)
