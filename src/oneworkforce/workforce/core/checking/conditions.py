"""Conditions: every rule that one row can break, compiled from the specification once and tried on all rows in one pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

import polars as pl

from oneworkforce.workforce.core.checking.codes import lookup
from oneworkforce.workforce.core.checking.context import Context
from oneworkforce.workforce.core.checking.groups import is_about_rows
from oneworkforce.workforce.core.checking.left_over import LEFT
from oneworkforce.workforce.core.checking.marks import Marks
from oneworkforce.workforce.core.specification import Field, Rule, Specification, specification

DAYS = ("month_start", "month_end", "today")
"""Names beside the fields that a condition may use."""


@dataclass(frozen=True, eq=False)
class Condition:
    """One rule that a row breaks where `broken` is true.

    Parameters: fields whose cells are marked; severity, message and remedy as in `Finding`.
    """

    name: str
    fields: tuple[str, ...]
    broken: pl.Expr
    severity: str
    message: str
    remedy: str


@cache
def condition(sql: str) -> pl.Expr:
    """The Polars expression of a condition in SQL; read once.

    >>> pl.DataFrame({"fte": [0.5, 14.0]}).select(condition("fte <= 1.5")).to_series().to_list()
    [True, False]
    """
    return pl.sql_expr(sql)


def mark_conditions(typed: pl.DataFrame, left: pl.DataFrame, asked: Specification, headers: Mapping[str, str], marks: Marks, context: Context) -> None:
    """Every row that breaks a condition is marked, in one pass over the table.

    Axes: typed[row] × fields, left[row] × where a cell was not blank and not in its usual layout. Parameters: headers is field to header; a field that is not in the file has no conditions of its own.
    """
    compiled = _conditions(asked.format, asked.part, frozenset(headers), context.month)
    days = {"month_start": context.month, "month_end": context.month_end, "today": context.today}
    known = [_outside(asked.field(name), values, asked) for name, values in context.known.items() if name in headers]
    every = [*compiled, *known]
    if not every or not typed.height:
        return
    frame = typed.hstack(left).with_columns(pl.lit(day).alias(name) for name, day in days.items())
    broken = frame.select(rule.broken.fill_null(False).alias(str(place)) for place, rule in enumerate(every))
    for rule, is_broken, place in zip(every, broken.select(pl.all().any()).row(0), broken.columns, strict=True):
        if is_broken:
            _mark(rule, broken.get_column(place).arg_true(), typed, asked, headers, marks)


def _mark(rule: Condition, rows: pl.Series, typed: pl.DataFrame, asked: Specification, headers: Mapping[str, str], marks: Marks) -> None:
    for name in rule.fields:
        if name in headers:
            values = None if asked.field(name).is_personal else _shown(typed.get_column(name).gather(rows))
            marks.at(rows, headers[name], values, rule=rule.name, severity=rule.severity, message=rule.message, remedy=rule.remedy)


def _shown(values: pl.Series) -> pl.Series:
    """The values as a person writes them."""
    if values.dtype == pl.Date:
        return values.dt.strftime("%d/%m/%Y")
    return values.cast(pl.String).str.replace(r"\.0$", "")


@lru_cache(maxsize=512)
def _conditions(format: str, part: str, present: frozenset[str], month: date) -> tuple[Condition, ...]:
    asked = specification(format, part)
    own = [rule for field in asked.fields if field.field in present and field.holds(month) for rule in _of_field(asked, field, month)]
    rows = [_of_rule(asked, rule) for rule in asked.rules if not is_about_rows(rule.check) and present.intersection(rule.fields)]
    return (*own, *rows)


def _of_field(asked: Specification, field: Field, month: date) -> list[Condition]:
    """The conditions of one field: missing, range, pattern, its own check, codes out of date."""
    value, label = pl.col(field.field), field.label
    remedy = f"{field.help} Example: {field.example}." if field.example and not field.is_personal else field.help
    found: list[Condition] = []

    def add(kind: str, broken: pl.Expr, severity: str, message: str, what: str) -> None:
        found.append(Condition(f"{asked.name}.{field.field}.{kind}", (field.field,), broken, severity, message, f"{what} {remedy}".strip()))

    if field.required != "no":
        severity = "error" if field.is_required else "warning"
        add("missing", value.is_null() & ~_unreadable(field), severity, f"{label} is blank.", f"Enter {label}.")
    if field.required_when:
        needed = condition(field.required_when).fill_null(False)
        add("missing_when", needed & value.is_null() & ~_unreadable(field), "error", f"{label} is blank although it is needed here.", f"Enter {label}.")
    if field.minimum:
        add("minimum", value < _bound(field, field.minimum), "error", f"{label} is below {_said(field, field.minimum)}.", f"Correct {label}.")
    if field.maximum:
        add("maximum", value > _bound(field, field.maximum), "error", f"{label} is above {_said(field, field.maximum)}.", f"Correct {label}.")
    if field.pattern:
        add("pattern", ~value.str.contains(field.pattern), "error", f"{label} does not have the form that it should have.", f"Correct {label}.")
    if field.check:
        add("check", ~condition(field.check), field.severity or "error", field.message or f"{label} cannot be right.", f"Correct {label}.")
    if field.codes and field.type != "codes":
        for words, codes in _out_of_date(field, month):
            add("out_of_date", value.is_in(codes), "warning", f"This value of {label} {words}.", "Use the value that took its place.")
    return found


def _unreadable(field: Field) -> pl.Expr:
    """Where the cell holds something that could not be read: it is not missing, and was marked already."""
    return pl.col(f"{LEFT}{field.field}")


def _out_of_date(field: Field, month: date) -> list[tuple[str, list[str]]]:
    gone: dict[str, list[str]] = {}
    for code, words in lookup(field).retired(month).items():
        gone.setdefault(words, []).append(code)
    return list(gone.items())


def _bound(field: Field, text: str) -> pl.Expr:
    return pl.lit(date.fromisoformat(text)) if field.type in ("date", "month") else pl.lit(float(text))


def _said(field: Field, text: str) -> str:
    shown = f"{date.fromisoformat(text):%d/%m/%Y}" if field.type in ("date", "month") else text
    return f"{shown} {field.unit}".strip() if field.unit != "full-time equivalent" else shown


def _of_rule(asked: Specification, rule: Rule) -> Condition:
    return Condition(f"{asked.name}.{rule.rule}", rule.fields, ~condition(rule.check), rule.severity, rule.message, rule.remedy)


def _outside(field: Field, values: frozenset[str], asked: Specification) -> Condition:
    """The condition that a value is one that the publisher knows."""
    message = f"{field.label} is not in the publisher's own list."
    broken = ~pl.col(field.field).is_in(sorted(values))
    return Condition(f"{asked.name}.{field.field}.not_known", (field.field,), broken, "warning", message, f"Check {field.label} with the publisher.")
