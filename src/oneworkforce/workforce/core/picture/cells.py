"""Facts summed to the cells of a table: every cell that exists in any month, in every month, as matrices of cells by months.

A cell's codes are packed into one whole number, by which grouping is several times faster than by many columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from oneworkforce.workforce.core.picture.months import number, numbers_of

_DAYS = 65_536  # more than there are days from 1970 to the last month of any picture
Matrix = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Sums:
    """Sums by packed cell and month, only those that exist.

    Axes: cell, month and every array of values [sum]; month counts from the picture's first and may lie after its last.
    """

    cell: NDArray[np.uint64]
    month: NDArray[np.int64]
    values: dict[str, NDArray[Any]]

    def later(self, months: int, names: Sequence[str]) -> Sums:
        """The same sums of these names, so many months later."""
        return Sums(self.cell, self.month + months, {name: self.values[name] for name in names})

    def only(self, names: Sequence[str]) -> Sums:
        """The sums of these names."""
        return self.later(0, names)


@dataclass(frozen=True, eq=False)
class Cells:
    """The cells of some dimensions.

    Parameters: kinds: dimension to its Enum, in order; months: the picture's.
    """

    kinds: dict[str, pl.Enum]
    months: tuple[date, ...]
    _sizes: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_sizes", {name: len(kind.categories) for name, kind in self.kinds.items()})

    def sums(self, frame: pl.DataFrame, values: Sequence[pl.Expr]) -> Sums:
        """These aggregates of the frame by cell and month.

        Axes: frame[row] with `month` and the dimensions in their Enum types.
        """
        packed = pl.lit(0, pl.UInt64)
        for name, size in self._sizes.items():
            packed = packed * size + pl.col(name).to_physical().cast(pl.UInt64)
        day = pl.col("month").to_physical().cast(pl.UInt64)
        needed = {name for value in values for name in value.meta.root_names()}
        keyed = frame.lazy().select((packed * _DAYS + day).alias("_key"), *(pl.col(name) for name in sorted(needed)))
        found = keyed.group_by("_key").agg(*values).collect()
        key = found["_key"].to_numpy()
        days = pl.Series((key % np.uint64(_DAYS)).astype(np.int32)).cast(pl.Date)
        month = numbers_of(days, 0).astype(np.int64) - number(self.months[0])
        return Sums(key // np.uint64(_DAYS), month, {name: found[name].to_numpy() for name in found.columns if name != "_key"})

    def dense(self, several: Sequence[Sums]) -> tuple[NDArray[np.uint64], dict[str, Matrix]]:
        """Every cell that any of the sums has, in order, and its values in every month; 0 where there is none.

        Axes: cells [cell]; each matrix [cell, month]. Sums after the last month are left out.
        """
        wide = len(self.months)
        cells = np.unique(np.concatenate([sums.cell[sums.month < wide] for sums in several]))
        matrices: dict[str, Matrix] = {}
        for sums in several:
            inside = sums.month < wide
            at = np.searchsorted(cells, sums.cell[inside]) * wide + sums.month[inside]
            for name, values in sums.values.items():
                summed = np.bincount(at, weights=values[inside], minlength=cells.size * wide).astype(np.float64)
                matrices[name] = summed.reshape(cells.size, wide)
        return cells, matrices

    def unpacked(self, cells: NDArray[np.uint64]) -> dict[str, pl.Series]:
        """The dimensions of every cell, each repeated for every month."""
        columns = {}
        for name in reversed(self.kinds):
            size = np.uint64(self._sizes[name])
            codes = np.repeat((cells % size).astype(np.uint32), len(self.months))
            columns[name] = pl.Series(name, self.kinds[name].categories, dtype=self.kinds[name]).gather(pl.Series(codes))
            cells = cells // size
        return {name: columns[name] for name in self.kinds}

    def within(self, coarser: Cells, sums: Sums) -> Sums:
        """The sums by the cells of a coarser table, which has these dimensions but perhaps the last; a cell may then stand several times."""
        if len(coarser.kinds) == len(self.kinds):
            return sums
        return Sums(sums.cell // np.uint64(list(self._sizes.values())[-1]), sums.month, sums.values)


def over_year(matrix: Matrix, months: int = 12) -> Matrix:
    """The sum of each month and the ones before it, a year in all, fewer at the beginning.

    >>> over_year(np.array([[1.0, 2.0, 3.0]]), months=2).tolist()
    [[1.0, 3.0, 5.0]]
    """
    summed = np.cumsum(matrix, axis=1)
    earlier = np.zeros_like(summed)
    earlier[:, months:] = summed[:, :-months]
    return np.asarray(summed - earlier)
