"""The simple return: staff, and the posts that stand vacant."""

from __future__ import annotations

import polars as pl

from oneworkforce.vocabulary import code_list
from oneworkforce.workforce.core.specification import specification
from oneworkforce.workforce.core.synthesis.returns.staff import Staff, in_post, number, shown

FORMAT = "simple_return"
QUARTER = 3


def _labels(name: str) -> dict[str, str]:
    return code_list(name).labels


def staff_rows(staff: Staff, month: int) -> pl.DataFrame:
    """The people of every partner that sends the simple return, who were there at any time in the quarter that ends with the month."""
    frame = in_post(staff, month, FORMAT, since=max(0, month - QUARTER + 1)).sort("partner", maintain_order=True)
    sick = sum(
        (pl.Series(staff.sick[past])[frame["order"]] for past in range(max(0, month - QUARTER + 1), month)), pl.Series(frame["lost"])
    )
    left, again = pl.col("leaving_date").is_not_null(), pl.col("assignment") > 1
    reference = pl.col("local").cast(pl.String).str.zfill(3)
    values = {
        "person_reference": "S" + reference + pl.when(again).then("-" + pl.col("assignment").cast(pl.String)).otherwise(pl.lit("")),
        "first_name": pl.col("first_name"),
        "last_name": pl.col("family_name"),
        "birth_date": shown("birth_date"),
        "sex": pl.col("sex").replace_strict(_labels("sexes")),
        "ethnic_group": pl.col("ethnicity").replace_strict(_labels("ethnic_groups")),
        "disability": pl.col("disability").replace_strict(_labels("disabilities")),
        "postcode": pl.col("postcode"),
        "job_role": pl.col("role").replace_strict(_labels("job_roles")),
        "service": pl.col("service").replace_strict(_labels("services")),
        "contract": pl.col("contract").replace_strict(_labels("contracts")),
        "weekly_hours": number(pl.col("hours"), 2),
        "start_date": shown("hire_date"),
        "leaving_date": pl.when(left).then(shown("leaving_date")).otherwise(pl.lit("")),
        "leaving_reason": pl.when(left).then(pl.col("reason").replace_strict(_labels("leaving_reasons"), default="")).otherwise(pl.lit("")),
        "sickness_days": number((pl.lit(sick) * 30.4).clip(upper_bound=92), 0),
    }
    headers = {field.field: field.label for field in specification(FORMAT, "staff").fields}
    return frame.select(pl.col("partner").alias("_partner"), **{headers[name]: value for name, value in values.items()})


def vacancy_rows(posts: pl.DataFrame, senders: list[str]) -> pl.DataFrame:
    """The funded and vacant posts of those partners by role and service, from `register.posts_by_month`."""
    mine = posts.filter(pl.col("partner").is_in(senders))
    cells = mine.group_by("partner", "role", "service").agg(pl.col("funded_fte", "vacant_fte").sum()).sort("partner", "role", "service")
    values = {
        "job_role": pl.col("role").replace_strict(_labels("job_roles")),
        "service": pl.col("service").replace_strict(_labels("services")),
        "funded_fte": number(pl.col("funded_fte"), 2),
        "vacant_fte": number(pl.col("vacant_fte"), 2),
    }
    headers = {field.field: field.label for field in specification(FORMAT, "vacancies").fields}
    return cells.select(pl.col("partner").alias("_partner"), **{headers[name]: value for name, value in values.items()})
