"""The rows of all returns brought into the order in which one return can be held against the next."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from oneworkforce.vocabulary import code_list
from oneworkforce.workforce.core.picture.months import numbers_of
from oneworkforce.workforce.core.picture.returns import Returns
from oneworkforce.workforce.core.picture.spells import NOT_DATED, STAYS, Neighbours, Rows

STAFF_CONTRACTS = tuple(code for code, counts in code_list("contracts").column("counts_as_staff").items() if counts == "yes")
"""Contracts whose holders are counted as staff; the others (bank, agency, locum, honorary, students) are counted beside them."""


def neighbours(returns: Returns) -> Neighbours:
    """What each return knows of the one before and after, as arrays."""
    grid = returns.grid.with_columns(chain=(~pl.col("linked_before")).cum_sum()).with_columns(
        known=pl.when(pl.col("status").last().over("chain") == "closed")
        .then(pl.lit(int(STAYS)))
        .otherwise(pl.col("m").last().over("chain"))
    )

    def whole(column: str) -> NDArray[np.int32]:
        return grid[column].fill_null(int(NOT_DATED)).cast(pl.Int32).to_numpy()

    return Neighbours(
        month=whole("m"), before=whole("before"), after=whole("after"), linked_before=grid["linked_before"].to_numpy(),
        linked_after=grid["linked_after"].to_numpy(), until=whole("until"), known=whole("known"), last=returns.last,
    )  # fmt: skip


def sorted_rows(frame: pl.DataFrame, returns: Returns) -> Rows:
    """The rows by person and return; of a person's rows in one return the active come first, then staff, then the larger FTE.

    Axes: frame[row] in the columns of `Assignments`; partner and format as Enum. Equal FTE: the lower assignment pseudonym first.
    """
    grid = _return_of(frame, returns)
    person = _person_codes(frame["person"])
    month = returns.grid["m"].to_numpy()[grid]
    leave = numbers_of(frame["leaving_date"], int(NOT_DATED))
    active = (leave == NOT_DATED) | (leave > month)
    staff = among(frame["contract"], STAFF_CONTRACTS)
    order = _order(person, grid, active, staff, frame["fte"].to_numpy(), frame["assignment"].to_numpy())
    person, grid = person[order], grid[order]
    head = np.ones(order.size, dtype=bool)
    head[1:] = (person[1:] != person[:-1]) | (grid[1:] != grid[:-1])
    start = numbers_of(frame["start_date"], int(NOT_DATED))
    return Rows(
        order=order, person=person, pseudonym=frame["person"].to_numpy()[order], grid=grid, active=active[order],
        staff=staff[order], start=start[order], leave=leave[order], head=head,
    )  # fmt: skip


def among(codes: pl.Series, wanted: tuple[str, ...]) -> NDArray[np.bool_]:
    """Which of these coded values are among those wanted.

    >>> among(pl.Series(["bank", "agency"], dtype=code_list("contracts").dtype), ("agency",)).tolist()
    [False, True]
    """
    kind: pl.Enum = codes.dtype  # type: ignore[assignment]
    is_wanted = np.isin(kind.categories.to_numpy(), wanted)
    return np.asarray(is_wanted[codes.to_physical().to_numpy()])


def _return_of(frame: pl.DataFrame, returns: Returns) -> NDArray[np.int32]:
    """The return that each row came from: a look-up in a table of partner × format × month."""
    partners, formats = frame["partner"].to_physical(), frame["format"].to_physical()
    kinds: dict[str, pl.Enum] = {"partner": frame.schema["partner"], "format": frame.schema["format"]}  # type: ignore[dict-item]
    widths = (len(kinds["partner"].categories), len(kinds["format"].categories), returns.last - returns.first + 1)
    known = returns.grid.with_row_index("grid").filter(pl.col("status").is_in(["accepted", "nil"]))
    known = known.filter(
        pl.col("partner").is_in(kinds["partner"].categories.to_list()) & pl.col("format").is_in(kinds["format"].categories.to_list())
    )
    table = np.full(widths, -1, dtype=np.int32)
    at = [known[name].cast(kinds[name]).to_physical().to_numpy() for name in ("partner", "format")]
    table[at[0], at[1], known["m"].to_numpy() - returns.first] = known["grid"].to_numpy()
    months = numbers_of(frame["month"], int(NOT_DATED)) - returns.first
    return np.asarray(table[partners.to_numpy(), formats.to_numpy(), months], dtype=np.int32)


def _person_codes(person: pl.Series) -> NDArray[np.uint32]:
    distinct = person.unique().sort()
    return person.replace_strict(distinct, pl.arange(0, distinct.len(), dtype=pl.UInt32, eager=True), return_dtype=pl.UInt32).to_numpy()


def _order(
    person: NDArray[np.uint32],
    grid: NDArray[np.int32],
    active: NDArray[np.bool_],
    staff: NDArray[np.bool_],
    fte: NDArray[np.float64],
    assignment: NDArray[np.uint64],
) -> NDArray[np.int64]:
    """One fast sort by person and return for all, then a full one among the few who have several rows in one return."""
    key = person.astype(np.uint64) << np.uint64(32) | grid.astype(np.uint64)
    order = pl.Series(key).arg_sort().to_numpy().astype(np.int64)
    in_order = key[order]
    same = np.zeros(order.size + 1, dtype=bool)
    same[1:-1] = in_order[1:] == in_order[:-1]
    several = np.flatnonzero(same[1:] | same[:-1])
    some = order[several]
    order[several] = some[np.lexsort((assignment[some], -fte[some], ~staff[some], ~active[some], key[some]))]
    return order
