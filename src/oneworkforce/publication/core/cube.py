"""A table laid out as a full array with every total, the shape in which it can be protected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import product

import numpy as np
import polars as pl
from numpy.typing import NDArray

from oneworkforce.errors import Invalid
from oneworkforce.publication.core.tables import TOTAL, Code, Dimension, Measure

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_SUMMED = 3


@dataclass(frozen=True)
class Cube:
    """Every cell of a table and of its totals.

    Axes: [slice, i, j, k]: slices are the combinations of the dimensions that are not summed; then up to three summed
    dimensions with the total last; an axis of length 1 is not there.

    Parameters:
        slices, summed: the dimensions, in the order of the axes.
        codes: by dimension name, its codes in order (with `TOTAL` last where summed).
        values: by measure name, the figure; NaN where not known.
        contributors: number of partners behind each cell; None where the table does not say.
        sole: the only contributor's number; 0 where several or none; -1 where there is one and the table does not say which.
        rest: by count, what is left of each cell for the contributor with most of it, who knows its own; empty where the table does not say.
    """

    slices: tuple[Dimension, ...]
    summed: tuple[Dimension, ...]
    codes: dict[str, tuple[Code, ...]]
    values: dict[str, Floats]
    contributors: Ints | None
    sole: Ints | None
    rest: dict[str, Ints]

    @property
    def lengths(self) -> tuple[int, ...]:
        """The length of every dimension, in the order of the axes, the slices not yet joined."""
        return tuple(len(self.codes[dimension.name]) for dimension in (*self.slices, *self.summed))

    @property
    def totals(self) -> Ints:
        """How many of its coordinates are totals, for every cell."""
        number = np.zeros(self.shape, dtype=np.int64)
        for axis, length in enumerate(self.shape[1:], start=1):
            if length > 1:
                number[_last(axis)] += 1
        return number

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """The four lengths of the array."""
        return _shape(self.lengths, len(self.slices))

    def marked(self, rows: pl.DataFrame) -> NDArray[np.bool_]:
        """True at the cells whose codes are the rows of a table that has a column for every dimension."""
        marks: NDArray[np.bool_] = np.zeros(self.shape, dtype=np.bool_)
        axes = (*self.slices, *self.summed)
        places = tuple(_places(rows[dimension.name], self.codes[dimension.name]) for dimension in axes)
        if axes and rows.height:
            marks.reshape(-1)[np.ravel_multi_index(places, self.lengths)] = True
        return marks

    def columns(self, order: tuple[Dimension, ...]) -> dict[str, pl.Series]:
        """The codes of every cell as columns, a row a cell, first dimension slowest."""
        lengths = [len(self.codes[dimension.name]) for dimension in order]
        places = np.indices(lengths).reshape(len(order), -1) if order else np.zeros((0, 1), dtype=np.int64)
        return {
            dimension.name: pl.Series(dimension.name, list(self.codes[dimension.name])).gather(places[axis])
            for axis, dimension in enumerate(order)
        }

    def flat(self, array: NDArray[np.generic], order: tuple[Dimension, ...]) -> NDArray[np.generic]:
        """The array as a column in the same order of rows as `columns`."""
        own = [dimension.name for dimension in (*self.slices, *self.summed)]
        return array.reshape(self.lengths).transpose([own.index(dimension.name) for dimension in order]).reshape(-1)


def lay_out(
    table: pl.DataFrame, dimensions: tuple[Dimension, ...], measures: tuple[Measure, ...], contributors: str | None, totals: bool
) -> Cube:
    """The table is a cube: rows of the same cell are added up, an absent cell is zero, absent totals are worked out.

    Raises: Invalid where a column is missing, or more than three dimensions are summed.
    """
    _check_columns(table, dimensions, measures, contributors)
    slices = tuple(dimension for dimension in dimensions if dimension.total is None or not totals)
    summed = tuple(dimension for dimension in dimensions if dimension not in slices)
    if len(summed) > MOST_SUMMED:
        raise Invalid(f"A released table has at most three summed dimensions; this one has {len(summed)}.")
    codes = {dimension.name: _codes(table[dimension.name], dimension, dimension in summed) for dimension in dimensions}
    axes = (*slices, *summed)
    lengths = tuple(len(codes[dimension.name]) for dimension in axes)
    places = [_places(table[dimension.name], codes[dimension.name]) for dimension in axes]
    shape = _shape(lengths, len(slices))
    cells = np.ravel_multi_index(tuple(places), lengths) if axes else np.zeros(table.height, dtype=np.int64)
    given = np.bincount(cells, minlength=int(np.prod(lengths))).reshape(shape) > 0
    values = {measure.name: _filled(table[measure.name], cells, given, measure.additive) for measure in measures if measure.kind != "rate"}
    number, sole = _contributors(table, contributors, cells, places, lengths, len(slices), given, measures)
    rest = _rests(table, contributors, cells, places, lengths, len(slices), measures)
    return Cube(slices, summed, codes, values, number, sole, rest)


def _check_columns(table: pl.DataFrame, dimensions: tuple[Dimension, ...], measures: tuple[Measure, ...], contributors: str | None) -> None:
    wanted = [dimension.name for dimension in dimensions]
    wanted += [measure.name for measure in measures if measure.kind != "rate"]
    wanted += [contributors] if contributors else []
    missing = [name for name in wanted if name not in table.columns]
    if missing:
        raise Invalid(f"The table to release has no column {', '.join(missing)}; it has {', '.join(table.columns)}.")


def _shape(lengths: tuple[int, ...], slices: int) -> tuple[int, int, int, int]:
    i, j, k = (*lengths[slices:], 1, 1, 1)[:3]
    return int(np.prod(lengths[:slices], dtype=np.int64)), i, j, k


def _last(axis: int) -> tuple[slice | int, ...]:
    return tuple(-1 if place == axis else slice(None) for place in range(4))


def _codes(column: pl.Series, dimension: Dimension, summed: bool) -> tuple[Code, ...]:
    """The codes in use, labelled ones first and in their order, the total last."""
    if column.dtype == pl.Date:
        return tuple(sorted(column.drop_nulls().unique()))
    used = set(column.cast(pl.String).fill_null("unknown").unique()) - ({TOTAL} if summed else set())
    ordered = [code for code in dimension.labels if code in used]
    ordered += sorted(used.difference(ordered))
    return (*ordered, TOTAL) if summed else tuple(ordered)


def _places(column: pl.Series, codes: tuple[Code, ...]) -> Ints:
    """The place of each row's code among the codes."""
    if column.dtype == pl.Date:
        days = np.array([(code - date(1970, 1, 1)).days for code in codes if isinstance(code, date)], dtype=np.int64)
        return np.searchsorted(days, column.to_physical().to_numpy().astype(np.int64)).astype(np.int64)
    known = pl.Enum([str(code) for code in codes])
    return column.cast(pl.String).fill_null("unknown").cast(known).to_physical().to_numpy().astype(np.int64)


