"""The fixed tables that are released, at most three dimensions beside the month, from the picture's facts; rates come after disclosure.

Numerators and denominators stay apart in their own columns, each additive over every dimension, so that what is hidden stays hidden.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import polars as pl
from numpy.typing import NDArray

from oneworkforce.workforce.core.picture.cells import Cells, Matrix, Sums, over_year
from oneworkforce.workforce.core.picture.facts import STABILITY_MONTHS
from oneworkforce.workforce.core.picture.picture import Picture

_FOLDER = files("oneworkforce.workforce.core.picture")
_POST_DIMENSIONS = frozenset({"partner", "sector", "service", "role", "staff_group"})
MOST_DIMENSIONS = 3

PEOPLE = ("people", "other_people", "people_carried", "assignments", "fte", "temporary_fte", "all_fte")
FLOWS = (
    "starters", "leavers", "transfer_in", "transfer_out", "into_view", "out_of_view", "contract_in", "contract_out", "role_changes",
)  # fmt: skip
RATES = (
    "leavers_12", "starters_12", "at_risk", "staff_years_12", "stayed", "stay_base", "sickness_days", "available_days",
    "sickness_days_12", "available_days_12",
)  # fmt: skip
POSTS = ("funded_fte", "filled_fte", "vacant_fte")
REASONS = ("leavers", "leavers_12")
MOVES = ("role_changes", "role_changes_12")
COLUMNS = {"people": PEOPLE, "flows": FLOWS, "rates": RATES, "posts": POSTS, "reasons": REASONS, "moves": MOVES}
"""Group of measures in `tables.csv` to the columns that a table then has."""

_STOCK = ("people", "other_people", "people_carried", "assignments", "fte", "temporary_fte")
_SICKNESS = ("sickness_days", "available_days")
_COLUMN_OF_KIND = {"starters": "starter", "leavers": "leaver"} | {name: name for name in FLOWS[2:-1]}
_ROLLING = {
    "leavers_12": "leavers", "starters_12": "starters", "role_changes_12": "role_changes",
    "sickness_days_12": "sickness_days", "available_days_12": "available_days",
}  # fmt: skip
_CONTRIBUTING = frozenset({"people", "other_people", "funded_fte", "leavers", "starters", "role_changes"})
_OF_LARGEST = ("people", "leavers", "role_changes")
_WHOLE = frozenset({*PEOPLE[:4], *FLOWS, *REASONS, *MOVES, "starters_12", "at_risk", "stayed", "stay_base", "contributors", "largest"})


@dataclass(frozen=True)
class TableDefinition:
    """One released table as `tables.csv` lists it."""

    name: str
    label: str
    dimensions: tuple[str, ...]
    groups: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Its figures, in order."""
        return tuple(column for group in self.groups for column in COLUMNS[group])


@cache
def table_definitions() -> dict[str, TableDefinition]:
    """Every released table by its name, in the order listed.

    >>> table_definitions()["sector_staff_group"].dimensions
    ('sector', 'staff_group')
    """
    rows = pl.read_csv((_FOLDER / "tables.csv").read_bytes(), infer_schema=False).fill_null("")
    found = {}
    for row in rows.iter_rows(named=True):
        dimensions = tuple(row["dimensions"].split("|")) if row["dimensions"] else ()
        groups = tuple(row["measures"].split("|"))
        if len(dimensions) > MOST_DIMENSIONS or ("posts" in groups and not _POST_DIMENSIONS.issuperset(dimensions)):
            raise ValueError(f"tables.csv: {row['name']} has dimensions that its measures can't have.")
        found[row["name"]] = TableDefinition(row["name"], row["label"], dimensions, groups)
    return found


