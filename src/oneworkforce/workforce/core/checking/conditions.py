"""Conditions: every rule that one row can break, compiled from the specification once and tried on all rows in one pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any

import polars as pl

from oneworkforce.workforce.core.checking.cells import Cells
from oneworkforce.workforce.core.checking.codes import lookup
from oneworkforce.workforce.core.checking.context import Context
from oneworkforce.workforce.core.checking.groups import is_about_rows
from oneworkforce.workforce.core.checking.marks import Marks
from oneworkforce.workforce.core.specification import Field, Rule, Specification, specification

DAYS = ("month_start", "month_end", "today")
"""Names beside the fields that a condition may use."""


@dataclass(frozen=True, eq=False)
class Condition:
    """One rule that a row breaks where `holds` is false (blank is neither).

    Parameters:
        fields: whose cells are marked.
        severity, message, remedy: as in `Finding`; in the message `{}` stands for what `words` says of the cell.
        when_blank: the rule can only be broken in rows where this field is blank ("" for any row).
    """

    name: str
    fields: tuple[str, ...]
    holds: pl.Expr
    severity: str
    message: str
    remedy: str
    when_blank: str = ""
    words: Mapping[str, str] | None = None


@cache
def condition(sql: str) -> pl.Expr:
    """The Polars expression of a condition in SQL; read once.

    >>> pl.DataFrame({"fte": [0.5, 14.0]}).select(condition("fte <= 1.5")).to_series().to_list()
    [True, False]
    """
    return pl.sql_expr(sql)


def mark_conditions(
    cells: Cells, asked: Specification, headers: Mapping[str, str], marks: Marks, context: Context, days: tuple[pl.Expr | pl.Series, ...]
) -> None:
    """Every row that breaks a condition is marked: one pass finds which conditions are broken at all, a second one where.

    Parameters: headers is field to header; a field that is not in the file has no conditions of its own; days are the columns month_start
    and month_end, whose months may differ from that of the context within one `era`.
    """
    typed = cells.typed
    if not typed.height:
        return
    known = [_outside(asked.field(name), values, asked) for name, values in context.known.items() if name in headers]
    every = [*_conditions(asked.format, asked.part, frozenset(headers), context.month), *known]
    every = [rule for rule in every if not rule.when_blank or typed.get_column(rule.when_blank).null_count()]
    frame = typed.with_columns(*days, today=context.today)
    hold = frame.select(rule.holds.all().alias(str(place)) for place, rule in enumerate(every)).row(0) if every else ()
    broken = [rule for rule, holds in zip(every, hold, strict=True) if not holds]
    masks = frame.select((~rule.holds).fill_null(False).alias(str(place)) for place, rule in enumerate(broken))
    for rule, mask in zip(broken, masks.get_columns(), strict=True):
        rows, unreadable = mask.arg_true(), cells.unreadable.get(rule.when_blank)
        _mark(rule, rows if unreadable is None else rows.filter(~rows.is_in(unreadable.implode())), typed, asked, headers, marks)


@lru_cache(maxsize=4096)
def era(format: str, part: str, month: date) -> tuple[object, ...]:
    """What is equal for months in which a part's rows answer to the same conditions: the columns that hold, and the codes that do not.

    >>> era("nwrs", "", date(2026, 3, 1)) == era("nwrs", "", date(2026, 4, 1))
    True
    """
    fields = [field for field in specification(format, part).fields if field.holds(month)]
    gone = [tuple(lookup(field).retired(month).items()) for field in fields if field.codes and field.type != "codes"]
    return (*(field.field for field in fields), *gone)


def _mark(rule: Condition, rows: pl.Series, typed: pl.DataFrame, asked: Specification, headers: Mapping[str, str], marks: Marks) -> None:
    for name in rule.fields:
        if name in headers:
            cells = typed.get_column(name).gather(rows)
            said = rule.message if rule.words is None else cells.replace_strict(rule.words, default="", return_dtype=pl.String)
            values = None if asked.field(name).is_personal else _shown(cells)
            marks.at(rows, headers[name], values, rule=rule.name, severity=rule.severity, message=said, remedy=rule.remedy)


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

    def add(kind: str, holds: pl.Expr, severity: str, message: str, what: str = f"Correct {label}.", **more: Any) -> None:
        name = f"{asked.name}.{field.field}.{kind}"
        found.append(Condition(name, (field.field,), holds, severity, message, f"{what} {remedy}".strip(), **more))

    blank = {"what": f"Enter {label}.", "when_blank": field.field}
    if field.required != "no":
        add("missing", value.is_not_null(), "error" if field.is_required else "warning", f"{label} is blank.", **blank)
    if field.required_when:
        needed = condition(field.required_when)
        add("missing_when", ~needed | value.is_not_null(), "error", f"{label} is blank although it is needed here.", **blank)
    if field.minimum:
        add("minimum", value >= _bound(field, field.minimum), "error", f"{label} is below {_said(field, field.minimum)}.")
    if field.maximum:
        add("maximum", value <= _bound(field, field.maximum), "error", f"{label} is above {_said(field, field.maximum)}.")
    if field.pattern:
        add("pattern", value.str.contains(field.pattern), "error", f"{label} does not have the form that it should have.")
    if field.check:
        add("check", condition(field.check), field.severity or "error", field.message or f"{label} cannot be right.")
    gone = lookup(field).retired(month) if field.codes and field.type != "codes" else {}
    if gone:
        words = {code: f"This value of {label} {why}." for code, why in gone.items()}
        add("out_of_date", ~value.is_in(list(gone)), "warning", "", "Use the value that took its place.", words=words)
    return found


def _bound(field: Field, text: str) -> pl.Expr:
    return pl.lit(date.fromisoformat(text)) if field.type in ("date", "month") else pl.lit(float(text))


def _said(field: Field, text: str) -> str:
    shown = f"{date.fromisoformat(text):%d/%m/%Y}" if field.type in ("date", "month") else text
    return f"{shown} {field.unit}".strip() if field.unit != "full-time equivalent" else shown


def _of_rule(asked: Specification, rule: Rule) -> Condition:
    return Condition(f"{asked.name}.{rule.rule}", rule.fields, condition(rule.check), rule.severity, rule.message, rule.remedy)


def _outside(field: Field, values: frozenset[str], asked: Specification) -> Condition:
    """The condition that a value is one that the publisher knows."""
    message, remedy = f"{field.label} is not in the publisher's own list.", f"Check {field.label} with the publisher."
    holds = pl.col(field.field).is_in(sorted(values))
    return Condition(f"{asked.name}.{field.field}.not_known", (field.field,), holds, "warning", message, remedy)
