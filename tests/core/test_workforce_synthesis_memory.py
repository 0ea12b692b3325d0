"""Memory does not grow with the city: it is made district by district."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = """
import resource, sys
from pathlib import Path
from oneworkforce.workforce.core.synthesis import partners, synthesise
partners.DISTRICT_PEOPLE = 6_000
synthesise(Path(sys.argv[1]), people=int(sys.argv[2]), months=2)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def peak_memory(folder: Path, people: int) -> int:
    done = subprocess.run([sys.executable, "-c", SCRIPT, str(folder), str(people)], capture_output=True, text=True, check=True)
    return int(done.stdout.split()[-1])


def test_four_times_the_people_need_no_more_memory(tmp_path: Path) -> None:
    small, large = peak_memory(tmp_path / "small", 12_000), peak_memory(tmp_path / "large", 48_000)
    assert large < 1.25 * small
