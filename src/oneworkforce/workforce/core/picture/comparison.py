"""Two months of one released table side by side."""

from __future__ import annotations

from datetime import date

import polars as pl

from oneworkforce.errors import Unanswerable


def compare(table: pl.DataFrame, dimensions: tuple[str, ...], measures: tuple[str, ...], before: date, after: date) -> pl.DataFrame:
    """Each cell's measures in both months and what changed, to be used on figures already released.

    Axes: table[month × cell]. Returns: [cell] × dimensions, and `<measure>_before, <measure>_after, <measure>_change` each; the change is
    null where either is hidden or not there.
    Raises: Unanswerable where the table does not have one of the months.

    >>> months = [date(2025, 1, 1), date(2025, 2, 1)]
    >>> people = pl.DataFrame({"month": months, "sector": ["icb", "icb"], "people": [40, 37]})
    >>> compare(people, ("sector",), ("people",), *months)["people_change"].to_list()
    [-3]
    """
    for month in (before, after):
        if not (table["month"] == month).any():
            raise Unanswerable(f"The table has no figures for {month:%B %Y}.")
    sides = [
        table.filter(pl.col("month") == month).select(*dimensions, *(pl.col(name).alias(f"{name}_{when}") for name in measures))
        for month, when in ((before, "before"), (after, "after"))
    ]
    joined = sides[0].join(sides[1], on=dimensions, how="full", coalesce=True) if dimensions else pl.concat(sides, how="horizontal")
    changes = [(pl.col(f"{name}_after") - pl.col(f"{name}_before")).alias(f"{name}_change") for name in measures]
    columns = [f"{name}_{what}" for name in measures for what in ("before", "after", "change")]
    return joined.with_columns(changes).select(*dimensions, *columns).sort(dimensions or columns)
