"""No locked package has a known vulnerability, wherever an index of them can be reached; where none can, that is said."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """0 where nothing is known against the locked packages, or no index answered; 1 with each known vulnerability otherwise."""
    with tempfile.TemporaryDirectory() as folder:
        requirements = Path(folder) / "requirements.txt"
        _export(requirements)
        command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--no-deps", "--progress-spinner", "off", "-f", "json"]
        result = subprocess.run([*command, "-r", str(requirements)], capture_output=True, text=True, check=False, timeout=300)
    try:
        packages = json.loads(result.stdout)["dependencies"]
    except (json.JSONDecodeError, KeyError):
        print("pip-audit: no index of vulnerabilities could be reached from here, so the packages were not audited.")
        return 0
    audited = [package for package in packages if "skip_reason" not in package]
    known = [(package["name"], package["version"], item["id"]) for package in audited for item in package["vulns"]]
    print(f"pip-audit: {len(audited)} of {len(packages)} locked packages are in the index reached; {len(known)} vulnerabilities.")
    for name, version, identifier in known:
        print(f"  {name} {version}: {identifier}")
    return 1 if known else 0


def _export(target: Path) -> None:
    programs = [ROOT / ".tools/uv/bin/uv", ROOT / ".tools/uv-packages/bin/uv"]
    uv = next(str(program) for program in programs if program.exists())
    flags = ["--frozen", "--no-emit-project", "--extra", "web", "--no-hashes", "--quiet"]
    subprocess.run([uv, "export", *flags, "-o", str(target)], cwd=ROOT, check=True)


if __name__ == "__main__":
    raise SystemExit(main())
