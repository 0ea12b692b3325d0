"""`make bench`: every benchmark in one run; a table with ratios on standard output and in `benchmarks/results.md`."""

from __future__ import annotations

import os
import platform
import tempfile
from pathlib import Path

from benchmarks import checking, pages, picture

RESULTS = Path(__file__).parent / "results.md"


def main() -> None:
    """The table is written, with the machine it was measured on."""
    lines = [
        "# Measured side by side in one run",
        "",
        f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}. Written by `make bench`.",
        "",
        "| what | ours | what a user would pick instead | ratio | note |",
        "| --- | --- | --- | --- | --- |",
    ]
    print("\n".join(lines))
    with tempfile.TemporaryDirectory() as folder:
        for name, benchmark in (("checking", checking), ("picture", picture), ("pages", pages)):
            (Path(folder) / name).mkdir()
            for row in benchmark.run(Path(folder) / name):
                lines.append("| " + " | ".join(str(cell) for cell in row) + " |")
                print(lines[-1], flush=True)
    RESULTS.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
