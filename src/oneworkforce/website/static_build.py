"""Everything a page loads is in `static/built/`, from the packages of `package-lock.json` and of the Python environment.

Run as `python -m oneworkforce.website.static_build`. Nothing is fetched or written again while nothing has changed. Fonts are not
taken: Frutiger is licensed to the NHS alone, so its rules are removed and Arial stands in; nor is any picture with the NHS logo.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import shutil
import subprocess  # nosec B404
import sys
from importlib.resources import files
from pathlib import Path

from oneworkforce.publication.static_build import build_chart_javascript

ROOT = Path(__file__).resolve().parents[3]
BUILT = Path(__file__).resolve().parent / "static" / "built"
MODULES = ROOT / "node_modules"
ICON = re.compile(r"url\(/assets/images/(nhsuk-icon-(?:arrow|cross)[a-z-]*\.svg)\)")


class CannotBuild(Exception):
    """The browser's files can't be put in place; the message says what to type."""


def main() -> int:
    """0 once everything is in place; 1 with one clear sentence where it cannot be."""
    try:
        install_packages()
        build()
    except CannotBuild as error:
        print(f"The browser's files could not be built. {error}", file=sys.stderr)
        return 1
    return 0


def install_packages() -> None:
    """`node_modules` is what `package-lock.json` says, with no package's own scripts run."""
    lock = ROOT / "package-lock.json"
    if not lock.exists():
        raise CannotBuild("This is an installed package, which bears them already; build them in a checkout.")
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    stamp = MODULES / ".installed-from"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    command = [_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:  # nosec B603
        raise CannotBuild("npm ci failed (see above). Is the npm registry within reach? It is safe to try again.")
    stamp.write_text(wanted)


def build(target: Path = BUILT) -> None:
    """The NHS.UK frontend without its font, its icons, htmx and the charts' bundle are in the folder."""
    nhsuk = MODULES / "nhsuk-frontend" / "dist" / "nhsuk"
    css = (nhsuk / "nhsuk-frontend.min.css").read_text()
    for name in sorted(set(ICON.findall(css))):
        _write(target / "images" / name, (nhsuk / "assets" / "images" / name).read_bytes())
    _write(target / "nhsuk.css", without_frutiger(css).encode())
    _write(target / "nhsuk.js", _without_map((nhsuk / "nhsuk-frontend.min.js").read_text()).encode())
    htmx = files("django_htmx") / "static" / "django_htmx" / "htmx-2.min.js"
    _write(target / "htmx.js", htmx.read_bytes())
    target.mkdir(parents=True, exist_ok=True)
    build_chart_javascript(target)
    for path in (*target.glob("*.css"), *target.glob("*.js")):
        _compress(path)


def without_frutiger(css: str) -> str:
    """The style sheet with Arial where Frutiger was, its font files not asked for, its icons beside it.

    >>> without_frutiger("@font-face{font-family:Frutiger W01;src:url(https://assets.nhs.uk/a.woff2)}body{font-family:Frutiger W01,arial}")
    'body{font-family:arial}'
    """
    css = re.sub(r"@font-face\{[^}]*\}", "", css).replace("Frutiger W01,", "")
    return ICON.sub(r"url(images/\1)", _without_map(css))


def _without_map(text: str) -> str:
    return re.sub(r"(/\*|//)# sourceMappingURL=\S+( \*/)?", "", text)


def _npm() -> str:
    beside = Path(sys.executable).with_name("npm")
    found = str(beside) if beside.exists() else shutil.which("npm")
    if not found:
        raise CannotBuild("npm is missing: install the checkout with its dev extra (make install), or Node.js 20 or newer.")
    return found


def _write(path: Path, content: bytes) -> None:
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _compress(path: Path) -> None:
    """Beside the file is its compressed twin, which WhiteNoise sends to browsers that can read it."""
    twin = Path(f"{path}.gz")
    if not twin.exists() or twin.stat().st_mtime < path.stat().st_mtime:
        twin.write_bytes(gzip.compress(path.read_bytes(), mtime=0))


if __name__ == "__main__":
    raise SystemExit(main())
