"""Reading, checking and storing a return of staff in post: this package against pandas with pandera doing the same rules, lazily (all findings)."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from benchmarks.material import esr_file
from oneworkforce.workforce.core.checking import Context, check
from oneworkforce.workforce.core.conversion import as_assignments
from oneworkforce.workforce.core.reading import read_tables
from oneworkforce.workforce.core.specification import Field, specification
from oneworkforce.workforce.snapshots import store

MONTH = date(2026, 10, 1)
END = pd.Timestamp(2026, 10, 31)
SIZES = (60_000, 1_000_000)
NUMBERS = ("integer", "number")


def run(folder: Path) -> list[list[object]]:
    """One row a size: seconds of ours, seconds of theirs, the ratio, and the findings each made."""
    rows: list[list[object]] = []
    for size in SIZES:
        file = esr_file(folder, size)
        ours, found = _timed(lambda file=file: _ours(file, folder))
        theirs, also = _timed(lambda file=file: _theirs(file, folder))
        rows.append(
            [
                f"read, check, store {size:,} rows",
                f"{ours:.2f} s",
                f"{theirs:.2f} s",
                f"{theirs / ours:.1f} ×",
                f"{found:,} / {also:,} findings",
            ]
        )
    return rows


def _timed(work: Callable[[], int]) -> tuple[float, int]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def _ours(file: Path, folder: Path) -> int:
    raw = read_tables(file, file.name)[0]
    context = Context("esr_staff_in_post", "RR8", ("RR8",), MONTH, date(2026, 11, 24))
    checked = check({"": raw}, context)
    converted = as_assignments(checked, context, None, b"benchmark-key-of-32-bytes-length", None)
    store(converted.assignments, folder / "snapshots")
    return checked.findings.table.height


def _theirs(file: Path, folder: Path) -> int:
    asked = specification("esr_staff_in_post")
    frame = pd.read_csv(file, dtype=str, keep_default_na=False, na_values=[""])
    frame = frame.rename(columns={field.label: field.field for field in asked.fields})
    for field in asked.fields:
        if field.type == "date":
            frame[field.field] = pd.to_datetime(frame[field.field], format="%d/%m/%Y", errors="coerce")
        elif field.type in NUMBERS:
            frame[field.field] = pd.to_numeric(frame[field.field], errors="coerce")
    schema = pa.DataFrameSchema(
        {field.field: _column(field) for field in asked.fields}, checks=_rows(), unique=["employee_number", "assignment_number"]
    )
    try:
        schema.validate(frame, lazy=True)
        found = 0
    except pa.errors.SchemaErrors as errors:
        found = len(errors.failure_cases)
    frame.to_parquet(folder / "pandas.parquet")
    return found


def _column(field: Field) -> pa.Column:
    checks = []
    if field.pattern:
        checks.append(pa.Check.str_matches(field.pattern))
    if field.codes:
        allowed = {
            text for table, _ in field.code_tables for row in table.table.iter_rows(named=True) for text in (row["code"], row["label"])
        }
        allowed |= {f"{row['code']} {row['label']}" for table, _ in field.code_tables for row in table.table.iter_rows(named=True)}
        allowed |= {alias for table, _ in field.code_tables for aliases in table.table["aliases"] for alias in aliases.split("|") if alias}
        checks.append(pa.Check(lambda values, allowed=allowed: values.isin(allowed)))
    if field.minimum and field.type in NUMBERS:
        checks.append(pa.Check.ge(float(field.minimum)))
    if field.maximum and field.type in NUMBERS:
        checks.append(pa.Check.le(float(field.maximum)))
    if field.type == "postcode":
        checks.append(pa.Check.str_matches(r"^[A-Za-z]{1,2}\d[A-Za-z\d]? ?\d[A-Za-z]{2}$"))
    if field.type == "ni_number":
        checks.append(pa.Check.str_matches(r"^[A-Za-z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-Da-d]$"))
    return pa.Column(checks=checks, nullable=field.required == "no", required=True)


def _rows() -> list[pa.Check]:
    """The rules over several columns or rows, as a pandas user would write them."""

    def same(of: str, each: str) -> Callable[[pd.DataFrame], pd.Series]:
        return lambda df: df.groupby(each)[of].transform("nunique").fillna(1) <= 1

    return [
        pa.Check(lambda df: (END.year - df.birth_date.dt.year).between(14, 90) | df.birth_date.isna()),
        pa.Check(lambda df: (df.hire_date <= END) | df.hire_date.isna()),
        pa.Check(lambda df: (df.leaving_date >= pd.Timestamp(MONTH)) | df.leaving_date.isna()),
        pa.Check(lambda df: df.leaving_date.isna() | df.leaving_reason.notna()),
        pa.Check(lambda df: df.leaving_reason.isna() | df.leaving_date.notna()),
        pa.Check(lambda df: (df.leaving_date >= df.hire_date) | df.leaving_date.isna()),
        pa.Check(lambda df: (df.hire_date.dt.year - df.birth_date.dt.year >= 13) | df.birth_date.isna()),
        pa.Check(lambda df: df.contracted_hours.between(df.fte * 34.9 - 0.6, df.fte * 40.1 + 0.6) | df.contracted_hours.isna()),
        pa.Check(lambda df: (df.sickness_days_lost <= df.days_available + 0.05) | df.sickness_days_lost.isna()),
        pa.Check(lambda df: (df.days_available <= df.fte * 31 + 0.6) | df.days_available.isna()),
        pa.Check(lambda df: df.groupby("employee_number").fte.transform("sum") <= 1.5),
        pa.Check(same("birth_date", "employee_number")),
        pa.Check(same("gender", "employee_number")),
        pa.Check(same("last_name", "ni_number")),
    ]
