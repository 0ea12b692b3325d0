"""Months as whole numbers: year × 12 + month − 1, so that the difference of two is the months between them."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

_EPOCH = 1970 * 12


def number(month: date) -> int:
    """The month's number.

    >>> number(date(2025, 3, 1)) - number(date(2024, 12, 1))
    3
    """
    return month.year * 12 + month.month - 1


def first_day(month_number: int) -> date:
    """The first day of the month of this number.

    >>> first_day(number(date(2025, 3, 1)))
    datetime.date(2025, 3, 1)
    """
    return date(month_number // 12, month_number % 12 + 1, 1)


def numbers(column: str) -> pl.Expr:
    """The month numbers of a date column; null stays null."""
    return (pl.col(column).dt.year() * 12 + pl.col(column).dt.month().cast(pl.Int32) - 1).cast(pl.Int32)


def dates(month_numbers: NDArray[np.int32], name: str = "month") -> pl.Series:
    """First days of the months of these numbers.

    >>> dates(np.array([24302], dtype=np.int32)).to_list()
    [datetime.date(2025, 3, 1)]
    """
    if not month_numbers.size:
        return pl.Series(name, [], dtype=pl.Date)
    least, most = int(month_numbers.min()), int(month_numbers.max())
    days = _first_days(np.arange(least, most + 1, dtype=np.int32))[month_numbers - least]
    return pl.Series(name, days, dtype=pl.Int32).cast(pl.Date)


def numbers_of(days: pl.Series, missing: int) -> NDArray[np.int32]:
    """The month numbers of a date series, `missing` where it is null: by a table of all days between the first and the last.

    >>> numbers_of(pl.Series([date(2025, 3, 1), None]), -1).tolist()
    [24302, -1]
    """
    physical = days.to_physical()
    least, most = physical.min(), physical.max()
    if least is None or most is None:
        return np.full(days.len(), missing, dtype=np.int32)
    every = np.arange(int(least), int(most) + 1)  # type: ignore[arg-type]
    table = every.astype("datetime64[D]").astype("datetime64[M]").astype(np.int32) + _EPOCH
    found: NDArray[np.int32] = table.astype(np.int32)[physical.fill_null(least).to_numpy() - int(least)]  # type: ignore[arg-type]
    if physical.null_count():
        found[days.is_null().to_numpy()] = missing
    return found


def days_between(after: NDArray[np.int32], until: NDArray[np.int32]) -> NDArray[np.int32]:
    """Calendar days of the months that follow `after`, up to and with `until`.

    >>> days_between(np.array([24300]), np.array([24302])).tolist()  # February and March 2025
    [59]
    """
    return np.asarray(_first_days(until + 1) - _first_days(after + 1), dtype=np.int32)


def _first_days(month_numbers: NDArray[np.int32]) -> NDArray[np.int32]:
    """Days from 1 January 1970 to the first day of each month."""
    return np.asarray((month_numbers - _EPOCH).astype("datetime64[M]").astype("datetime64[D]").astype(np.int32))
