"""What a table to be released is made of: dimensions, measures, and what each of its cells may say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from typing import Literal

TOTAL = "all"
"""The code that stands for the total of a dimension."""

Code = str | date
MeasureKind = Literal["count", "sum", "amount", "estimate", "rate"]


class Status(IntEnum):
    """What a cell of a released table says, and why; the name is the code in the table and in the download.

    >>> Status.HIDDEN_SMALL.code, Status.SHOWN.hidden
    ('hidden_small', False)
    """

    SHOWN = 0
    ROUNDED = 1
    HIDDEN_SMALL = 2
    HIDDEN_SECONDARY = 3
    HIDDEN_CONTRIBUTORS = 4
    MISSING = 5

    @property
    def code(self) -> str:
        """The code as it stands in tables and downloads."""
        return self.name.lower()

    @property
    def hidden(self) -> bool:
        """True where a figure is there and is not shown."""
        return self in (Status.HIDDEN_SMALL, Status.HIDDEN_SECONDARY, Status.HIDDEN_CONTRIBUTORS)

    @property
    def reason(self) -> str:
        """Why the cell says what it says, as a sentence."""
        return _REASONS[self]


_REASONS = {
    Status.SHOWN: "Shown as it is.",
    Status.ROUNDED: "Rounded.",
    Status.HIDDEN_SMALL: "Hidden because so few people are behind it.",
    Status.HIDDEN_SECONDARY: "Hidden because it would give a hidden figure away.",
    Status.HIDDEN_CONTRIBUTORS: "Hidden because too few partners contribute to it.",
    Status.MISSING: "Not known.",
}


@dataclass(frozen=True)
class Dimension:
    """One way in which a table is divided.

    Parameters:
        name: the column that holds its codes (text, or dates for months).
        label: what a person calls it ("Job role").
        labels: label of each code, in the order to show; a code without one is its own label.
        total: what a person calls its total; None where it is not summed, as with months of a stock.

    >>> Dimension("month", "Month", total=None).text(date(2026, 9, 1))
    'September 2026'
    >>> Dimension("sector", "Sector", {"nhs_trust": "NHS trust"}, total="All sectors").text(TOTAL)
    'All sectors'
    """

    name: str
    label: str
    labels: Mapping[str, str] = field(default_factory=dict)
    total: str | None = "All"

    def text(self, code: Code | None) -> str:
        """What a person reads for this code."""
        if code is None:
            return "Not known"
        if isinstance(code, date):
            return f"{code:%B %Y}"
        if code == TOTAL and self.total is not None:
            return self.total
        return self.labels.get(code, code)


@dataclass(frozen=True)
class Measure:
    """One figure that a table gives for every cell.

    Parameters:
        name: its column.
        label: what a person calls it ("Leavers").
        kind: count (people; small ones are hidden) | sum (of something people have: FTE, days; hidden with the people of `of`)
            | amount (adds up, is not of people: posts, need) | estimate (does not add up: a quantile, a median; totals must be
            given) | rate (`numerator` over `denominator`, both measures of the same table, worked out from what is shown of them).
        unit: "FTE", "%"; "" for people.
        of: the count behind this figure; wherever that is hidden, so is this.
        numerator, denominator, scale: of a rate; scale 100 gives a percentage.
        decimals: decimal places to show of a rate.

    >>> Measure("fte", "FTE", "sum", unit="FTE", of="people").additive
    True
    """

    name: str
    label: str
    kind: MeasureKind = "count"
    unit: str = ""
    of: str | None = None
    numerator: str | None = None
    denominator: str | None = None
    scale: float = 1.0
    decimals: int = 1

    def __post_init__(self) -> None:
        if (self.kind == "rate") != (self.numerator is not None and self.denominator is not None):
            raise ValueError(f"Measure {self.name}: a rate, and only a rate, has a numerator and a denominator.")
        if self.kind == "sum" and self.of is None:
            raise ValueError(f"Measure {self.name}: a sum says which count is behind it (of=…).")

    @property
    def additive(self) -> bool:
        """True where the total is the sum of the parts."""
        return self.kind in ("count", "sum", "amount")

    @property
    def needs(self) -> tuple[str, ...]:
        """The measures of the same table that must be released before this one."""
        return tuple(name for name in (self.of, self.numerator, self.denominator) if name is not None)

    @property
    def heading(self) -> str:
        """The label with its unit, where the label does not say it already."""
        return f"{self.label} ({self.unit})" if self.unit and self.unit.lower() not in self.label.lower() else self.label
