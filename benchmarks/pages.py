"""Page times of a served city of 60,000 people and 36 months, on the embedded default: p50 and p95 of each page."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path

PAGES = (
    "/",
    "/partners/",
    "/workforce/",
    "/workforce/?by=role&measure=turnover",
    "/workforce/returns/",
    "/workforce/returns/calendar/",
    "/plan/",
    "/about/data/",
)
TIMES = 40
PEOPLE = os.environ.get("BENCH_PEOPLE", "60000")
MONTHS = os.environ.get("BENCH_MONTHS", "36")


def run(folder: Path) -> Iterator[list[object]]:
    """One row a page; the city is made first, then served by the product's own server."""
    environment = {**os.environ, "ONEWORKFORCE_HOME": str(folder)}
    command = str(Path(sys.executable).with_name("oneworkforce"))
    subprocess.run(
        [command, "city", "start", "--people", PEOPLE, "--months", MONTHS], env=environment, check=True, stdout=subprocess.DEVNULL
    )
    port = _free_port()
    server = subprocess.Popen([command, "serve", "--address", f"127.0.0.1:{port}"], env=environment, stdout=subprocess.DEVNULL)
    try:
        opener = _signed_in(f"http://127.0.0.1:{port}", folder)
        for page in PAGES:
            took = sorted(_timed(opener, f"http://127.0.0.1:{port}{page}") for _ in range(TIMES))
            p50, p95 = took[TIMES // 2], took[int(TIMES * 0.95)]
            yield [
                f"page {page}",
                f"p50 {p50 * 1000:.0f} ms",
                "",
                "",
                f"p95 {p95 * 1000:.0f} ms at {int(PEOPLE):,} people × {MONTHS} months",
            ]
    finally:
        server.terminate()
        server.wait(20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _signed_in(address: str, home: Path) -> urllib.request.OpenerDirector:
    """A client of the city team, signed in as a browser does it."""
    line = next(line for line in (home / "demonstration-sign-ins.txt").read_text().splitlines() if "city.team@" in line)
    email, password = line.rsplit(": ", 1)[1].split()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    for _ in range(300):
        try:
            page = opener.open(f"{address}/accounts/login/").read().decode()
            break
        except OSError:
            time.sleep(0.1)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    data = {"login": email, "password": password, "csrfmiddlewaretoken": token[1] if token else ""}
    request = urllib.request.Request(f"{address}/accounts/login/", urllib.parse.urlencode(data).encode(), {"Referer": address})
    if "/accounts/login" in opener.open(request).geturl():
        raise RuntimeError("The benchmark could not sign in.")
    return opener


def _timed(opener: urllib.request.OpenerDirector, address: str) -> float:
    start = time.perf_counter()
    opener.open(address).read()
    return time.perf_counter() - start
