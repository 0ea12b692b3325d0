"""Rows that are not about anybody: a second row of headers, the example of the template. They are left out, and that is said."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from oneworkforce.workforce.core.checking.marks import Marks
from oneworkforce.workforce.core.specification import Specification

_FIRST = 3


def real_rows(frame: pl.DataFrame, asked: Specification, headers: Mapping[str, str], marks: Marks) -> pl.DataFrame:
    """The rows that are about somebody or something.

    Axes: frame[row] × the file's headers and `_row`. Parameters: headers is field to header.
    """
    if not headers or not frame.height:
        return frame
    again = (frame.get_column(_first(asked, headers)) == _first(asked, headers)).arg_true().to_list()
    examples = _examples(frame, asked, headers)
    for place in again:
        message = "This row repeats the headers and was left out."
        marks.say(
            f"{asked.name}.header_again",
            "note",
            message,
            "Nothing. Remove the row if it is not meant to be there.",
            row=frame["_row"][place],
        )
    for place in examples:
        message = "This row is the example of the template and was left out."
        marks.say(f"{asked.name}.example_row", "note", message, "Nothing. Remove the row next time.", row=frame["_row"][place])
    return frame if not again and not examples else frame.filter(~pl.int_range(pl.len()).is_in([*again, *examples]))


def _first(asked: Specification, headers: Mapping[str, str]) -> str:
    """The header of the first column that may not be blank, else of the first that is there."""
    found = [field.field for field in asked.fields if field.field in headers]
    return headers[next((name for name in found if asked.field(name).is_required), found[0])]


def _examples(frame: pl.DataFrame, asked: Specification, headers: Mapping[str, str]) -> list[int]:
    """Positions among the first rows in which every cell is as in the template's example, where the example names a person."""
    example = {headers[field.field]: field.example for field in asked.fields if field.field in headers}
    known_by = {field.field for field in asked.fields if field.is_personal and field.example}
    if not asked.has_example_row or not known_by <= set(headers):
        return []
    rows = frame.head(_FIRST).select(list(example)).rows(named=True)
    return [place for place, row in enumerate(rows) if all((row[header] or "") == text for header, text in example.items())]
