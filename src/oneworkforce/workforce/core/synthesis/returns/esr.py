"""ESR staff in post: one row an assignment active at any time in the month, as each trust's system prints it."""

from __future__ import annotations

import polars as pl

from oneworkforce.workforce.core.specification import code_table, specification
from oneworkforce.workforce.core.synthesis.register import month_end
from oneworkforce.workforce.core.synthesis.returns.staff import Staff, choices, in_post, number, shown, words

FORMAT = "esr_staff_in_post"
_CONTRACTS = {"permanent": "05", "fixed_term": "02", "bank": "01", "locum": "04", "agency": "AG", "honorary": "03"}
_SEX = {"female": "2", "male": "1", "other": "9"}
_DISABILITY = {"yes": "01", "no": "02", "unknown": "ND"}
_DATES = {"RY6": "%d-%b-%Y", "RGD": "%Y-%m-%d"}
_AREAS = {
    "acute": "Acute Care",
    "community_health": "Community Health Services",
    "mental_health": "Mental Health",
    "commissioning": "Commissioning",
}
_AWAY = 0.02


def descriptive(kind: str) -> bool:
    """Whether a trust prints descriptions (else national codes)."""
    return kind in ("RR8", "QWO")


def prepared(staff: Staff) -> pl.DataFrame:
    """[spell] what ESR says that does not change from month to month, by the spell's `order`."""
    rows = staff.spells.filter(pl.col("sector").is_in(["nhs_trust", "icb"]))
    codes = table_of("grade"), table_of("occupation_code")
    job = words(rows, "role", choices("role_codes", "role", "nwd_job_roles"))
    reason = words(rows, "reason", choices("reason_words", "reason", "words", format=FORMAT))
    return rows.select(
        "order",
        job=job,
        reason_code=reason,
        grade=pl.col("role").replace_strict(codes[0], default=""),
        occupation=pl.col("role").replace_strict(codes[1], default=""),
        employee="2" + pl.col("local").cast(pl.String).str.zfill(7),
    )


def table_of(column: str) -> dict[str, str]:
    """Role to a column of the table of role codes."""
    return {role: words[0] for role, words in choices("role_codes", "role", column).items()}


def _coded(kind: str, code: pl.Expr, table: str) -> pl.Expr:
    labels = code_table(table).labels
    return code.replace_strict(labels, default="") if descriptive(kind) else code


def _status(month: int) -> pl.Expr:
    """Maternity for some women in their thirties for nine months, a career break for a few, else active."""
    begins = (pl.col("chance") * 104_729 % 1 * 60).floor() - 12
    away = (pl.col("sex") == "female") & (pl.col("birth_date").dt.year() > 1983) & (pl.col("chance") * 613 % 1 < _AWAY * 10)
    during = away & (begins <= month) & (begins > month - 9)
    return pl.when(during).then(pl.lit("06")).when(pl.col("chance") * 271 % 1 < _AWAY / 10).then(pl.lit("03")).otherwise(pl.lit("02"))


def rows(staff: Staff, fixed: pl.DataFrame, month: int, kind: str) -> pl.DataFrame:
    """The rows of one trust for a month: text under the headers of the specification, one row an assignment."""
    frame = in_post(staff, month, FORMAT).filter(pl.col("kind") == kind).join(fixed, on="order", how="left", maintain_order="left")
    form, available = _DATES.get(kind, "%d/%m/%Y"), pl.col("fte") * pl.col("present")
    left = pl.col("leaving_date").is_not_null() & (pl.col("leaving_date") <= month_end(staff.truth.months[month]))
    ethnic = pl.col("nhs_ethnic_letter")
    if kind == "RR8":
        ethnic = ethnic + " " + ethnic.replace_strict(code_table("nhs_ethnic_category").labels, default="")
    assignment = pl.when(pl.col("assignment") == 1).then(pl.lit("")).otherwise("-" + pl.col("assignment").cast(pl.String))
    values = {
        "employee_number": pl.col("employee"),
        "assignment_number": pl.col("employee") + assignment,
        "first_name": pl.col("first_name"),
        "last_name": pl.col("family_name"),
        "ni_number": pl.col("ni_number"),
        "birth_date": shown("birth_date", form),
        "gender": _coded(kind, pl.col("sex").replace_strict(_SEX), "nwd_gender"),
        "ethnic_origin": ethnic,
        "disability": _coded(kind, pl.col("disability").replace_strict(_DISABILITY), "nwd_disability"),
        "postcode": pl.col("postcode"),
        "organisation": pl.col("partner"),
        "site": pl.col("site"),
        "staff_group": _coded(kind, pl.col("job").str.head(2), "nwd_staff_group"),
        "job_role": _coded(kind, pl.col("job"), "nwd_job_role"),
        "area_of_work": pl.col("service").replace_strict(_AREAS, default=""),
        "occupation_code": pl.col("occupation"),
        "grade": pl.col("grade"),
        "assignment_category": _coded(kind, pl.col("contract").replace_strict(_CONTRACTS), "nwd_contract_type"),
        "assignment_status": _coded(kind, _status(month), "nwd_assignment_status"),
        "fte": number(pl.col("fte"), 2),
        "contracted_hours": number(pl.col("hours"), 2),
        "hire_date": shown("hire_date", form),
        "leaving_date": pl.when(left).then(shown("leaving_date", form)).otherwise(pl.lit("")),
        "leaving_reason": pl.when(left).then(_coded(kind, pl.col("reason_code"), "nwd_leaving_reason")).otherwise(pl.lit("")),
        "sickness_days_lost": number(available * pl.col("lost"), 2),
        "days_available": number(available, 2),
    }
    headers = {field.field: field.label for field in specification(FORMAT).fields}
    return frame.select(pl.col("partner").alias("_partner"), **{headers[name]: value for name, value in values.items()})
