"""Rows made from a specification: valid ones, and ones with a single fault for each rule that a field states."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from oneworkforce.workforce.core.checking import Checked, Context, check
from oneworkforce.workforce.core.checking.conditions import condition
from oneworkforce.workforce.core.reading import Raw
from oneworkforce.workforce.core.specification import Field, Specification

MONTH, TODAY = date(2026, 3, 1), date(2026, 4, 7)
FORMATS = (("esr_staff_in_post", ""), ("nwrs", ""), ("establishment", ""), ("simple_return", "staff"), ("simple_return", "vacancies"))
COUNT = 12
AT = 4

Row = dict[str, str | None]


@dataclass(frozen=True)
class Fault:
    """A row with one fault, or a column taken away, and the rule that must find it."""

    rule: str
    field: str
    changes: Row = field(default_factory=dict)
    drop: str = ""

    def __str__(self) -> str:
        return self.rule


def valid_rows(asked: Specification, count: int = COUNT) -> list[Row]:
    """Rows that break no rule, by header: the specification's own examples, each row about another person or post."""
    return [{item.label: _own(item, number) or None for item in asked.fields} for number in range(count)]


def _own(item: Field, number: int) -> str:
    if item.type == "identifier" and item.field not in ("organisation", "site", "occupation_code"):
        return f"{20_000_000 + number}"
    if item.type == "ni_number":
        return f"QQ{123_456 + number}C"
    if item.type == "date" and item.example and item.field != "birth_date":
        return f"{number % 28 + 1:02d}{item.example[2:]}"
    if item.field == "job_role" and not item.code_tables[0][1]:
        return list(item.code_tables[0][0].labels.values())[number]
    return item.example.replace("24", "24.8") if item.field == "days_available" else item.example


def checked(asked: Specification, rows: list[Row], drop: str = "", **context: object) -> Checked:
    """The rows sent as one return of organisation RR8 for March 2026."""
    frame = pl.DataFrame(rows, schema={item.label: pl.String for item in asked.fields}).with_row_index("_row", offset=2)
    raw = Raw(frame.with_columns(pl.col("_row").cast(pl.Int64)).drop(drop or []), "return.csv", "csv")
    told = {"partner": "RR8", "organisations": ("RR8", "B86001"), "month": MONTH, "today": TODAY} | context
    parts = {asked.part: raw}
    if asked.part == "vacancies":
        parts["staff"] = staff_table()
    return check(parts, Context(asked.format, **told))  # type: ignore[arg-type]


def staff_table() -> Raw:
    """A valid staff part, for returns whose vacancies are looked at."""
    from oneworkforce.workforce.core.specification import specification

    staff = specification("simple_return", "staff")
    frame = pl.DataFrame(valid_rows(staff), schema={item.label: pl.String for item in staff.fields}).with_row_index("_row", offset=2)
    return Raw(frame.with_columns(pl.col("_row").cast(pl.Int64)), "staff.csv", "csv")


def faults(asked: Specification) -> Iterator[Fault]:
    """One fault for every rule that a field of the specification states."""
    for item in asked.fields:
        for kind, changes in _of_field(asked, item):
            if item.field == "leaving_date":
                changes["leaving_reason"] = next(iter(asked.field("leaving_reason").code_tables[0][0].labels.values()))
            yield Fault(
                f"{asked.name}.{item.field}.{kind}", item.field, {asked.field(name).label: value for name, value in changes.items()}
            )
        if item.required != "no":
            yield Fault(f"{asked.name}.{item.field}.no_column", item.field, drop=item.label)


def _of_field(asked: Specification, item: Field) -> Iterator[tuple[str, Row]]:
    if item.required != "no":
        yield "missing", {item.field: None}
    if item.required_when:
        yield "missing_when", {"leaving_date": "20/03/2026", item.field: None}
    if item.type in ("number", "date", "postcode", "ni_number"):
        yield "type", {item.field: "banana"}
    if item.type == "identifier":
        yield "scientific", {item.field: "1.23457E+11"}
    if item.type == "date":
        yield "repaired", {item.field: _serial(item)}
    if item.minimum:
        yield "minimum", {item.field: _beyond(item, item.minimum, -1)}
    if item.maximum:
        yield "maximum", {item.field: _beyond(item, item.maximum, 1)}
    if item.pattern:
        yield "pattern", {item.field: "!"}
    if item.check:
        yield "check", {item.field: _breaking(item)}
    if item.codes:
        yield from _codes(asked, item)


def _codes(asked: Specification, item: Field) -> Iterator[tuple[str, Row]]:
    leaving: Row = {"leaving_date": "20/03/2026"} if item.field == "leaving_reason" else {}
    yield "code", leaving | {item.field: "Zzyzx"}
    for table, group in item.code_tables:
        retired = table.table.filter(pl.col("valid_to").is_between(pl.lit("1"), pl.lit(MONTH.isoformat()), closed="left"))
        for row in retired.head(1).iter_rows(named=True):
            yield "out_of_date", leaving | {item.field: row["code"]} | ({group: row["parent"]} if group else {})


def _beyond(item: Field, bound: str, by: int) -> str:
    if item.type == "date":
        return f"{date.fromordinal(date.fromisoformat(bound).toordinal() + by):%d/%m/%Y}"
    return str(float(bound) + by)


def _serial(item: Field) -> str:
    """A day as Excel counts them that breaks no rule of the field."""
    days = {"birth_date": date(1984, 5, 14), "leaving_date": date(2026, 3, 20), "vacant_since": date(2026, 2, 1)}
    return str((days.get(item.field, date(2019, 9, 1)) - date(1899, 12, 30)).days)


def _breaking(item: Field) -> str:
    """A date within the field's range that breaks its check."""
    days = (date(2030, 1, 1), date(2020, 1, 1), date(1960, 1, 1), date(1925, 1, 1))
    frame = pl.DataFrame({item.field: days}).with_columns(month_start=MONTH, month_end=date(2026, 3, 31), today=TODAY)
    broken = frame.filter(~condition(item.check)).get_column(item.field)
    return f"{broken[0]:%d/%m/%Y}"
