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
    days = (month_numbers - _EPOCH).astype("datetime64[M]").astype("datetime64[D]").astype(np.int32)
    return pl.Series(name, days, dtype=pl.Int32).cast(pl.Date)


def days_between(after: NDArray[np.int32], until: NDArray[np.int32]) -> NDArray[np.int32]:
    """Calendar days of the months that follow `after`, up to and with `until`.

    >>> days_between(np.array([24300]), np.array([24302])).tolist()  # February and March 2025
    [59]
    """
    ends = [(months + 1 - _EPOCH).astype("datetime64[M]").astype("datetime64[D]").astype(np.int32) for months in (after, until)]
    return np.asarray(ends[1] - ends[0], dtype=np.int32)
