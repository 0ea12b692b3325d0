"""The one shape of every accepted return: assignments, posts, the identifiers kept apart, and what could not be mapped.

Every text column but `partner`, `format` and `site` holds codes of the vocabulary's list named beside it.
"""

from __future__ import annotations

from typing import Any

import dataframely as dy
import polars as pl

from oneworkforce.errors import Invalid
from oneworkforce.vocabulary import code_list

CODE_LISTS = {
    "role": "job_roles",
    "service": "services",
    "contract": "contracts",
    "age_band": "age_bands",
    "sex": "sexes",
    "ethnicity": "ethnic_groups",
    "disability": "disabilities",
    "deprivation": "deprivation_bands",
    "leaving_reason": "leaving_reasons",
}
"""Column to the code list that its values are from."""

_SHOWN = 5


def _code(column: str, *, nullable: bool = False) -> Any:
    codes = list(code_list(CODE_LISTS[column]).codes)
    return dy.String(nullable=nullable, check={f"is_in_{CODE_LISTS[column]}": lambda value: value.is_in(codes)})


def _first_of_month(*, nullable: bool = False, primary_key: bool = False) -> Any:
    first = {"is_first_of_month": lambda value: value.dt.day() == 1}
    return dy.Date(nullable=nullable, primary_key=primary_key, check=first)


class Assignments(dy.Schema):
    """One row is one assignment of one person at one partner in one month: all formats in one shape.

    A row whose `leaving_date` lies in its month was in post for part of it and has left by its end.
    """

    month = _first_of_month(primary_key=True)
    partner = dy.String(primary_key=True, min_length=1)
    format = dy.String(primary_key=True, min_length=1)
    person = dy.UInt64(primary_key=True)  # pseudonym: the same person of one partner and format family in every month
    assignment = dy.UInt64(primary_key=True)
    role = _code("role")
    service = _code("service")
    site = dy.String(nullable=True)
    contract = _code("contract")
    age_band = _code("age_band")
    sex = _code("sex")
    ethnicity = _code("ethnicity")
    disability = _code("disability")
    deprivation = _code("deprivation")
    fte = dy.Float64(nullable=False, min=0)  # full-time equivalents
    start_date = _first_of_month(nullable=True)
    leaving_date = _first_of_month(nullable=True)
    leaving_reason = _code("leaving_reason", nullable=True)
    sickness_days = dy.Float64(nullable=True, min=0)  # FTE days lost in the period of the return
    available_days = dy.Float64(nullable=True, min=0)  # FTE days available in the same period
    row = dy.Int64(nullable=False)  # as a spreadsheet shows it, in the file that was sent


class Posts(dy.Schema):
    """One row is one post, or one line of alike posts, with the money for it and who fills it."""

    month = _first_of_month()
    partner = dy.String(nullable=False, min_length=1)
    format = dy.String(nullable=False, min_length=1)
    post = dy.UInt64(nullable=True)
    role = _code("role")
    service = _code("service")
    site = dy.String(nullable=True)
    funded_fte = dy.Float64(nullable=False, min=0)
    filled_fte = dy.Float64(nullable=True, min=0)
    vacant_fte = dy.Float64(nullable=False, min=0)
    vacant_since = dy.Date(nullable=True)
    row = dy.Int64(nullable=False)


class Identifiers(dy.Schema):
    """One row is one person's direct identifiers, for the encrypted file only."""

    person = dy.UInt64(nullable=False)
    local_identifier = dy.String(nullable=True)
    ni_number = dy.String(nullable=True)
    first_name = dy.String(nullable=True)
    last_name = dy.String(nullable=True)
    birth_date = dy.Date(nullable=True)
    postcode = dy.String(nullable=True)
    sex = _code("sex", nullable=True)


class Unmapped(dy.Schema):
    """One row is one value of a return that no mapping knows, and how many rows bear it."""

    field = dy.String(nullable=False, min_length=1)
    source_code = dy.String(nullable=False)
    source_label = dy.String(nullable=False)
    rows = dy.Int64(nullable=False, min=1)


def empty(schema: type[dy.Schema]) -> pl.DataFrame:
    """No rows in the shape of the schema.

    >>> empty(Unmapped).columns
    ['field', 'source_code', 'source_label', 'rows']
    """
    return schema.create_empty()


def valid(schema: type[dy.Schema], frame: pl.DataFrame) -> pl.DataFrame:
    """The frame's rows in the schema's columns, order and types, every rule of the schema holding.

    Axes: frame[row]; columns that the schema does not have are dropped, numbers and texts are cast.
    Raises: Invalid, naming every missing column or every broken rule with its count of rows.

    >>> valid(Unmapped, pl.DataFrame({"field": ["role"], "source_code": ["X9"], "source_label": ["Warden"], "rows": [2]})).height
    1
    """
    wanted = {name: column.dtype for name, column in schema.columns().items()}
    missing = [name for name in wanted if name not in frame.columns]
    if missing:
        raise Invalid(f"{schema.__name__} need the columns {', '.join(missing)}, which are not there.")
    try:
        cast = frame.select(pl.col(name).cast(dtype) for name, dtype in wanted.items())
    except pl.exceptions.InvalidOperationError as error:
        raise Invalid(f"{schema.__name__} have a value that is not of its column's type: {str(error).splitlines()[0]}") from error
    _, failure = schema.filter(cast)
    broken = failure.counts()
    if broken:
        words = "; ".join(
            f"{rule.replace('|', ': ').replace('check__', '')} in {count} rows" for rule, count in list(broken.items())[:_SHOWN]
        )
        raise Invalid(f"{schema.__name__} break their own rules: {words}.")
    return cast


def one_row_each(frame: pl.DataFrame) -> pl.DataFrame:
    """The first row of every assignment in a month, in the order of the frame: repeated rows are gone.

    Axes: frame[assignment] in the columns of `Assignments`.

    >>> one_row_each(empty(Assignments)).height
    0
    """
    return frame.unique(["month", "partner", "format", "person", "assignment"], keep="first", maintain_order=True)
