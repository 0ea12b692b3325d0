"""Establishment and vacancies: one row a line of alike posts."""

from __future__ import annotations

import polars as pl

from oneworkforce.vocabulary import code_list
from oneworkforce.workforce.core.specification import code_table, specification
from oneworkforce.workforce.core.synthesis.returns.esr import table_of
from oneworkforce.workforce.core.synthesis.returns.staff import Staff, number, shown

FORMAT = "establishment"
_STAGES = ("Advertised", "Shortlisting or interview", "Offer made", "Start date agreed", "Not yet advertised")


def rows(staff: Staff, posts: pl.DataFrame, senders: list[str]) -> pl.DataFrame:
    """The lines of the partners that send their establishment this month, from `register.posts_by_month`: text under the specification's headers."""
    frame = posts.filter(pl.col("partner").is_in(senders)).sort("partner", maintain_order=True)
    roles, services = code_list("job_roles"), code_list("services")
    post = pl.col("site").str.replace("-", "", literal=True) + "/" + pl.col("role").replace_strict(_numbers(), return_dtype=pl.String)
    filled = (pl.col("funded_fte") - pl.col("vacant_fte")).round(2)
    stage = pl.lit(pl.Series(list(_STAGES))).gather(
        (pl.col("role").str.len_bytes() + pl.col("vacant") + pl.col("site").str.len_bytes()) % len(_STAGES)
    )
    vacant = pl.col("vacant_fte") > 0
    values = {
        "post_number": post,
        "organisation": pl.col("partner"),
        "site": pl.col("site"),
        "service": pl.col("service").replace_strict(services.labels),
        "staff_group": pl.col("role").replace_strict(_groups()),
        "job_role": pl.col("role").replace_strict(roles.labels),
        "grade": pl.col("role").replace_strict(table_of("grade"), default=""),
        "funded_fte": number(pl.col("funded_fte"), 2),
        "filled_fte": number(filled, 2),
        "vacant_fte": number(pl.col("vacant_fte"), 2),
        "vacant_since": pl.when(vacant).then(shown("vacant_since")).otherwise(pl.lit("")),
        "recruitment_stage": pl.when(vacant).then(stage).otherwise(pl.lit("")),
    }
    headers = {field.field: field.label for field in specification(FORMAT).fields}
    return frame.select(pl.col("partner").alias("_partner"), **{headers[name]: value for name, value in values.items()})


def _numbers() -> dict[str, str]:
    return {role: f"{place:03d}" for place, role in enumerate(code_list("job_roles").codes)}


def _groups() -> dict[str, str]:
    """Role to the label of its shared staff group, or of its NHS one where it has an NHS job role."""
    shared = code_list("staff_groups").labels
    national = {role: code_table("nwd_staff_group").labels[job[:2]] for role, job in table_of("nwd_job_roles").items()}
    own = {role: shared[group] for role, group in code_list("job_roles").column("staff_group").items()}
    return own | national
