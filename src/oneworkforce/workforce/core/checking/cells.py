"""Cells: a table of text becomes a table of typed fields; what could not be read, or only after repair, is marked.

Every column is read in its usual layout in one pass over the table. Only the cells that are left go, each distinct text once, to the
patient readers of `reading.values` and to the code lookups.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

import polars as pl

from oneworkforce.workforce.core.checking.codes import lookup
from oneworkforce.workforce.core.checking.left_over import POSTCODE, LeftOver
from oneworkforce.workforce.core.checking.marks import Marks
from oneworkforce.workforce.core.specification import POLARS_TYPES, Field, Specification, specification

_NI_NUMBER = r"^[A-Z]{2}[0-9]{6}[A-D]$"
_DATE = r"^[0-9]{2}/[0-9]{2}/[12][0-9]{3}$"
_ODD_TEXT = r"^\s|\s$|^$|[\x00-\x1f\x7f\u{a0}\u{200b}\u{feff}]|  |^#"
_ODD_IDENTIFIER = r"^$|^\d+\.0$|^#|^\d(\.\d+)?[Ee]\+\d{2,3}$|[\s\x00-\x1f\u{a0}]"

Expressions = Callable[[pl.Expr, Field], pl.Expr]


@dataclass(frozen=True, eq=False)
class Cells:
    """A part's cells in their types.

    Axes: typed[row] × the specification's fields in order, null where blank, unreadable or absent from the file;
    unreadable[field] holds the positions of cells that are not blank and from which no value could be had (fields that have such cells only).
    """

    typed: pl.DataFrame
    unreadable: Mapping[str, pl.Series]


def read_cells(frame: pl.DataFrame, asked: Specification, headers: Mapping[str, str], marks: Marks, today: date) -> Cells:
    """The table with each field in its type; unreadable cells (error), repaired cells (note) and unknown codes are marked.

    Axes: frame[row] × the file's own headers, all text. Parameters: headers is field to header.
    """
    named = tuple(sorted(headers.items()))
    texts = pl.DataFrame([frame.get_column(header).alias(name) for name, header in named])
    quick = texts.select(_quick(asked.format, asked.part, named))
    odd = texts.select(_odd(asked.format, asked.part, named))
    typed = {field.field: quick.get_column(field.field) for field in asked.fields}
    unreadable: dict[str, pl.Series] = {}
    for name, header in headers.items():
        text = texts.get_column(name)
        if odd.get_column(name)[0] or typed[name].null_count() != text.null_count():
            rows = _left(asked.field(name), text, typed[name])
            left_over = LeftOver(asked, asked.field(name), header, rows, text.gather(rows), typed, marks, today)
            found = left_over.codes() if left_over.field.codes else left_over.values()
            typed[name] = typed[name].clone().scatter(rows, found)
            unreadable[name] = rows.filter(found.is_null() & (left_over.texts.str.strip_chars() != ""))
    return Cells(pl.DataFrame(list(typed.values())), unreadable)


def _left(field: Field, text: pl.Series, value: pl.Series) -> pl.Series:
    """Positions of the cells that are not in their usual layout."""
    pattern = _ODD.get(field.type)
    left = text.str.contains(pattern) if pattern and not field.codes else text.is_not_null() & value.is_null()
    return left.arg_true()


@cache
def _quick(format: str, part: str, headers: tuple[tuple[str, str], ...]) -> list[pl.Expr]:
    """The value of every field where its cells are in their usual layout."""
    named = dict(headers)
    return [
        (_value(field) if field.field in named else pl.lit(None, dtype=POLARS_TYPES.get(field.type, pl.String))).alias(field.field)
        for field in specification(format, part).fields
    ]


@cache
def _odd(format: str, part: str, headers: tuple[tuple[str, str], ...]) -> list[pl.Expr]:
    """Whether any cell of a column that is text anyway is not in its usual layout."""
    asked = specification(format, part)
    return [_any_odd(asked.field(name)).alias(name) for name, _ in headers]


def _any_odd(field: Field) -> pl.Expr:
    pattern = _ODD.get(field.type)
    return pl.col(field.field).str.contains(pattern).any() if pattern and not field.codes else pl.lit(False)


def _value(field: Field) -> pl.Expr:
    text = pl.col(field.field)
    if field.type == "codes":
        return pl.lit(None, dtype=pl.String)
    if field.codes:
        found = lookup(field)
        return text.replace_strict(found.spellings, found.meanings, default=None, return_dtype=pl.String)
    return _VALUES[field.type](text, field)


def _only(pattern: str) -> Expressions:
    return lambda text, _: pl.when(text.str.contains(pattern)).then(text)


_ODD = {"text": _ODD_TEXT, "identifier": _ODD_IDENTIFIER}
_VALUES: dict[str, Expressions] = {
    "text": lambda text, _: text,
    "identifier": lambda text, _: text,
    "postcode": _only(POSTCODE),
    "ni_number": _only(_NI_NUMBER),
    "date": lambda text, _: pl.when(text.str.contains(_DATE)).then(text).str.to_date("%d/%m/%Y", strict=False, cache=False),
    "number": lambda text, _: text.cast(pl.Float64, strict=False),
    "integer": lambda text, _: text.cast(pl.Int64, strict=False),
    "month": lambda text, _: pl.lit(None, dtype=pl.Date),
    "boolean": lambda text, _: pl.lit(None, dtype=pl.Boolean),
    "code": lambda text, _: text,
}
