"""ASC-WDS: workers take their service from their workplace, and the workplace's counts of vacancies become posts.

What the format does not say is stated here: it lists nobody who left (they are seen to be gone by the next return), it counts vacancies in
posts (each is given the average FTE of the role's staff in the workplace, one where there are none), and it counts days off sick over twelve
months (a twelfth of them is set against a twelfth of the year's working days).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import polars as pl

from oneworkforce.workforce.core.assignments import Posts, empty
from oneworkforce.workforce.core.conversion.people import assignments_of, full_time_hours, identifiers_of
from oneworkforce.workforce.core.conversion.shapes import PeopleShape
from oneworkforce.workforce.core.conversion.source import Source

SHAPE = PeopleShape(
    part="worker",
    family="asc",
    person="worker_key",
    assignment=("worker_key",),
    role="mainjobrole",
    contract="emplstatus",
    start_date="startdate",
    service=("mainservice",),
    site="localestid",
    sex="gender",
    ethnicity="ethnicity",
    disability="disabled",
    hours="hours",
    leaving_date="left",
    leaving_reason="",
    sickness_days="sick_in_month",
    available_days="days_in_month",
    ni_number="ninumber",
    first_name="",
    last_name="displayid",
    birth_date="dob",
)
"""Where the columns of assignments come from, once the workers know their workplace."""

_DONT_KNOW = 999
_WORKING_DAYS_A_MONTH = 365.25 / 12 * 5 / 7

People = tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, tuple[Source, ...]]


def people_and_posts(sources: Callable[[str], Source | None]) -> People:
    """Assignments, posts and identifiers of the return, and the sources that hold its unmapped values."""
    workers, workplaces = sources("worker"), sources("workplace")
    if workers is None or workplaces is None:
        raise KeyError("an ASC-WDS return has a worker and a workplace part once it has been checked")
    joined = replace(workers, rows=_with_workplace(workers.rows, workplaces.rows))
    who = joined.pseudonym("person", SHAPE.family, (SHAPE.person,))
    assignments = assignments_of(joined, SHAPE, who)
    return assignments, _posts(workplaces, assignments), identifiers_of(joined, SHAPE, who), (joined, workplaces)


def _with_workplace(workers: pl.DataFrame, workplaces: pl.DataFrame) -> pl.DataFrame:
    """The workers who have not been taken out, with what the shape needs beside their own fields."""
    services = workplaces.unique("localestid", keep="first").select("localestid", "mainservice")
    hours = pl.coalesce(_said("conthours"), _said("avghours"))
    staying = workers.filter(pl.col("status").fill_null("").str.to_uppercase() != "DELETE").join(
        services, on="localestid", how="left", maintain_order="left"
    )
    return staying.with_columns(
        pl.concat_str(pl.col("localestid", "uniqueworkerid").str.replace_all(r"\s", ""), separator="|").alias("worker_key"),
        hours.alias("hours"),
        pl.lit(None, dtype=pl.Date).alias("left"),
        (_said("dayssick") / 12 * hours / full_time_hours()).alias("sick_in_month"),
        pl.when(_said("dayssick").is_not_null()).then(_WORKING_DAYS_A_MONTH * hours / full_time_hours()).alias("days_in_month"),
    )


def _said(name: str) -> pl.Expr:
    """The number, null where it says don't know."""
    number = pl.col(name).cast(pl.Float64)
    return pl.when(number != _DONT_KNOW).then(number)


def _posts(workplaces: Source, assignments: pl.DataFrame) -> pl.DataFrame:
    """One row a workplace and role with staff or vacancies, in the columns of `Posts`."""
    context = workplaces.context
    employed = assignments.filter(pl.col("contract").is_in(["permanent", "fixed_term", "unknown"]))
    filled = employed.group_by("site", "role").agg(pl.sum("fte").alias("filled_fte"), pl.mean("fte").alias("average"))
    joined = filled.join(_vacancies(workplaces), on=["site", "role"], how="full", coalesce=True)
    services = workplaces.rows.select(
        pl.col("localestid").alias("site"),
        workplaces.codes("mainservice", "other", ask=False).alias("service"),
        pl.col("_row").cast(pl.Int64).alias("row"),
    ).unique("site", keep="first")
    joined = joined.join(services, on="site").with_columns(pl.col("filled_fte").fill_null(0.0))
    vacant = pl.col("vacancies").fill_null(0) * pl.col("average").fill_null(1.0)
    made = joined.with_columns(
        pl.lit(context.month).alias("month"),
        pl.lit(context.partner).alias("partner"),
        pl.lit(context.format).alias("format"),
        pl.lit(None, dtype=pl.UInt64).alias("post"),
        (pl.col("filled_fte") + vacant).alias("funded_fte"),
        vacant.alias("vacant_fte"),
        pl.lit(None, dtype=pl.Date).alias("vacant_since"),
    )
    schema = empty(Posts)
    return made.select(schema.columns).sort("site", "role").cast(dict(schema.schema))  # type: ignore[arg-type]


def _vacancies(workplaces: Source) -> pl.DataFrame:
    """Vacancies in posts.

    Axes: [workplace and role] × `site, role, vacancies`; workplaces whose list has another length than their roles' say nothing.
    """
    roles, counts = (pl.col(name).str.split(";") for name in ("alljobroles", "vacancies"))
    lists = workplaces.rows.filter(pl.col("alljobroles").is_not_null(), pl.col("vacancies").is_not_null()).filter(
        roles.list.len() == counts.list.len()
    )
    long = lists.select(
        pl.col("localestid").alias("site"), roles.alias("mainjobrole"), counts.cast(pl.List(pl.Int64), strict=False).alias("vacancies")
    )
    long = long.explode("mainjobrole", "vacancies").filter(pl.col("vacancies") < _DONT_KNOW)
    coded = replace(workplaces, rows=long.with_columns(pl.col("mainjobrole").str.strip_chars())).codes("mainjobrole", "unmapped", ask=False)
    return long.select("site", coded.alias("role"), "vacancies").group_by("site", "role").agg(pl.sum("vacancies"))
