"""The measures of the picture: what each means, and which columns of a table make it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import polars as pl

from oneworkforce.measures import byar, wilson
from oneworkforce.measures.intervals import Numbers

_INTERVALS: dict[str, Callable[..., tuple[Numbers, Numbers]]] = {"share": wilson, "rate": byar}
_FOLDER = files("oneworkforce.workforce.core.picture")


@dataclass(frozen=True)
class MeasureDefinition:
    """One measure as `measures.csv` defines it.

    numerator: a column of a table (empty: not known at all yet); denominator: empty for a count; scale: what the quotient is multiplied by;
    interval: share (of people), rate (events by exposure), empty where chance has no part in it that a count tells.
    """

    name: str
    label: str
    unit: str
    definition: str
    numerator: str
    denominator: str
    scale: float
    source: str
    interval: str

    @property
    def is_rate(self) -> bool:
        """Whether it is a quotient of two columns."""
        return self.denominator != ""

    def value(self) -> pl.Expr:
        """The measure from the columns of a table; null where either is null or the denominator is 0.

        >>> pl.DataFrame({"vacant_fte": [4.0], "funded_fte": [50.0]}).select(measure("vacancy_rate").value()).item()
        8.0
        """
        if not self.numerator:
            return pl.lit(None, pl.Float64).alias(self.name)
        if not self.is_rate:
            return pl.col(self.numerator).alias(self.name)
        known = pl.col(self.denominator) > 0
        return pl.when(known).then(self.scale * pl.col(self.numerator) / pl.col(self.denominator)).alias(self.name)


@cache
def measures() -> tuple[MeasureDefinition, ...]:
    """Every measure, in the order to show."""
    rows = pl.read_csv((_FOLDER / "measures.csv").read_bytes(), infer_schema=False).fill_null("")
    return tuple(MeasureDefinition(**{**row, "scale": float(row["scale"])}) for row in rows.iter_rows(named=True))


def measure(name: str) -> MeasureDefinition:
    """The measure of that name; raises KeyError naming the measures there are.

    >>> measure("turnover").unit
    '% a year'
    """
    for definition in measures():
        if definition.name == name:
            return definition
    raise KeyError(f"There is no measure {name!r}; there are: {', '.join(each.name for each in measures())}")


def with_measures(table: pl.DataFrame, names: tuple[str, ...]) -> pl.DataFrame:
    """The table with these measures as columns beside those it has; to be used on figures already released.

    >>> with_measures(pl.DataFrame({"temporary_fte": [1.0], "all_fte": [10.0]}), ("agency_share",))["agency_share"].to_list()
    [10.0]
    """
    return table.with_columns(measure(name).value() for name in names)


def with_intervals(table: pl.DataFrame, names: tuple[str, ...], level: float = 0.95) -> pl.DataFrame:
    """The table with `<measure>_low` and `<measure>_high` beside: what chance alone leaves open; null where nobody was at risk or it is hidden.

    A share has Wilson's interval, a rate Byar's. Raises: ValueError where a measure has neither.

    >>> with_intervals(pl.DataFrame({"stayed": [81], "stay_base": [263]}), ("stability",)).select("stability_low").item().__round__(2)
    25.53
    """
    columns = []
    for name in names:
        entry = measure(name)
        if entry.interval not in _INTERVALS:
            raise ValueError(f"The measure {name} has no interval that a count tells.")
        counts = [table[column].cast(pl.Float64).fill_null(float("nan")).to_numpy() for column in (entry.numerator, entry.denominator)]
        for side, values in zip(("low", "high"), _INTERVALS[entry.interval](*counts, level), strict=True):
            columns.append(pl.Series(f"{name}_{side}", entry.scale * values).fill_nan(None))
    return table.with_columns(columns)
