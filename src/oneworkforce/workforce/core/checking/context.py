"""What a check is told beside the rows, and what it gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import polars as pl

from oneworkforce.workforce.core.findings import Findings


@dataclass(frozen=True, eq=False)
class Context:
    """Who sends what for when, and what is known from before.

    Parameters:
        format: the return's format.
        partner: the code of the partner that the return is about.
        organisations: codes that the return may speak for: the partner's own, former ones, networks, sites.
        month: the first day of the return's month.
        today: the day of the check.
        previous: the partner's assignments of the last accepted return of this format; None where there is none.
        known: field to the values that its publisher knows, where such a list was given; a value outside it is a warning.

    >>> Context("nwrs", "B86001", ("B86001",), date(2026, 3, 1), date(2026, 4, 7)).month_end
    datetime.date(2026, 3, 31)
    """

    format: str
    partner: str
    organisations: tuple[str, ...]
    month: date
    today: date
    previous: pl.DataFrame | None = None
    known: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def month_end(self) -> date:
        """The last day of the return's month."""
        return (self.month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


@dataclass(frozen=True, eq=False)
class Checked:
    """A return that has been checked: its rows in types, and everything there is to say about them.

    Axes: rows[part][row] × the specification's fields (null where blank, unreadable or absent) and `_row`, the row number as a spreadsheet shows it.
    headers[part][field] is the header of each field that was found in the file.
    """

    format: str
    rows: Mapping[str, pl.DataFrame]
    findings: Findings
    headers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def is_acceptable(self) -> bool:
        """Whether nothing stops the return from being accepted."""
        return not self.findings.has_errors
