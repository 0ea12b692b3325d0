"""The tables of a model folder: their columns, and one file read against them with everything wrong with it named."""

from __future__ import annotations

import csv
import difflib
import io
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from oneworkforce.workforce.core.findings import Finding

_SPECIFICATIONS = files("oneworkforce.planning") / "specifications"

TABLES = ("stock", "leaving", "moves", "joining", "ageing", "demand")
LATER = ("pipeline", "placements", "substitution", "levers", "costs")
"""Tables that the planning model has and this version does not yet read."""


@dataclass(frozen=True)
class Column:
    """One column of a table, as its specification says."""

    column: str
    type: str
    unit: str
    required: str
    minimum: float | None
    maximum: float | None
    description: str
    example: str


@dataclass(frozen=True)
class Row:
    """One row of a file: its number as a spreadsheet shows it, and a value per column (None where blank)."""

    file: str
    number: int
    values: Mapping[str, Any]

    def text(self, column: str) -> str:
        """The value as text, "" where blank or where there is no such column."""
        return str(self.values.get(column) or "")

    def number_of(self, column: str) -> float | None:
        """The value as a number, None where blank."""
        value = self.values.get(column)
        return None if value is None else float(value)


@cache
def columns(table: str) -> tuple[Column, ...]:
    """The columns of a table, in order; raises KeyError where there is no such table.

    >>> [column.column for column in columns("ageing")]
    ['age_band', 'next', 'rate']
    """
    if table not in TABLES:
        raise KeyError(f"There is no table {table!r}; there are: {', '.join(TABLES)}")
    rows = csv.DictReader(io.StringIO((_SPECIFICATIONS / f"{table}.csv").read_text("utf-8")))
    return tuple(
        Column(
            row["column"],
            row["type"],
            row["unit"],
            row["required"],
            _bound(row["minimum"]),
            _bound(row["maximum"]),
            row["description"],
            row["example"],
        )
        for row in rows
    )


def _bound(written: str) -> float | None:
    return float(written) if written else None


@cache
def settings() -> tuple[dict[str, str], ...]:
    """The keys of model.yaml: key, type, required, allowed, default, description, example."""
    return tuple(csv.DictReader(io.StringIO((_SPECIFICATIONS / "model.csv").read_text("utf-8"))))


def wrong(file: str, rule: str, message: str, remedy: str, *, row: int | None = None, column: str = "", value: object = "") -> Finding:
    """One finding about a model folder, an error that names file, row and column."""
    return Finding(f"plan.{rule}", "error", message, remedy, row=row, column=column, value=str(value), part=file)


def nearest(written: str, known: Iterable[str]) -> str:
    """A sentence that names the nearest known word, or the first few there are.

    >>> nearest("staf_nurse", ["staff_nurse", "midwife"])
    'Did you mean staff_nurse?'
    """
    names = [name for name in known if name]
    close = difflib.get_close_matches(written, names, n=1, cutoff=0.6)
    if close:
        return f"Did you mean {close[0]}?"
    shown = ", ".join(names[:8]) + (" …" if len(names) > 8 else "")
    return f"There are: {shown}." if names else "There are none."


def read_table(table: str, content: bytes) -> tuple[list[Row], list[Finding]]:
    """Every row of a file with its values typed, and everything that is wrong with header and values.

    Parameters: content, the file's bytes (UTF-8, with or without BOM, comma separated).
    """
    file = f"{table}.csv"
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return [], [wrong(file, "encoding", f"{file} is not UTF-8 text.", "Save it as CSV UTF-8 and try again.")]
    lines = list(csv.reader(io.StringIO(text, newline="")))
    if not lines or not any(cell.strip() for cell in lines[0]):
        return [], [wrong(file, "empty", f"{file} is empty.", f"Give it a header row: {', '.join(c.column for c in columns(table))}.")]
    header = [name.strip() for name in lines[0]]
    findings = _header_findings(table, header)
    rows: list[Row] = []
    for number, line in enumerate(lines[1:], start=2):
        if any(cell.strip() for cell in line):
            rows.append(_row(table, header, number, line, findings))
    return rows, findings


def _header_findings(table: str, header: list[str]) -> list[Finding]:
    file, known = f"{table}.csv", {column.column: column for column in columns(table)}
    findings = [
        wrong(
            file, "unknown_column", f"{file} has a column {name or '(blank)'} that is not known.", nearest(name, known), row=1, column=name
        )
        for name in header
        if name not in known
    ]
    findings += [
        wrong(file, "column_twice", f"{file} has the column {name} twice.", "Keep one of them.", row=1, column=name)
        for name in dict.fromkeys(header)
        if name and header.count(name) > 1
    ]
    missing = [column.column for column in known.values() if column.required == "yes" and column.column not in header]
    findings += [
        wrong(file, "missing_column", f"{file} has no column {name}.", f"Add it: {known[name].description}.", row=1, column=name)
        for name in missing
    ]
    either = [column.column for column in known.values() if column.required == "one"]
    if either and not set(either) & set(header):
        findings.append(wrong(file, "missing_column", f"{file} has neither {' nor '.join(either)}.", "Add one of them.", row=1))
    return findings


def _row(table: str, header: list[str], number: int, line: list[str], findings: list[Finding]) -> Row:
    file, known = f"{table}.csv", {column.column: column for column in columns(table)}
    if len(line) > len(header):
        message = f"The row has {len(line)} values under {len(header)} headings."
        findings.append(
            wrong(file, "too_many_values", message, "Remove the values at the end, or quote text that holds commas.", row=number)
        )
    values: dict[str, Any] = {}
    for name, cell in zip(header, line, strict=False):
        if name in known:
            values[name] = _value(known[name], file, number, cell.strip(), findings)
    for column in known.values():
        if (
            column.required == "yes"
            and column.column in header
            and values.get(column.column) is None
            and _silent(findings, number, column.column)
        ):
            findings.append(
                wrong(file, "blank", f"{column.column} is blank.", f"Give it: {column.description}.", row=number, column=column.column)
            )
    return Row(file, number, values)


def _silent(findings: list[Finding], number: int, column: str) -> bool:
    return not any(finding.row == number and finding.column == column for finding in findings[-12:])


def _value(column: Column, file: str, number: int, cell: str, findings: list[Finding]) -> Any:
    if cell == "":
        return None
    if column.type == "text":
        return cell
    what = f"a whole number{_range(column)}" if column.type == "integer" else f"a number{_range(column)}"
    remedy = f"Give {what}, such as {column.example} ({column.unit})."
    try:
        value = float(cell)
    except ValueError:
        findings.append(
            wrong(file, "not_a_number", f"{column.column} is not a number.", remedy, row=number, column=column.column, value=cell)
        )
        return None
    outside = (column.minimum is not None and value < column.minimum) or (column.maximum is not None and value > column.maximum)
    if not math.isfinite(value) or outside or (column.type == "integer" and value != int(value)):
        findings.append(
            wrong(
                file,
                "out_of_range",
                f"{column.column} is {cell}, which is not {what}.",
                remedy,
                row=number,
                column=column.column,
                value=cell,
            )
        )
        return None
    return value


def _range(column: Column) -> str:
    if column.minimum is not None and column.maximum is not None:
        return f" from {column.minimum:g} to {column.maximum:g}"
    return f" of {column.minimum:g} or more" if column.minimum is not None else ""
