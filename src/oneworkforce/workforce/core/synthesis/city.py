"""A whole city in a folder, district by district and month by month."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from oneworkforce.workforce.core.synthesis.calendar import cadence, due_days
from oneworkforce.workforce.core.synthesis.calibration import calibration
from oneworkforce.workforce.core.synthesis.dirt import Dirt
from oneworkforce.workforce.core.synthesis.partners import district, districts, postcodes
from oneworkforce.workforce.core.synthesis.rates import leaving_rates
from oneworkforce.workforce.core.synthesis.register import events_table, posts_by_month
from oneworkforce.workforce.core.synthesis.returns.staff import Staff, staff_of
from oneworkforce.workforce.core.synthesis.sending import Sender
from oneworkforce.workforce.core.synthesis.simulation import Simulation, Truth, month_starts
from oneworkforce.workforce.core.synthesis.writer import Folder

Report = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done and how much there is."""

_TRUTH = ("people", "spells", "events", "posts")
_HELPERS = ("sick", "order", "chance", "left")


@dataclass(frozen=True)
class Summary:
    """What was made, in numbers."""

    out: Path
    people: int
    months: int
    seed: int
    last_month: date
    partners: int
    returns: int
    files: int
    faulty: int
    missing: int


def truth_of(people: int, months: int, seed: int, last_month: date = date(2026, 10, 1), number: int = 1) -> Truth:
    """The truth of one district (by default the first) without any returns: for tests that need many seeds.

    >>> len(truth_of(600, 2, 1).months)
    2
    """
    scale = dict(districts(people, seed))[number]
    return Simulation(district(number, scale, seed), month_starts(last_month, months)).run()


def synthesise(
    out: Path, *, people: int = 60_000, months: int = 36, seed: int = 1, last_month: date = date(2026, 10, 1), report: Report | None = None
) -> Summary:
    """The folder holds a synthetic city: the returns its partners would send, and apart from them the truth. The same seed gives the same bytes.

    A tiny city for tests takes a second: `synthesise(folder, people=600, months=6)`. Cities of more than 60,000 people are made district by
    district, so memory does not grow with them. Everything in the folder says that it is synthetic.

    Parameters: `out` a folder that is empty or does not exist; `people` 100 or more; `months` 1 or more, the last of them `last_month` (its first
    day); `report(what, done, of)` is called as it goes. Raises ValueError where a number is too small, FileExistsError where `out` has files.
    """
    if people < 100 or months < 1 or last_month.day != 1:
        raise ValueError("A city needs at least 100 people and 1 month, and its last month is given by the first day of that month.")
    if out.exists() and any(out.iterdir()):
        raise FileExistsError(f"{out} is not empty: give a new folder.")
    folder, dirt, starts = Folder(out), Dirt(), month_starts(last_month, months)
    parts, total = districts(people, seed), Counts()
    for number, scale in parts:
        truth = Simulation(district(number, scale, seed), starts).run()
        if number == 1:
            folder.table("calibration.csv", calibration(truth))
        total.add(_district(truth, folder, dirt, report or _silent, months * len(parts)))
    folder.table("postcodes.csv", postcodes())
    folder.table("dirt.csv", dirt.summary())
    for name in _TRUTH:
        folder.join_truth(name)
    leaving_rates().write_parquet(out / "truth" / "rates.parquet")
    return Summary(out, people, months, seed, last_month, total.partners, total.returns, total.files, total.faulty, total.missing)


@dataclass
class Counts:
    """What has been made so far."""

    partners: int = 0
    returns: int = 0
    files: int = 0
    faulty: int = 0
    missing: int = 0

    def add(self, other: Counts) -> None:
        """The other's numbers are counted in."""
        for name in ("partners", "returns", "files", "faulty", "missing"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


def _silent(what: str, done: int, of: int) -> None:
    """Nobody is listening."""


def _district(truth: Truth, folder: Folder, dirt: Dirt, report: Report, of: int) -> Counts:
    staff, number = staff_of(truth), truth.district.number
    _who(truth, folder)
    _truth(staff, folder)
    sender, posts = Sender(staff, folder, dirt), []
    files = 0
    for month, frame in posts_by_month(truth):
        posts.append(frame)
        sender.month(month, frame)
        report(f"Returns for {truth.months[month]:%B %Y}", (number - 1) * len(truth.months) + month + 1, of)
    files = sum(1 for line in folder.manifest if line[5])
    folder.truth("posts", pl.concat(posts), number)
    folder.flush(append=number > 1)
    return Counts(truth.district.partners.height, sender.returns, files, sender.faulty, sender.missing)


def _who(truth: Truth, folder: Folder) -> None:
    """The partners, their sites, successions and calendar are in the folder."""
    plan, append = truth.district, truth.district.number > 1
    codes = plan.partners["code"]
    closed = {codes[moving.predecessor]: truth.months[moving.month].isoformat() for moving in truth.transfers}
    partners = plan.partners.with_columns(closed=pl.col("code").replace_strict(closed, default="", return_dtype=pl.String))
    folder.table("partners.csv", partners.drop("heads", "formats").with_columns(synthetic=pl.lit("yes")), append)
    folder.table("sites.csv", plan.sites.drop("partner", "main_service"), append)
    successions = [(codes[m.predecessor], codes[m.successor], truth.months[m.month].isoformat(), m.kind) for m in truth.transfers]
    names = ["predecessor", "successor", "date", "kind"]
    folder.table("successions.csv", pl.DataFrame(successions, schema=dict.fromkeys(names, pl.String), orient="row"), append)
    rows = [
        (row["code"], format, cadence(format, row["kind"], row["sector"], row["heads"]), due_days()[format])
        for row in plan.partners.iter_rows(named=True)
        for format in row["formats"].split("|")
    ]
    folder.table("calendar.csv", pl.DataFrame(rows, schema=["partner", "format", "cadence_months", "due_day"], orient="row"), append)


def _truth(staff: Staff, folder: Folder) -> None:
    number, known = staff.number, staff.people.columns
    spells = staff.spells.drop([name for name in (*known, *_HELPERS) if name in staff.spells.columns and name != "person"])
    folder.truth("people", staff.people, number)
    folder.truth("spells", spells, number)
    folder.truth("events", events_table(staff.spells), number)
