"""A synthetic city's returns, read, checked and converted as those of a real one: for tests that hold the picture against its truth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from oneworkforce.workforce import intake
from oneworkforce.workforce.core.assignments import Assignments, Posts, empty
from oneworkforce.workforce.core.checking import Context
from oneworkforce.workforce.core.conversion import as_assignments
from oneworkforce.workforce.core.picture import Picture, build
from oneworkforce.workforce.core.synthesis import synthesise
from oneworkforce.workforce.loading import Listed, read_manifest

KEY = b"a key for tests, 32 bytes long.."


@dataclass(frozen=True)
class City:
    """What the partners sent, as the picture takes it; `truth` is what they were made from."""

    assignments: pl.DataFrame
    posts: pl.DataFrame
    organisations: pl.DataFrame
    successions: pl.DataFrame
    expected: pl.DataFrame
    truth: dict[str, pl.DataFrame]

    def picture(self) -> Picture:
        return build(self.assignments, self.posts, self.organisations, self.successions, self.expected)


def city_of(folder: Path, people: int, months: int, seed: int) -> City:
    """The last version of every return stands, unless something stops it."""
    synthesise(folder, people=people, months=months, seed=seed)
    sites = pl.read_csv(folder / "sites.csv")
    codes = {partner: tuple(part["code"]) for (partner,), part in sites.group_by("organisation")}
    latest: dict[tuple[str, str, date], Listed] = {}
    for listed in read_manifest(folder):
        latest[listed.partner, listed.format, listed.month] = listed
    frames, lines, expected = [empty(Assignments)], [empty(Posts)], []
    for (partner, format, month), listed in latest.items():
        status = "nil" if listed.nil else "missing"
        if not listed.nil and listed.files:
            context = Context(format, partner, (partner, *codes.get(partner, ())), month, date(2027, 1, 1))
            files = tuple(intake.SentFile(path, folder / path, part) for part, path in listed.files)
            taken = intake.take_in(files, format, lambda _, context=context: context, lambda _: {})
            if taken.checked is not None and not taken.findings.has_errors:
                converted = as_assignments(taken.checked, context, None, KEY, None)
                frames.append(converted.assignments)
                lines.append(converted.posts)
                status = "accepted"
        expected.append((partner, format, month, status, f"{partner}.{format}.{month}"))
    dates = ("opened", "closed")
    organisations = pl.read_csv(folder / "partners.csv", infer_schema=False).with_columns(pl.col(dates).str.to_date())
    return City(
        pl.concat(frames),
        pl.concat(lines),
        organisations,
        pl.read_csv(folder / "successions.csv", infer_schema=False).with_columns(pl.col("date").str.to_date()),
        pl.DataFrame(expected, schema=["partner", "format", "month", "status", "snapshot"], orient="row"),
        {path.stem: pl.read_parquet(path) for path in (folder / "truth").glob("*.parquet")},
    )
