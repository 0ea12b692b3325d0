"""Periods: how long each is, how a yearly rate becomes one of a period, and what each is called."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

PERIODS_PER_YEAR = {"day": 365.25, "week": 365.25 / 7, "month": 12.0, "year": 1.0}
"""Length of a period as its number in a year; a week is 7/365.25 of one."""

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


def per_period(rate: float, periods_per_year: float) -> float:
    """The probability in one period that compounds to `rate` in a year: 1 − (1 − q)^(1/n).

    Parameters: rate (0–1, a year); periods_per_year (> 0). Raises: nothing; a rate of 1 stays 1.

    >>> round(per_period(0.12, 12), 6)
    0.010596
    """
    return float(1.0 - (1.0 - rate) ** (1.0 / periods_per_year))


@dataclass(frozen=True)
class Calendar:
    """When a projection starts, how long its periods are, and how many there are.

    `first` is the first day of period 1; period 0 is the opening, at that day.

    >>> Calendar(dt.date(2025, 4, 1), "month", 36).label(3)
    'June 2025'
    >>> Calendar(dt.date(2025, 1, 1), "year", 3).label(0)
    'Opening'
    """

    first: dt.date
    period: str
    periods: int

    @property
    def per_year(self) -> float:
        """Periods in a year."""
        return PERIODS_PER_YEAR[self.period]

    def start(self, period: int) -> dt.date:
        """The first day of a projected period (1 is the first)."""
        steps = period - 1
        if self.period == "year":
            return self.first.replace(year=self.first.year + steps)
        if self.period == "month":
            months = self.first.year * 12 + self.first.month - 1 + steps
            return dt.date(months // 12, months % 12 + 1, 1)
        return self.first + dt.timedelta(days=steps * (7 if self.period == "week" else 1))

    def label(self, period: int) -> str:
        """What a person calls the period; 0 is the opening."""
        if period == 0:
            return "Opening"
        day = self.start(period)
        written = {"year": str(day.year), "month": f"{MONTHS[day.month - 1]} {day.year}"}
        long = f"{day.day} {MONTHS[day.month - 1]} {day.year}"
        return written.get(self.period, f"week of {long}" if self.period == "week" else long)

    @property
    def labels(self) -> tuple[str, ...]:
        """The label of every period from the opening on; shape periods + 1."""
        return tuple(self.label(period) for period in range(self.periods + 1))


def first_day(written: object) -> dt.date | None:
    """The first day of a period written as 2025, 2025-04 or 2025-04-07; None where it is none of these.

    >>> first_day(2025), first_day("2025-04")
    (datetime.date(2025, 1, 1), datetime.date(2025, 4, 1))
    """
    if isinstance(written, dt.date):
        return written
    match = re.fullmatch(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", str(written).strip())
    if match is None:
        return None
    year, month, day = (int(part) if part else 1 for part in match.groups())
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
