"""People: the rows of a return become assignments, and the direct identifiers are set apart."""

from __future__ import annotations

from functools import cache

import polars as pl

from oneworkforce.vocabulary import code_list
from oneworkforce.workforce.core.conversion.homes import deprivation
from oneworkforce.workforce.core.conversion.shapes import PeopleShape
from oneworkforce.workforce.core.conversion.source import Source, age_band, column


@cache
def full_time_hours() -> float:
    """Hours in a full-time week, by which hours become FTE where a return gives none.

    >>> full_time_hours()
    37.5
    """
    return float(code_list("standard_hours").column("hours")["full_time"])


def assignments_of(source: Source, shape: PeopleShape, people: pl.Series) -> pl.DataFrame:
    """One row an assignment in the columns of `Assignments`; rows that ended before the period, or have no identifier, are left out.

    Axes: people[row] pseudonyms, one a row of the source; [assignment] × the columns of `Assignments`, the first row of a repeated one.
    """
    context = source.context
    role, contract, sex, ethnicity, disability, reason = source.many_codes(
        {
            "role": (shape.role, "unmapped"),
            "contract": (shape.contract, "unknown"),
            "sex": (shape.sex, "unknown"),
            "ethnicity": (shape.ethnicity, "unknown"),
            "disability": (shape.disability, "unknown"),
            "leaving_reason": (shape.leaving_reason, None),
        }
    )
    left = column(shape.leaving_date, pl.Date)
    ended = left <= context.month_end
    made = source.rows.select(
        pl.lit(context.month).alias("month"),
        pl.lit(context.partner).alias("partner"),
        pl.lit(context.format).alias("format"),
        people.alias("person"),
        source.of_each(people, shape.person, shape.family, shape.assignment),
        role,
        source.first_code(shape.service, shape.default_service).alias("service"),
        column(shape.site).alias("site"),
        contract,
        age_band(shape.birth_date, context.month_end).alias("age_band"),
        *(sex, ethnicity, disability),
        deprivation(source.rows.get_column(shape.postcode), source.postcodes).alias("deprivation"),
        _fte(shape).alias("fte"),
        column(shape.start_date, pl.Date).dt.month_start().alias("start_date"),
        pl.when(ended).then(left.dt.month_start()).alias("leaving_date"),
        pl.when(ended).then(reason.fill_null("not_known")).alias("leaving_reason"),
        *_days(source, shape),
        pl.col("_row").alias("row"),
    )
    return _kept(source, shape, made)


def _kept(source: Source, shape: PeopleShape, made: pl.DataFrame) -> pl.DataFrame:
    """The rows that are of this period, say who they are about, and do not repeat an earlier row."""
    repeats = made.get_column("assignment").n_unique() < made.height
    early = bool(source.rows.select((column(shape.leaving_date, pl.Date) < source.period_start).any()).item())
    if not (repeats or early or made.get_column("person").null_count() or made.get_column("assignment").null_count()):
        return made
    since = (
        pl.lit(source.rows.get_column(shape.leaving_date).fill_null(source.context.month_end) >= source.period_start)
        if early
        else pl.lit(True)
    )
    return made.filter(since & pl.col("person").is_not_null() & pl.col("assignment").is_not_null()).filter(
        pl.col("assignment").is_first_distinct()
    )


def _fte(shape: PeopleShape) -> pl.Expr:
    """Full-time equivalents as given, else from weekly hours, else 0."""
    by_hours = (column(shape.hours, pl.Float64) / full_time_hours()).round(4)
    return pl.coalesce(column(shape.fte, pl.Float64), by_hours, pl.lit(0.0))


def _days(source: Source, shape: PeopleShape) -> list[pl.Expr]:
    """FTE days lost and available: as given, or, where a return counts calendar days of sickness, days in post within the period × FTE."""
    lost = column(shape.sickness_days, pl.Float64)
    if shape.available_days or not shape.sickness_days:
        return [lost.alias("sickness_days"), column(shape.available_days, pl.Float64).alias("available_days")]
    end, start = source.context.month_end, source.period_start
    first = pl.max_horizontal(column(shape.start_date, pl.Date), pl.lit(start))
    last = pl.min_horizontal(column(shape.leaving_date, pl.Date), pl.lit(end))
    in_post = ((last - first).dt.total_days() + 1).clip(lower_bound=0)
    fte = _fte(shape)
    return [(lost * fte).alias("sickness_days"), pl.when(lost.is_not_null()).then(in_post * fte).cast(pl.Float64).alias("available_days")]


def identifiers_of(source: Source, shape: PeopleShape, people: pl.Series) -> pl.DataFrame:
    """One row a person with the identifiers that the return gives, in the columns of `Identifiers`.

    Axes: people[row] pseudonyms, one a row of the source; the first row of each person is kept.
    """
    (sex,) = source.many_codes({"sex": (shape.sex, None)}, ask=False)
    every = source.rows.select(
        people.alias("person"),
        column(shape.person).alias("local_identifier"),
        column(shape.ni_number).alias("ni_number"),
        column(shape.first_name).alias("first_name"),
        column(shape.last_name).alias("last_name"),
        column(shape.birth_date, pl.Date).alias("birth_date"),
        column(shape.postcode).alias("postcode"),
        sex,
    )
    if not people.null_count() and people.n_unique() == len(people):
        return every
    return every.filter(people.is_first_distinct() & people.is_not_null())
