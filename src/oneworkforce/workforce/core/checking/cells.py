"""Cells: a table of text becomes a table of typed fields; what could not be read, or only after repair, is marked.

Every column is read in its usual layout in one pass over the table. Only the cells that are left go, each distinct text once, to the
patient readers of `reading.values` and to the code lookups.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache

import polars as pl

from oneworkforce.workforce.core.checking.codes import lookup
from oneworkforce.workforce.core.checking.left_over import LEFT, LeftOver
from oneworkforce.workforce.core.checking.marks import Marks
from oneworkforce.workforce.core.specification import POLARS_TYPES, Field, Specification, specification

_POSTCODE = r"^[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}$"
_NI_NUMBER = r"^[A-Z]{2}[0-9]{6}[A-D]$"
_ODD_TEXT = r"[\x00-\x1f\x7f\u{a0}\u{200b}\u{feff}]|  |^#"
_ODD_IDENTIFIER = r"^\d+\.0$|^#|^\d(\.\d+)?[Ee]\+\d{2,3}$|[\s\x00-\x1f\u{a0}]"

def read_cells(frame: pl.DataFrame, asked: Specification, headers: Mapping[str, str], marks: Marks, today: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The table with each field in its type, null where blank, unreadable or absent from the file.

    Axes: frame[row] × the file's own headers, all text → [row] × the specification's fields in order, and [row] × `LEFT` + field: true where a
    cell was neither blank nor in its usual layout (so that a null there means unreadable, not missing).
    Parameters: headers is field to header. Unreadable cells (error), repaired cells (note) and unknown codes are marked.
    """
    quick = frame.select(_quick(asked.format, asked.part, tuple(sorted(headers.items()))))
    left = list(headers)
    some = quick.select([pl.col(f"{LEFT}{name}").any() for name in left]).row(0) if left else ()
    typed = {field.field: quick.get_column(field.field) for field in asked.fields}
    for name, is_some in zip(left, some, strict=True):
        if is_some:
            rows = quick.get_column(f"{LEFT}{name}").arg_true()
            texts = frame.get_column(headers[name]).cast(pl.String).gather(rows)
            left_over = LeftOver(asked, asked.field(name), headers[name], rows, texts, typed, marks, today)
            found = left_over.codes() if left_over.field.codes else left_over.values()
            typed[name] = typed[name].clone().scatter(rows, found)
    return pl.DataFrame(list(typed.values())), quick.select(f"{LEFT}{name}" for name in headers)


@cache
def _quick(format: str, part: str, headers: tuple[tuple[str, str], ...]) -> list[pl.Expr]:
    """The usual layout of every field, and where cells are left over."""
    from oneworkforce.workforce.core.specification import specification

    named = dict(headers)
    exprs: list[pl.Expr] = []
    for field in specification(format, part).fields:
        if field.field not in named:
            exprs.append(pl.lit(None, dtype=POLARS_TYPES.get(field.type, pl.String)).alias(field.field))
            continue
        trimmed = pl.col(named[field.field]).str.strip_chars()
        text = pl.when(trimmed != "").then(trimmed)
        value = _QUICK[field.type](text, field) if not field.codes else _quick_code(text, field)
        exprs.append(value.alias(field.field))
        exprs.append((text.is_not_null() & value.is_null()).alias(f"{LEFT}{field.field}"))
    return exprs


def _quick_code(text: pl.Expr, field: Field) -> pl.Expr:
    if field.type == "codes":
        return pl.lit(None, dtype=pl.String)
    found = lookup(field)
    return text.replace_strict(found.spellings, found.meanings, default=None, return_dtype=pl.String)


def _unless(pattern: str) -> Callable[[pl.Expr, Field], pl.Expr]:
    return lambda text, _: pl.when(~text.str.contains(pattern)).then(text)


def _only(pattern: str) -> Callable[[pl.Expr, Field], pl.Expr]:
    return lambda text, _: pl.when(text.str.contains(pattern)).then(text)


def _quick_date(text: pl.Expr, _: Field) -> pl.Expr:
    return pl.when(text.str.len_bytes() == 10).then(text.str.to_date("%d/%m/%Y", strict=False, cache=False))


def _quick_number(text: pl.Expr, _: Field) -> pl.Expr:
    value = text.cast(pl.Float64, strict=False)
    return pl.when(value.is_finite()).then(value)


_QUICK: dict[str, Callable[[pl.Expr, Field], pl.Expr]] = {
    "text": _unless(_ODD_TEXT),
    "identifier": _unless(_ODD_IDENTIFIER),
    "postcode": _only(_POSTCODE),
    "ni_number": _only(_NI_NUMBER),
    "date": _quick_date,
    "number": _quick_number,
    "integer": lambda text, _: text.cast(pl.Int64, strict=False),
    "month": lambda text, _: pl.lit(None, dtype=pl.Date),
    "boolean": lambda text, _: pl.lit(None, dtype=pl.Boolean),
    "code": _unless(_ODD_TEXT),
    "codes": _unless(_ODD_TEXT),
}
