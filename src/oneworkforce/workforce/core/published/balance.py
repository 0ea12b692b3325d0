"""Balance: whether start + joiners − leavers = end in what was published, and why it does not within a staff group."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

TOLERANCE = 3
"""Heads by which an organisation's total may be off: a person who changes assignment on the day of the count stands on both sides or on neither."""


@dataclass(frozen=True, eq=False)
class Balance:
    """One organisation's flows over one period, held against its stocks.

    Parameters:
        difference: end − (start + joiners − leavers), persons.
        groups: the same by staff group: `staff_group, staff_group_name, start, joiners, leavers, end, difference`.
    """

    organisation: str
    organisation_name: str
    period_start: date
    period_end: date
    start: int
    joiners: int
    leavers: int
    end: int
    groups: pl.DataFrame

    @property
    def difference(self) -> int:
        """Heads that the flows leave unexplained."""
        return self.end - (self.start + self.joiners - self.leavers)

    @property
    def holds(self) -> bool:
        """Whether the organisation's total balances within the tolerance."""
        return abs(self.difference) <= TOLERANCE

    @property
    def sentence(self) -> str:
        """The sum, and how far the published end is off."""
        flows = f"{self.start:,} + {self.joiners:,} joiners − {self.leavers:,} leavers = {self.start + self.joiners - self.leavers:,}"
        way = "more" if self.difference > 0 else "fewer"
        off = "exactly as published" if self.difference == 0 else f"published: {self.end:,}, {abs(self.difference)} {way}"
        return f"{self.organisation_name}, {self.period_start:%-d %B} to {self.period_end:%-d %B %Y}: {flows}; {off}."

    @property
    def why_not_in_groups(self) -> str:
        """Why the sum does not hold within staff groups, with those where it is furthest off; "" where it holds in each."""
        off = self.groups.filter(pl.col("difference").abs() > TOLERANCE).sort(pl.col("difference").abs(), descending=True)
        if off.is_empty():
            return ""
        named = ", ".join(f"{row['staff_group_name']} {row['difference']:+d}" for row in off.head(4).to_dicts())
        return f"Within staff groups it does not hold ({named}): a move between groups is neither a joiner nor a leaver, but changes both stocks."


def balances(turnover: pl.DataFrame) -> tuple[Balance, ...]:
    """The balance of every organisation and period of a tidy turnover table.

    Parameters:
        turnover: as `nhs.turnover` makes it, with the rows of organisations' totals (`staff_group` "all").
    """
    table = turnover.with_columns(difference=pl.col("end") - pl.col("start") - pl.col("joiners") + pl.col("leavers"))
    counts = ["start", "joiners", "leavers", "end", "difference"]
    table = table.with_columns(pl.col(counts).round(0).cast(pl.Int64))
    found = []
    for row in table.filter(pl.col("staff_group") == "all").sort("organisation", "period_end").to_dicts():
        same = (pl.col("organisation") == row["organisation"]) & (pl.col("period_end") == row["period_end"])
        groups = table.filter(same & ~pl.col("is_total")).select("staff_group", "staff_group_name", *counts)
        known = {
            name: row[name]
            for name in ("organisation", "organisation_name", "period_start", "period_end", "start", "joiners", "leavers", "end")
        }
        found.append(Balance(**known, groups=groups))
    return tuple(found)