def _filled(column: pl.Series, cells: Ints, given: NDArray[np.bool_], additive: bool) -> Floats:
    """One measure in the cube, with its totals where it adds up."""
    numbers = column.cast(pl.Float64).to_numpy()
    known = ~np.isnan(numbers)
    value: Floats = np.bincount(cells[known], numbers[known], minlength=given.size).astype(np.float64).reshape(given.shape)
    count = np.bincount(cells[known], minlength=given.size).reshape(given.shape)
    value[given & (count == 0)] = np.nan
    if not additive:
        value[~given] = np.nan
        return value
    for axis, length in enumerate(given.shape[1:], start=1):
        if length > 1:
            _sum_along(value, given, axis)
    return value


def _sum_along(value: Floats, given: NDArray[np.bool_], axis: int) -> None:
    parts = value[tuple(slice(0, -1) if place == axis else slice(None) for place in range(4))]
    total = np.where(np.isnan(parts).all(axis=axis), np.nan, np.nansum(parts, axis=axis))
    value[_last(axis)] = np.where(given[_last(axis)], value[_last(axis)], total)


def _contributors(
    table: pl.DataFrame,
    name: str | None,
    cells: Ints,
    places: list[Ints],
    lengths: tuple[int, ...],
    slices: int,
    given: NDArray[np.bool_],
    measures: tuple[Measure, ...],
) -> tuple[Ints | None, Ints | None]:
    """How many partners are behind each cell and, where there is one, which."""
    if name is None:
        return None, None
    if table[name].dtype.is_numeric():
        return _counted(table[name], cells, given)
    present = table.select(pl.any_horizontal(*(pl.col(m.name).fill_null(0) != 0 for m in measures if m.additive))).to_series().to_numpy()
    who = table[name].cast(pl.String).fill_null("").rank("dense").to_numpy().astype(np.int64)[present]
    number: Ints = np.zeros(given.size, dtype=np.int64)
    sole: Ints = np.zeros(given.size, dtype=np.int64)
    base = int(who.max()) + 1 if who.size else 1
    for totals in product((False, True), repeat=len(lengths) - slices):
        shifted = [
            np.full(who.size, lengths[axis] - 1) if axis >= slices and totals[axis - slices] else place[present]
            for axis, place in enumerate(places)
        ]
        at = np.ravel_multi_index(tuple(shifted), lengths) if lengths else cells[present]
        pairs = np.unique(at * base + who)
        here = np.bincount(pairs // base, minlength=given.size)
        number[:] = np.maximum(number, here)
        alone = np.where(here == 1, np.bincount(pairs // base, pairs % base, minlength=given.size), 0).astype(np.int64)
        sole[:] = np.where(sole == 0, alone, sole)
    return number.reshape(given.shape), np.where(number == 1, sole, 0).reshape(given.shape)


def _rests(
    table: pl.DataFrame,
    name: str | None,
    cells: Ints,
    places: list[Ints],
    lengths: tuple[int, ...],
    slices: int,
    measures: tuple[Measure, ...],
) -> dict[str, Ints]:
    """By count: each cell less the part of the contributor with most of it."""
    if name is None or table[name].dtype.is_numeric():
        return {}
    size, who = int(np.prod(lengths)), table[name].cast(pl.String).fill_null("").rank("dense").to_numpy().astype(np.int64)
    base = int(who.max()) + 1 if who.size else 1
    shape = _shape(lengths, slices)
    counts = [measure.name for measure in measures if measure.kind == "count"]
    rest: dict[str, Ints] = {count: np.zeros(size, dtype=np.int64) for count in counts}
    for totals in product((False, True), repeat=len(lengths) - slices):
        chosen = [
            np.full(who.size, lengths[axis] - 1) if axis >= slices and totals[axis - slices] else place for axis, place in enumerate(places)
        ]
        at = np.ravel_multi_index(tuple(chosen), lengths) if lengths else cells
        pairs, inverse = np.unique(at * base + who, return_inverse=True)
        for count in counts:
            own = np.bincount(inverse, table[count].fill_null(0).to_numpy().astype(np.float64), minlength=pairs.size).astype(np.int64)
            most: Ints = np.zeros(size, dtype=np.int64)
            np.maximum.at(most, pairs // base, own)
            whole = np.bincount(pairs // base, own, minlength=size).astype(np.int64)
            rest[count] = np.maximum(rest[count], whole - most)
    return {count: left.reshape(shape) for count, left in rest.items()}


def _counted(column: pl.Series, cells: Ints, given: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Numbers of contributors as the table gives them; of a total it does not give, no fewer than of any part."""
    number: Ints = np.zeros(given.shape, dtype=np.int64)
    np.maximum.at(number.reshape(-1), cells, column.fill_null(0).to_numpy().astype(np.int64))
    for axis, length in enumerate(given.shape[1:], start=1):
        if length > 1:
            parts = number[tuple(slice(0, -1) if place == axis else slice(None) for place in range(4))]
            number[_last(axis)] = np.where(given[_last(axis)], number[_last(axis)], parts.max(axis=axis))
    return number, np.where(number == 1, -1, 0)
