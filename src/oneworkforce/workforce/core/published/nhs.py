"""NHS England's publications, tidy: turnover, sickness, networks, nationality, headcount."""

from __future__ import annotations

from functools import cache

import polars as pl

from oneworkforce.errors import Invalid
from oneworkforce.workforce.core.specification import code_table, header_key

ALL_REASONS = "ALL REASONS"
ALL_NETWORKS = "all"
"""What stands for the network where a file adds them up."""

_MEASURES = {
    "Denominator at start of period": "start",
    "Joiners": "joiners",
    "Leavers": "leavers",
    "Denominator at end of period": "end",
}


@cache
def _groups() -> pl.DataFrame:
    """Every name a staff group has had: `key, staff_group, staff_group_name, is_total`."""
    table = code_table("published_staff_group").table
    names = (
        table.with_columns(pl.concat_str("label", "aliases", separator="|").str.split("|").alias("names"))
        .explode("names")
        .filter(pl.col("names") != "")
    )
    return names.select(
        key=pl.Series([header_key(name) for name in names["names"]], dtype=pl.String),
        staff_group=pl.col("code"),
        staff_group_name=pl.col("label"),
        is_total=pl.col("code").is_in(table["parent"].to_list()),
    ).unique("key", keep="first", maintain_order=True)


def with_groups(table: pl.DataFrame, has_grades: bool = False) -> pl.DataFrame:
    """The table with `staff_group` as a code, `staff_group_name` and `is_total`, whatever the group was called in its month.

    A name that is not known stays as it is. Doctors are a total only in tables that also have their grades.
    """
    labels = table["staff_group"].unique().drop_nulls()
    keys = pl.DataFrame({"said": labels, "key": pl.Series([header_key(label) for label in labels], dtype=pl.String)})
    known = keys.join(_groups(), on="key", how="left").drop("key").rename({"staff_group": "code"})
    joined = table.join(known, left_on="staff_group", right_on="said", how="left", maintain_order="left")
    total = pl.col("is_total").fill_null(False) & (pl.lit(has_grades) | (pl.col("code") != "doctors"))
    return joined.with_columns(
        staff_group=pl.coalesce("code", "staff_group"), staff_group_name=pl.coalesce("staff_group_name", "staff_group"), is_total=total
    ).drop("code")


def turnover(typed: pl.DataFrame) -> tuple[pl.DataFrame, str]:
    """Stocks and flows, one row an organisation, staff group and period; a missing row is a zero.

    Axes: `period_start, period_end` (last days of the months), `ics_code, organisation, organisation_name, staff_group, staff_group_name, is_total`
    × `start, joiners, leavers, end` (persons) and the same with `_fte`. A file summed over organisations has organisation "England".
    """
    unknown = set(typed["measure"].unique()) - set(_MEASURES)
    if unknown:
        raise Invalid(f"TYPE has a measure that is not known: “{sorted(unknown)[0]}”. Known are: {', '.join(_MEASURES)}.")
    months = pl.col("period").str.extract_groups(r"^(?<first>\d{6}) to (?<last>\d{6})$")
    table = typed.with_columns(
        period_start=_month_end(months.struct.field("first")),
        period_end=_month_end(months.struct.field("last")),
        organisation=pl.col("organisation").fill_null("England"),
        organisation_name=pl.col("organisation_name").fill_null("England (sum of organisations)"),
        measure=pl.col("measure").replace(_MEASURES),
    )
    if table["period_end"].null_count():
        raise Invalid("PERIOD has a value that is not of the shape “202510 to 202511”. Take the file as it was published.")
    keys = ["period_start", "period_end", "ics_code", "organisation", "organisation_name", "staff_group"]
    flows = [
        pl.col(column).filter(pl.col("measure") == measure).sum().alias(measure + suffix)
        for column, suffix in (("headcount", ""), ("fte", "_fte"))
        for measure in _MEASURES.values()
    ]
    tidy = with_groups(table.group_by(keys, maintain_order=True).agg(flows))
    order = [*keys, "staff_group_name", "is_total"]
    return tidy.select(*order, pl.all().exclude(order)).sort("period_end", "organisation", "staff_group"), _span(tidy, "period_end")


def sickness_rates(typed: pl.DataFrame) -> tuple[pl.DataFrame, str]:
    """Sickness by organisation and month: `month` (first day), `days_lost, days_available` (FTE days), `rate` (per cent, worked out afresh)."""
    tidy = typed.with_columns(
        month=pl.col("date").dt.month_start(), rate_published=pl.col("rate"), rate=100 * pl.col("days_lost") / pl.col("days_available")
    ).drop("date")
    first = ["month", "organisation", "organisation_name", "organisation_type"]
    return tidy.select(*first, pl.all().exclude(first)).sort("month", "organisation"), _span(tidy, "month")


