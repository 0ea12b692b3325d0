"""When each partner's returns are due, when they came, and in how many versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import numpy as np
import polars as pl

from oneworkforce.workforce.core.specification import format_list
from oneworkforce.workforce.core.synthesis.partners import LARGE_PROVIDER
from oneworkforce.workforce.core.synthesis.randomness import stream
from oneworkforce.workforce.core.synthesis.simulation import Truth
from oneworkforce.workforce.core.synthesis.tables import table

_ALWAYS_SEND = ("nhs_trust", "icb")
_FIRST_HALF_YEARLY = 3


@dataclass(frozen=True)
class Due:
    """One return that a partner owes for a month: `sent` is None where it never came; `versions` is 2 where the first was faulty."""

    partner: str
    format: str
    month: int
    due: date
    sent: date | None
    sent_by: str
    versions: int

    @property
    def corrected(self) -> date:
        """The day on which the last version came."""
        return (self.sent or self.due) + timedelta(days=7 * (self.versions - 1))


@cache
def rate(code: str) -> float:
    """The rate of a kind of dirt.

    >>> 0 < rate("late_return") < 1
    True
    """
    return float(table("dirt").row(by_predicate=pl.col("code") == code, named=True)["rate"])


def cadence(format: str, kind: str, sector: str, heads: float) -> int:
    """Months between two returns of a format by a partner of that kind, sector and size.

    >>> cadence("establishment", "practice", "general_practice", 20.0), cadence("asc_wds", "care_home", "social_care", 40.0)
    (3, 6)
    """
    if format == "establishment":
        return 1 if sector in _ALWAYS_SEND else 3
    if format == "asc_wds":
        return 3 if kind == "council" or heads >= LARGE_PROVIDER else 6
    return 3 if format == "simple_return" else 1


def is_due(month: date, every: int) -> bool:
    """Whether a return that is due every so many months covers that month: quarters end in March, June, September and December.

    >>> is_due(date(2026, 9, 1), 3), is_due(date(2026, 10, 1), 3), is_due(date(2026, 9, 1), 6)
    (True, False, True)
    """
    return (month.month - _FIRST_HALF_YEARLY) % every == 0


@cache
def due_days() -> dict[str, int]:
    """The day of the following month on which each format is due."""
    return {entry.format: int(entry.due_day) for entry in format_list() if entry.due_day}


def returns_due(truth: Truth, month: int) -> list[Due]:
    """What every partner owes for a month, with what became of it, in the order of the partners."""
    day, district = truth.months[month], truth.district
    closed = {moving.predecessor: moving.month for moving in truth.transfers}
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    draws = stream(district.seed, "calendar", district.number, month).random((district.partners.height, 3, 6))
    found = []
    for place, partner in enumerate(district.partners.iter_rows(named=True)):
        if closed.get(place, 10**6) <= month:
            continue
        for column, format in enumerate(partner["formats"].split("|")):
            if is_due(day, cadence(format, partner["kind"], partner["sector"], partner["heads"])):
                found.append(_one(partner, format, month, following, draws[place, column]))
    return found


def _one(partner: dict[str, str], format: str, month: int, following: date, draw: np.ndarray) -> Due:
    due = following + timedelta(days=due_days()[format] - 1)
    missing = draw[0] < rate("missing_return") and partner["sector"] not in _ALWAYS_SEND
    late = draw[1] < rate("late_return")
    sent = due + timedelta(days=1 + int(draw[2] * 25)) if late else following + timedelta(days=int(draw[2] * (due - following).days))
    helped = format == "nwrs" and partner["parent"].startswith("U") and draw[3] < rate("sent_by_network")
    versions = 2 if draw[4] < rate("faulty_first_version") else 1
    return Due(partner["code"], format, month, due, None if missing else sent, partner["parent"] if helped else partner["code"], versions)
