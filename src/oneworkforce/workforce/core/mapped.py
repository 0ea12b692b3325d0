"""Mapped: the codes of a format become the city's shared codes, by dated tables and by what people have decided since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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
    "asc_wds": "mainjobrole",
}
"""Format to the field that holds the job role."""

_FEW = 200  # so many texts are looked up one by one sooner than sorted out


@dataclass(frozen=True, eq=False)
class Meanings:
    """What the codes of one field mean in a month.

    Parameters: exact is source code to shared code, also as two Series of equal length; loose is the same by reduced spelling of code and
    label; a source code `U*` stands for every code that begins with U, and `*` for every other.
    """

    exact: Mapping[str, str]
    loose: Mapping[str, str]
    sources: pl.Series
    codes: pl.Series

    def code(self, text: str) -> str | None:
        """The shared code, None where no row of the table knows the text."""
        return self.exact.get(text) or self.loose.get(header_key(text)) or self.exact.get(f"{text[:1]}*") or self.exact.get("*")

    def quick(self, field: str) -> pl.Expr:
        """The shared code of each cell that is spelled as in the table, null elsewhere."""
        return pl.col(field).replace_strict(self.sources, self.codes, default=None, return_dtype=pl.String)


@lru_cache(maxsize=4096)
def meanings(format: str, field: str, month: date) -> Meanings:
    """The rows of the format's mapping table for the field that hold in the month.

    >>> meanings("esr_staff_in_post", "job_role", date(2026, 3, 1)).code("03007")
    'staff_nurse'
    """
    day = month.isoformat()
    table = mapping(format).fill_null("").filter(pl.col("field") == field)
    holds = ((pl.col("valid_from") == "") | (pl.col("valid_from") <= day)) & ((pl.col("valid_to") == "") | (pl.col("valid_to") >= day))
    rows = table.filter(holds).select("source_code", "source_label", "code").rows()
    exact = {source: code for source, _, code in rows}
    loose = {key: code for source, label, code in reversed(rows) for key in (header_key(label), header_key(source)) if key}
    return Meanings(exact, loose, pl.Series(list(exact), dtype=pl.String), pl.Series(list(exact.values()), dtype=pl.String))


def mapped(format: str, field: str, values: pl.Series, month: date, decided: pl.DataFrame | None = None) -> pl.Series:
    """The shared code of each value, null where blank or where no table and no decision knows it.

    Axes: values[row] source codes → [row] codes. Parameters: decided[row] × `field, source_code, code` are people's decisions, which stand first.

    >>> mapped("esr_staff_in_post", "job_role", pl.Series(["03007", "99999"]), date(2026, 3, 1)).to_list()
    ['staff_nurse', None]
    """
    known = meanings(format, field, month)
    own = (
        dict(decided.filter(pl.col("field") == field).select("source_code", "code").iter_rows())
        if decided is not None and decided.height
        else {}
    )
    if len(values) <= _FEW:
        return pl.Series(values.name, [own.get(text) or known.code(text) if text is not None else None for text in values], dtype=pl.String)
    distinct = values.drop_nulls().unique()
    codes = [own.get(text) or known.code(text) for text in distinct]
    return values.replace_strict(distinct, pl.Series(codes, dtype=pl.String), default=None, return_dtype=pl.String)


def mapped_roles(format: str, rows: pl.DataFrame, month: date, decided: pl.DataFrame | None = None) -> pl.Series:
    """The shared job role of each row, `unmapped` where nothing knows it.

    Axes: rows[row] × the format's fields → [row] codes of the list of job roles.
    """
    field = ROLE_FIELDS[format]
    return mapped(format, field, rows.get_column(field), month, decided).fill_null("unmapped")
