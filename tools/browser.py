"""The journey tests have a browser: the one installed, else Debian's by apt, else Playwright's own, else a clear stop."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = ("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium")


def find() -> str | None:
    """The path of an installed Chromium or Chrome, or of Playwright's own; None where there is none."""
    for name in (os.environ.get("ONEWORKFORCE_BROWSER", ""), *NAMES):
        found = shutil.which(name) if name else None
        if found:
            return found
    return next((place for place in (*PLACES, *_playwrights_own()) if Path(place).exists()), None)


def _playwrights_own() -> list[str]:
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", Path.home() / ".cache" / "ms-playwright"))
    return [
        str(path) for pattern in ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/**/Chromium") for path in folder.glob(pattern)
    ]


def main() -> int:
    """0 once there is a browser, saying which; 1 with the one command to type."""
    if not find() and hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        print("No Chromium found: installing Debian's …", flush=True)
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        subprocess.run(
            ["apt-get", "install", "-y", "-qq", "chromium"], check=False, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        )
    if not find():
        print("No Chromium found: trying Playwright's own …", flush=True)
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    found = find()
    if not found:
        print(
            "The journey tests need Chromium or Chrome and none could be installed. Type: sudo apt-get install -y chromium", file=sys.stderr
        )
        return 1
    print(f"Browser for the journeys: {found}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
