"""Returns that are checked together are found to be exactly what each is found to be alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from oneworkforce.workforce import intake
from oneworkforce.workforce.core.checking import Asked, Context, begun, check
from oneworkforce.workforce.core.synthesis import synthesise
from oneworkforce.workforce.loading import read_manifest

FORMATS = ("asc_wds", "establishment", "esr_staff_in_post", "nwrs", "simple_return")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("together")
    synthesise(made, people=900, months=7, seed=3)
    return made


@pytest.mark.parametrize("format", FORMATS)
def test_returns_of_every_format_checked_together_are_as_checked_alone(folder: Path, format: str) -> None:
    asked = []
    for listed in read_manifest(folder):
        if listed.format == format and not listed.nil:
            files = tuple(intake.SentFile(path, folder / path, part) for part, path in listed.files)
            _, parts, _ = intake.recognised(files, format)
            context = Context(format, listed.partner, (listed.partner,), listed.month, date(2027, 1, 1))
            asked.append(Asked({part: raw for part, (raw, _) in parts.items()}, context, {}))
    together = [one.finished(None) for one in begun(asked)]
    alone = [check(one.raw_by_part, one.context) for one in asked]
    assert len(asked) > 3
    assert any(one.findings.table.height for one in alone)
    for one, other in zip(together, alone, strict=True):
        assert one.findings.table.equals(other.findings.table)
        assert all(one.rows[part].equals(other.rows[part]) for part in other.rows)


def test_rows_of_one_return_are_not_held_against_those_of_another(folder: Path) -> None:
    listed = next(one for one in read_manifest(folder) if one.format == "asc_wds" and not one.nil)
    files = tuple(intake.SentFile(path, folder / path, part) for part, path in listed.files)
    _, parts, _ = intake.recognised(files, "asc_wds")
    context = Context("asc_wds", listed.partner, (listed.partner,), listed.month, date(2027, 1, 1))
    twice = [Asked({part: raw for part, (raw, _) in parts.items()}, context, {})] * 2
    first, second = (one.finished(None).findings.table for one in begun(twice))
    assert first.equals(second)
    assert first.equals(check(twice[0].raw_by_part, context).findings.table)