def sickness_reasons(typed: pl.DataFrame) -> tuple[pl.DataFrame, str]:
    """Sickness by reason, one row a month, staff group and reason, zeros filled in; days available are repeated on every row.

    Axes: `month, staff_group, staff_group_name, is_total, reason_code` ("" for all), `reason` × `days_lost, days_available` (FTE days), `rate` (per cent).
    """
    table = with_groups(typed.with_columns(month=pl.col("date").dt.month_start()).drop("date"), has_grades=True)
    groups = ["month", "staff_group", "staff_group_name", "is_total"]
    available = table.filter(pl.col("reason") == ALL_REASONS).group_by(groups).agg(pl.col("days_available").sum())
    lost = table.group_by(*groups, "reason").agg(pl.col("days_lost").sum())
    grid = available.join(table.select("reason").unique(), how="cross")
    tidy = grid.join(lost, on=[*groups, "reason"], how="left").with_columns(pl.col("days_lost").fill_null(0.0))
    tidy = tidy.with_columns(
        reason_code=pl.col("reason").str.extract(r"^(S\d\d) ").fill_null(""),
        reason=pl.col("reason").str.replace(r"^S\d\d ", "").replace(ALL_REASONS, "All reasons"),
        rate=100 * pl.col("days_lost") / pl.col("days_available"),
    )
    order = [*groups, "reason_code", "reason", "days_lost", "days_available", "rate"]
    return tidy.select(order).sort("month", "staff_group", "reason_code"), _span(tidy, "month")


def networks(typed: pl.DataFrame) -> tuple[pl.DataFrame, str]:
    """Network staff added up by quarter, network and role: `fte`, `persons`, `records`. No person's row is kept.

    A person counts once in each network and role; contracted services have no persons.
    """
    month = pl.date(pl.col("census_year"), pl.col("census_month"), 1)
    keys = ["month", "sub_icb_code", "network", "network_name", "staff_group", "staff_role", "detailed_role"]
    tidy = (
        typed.with_columns(
            month=month, network=pl.col("network").fill_null(ALL_NETWORKS), network_name=pl.col("network_name").fill_null("All networks")
        )
        .group_by(keys)
        .agg(
            fte=pl.col("fte").sum(),
            persons=pl.col("identifier").n_unique() - pl.col("identifier").has_nulls().cast(pl.Int64),
            summed=pl.col("persons").sum(),
            records=pl.len(),
            summed_records=pl.col("rows").sum(),
        )
        .with_columns(
            persons=pl.max_horizontal(pl.col("persons").cast(pl.Int64), "summed"),
            records=pl.when(pl.col("summed_records") > 0).then("summed_records").otherwise(pl.col("records").cast(pl.Int64)),
        )
        .drop("summed", "summed_records")
        .sort(keys)
    )
    return tidy, _span(tidy, "month")


def nationality(typed: pl.DataFrame) -> tuple[pl.DataFrame, str]:
    """Staff by nationality: `month` (first day), organisation ("England" in a summed file), staff group, `nationality`, `fte`."""
    month = ("01-" + pl.col("month").str.slice(5) + "-" + pl.col("month").str.slice(0, 4)).str.to_date("%d-%b-%Y", strict=False)
    tidy = typed.with_columns(month=month, organisation=pl.col("organisation").fill_null("England"))
    return with_groups(tidy), _span(tidy, "month")


def headcount(typed: pl.DataFrame) -> tuple[pl.DataFrame, str]:
    """Headcount by role group, grade and ethnicity, with `is_total` where the row adds up others (all grades, all ethnic groups)."""
    total = (pl.col("grade") == "All Grades") | pl.col("ethnicity").str.starts_with("All")
    tidy = typed.with_columns(month=pl.col("date").dt.month_start(), is_total=total).drop("date")
    return tidy, _span(tidy, "month")


def _month_end(digits: pl.Expr) -> pl.Expr:
    return (digits + "01").str.to_date("%Y%m%d", strict=False).dt.month_end()


def _span(table: pl.DataFrame, column: str) -> str:
    """The months that a table covers, in words."""
    first, last = table.select(pl.col(column).min().alias("first"), pl.col(column).max().alias("last")).row(0)
    if first is None:
        return ""
    return f"{first:%B %Y}" if first == last else f"{first:%B %Y} to {last:%B %Y}"
