"""General practice workforce: one row a person in a practice or network."""

from __future__ import annotations

import polars as pl

from oneworkforce.workforce.core.specification import specification
from oneworkforce.workforce.core.synthesis.returns.esr import table_of
from oneworkforce.workforce.core.synthesis.returns.staff import Staff, choices, in_post, number, shown, words

FORMAT = "nwrs"
_CONTRACTS = {"permanent": "Permanent", "fixed_term": "Fixed Term", "bank": "Bank", "locum": "Locum", "agency": "Agency"}
_SEX = {"female": "Female", "male": "Male", "other": "Indeterminate"}


def rows(staff: Staff, month: int) -> pl.DataFrame:
    """The rows of every practice and network for a month: text under the headers of the specification, in the order of the partners."""
    frame = in_post(staff, month, FORMAT)
    detailed = words(frame, "role", choices("role_codes", "role", "nwrs_detailed_roles"))
    reason = words(frame, "reason", choices("reason_words", "reason", "words", format=FORMAT))
    frame = frame.with_columns(detailed=detailed, reason_words=reason)
    partner = pl.col("detailed").is_in(["Senior Partner", "Partner/Provider", "Managing Partner"]) & (pl.col("contract") == "permanent")
    locum = (pl.col("role") == "general_practitioner") & (pl.col("contract") == "locum")
    training = pl.col("role") == "gp_in_training"
    contract = pl.col("contract").replace_strict(_CONTRACTS, default="Permanent")
    left = pl.col("leaving_date").is_not_null()
    values = {
        "organisation": pl.col("partner"),
        "unique_identifier": "1" + pl.col("local").cast(pl.String).str.zfill(6) + _again(),
        "first_name": pl.col("first_name"),
        "last_name": pl.col("family_name"),
        "ni_number": pl.col("ni_number"),
        "birth_date": shown("birth_date"),
        "gender": pl.col("sex").replace_strict(_SEX),
        "ethnicity": pl.col("nhs_ethnic_letter"),
        "postcode": pl.col("postcode"),
        "staff_group": pl.col("role").replace_strict(table_of("nwrs_staff_group")),
        "staff_role": pl.col("role").replace_strict(table_of("nwrs_staff_roles")),
        "detailed_staff_role": pl.when(locum).then(pl.lit("Locum - Covering Vacancy")).otherwise("detailed"),
        "country_of_qualification": pl.when(pl.col("role") == "general_practitioner").then(pl.lit("UK")).otherwise(pl.lit("")),
        "contract_type": pl.when(training).then(pl.lit("Training")).when(partner & ~locum).then(pl.lit("Partner")).otherwise(contract),
        "contracted_hours": number(pl.col("hours"), 2),
        "fte": number(pl.col("fte"), 2),
        "start_date": shown("hire_date"),
        "leaving_date": pl.when(left).then(shown("leaving_date")).otherwise(pl.lit("")),
        "leaving_reason": pl.when(left).then("reason_words").otherwise(pl.lit("")),
        "sickness_days": number(pl.col("lost") * pl.col("present"), 0),
    }
    headers = {field.field: field.label for field in specification(FORMAT).fields}
    return frame.sort("partner", maintain_order=True).select(
        pl.col("partner").alias("_partner"), **{headers[name]: value for name, value in values.items()}
    )


def _again() -> pl.Expr:
    """What follows the number of somebody who is there a second time."""
    return pl.when(pl.col("assignment") == 1).then(pl.lit("")).otherwise("-" + pl.col("assignment").cast(pl.String))
