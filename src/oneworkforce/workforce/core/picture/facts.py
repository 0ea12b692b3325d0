"""The stock: every assignment in every month that its row stands for, with the counts that measures are summed from."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from oneworkforce.workforce.core.picture.dimensions import OF_A_PERSON, Dimensions
from oneworkforce.workforce.core.picture.months import dates, days_between
from oneworkforce.workforce.core.picture.sorting import among
from oneworkforce.workforce.core.picture.spells import OUT_OF_VIEW, Neighbours, Rows, Spells, Whole

TEMPORARY_CONTRACTS = ("bank", "agency", "locum")
"""Contracts whose FTE is agency and bank FTE."""

STABILITY_MONTHS = 12

COUNTS = (
    "people", "other_people", "assignments", "fte", "temporary_fte", "at_risk", "stay_base", "stayed", "sickness_days", "available_days",
    "people_carried",
)  # fmt: skip
"""Columns of facts to be summed.

people, other_people: 1 on the main assignment of a person in post at the month's end, staff and not. assignments, fte, temporary_fte: of
every assignment, FTE of staff contracts and of bank, agency and locum apart. at_risk: a person counted whose leaving in the month after is
known. stay_base: a person counted of whom it is known whether they are still in post `STABILITY_MONTHS` later; stayed: those who are.
sickness_days, available_days: of rows that state both or whose available days follow from FTE; in the month of the return, for the period
that it covers. people_carried: people who stand there from an earlier return.
"""


def stock_facts(
    frame: pl.DataFrame,
    rows: Rows,
    spell: Spells,
    near: Neighbours,
    dims: Dimensions,
    standing: tuple[Whole, Whole],
    stays: tuple[Whole, Whole],
) -> pl.DataFrame:
    """One row for every assignment and month it stands for: `month`, the dimensions and `COUNTS`.

    Axes: frame[row] assignments in Enum types; standing: first and end month [row]; stays: until when, and known until when [head].
    """
    first, end = standing
    lengths = np.maximum(end - first, 0)
    row = np.repeat(np.arange(first.size), lengths)
    before_own = first - (np.cumsum(lengths, dtype=np.int32) - lengths)
    month = np.arange(row.size, dtype=np.int32) + before_own[row]
    lost, available = _sickness(frame, rows, near)
    ended = np.flatnonzero((lengths == 0) & (available > 0)).astype(
        np.int32
    )  # their days count, though they are in nobody's stock any more
    stands = np.arange(row.size + ended.size) < row.size
    row, month = np.append(row, ended), np.append(month, near.month[rows.grid[ended]])
    counts = _counts(frame, rows, spell, near, stays, row, month, stands)
    in_own_month = month == near.month[rows.grid][row]
    counts["sickness_days"], counts["available_days"] = lost[row] * in_own_month, available[row] * in_own_month
    dimensions = frame.select(OF_A_PERSON)[rows.order[row]]
    return dims.with_following(dimensions).with_columns(dates(month), *(pl.Series(name, counts[name]) for name in COUNTS))


def _counts(
    frame: pl.DataFrame, rows: Rows, spell: Spells, near: Neighbours, stays: tuple[Whole, Whole],
    row: NDArray[np.int64], month: Whole, stands: NDArray[np.bool_],
) -> dict[str, NDArray[np.float64] | NDArray[np.uint8]]:  # fmt: skip
    """The counts of every row and month but those of sickness."""
    head = (np.cumsum(rows.head) - 1)[row]
    main, staff, return_month = rows.head[row] & stands, rows.staff[row], near.month[rows.grid][row]
    people = main & staff
    last_unknown = np.where(spell.went == OUT_OF_VIEW, spell.went_in - 1, -1)[head]
    at_risk = ((month < return_month) | spell.after_linked[head]) & (month != last_unknown)
    until, known = stays
    later = month + np.int32(STABILITY_MONTHS)
    base = people & (later <= np.minimum(known, near.last)[head])
    fte = frame["fte"].to_numpy()[rows.order][row] * stands
    temporary = among(frame["contract"], TEMPORARY_CONTRACTS)[rows.order][row]
    flags = {
        "people": people, "other_people": main & ~staff, "assignments": stands, "at_risk": people & at_risk,
        "stay_base": base, "stayed": base & (until[head] > later), "people_carried": people & (month > return_month),
    }  # fmt: skip
    return {name: flag.view(np.uint8) for name, flag in flags.items()} | {"fte": fte * staff, "temporary_fte": fte * temporary}


def _sickness(frame: pl.DataFrame, rows: Rows, near: Neighbours) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Days lost and days available of every row, both 0 where either is not known.

    Days available that a row does not state are its FTE × the calendar days of the period that its return covers.
    """
    previous = np.where(near.linked_before, near.before, near.month - np.where(near.linked_after, near.after - near.month, 1))
    period = days_between(previous.astype(np.int32), near.month).astype(np.float64)
    lost, available = (frame[name].fill_null(0.0).to_numpy()[rows.order] for name in ("sickness_days", "available_days"))
    said = frame["available_days"].is_not_null().to_numpy()[rows.order]
    unsaid = np.flatnonzero(~said)
    available[unsaid] = frame["fte"].to_numpy()[rows.order[unsaid]] * period[rows.grid[unsaid]]
    available[frame["sickness_days"].is_null().to_numpy()[rows.order]] = 0.0
    return lost, available
