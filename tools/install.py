"""Everything that this checkout needs is in `.venv` and `.tools`, from the package registries alone.

Runs on a bare Python ≥ 3.11 with its standard library only. What it does, in order: uv into `.tools/uv` (by venv and pip; by pip alone
where Debian's python3-venv is missing; by the standard library where pip is missing too), the locked environment into `.venv`, the
browser's files (NHS.UK frontend, charts) by npm. A step whose inputs have not changed is not run again.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
ENVIRONMENT = ROOT / ".venv"
REQUIREMENT = ROOT / "tools" / "uv-requirement.txt"
STAMP = ENVIRONMENT / ".installed"


class Missing(Exception):
    """Something is missing that this script cannot install itself; the message says what to type."""


def main() -> int:
    """0 once the checkout is ready; 1 with one clear sentence where it cannot be made ready."""
    try:
        if sys.version_info < (3, 11):
            raise Missing(f"Python 3.11 or newer is needed; this is {platform.python_version()}. Install one, then: make PYTHON=python3.11")
        if STAMP.exists() and STAMP.read_text() == _fingerprint():
            return 0
        uv = _uv()
        _say("Installing the Python packages of uv.lock into .venv …")
        _run([*uv, "sync", "--frozen", "--extra", "web", "--extra", "dev", "--python", sys.executable], UV_PYTHON_DOWNLOADS="never")
        _say("Fetching the browser's files with npm …")
        _run([str(ENVIRONMENT / "bin" / "python"), "-m", "oneworkforce.website.static_build"])
        STAMP.write_text(_fingerprint())
    except Missing as missing:
        print(f"\nSet-up stopped. {missing}", file=sys.stderr)
        return 1
    _say("Ready: .venv/bin/oneworkforce")
    return 0


def _fingerprint() -> str:
    parts = [ROOT / "uv.lock", ROOT / "pyproject.toml", ROOT / "package-lock.json", *sorted((ROOT / "src").glob("**/static_src/**/*"))]
    parts += [ROOT / "src/oneworkforce/website/static_build.py"]
    digest = hashlib.sha256(str(ROOT).encode() + sys.version.encode())
    for part in parts:
        if part.is_file():
            digest.update(part.read_bytes())
    return digest.hexdigest()


def _uv() -> list[str]:
    found = [TOOLS / "uv" / "bin" / "uv", TOOLS / "uv-packages" / "bin" / "uv"]
    for program in found:
        if program.exists():
            return [str(program)]
    _say("Fetching uv …")
    if _has("ensurepip"):
        _run([sys.executable, "-m", "venv", str(TOOLS / "uv")])
        _run([str(TOOLS / "uv" / "bin" / "python"), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(REQUIREMENT)])
        return [str(found[0])]
    if _has("pip"):
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes", "--target", str(TOOLS / "uv-packages")]
        _run([*command, "-r", str(REQUIREMENT)])
        return [str(found[1])]
    return [str(_uv_by_standard_library())]


def _has(module: str) -> bool:
    return subprocess.run([sys.executable, "-c", f"import {module}"], capture_output=True, check=False).returncode == 0


def _uv_by_standard_library() -> Path:
    """The uv program from its wheel, checked against the pinned digest. Needs neither pip nor venv."""
    text = REQUIREMENT.read_text()
    version = re.search(r"uv==(\S+)", text)
    digests = set(re.findall(r"sha256:([0-9a-f]{64})", text))
    index = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/")
    request = urllib.request.Request(f"{index}/uv/", headers={"Accept": "application/vnd.pypi.simple.v1+json"})
    try:
        listing = json.load(urllib.request.urlopen(request, timeout=60))
        wheel = next(f for f in listing["files"] if version and f"-{version[1]}-" in f["filename"] and _fits(f["filename"]))
        content = urllib.request.urlopen(wheel["url"], timeout=300).read()
    except (urllib.error.URLError, TimeoutError, ValueError, StopIteration) as error:
        raise Missing(
            f"uv could not be fetched from {index} ({error}). Install pip (Debian: apt-get install python3-venv) and try again."
        ) from error
    if hashlib.sha256(content).hexdigest() not in digests:
        raise Missing(f"The uv wheel from {index} is not the pinned one of tools/uv-requirement.txt. Nothing was installed.")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        member = next(name for name in archive.namelist() if name.endswith("/scripts/uv"))
        target = TOOLS / "uv" / "bin" / "uv"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(archive.read(member))
    target.chmod(0o755)
    return target


def _fits(filename: str) -> bool:
    machine = platform.machine().lower()
    machine = {"arm64": "(arm64|aarch64)", "aarch64": "(arm64|aarch64)", "x86_64": "(x86_64|amd64)"}.get(machine, machine)
    musl = "musl" in (sysconfig.get_config_var("MULTIARCH") or "") or Path("/lib/ld-musl-x86_64.so.1").exists()
    system = {"Linux": "musllinux" if musl else "manylinux", "Darwin": "macosx"}.get(platform.system(), "win")
    return filename.endswith(".whl") and system in filename and re.search(machine, filename) is not None


def _run(command: list[str], **environment: str) -> None:
    result = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=False)
    if result.returncode != 0:
        hint = "" if shutil.disk_usage(ROOT).free > 3e9 else " The disk is nearly full: about 3 GB are needed."
        raise Missing(f"This command failed (see above): {' '.join(command)}{hint} It is safe to run make again.")


def _say(words: str) -> None:
    print(words, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
