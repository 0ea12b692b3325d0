"""How each format's own codes map to the shared code lists: dated rows with their provenance, one CSV a format."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import polars as pl

_TABLES = files("oneworkforce.vocabulary") / "mapping_tables"

COLUMNS = ("field", "source_code", "source_label", "code_list", "code", "valid_from", "valid_to", "source")


@cache
def mapping(format_code: str) -> pl.DataFrame:
    """Every dated mapping row of a format.

    Axes: [row] × `field, source_code, source_label, code_list, code, valid_from, valid_to, source`, all text;
    `valid_from` and `valid_to` are ISO dates, blank where open. `code` is in the code list that the row names.
    """
    text = (_TABLES / f"{format_code}.csv").read_bytes()
    return pl.read_csv(text, infer_schema=False).select(COLUMNS)


@cache
def mapping_formats() -> tuple[str, ...]:
    """Every format that has a mapping table."""
    return tuple(sorted(entry.name.removesuffix(".csv") for entry in _TABLES.iterdir() if entry.name.endswith(".csv")))
