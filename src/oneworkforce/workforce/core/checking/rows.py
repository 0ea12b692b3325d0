"""Rows that are not rows: blank lines, a second header, a total at the bottom. They are left out, and that is said."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from oneworkforce.workforce.core.checking.marks import Marks
from oneworkforce.workforce.core.specification import Specification

_LAST = 3
_TOTALS = ("total", "totals", "grand total", "sum", "sub total", "subtotal")


def real_rows(frame: pl.DataFrame, asked: Specification, headers: Mapping[str, str], marks: Marks) -> pl.DataFrame:
    """The rows that are about somebody or something.

    Axes: frame[row] × the file's headers and `_row`. Parameters: headers is field to header.
    """
    if not headers or not frame.height:
        return frame
    out = pl.concat(
        [_repeated_headers(frame, asked, headers, marks), _blank(frame, headers), _totals(frame, asked, headers, marks)]
    ).unique()
    return frame if not len(out) else frame.filter(~pl.int_range(pl.len(), dtype=pl.UInt32).is_in(out))


def _first(asked: Specification, headers: Mapping[str, str]) -> str:
    """The header of the first column that may not be blank, else of the first that is there."""
    found = [field.field for field in asked.fields if field.field in headers]
    return headers[next((name for name in found if asked.field(name).is_required), found[0])]


def _repeated_headers(frame: pl.DataFrame, asked: Specification, headers: Mapping[str, str], marks: Marks) -> pl.Series:
    first = _first(asked, headers)
    rows = (frame.get_column(first) == first).arg_true()
    for number in frame.get_column("_row").gather(rows):
        message = "This row repeats the headers and was left out."
        marks.say(f"{asked.name}.header_again", "note", message, "Nothing. Remove the row if it is not meant to be there.", row=number)
    return rows.cast(pl.UInt32)


def _blank(frame: pl.DataFrame, headers: Mapping[str, str]) -> pl.Series:
    first = next(iter(headers.values()))
    text = frame.get_column(first)
    if not text.null_count():
        return pl.Series([], dtype=pl.UInt32)
    rows = text.is_null().arg_true()
    candidates = frame.select(headers.values())[rows]
    blank = candidates.select(pl.all_horizontal(pl.all().is_null() | (pl.all().str.strip_chars() == ""))).to_series()
    return rows.filter(blank).cast(pl.UInt32)


def _totals(frame: pl.DataFrame, asked: Specification, headers: Mapping[str, str], marks: Marks) -> pl.Series:
    """Rows at the bottom in which a cell says total and most others are blank."""
    start = max(frame.height - _LAST, 0)
    found = []
    for place, row in enumerate(frame.slice(start).select(headers.values()).iter_rows(), start):
        texts = [cell.strip().lower().rstrip(":") for cell in row if cell and cell.strip()]
        if any(text in _TOTALS for text in texts) and len(texts) <= max(2, len(row) // 2):
            found.append(place)
            message = "This row is a total and was left out."
            marks.say(f"{asked.name}.total_row", "note", message, "Nothing. Totals are worked out from the rows.", row=frame["_row"][place])
    return pl.Series(found, dtype=pl.UInt32)
