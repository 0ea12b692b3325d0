"""Published tables: the files that national bodies publish, read unchanged into tidy tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import polars as pl

from oneworkforce.errors import Invalid
from oneworkforce.workforce.core.published import care, nhs, people
from oneworkforce.workforce.core.reading import values
from oneworkforce.workforce.core.reading.raw import ROW, Raw
from oneworkforce.workforce.core.reading.recognition import recognise
from oneworkforce.workforce.core.reading.values import Cleaned
from oneworkforce.workforce.core.specification import Field, Specification, format_list, specification

_BLANKS = ("", "NULL", "null", "*", "-", "..", "z", "[z]", "[x]")

_BUILDERS: Mapping[str, Callable[[pl.Expr], Cleaned]] = {
    "number": values.as_number,
    "integer": values.as_number,
    "date": values.as_date,
    "identifier": values.as_identifier,
    "postcode": values.as_postcode,
}

Tidy = Callable[[pl.DataFrame], tuple[pl.DataFrame, str]]

_TIDY: Mapping[str, Tidy] = {
    "nhs_turnover": nhs.turnover,
    "nhs_sickness_rates": nhs.sickness_rates,
    "nhs_sickness_reasons": nhs.sickness_reasons,
    "nhs_nationality": nhs.nationality,
    "nhs_headcount": nhs.headcount,
    "pcn_workforce": nhs.networks,
    "population_estimates": people.estimates,
    "population_projection": people.projection,
    "ethnicity_area": people.ethnicity,
    "asc_turnover": care.turnover,
    "asc_turnover_distribution": care.distribution,
}


@dataclass(frozen=True, eq=False)
class Published:
    """One published table, tidy.

    Parameters:
        kind: the format's code, such as "nhs_turnover".
        table: the figures; its columns are those of the kind (see `nhs`, `people`, `care`), else the specification's fields.
        period: what time it is of, in words ("" where it is a list).
        cautions: what must be known to read it rightly.
        source, licence: as a page must show them.
        open: whether the licence lets it be shipped and shown to all.
        name: the file.
    """

    kind: str
    table: pl.DataFrame
    period: str
    cautions: tuple[str, ...]
    source: str
    licence: str
    open: bool
    name: str = ""


def read_published(raw: Raw) -> Published:
    """The published table in its tidy shape, its quirks undone: UK dates, periods in one cell, missing rows as zeros, names that changed.

    Raises:
        Invalid: the table is of no published format, lacks columns, or a figure in it is none; the message names the cell.

    >>> text = "financial_year,local_authorities,min,lower_quartile,median,upper_quartile,max\\n2022-23,151,10.2,23.3,28.0,33.0,47.5\\n"
    >>> from oneworkforce.workforce.core.reading import read_tables
    >>> read_published(read_tables(text.encode(), "care.csv")[0]).period
    '2022-23'
    """
    kinds = [entry.format for entry in format_list() if entry.kind == "published"]
    found = recognise(raw, kinds)
    if not found.format or found.missing:
        raise Invalid(
            f"{raw.place} is not read as a published table. {found.sentence if not found.format else found.nearest[0].words + '.'}"
        )
    part = specification(found.format)
    typed = _typed(raw, part, found.columns)
    table, period = _TIDY.get(found.format, _as_it_is)(typed)
    about = _about()[found.format]
    cautions = tuple(caution for caution in about["cautions"].split("|") if caution)
    return Published(found.format, table, period, cautions, about["source"], about["licence"], about["open"] == "yes", raw.name)


@cache
def _about() -> dict[str, dict[str, str]]:
    """Source, licence and cautions of each published format."""
    table = pl.read_csv((files("oneworkforce.workforce") / "specifications" / "published.csv").read_bytes(), infer_schema=False).fill_null(
        ""
    )
    return {row["format"]: row for row in table.to_dicts()}


def _as_it_is(typed: pl.DataFrame) -> tuple[pl.DataFrame, str]:
    return typed, ""


def _typed(raw: Raw, part: Specification, columns: Mapping[str, str]) -> pl.DataFrame:
    """The cells typed, a column a field of the specification; columns that the file lacks are null."""
    header_of = {field: header for header, field in columns.items()}
    cells = raw.frame.select(pl.all().exclude(ROW).replace(dict.fromkeys(_BLANKS, None)), ROW)
    cleaned = {field.field: _builder(field)(pl.col(header_of[field.field])) for field in part.fields if field.field in header_of}
    bad = cells.select(ROW, *(each.unreadable.alias(name) for name, each in cleaned.items()))
    for name in cleaned:
        rows = bad.filter(pl.col(name))[ROW]
        if rows.len():
            remedy = "Take the file as it was published."
            raise Invalid(f"{raw.place}, row {rows[0]}: what stands under “{header_of[name]}” is no {part.field(name).type}. {remedy}")
    typed = cells.select(each.value.alias(name) for name, each in cleaned.items())
    absent = [pl.lit(None, dtype=_dtype(field)).alias(field.field) for field in part.fields if field.field not in cleaned]
    whole = [pl.col(field.field).cast(pl.Int64) for field in part.fields if field.type == "integer" and field.field in cleaned]
    return typed.with_columns(*absent, *whole).select(part.names)


def _builder(field: Field) -> Callable[[pl.Expr], Cleaned]:
    return _BUILDERS.get(field.type, values.as_text)


def _dtype(field: Field) -> type[pl.DataType]:
    return {"number": pl.Float64, "integer": pl.Int64, "date": pl.Date}.get(field.type, pl.String)