def table(picture: Picture, name: str, *, per_partner: bool = False) -> pl.DataFrame:
    """The figures of one released table, before disclosure control.

    Axes: [cell × month] × `month`, the table's dimensions, its figures, and `contributors` (partners with anyone or any post in the
    cell) and `largest` (people of the partner with most). Every cell that exists in any month stands in every month. `per_partner`: a row for
    every partner of a cell instead, with the column `partner` and without those two, for disclosure by contributor.
    Raises: KeyError where there is no table of that name.
    """
    definitions = table_definitions()
    if name not in definitions:
        raise KeyError(f"There is no table {name!r}; there are: {', '.join(definitions)}")
    definition = definitions[name]
    own = list(definition.dimensions)
    finer = Cells(_kinds(picture, own if "partner" in own else [*own, "partner"], definition), picture.months)
    cells = finer if per_partner or "partner" in own else Cells(_kinds(picture, own, definition), picture.months)
    sums = _sums(picture, definition, finer)
    packed, figures = cells.dense([finer.within(cells, each) for each in sums])
    if not per_partner:
        figures |= _contributions(finer, cells, sums, packed)
    _add_following(figures, definition)
    more = () if per_partner else ("contributors", "largest")
    months = pl.Series("month", np.tile(np.array(picture.months, dtype="datetime64[D]"), packed.size)).cast(pl.Date)
    columns = [
        pl.Series(name, figures[name].ravel()).cast(pl.Int64 if name in _WHOLE else pl.Float64) for name in (*definition.columns, *more)
    ]
    return pl.DataFrame([months, *cells.unpacked(packed).values(), *columns])


def _kinds(picture: Picture, keys: list[str], definition: TableDefinition) -> dict[str, pl.Enum]:
    schema = picture.moves.schema if "moves" in definition.groups else picture.flows.schema
    return {name: schema[name] for name in keys}  # type: ignore[misc]


def _sums(picture: Picture, definition: TableDefinition, cells: Cells) -> list[Sums]:
    """The picture's facts summed to month and cell, one a kind of fact; those at risk or in post earlier stand in the later month."""
    changes = pl.len().alias("role_changes")
    if "moves" in definition.groups:
        return [cells.sums(picture.moves, [changes])]
    staff = picture.flows.filter("staff")
    if "reasons" in definition.groups:
        return [cells.sums(staff.filter(pl.col("kind") == "leaver"), [pl.len().alias("leavers")])]
    stock = cells.sums(picture.facts, [pl.col(name).sum() for name in (*_STOCK, *_SICKNESS, "at_risk", "stay_base", "stayed")])
    kinds = [(pl.col("kind") == kind).sum().alias(column) for column, kind in _COLUMN_OF_KIND.items()]
    several = [stock.only((*_STOCK, *_SICKNESS)), cells.sums(staff, kinds), cells.sums(picture.moves, [changes])]
    if "rates" in definition.groups:
        several += [stock.later(1, ["at_risk"]), stock.later(STABILITY_MONTHS, ["stay_base", "stayed"])]
    if "posts" in definition.groups:
        several.append(cells.sums(picture.posts, [pl.col(name).sum() for name in POSTS]))
    return several


def _add_following(figures: dict[str, Matrix], definition: TableDefinition) -> None:
    """The figures that follow from others of the same cell are there too."""
    if "people" in definition.groups:
        figures["all_fte"] = figures["fte"] + figures["temporary_fte"]
    if "rates" in definition.groups:
        figures["staff_years_12"] = over_year(figures["at_risk"]) / 12
    for name, of in _ROLLING.items():
        if name in definition.columns:
            figures[name] = over_year(figures[of])


def _contributions(finer: Cells, cells: Cells, sums: list[Sums], packed: NDArray[np.uint64]) -> dict[str, Matrix]:
    """For every cell and month, how many partners contribute to it, and the people of the one with most.

    Axes: sums by cell of `finer`, which has the partner too; packed[cell] of `cells`; both matrices [cell, month].
    """
    wide = len(finer.months)
    most, seen = np.zeros(packed.size * wide), [np.zeros(0, dtype=np.uint64)]
    for each in sums:
        for name in _CONTRIBUTING & each.values.keys():
            present = each.values[name] > 0
            seen.append(each.cell[present] * np.uint64(wide) + each.month[present].astype(np.uint64))
            if name in _OF_LARGEST:
                at = np.searchsorted(packed, finer.within(cells, each).cell[present]) * wide + each.month[present]
                np.maximum.at(most, at, each.values[name][present].astype(np.float64))
    distinct = np.unique(np.concatenate(seen))
    own = finer.within(cells, Sums(distinct // np.uint64(wide), (distinct % np.uint64(wide)).astype(np.int64), {}))
    contributors = np.bincount(np.searchsorted(packed, own.cell) * wide + own.month, minlength=most.size).astype(np.float64)
    return {"contributors": contributors.reshape(-1, wide), "largest": most.reshape(-1, wide)}
