"""Mapped: the codes of a format become the city's shared codes, by dated tables and by what people have decided since."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import polars as pl

from oneworkforce.vocabulary import mapping
from oneworkforce.workforce.core.specification import header_key

ROLE_FIELDS = {
    "esr_staff_in_post": "job_role",
    "nwrs": "detailed_staff_role",
    "simple_return": "job_role",
    "establishment": "job_role",
    "asc_wds": "main_job_role",
}
"""Format to the field that holds the job role."""


@lru_cache(maxsize=1024)
def _meanings(format: str, field: str, month: date) -> dict[str, str]:
    """Source code to shared code on a month; reduced spellings too, and wildcards as `U*`."""
    day = month.isoformat()
    table = mapping(format).fill_null("").filter(pl.col("field") == field)
    holds = ((pl.col("valid_from") == "") | (pl.col("valid_from") <= day)) & ((pl.col("valid_to") == "") | (pl.col("valid_to") >= day))
    rows = table.filter(holds).select("source_code", "source_label", "code").rows()
    loose = {key: code for source, label, code in rows for key in (header_key(source), header_key(label)) if key}
    return loose | {source: code for source, _, code in rows}


def mapped(format: str, field: str, values: pl.Series, month: date, decided: pl.DataFrame | None = None) -> pl.Series:
    """The shared code of each value, null where blank or where no table and no decision knows it.

    Axes: values[row] source codes → [row] codes. Parameters: decided[row] × `field, source_code, code` are people's decisions, which stand first.

    >>> mapped("esr_staff_in_post", "job_role", pl.Series(["03007", "99999"]), date(2026, 3, 1)).to_list()
    ['staff_nurse', None]
    """
    known = _meanings(format, field, month)
    own = dict(decided.filter(pl.col("field") == field).select("source_code", "code").iter_rows()) if decided is not None else {}
    distinct = values.drop_nulls().unique()
    codes = [own.get(text) or known.get(text) or known.get(header_key(text)) or _by_wildcard(known, text) for text in distinct]
    return values.replace_strict(distinct, pl.Series(codes, dtype=pl.String), default=None, return_dtype=pl.String)


def _by_wildcard(known: dict[str, str], text: str) -> str | None:
    return known.get(f"{text[:1]}*") or known.get("*")


def mapped_roles(format: str, rows: pl.DataFrame, month: date, decided: pl.DataFrame | None = None) -> pl.Series:
    """The shared job role of each row, `unmapped` where nothing knows it.

    Axes: rows[row] × the format's fields → [row] codes of the list of job roles.
    """
    field = ROLE_FIELDS[format]
    return mapped(format, field, rows.get_column(field), month, decided).fill_null("unmapped")
