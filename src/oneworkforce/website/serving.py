"""The site, served: tables up to date, a worker beside it, granian in front. `python -m oneworkforce.website.serving HOST PORT`."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from types import FrameType

import django
from django.core.management import call_command

from oneworkforce.errors import Invalid

PATIENCE = 10.0  # seconds that a process gets to end by itself


def serve(host: str = "127.0.0.1", port: int = 8000, *, processes: int = 1, worker: bool = True) -> None:
    """The site answers at the address until the process is told to stop; then its worker has stopped too, and loses no work.

    Raises `Invalid` where something else answers at the address already.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oneworkforce.website.settings")
    _check_free(host, port)
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    beside = subprocess.Popen([sys.executable, "-m", "django", "work"]) if worker else None
    front = subprocess.Popen(_granian(host, port, processes))
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stopping(front))
    print(f"One Workforce is at http://{'localhost' if host in {'127.0.0.1', '0.0.0.0'} else host}:{port}/  (Ctrl+C stops it)", flush=True)  # nosec B104
    try:
        front.wait()
    finally:
        for process in filter(None, (front, beside)):
            _stop(process)


def _granian(host: str, port: int, processes: int) -> list[str]:
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    command += [
        "--workers",
        str(processes),
        "--blocking-threads",
        "4",
        "--no-ws",
        "--log-level",
        "warning",
        "--process-name",
        "oneworkforce",
    ]
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


def _stopping(front: subprocess.Popen[bytes]) -> object:
    def stop(number: int, frame: FrameType | None) -> None:
        front.terminate()

    return stop


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()  # what it was doing is resumed by the next worker
        process.wait()


if __name__ == "__main__":
    serve(sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1", int(sys.argv[2]) if len(sys.argv) > 2 else 8000)
