"""People: the rows of a return become assignments, and the direct identifiers are set apart."""

from __future__ import annotations

from functools import cache

import polars as pl

from oneworkforce.vocabulary import code_list
from oneworkforce.workforce.core.conversion.homes import deprivation
from oneworkforce.workforce.core.conversion.shapes import PeopleShape
from oneworkforce.workforce.core.conversion.source import Source, age_bands


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
    made = source.rows.select(
        pl.lit(context.month).alias("month"),
        pl.lit(context.partner).alias("partner"),
        pl.lit(context.format).alias("format"),
        people.alias("person"),
        source.pseudonym("assignment", shape.family, shape.assignment).alias("assignment"),
        source.codes(shape.role, "unmapped").alias("role"),
        source.first_codes(shape.service, shape.default_service).alias("service"),
        source.column(shape.site).alias("site"),
        source.codes(shape.contract, "unknown").alias("contract"),
        age_bands(source.column(shape.birth_date), context.month_end).alias("age_band"),
        source.codes(shape.sex, "unknown").alias("sex"),
        source.codes(shape.ethnicity, "unknown").alias("ethnicity"),
        source.codes(shape.disability, "unknown").alias("disability"),
        deprivation(source.column(shape.postcode), source.postcodes).alias("deprivation"),
        _fte(source, shape).alias("fte"),
        source.column(shape.start_date).dt.month_start().alias("start_date"),
        source.column(shape.leaving_date).alias("left"),
        source.codes(shape.leaving_reason, None).alias("leaving_reason"),
        pl.col("_row").cast(pl.Int64).alias("row"),
        source.column(shape.sickness_days, pl.Float64).alias("sickness_days"),
        source.column(shape.available_days, pl.Float64).alias("available_days"),
    )
    return _in_period(source, shape, made)


def _fte(source: Source, shape: PeopleShape) -> pl.Series:
    """Full-time equivalents as given, else from weekly hours, else 0."""
    by_hours = source.column(shape.hours, pl.Float64) / full_time_hours()
    given = source.column(shape.fte, pl.Float64)
    return given.fill_null(by_hours.round(4)).fill_null(0.0) if given.null_count() else given


def _in_period(source: Source, shape: PeopleShape, made: pl.DataFrame) -> pl.DataFrame:
    """Leaving within the period is kept and made a month; a later leaving date is not a leaving yet; an earlier one is no assignment."""
    end, start = source.context.month_end, source.period_start
    ended = pl.col("left").is_not_null() & (pl.col("left") <= end)
    days = [] if shape.available_days or not shape.sickness_days else _days(source, shape)
    kept = (pl.col("left").is_null() | (pl.col("left") >= start)) & pl.col("person").is_not_null() & pl.col("assignment").is_not_null()
    made = made.with_columns(days) if days else made
    made = made.with_columns(
        pl.when(ended).then(pl.col("left").dt.month_start()).alias("leaving_date"),
        pl.when(ended).then(pl.col("leaving_reason").fill_null("not_known")).alias("leaving_reason"),
    ).filter(kept)
    repeated = made.get_column("assignment").is_first_distinct()
    order = ("start_date", "leaving_date", "leaving_reason", "sickness_days", "available_days", "row")
    return (made if repeated.all() else made.filter(repeated)).select(pl.exclude("left", *order), *order)


def _days(source: Source, shape: PeopleShape) -> list[pl.Expr]:
    """FTE days lost and available where a return counts calendar days: days in post within the period × FTE."""
    end, start = source.context.month_end, source.period_start
    first = pl.max_horizontal(source.column(shape.start_date).fill_null(start), pl.lit(start))
    last = pl.min_horizontal(source.column(shape.leaving_date).fill_null(end), pl.lit(end))
    in_post = ((last - first).dt.total_days() + 1).clip(lower_bound=0)
    said = pl.col("sickness_days").is_not_null()
    return [
        (pl.col("sickness_days") * pl.col("fte")).alias("sickness_days"),
        pl.when(said).then(in_post * pl.col("fte")).cast(pl.Float64).alias("available_days"),
    ]


def identifiers_of(source: Source, shape: PeopleShape, people: pl.Series) -> pl.DataFrame:
    """One row a person with the identifiers that the return gives, in the columns of `Identifiers`.

    Axes: people[row] pseudonyms, one a row of the source; the first row of each person is kept.
    """
    first = (people.is_first_distinct() & people.is_not_null()).arg_true()
    names = {
        "local_identifier": shape.person,
        "ni_number": shape.ni_number,
        "first_name": shape.first_name,
        "last_name": shape.last_name,
        "birth_date": shape.birth_date,
        "postcode": shape.postcode,
    }
    dtypes: dict[str, type[pl.DataType]] = {"birth_date": pl.Date}
    columns = [source.column(name, dtypes.get(column, pl.String)).gather(first).alias(column) for column, name in names.items()]
    return pl.DataFrame([people.gather(first).alias("person"), *columns, source.codes(shape.sex, None, ask=False).gather(first).alias("sex")])
