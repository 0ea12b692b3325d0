"""Annotated: the return as it was sent, as a workbook with every marked cell coloured and explained, and a sheet of all findings."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

import polars as pl
import xlsxwriter

from oneworkforce.workforce.core.checking.context import Checked
from oneworkforce.workforce.core.findings import SEVERITIES, Findings
from oneworkforce.workforce.core.reading.raw import Raw

WHOLE_UP_TO = 20_000
"""Rows up to which the whole return is in the workbook; of a longer one, only the rows with findings are (the first 20,000)."""

_COMMENTS_AT_MOST = 5_000
_FINDINGS_AT_MOST = 100_000
_COLOURS = {"error": "#F9C6C4", "warning": "#FFE9A8", "note": "#D2E7F9"}
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = r"^[+-]?[0-9]+([.,][0-9]+)?$"


def guarded(text: pl.Expr) -> pl.Expr:
    """The text, with an apostrophe before what a spreadsheet would run as a formula; numbers stay as they are.

    >>> pl.DataFrame({"cell": ["=cmd|' /C calc'!A0", "-1.5", "Ward 12"]}).select(guarded(pl.col("cell"))).to_series().to_list()
    ["'=cmd|' /C calc'!A0", '-1.5', 'Ward 12']
    """
    dangerous = pl.any_horizontal(text.str.starts_with(start) for start in _DANGEROUS) & ~text.str.contains(_NUMBER)
    return pl.when(dangerous).then(text.str.replace("^", "'")).otherwise(text)


def findings_csv(findings: Findings) -> bytes:
    """All findings as CSV, in UTF-8 that Excel recognises, with nothing in it that a spreadsheet would run.

    >>> findings_csv(Findings.of([])).decode("utf-8-sig").strip()
    'part,row,column,value,rule,severity,message,remedy'
    """
    table = findings.table.with_columns(guarded(pl.col(name)) for name in ("part", "column", "value", "message", "remedy"))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(table.columns)
    writer.writerows(table.iter_rows())
    return text.getvalue().encode("utf-8-sig")


def workbook(tables: Mapping[str, Raw], checked: Checked) -> bytes:
    """The workbook: a sheet of findings by rule, a sheet of all of them, and each part as sent with its cells marked at their own rows.

    Parameters: tables is part to the table that was sent. Every cell is written as text, so that nothing in it runs.
    """
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        styles = {severity: book.add_format({"bg_color": colour, "num_format": "@"}) for severity, colour in _COLOURS.items()}
        styles |= {"head": book.add_format({"bold": True, "bottom": 1}), "text": book.add_format({"num_format": "@"})}
        _rules_sheet(book.add_worksheet("What to do"), checked.findings, styles)
        _findings_sheet(book.add_worksheet("Findings"), checked.findings, styles)
        for part, raw in tables.items():
            _part_sheet(book.add_worksheet((part.capitalize() or "Return")[:31]), part, raw, checked.findings, styles)
    return buffer.getvalue()


def _rules_sheet(sheet: Any, findings: Findings, styles: dict[str, Any]) -> None:
    """One row a rule, gravest first."""
    sheet.set_column(0, 3, 16)
    sheet.set_column(4, 5, 70)
    heads = ("Severity", "How many", "Column", "Part", "What is wrong", "What to do")
    for place, head in enumerate(heads):
        sheet.write_string(0, place, head, styles["head"])
    for row, rule in enumerate(findings.by_rule().iter_rows(named=True), 1):
        cells = (rule["severity"], str(rule["count"]), rule["column"], rule["part"], rule["message"], rule["remedy"])
        for place, cell in enumerate(cells):
            sheet.write_string(row, place, cell, styles[rule["severity"]] if place == 0 else None)


def _findings_sheet(sheet: Any, findings: Findings, styles: dict[str, Any]) -> None:
    heads = ("part", "row", "column", "value", "severity", "message", "remedy")
    for place, head in enumerate(heads):
        sheet.write_string(0, place, head.capitalize(), styles["head"])
    shown = findings.table.select(heads).head(_FINDINGS_AT_MOST)
    for row, cells in enumerate(shown.iter_rows(), 1):
        for place, cell in enumerate(cells):
            if cell is not None:
                sheet.write_string(row, place, str(cell))
    if findings.table.height > _FINDINGS_AT_MOST:
        sheet.write_string(_FINDINGS_AT_MOST + 1, 0, f"and {findings.table.height - _FINDINGS_AT_MOST:,} more: download them as CSV")


def _part_sheet(sheet: Any, part: str, raw: Raw, findings: Findings, styles: dict[str, Any]) -> None:
    """The part as sent; a long one by its marked rows only, with their own row numbers in the first column."""
    marks = _marks(part, findings)
    whole = raw.frame.height <= WHOLE_UP_TO
    frame = raw.frame if whole else raw.frame.filter(pl.col("_row").is_in({row for row, _ in marks if row is not None})).head(WHOLE_UP_TO)
    headers = list(raw.headers)
    columns = headers if whole else ["_row", *headers]
    top = int(raw.frame["_row"].min() or 2) - 2 if whole and raw.frame.height else 0  # type: ignore[arg-type]
    for place, header in enumerate(columns):
        sheet.write_string(top, place, "Row" if header == "_row" else header, styles["head"])
    sheet.freeze_panes(top + 1, 0)
    comments = 0
    for order, values in enumerate(frame.select("_row", *headers).iter_rows(), 1):
        at = values[0] - 1 if whole else order
        for place, (header, cell) in enumerate(zip(columns, values[1:] if whole else values, strict=True)):
            said = marks.get((values[0], header))
            if cell is not None or said:
                sheet.write_string(at, place, "" if cell is None else str(cell), styles[said[0]] if said else styles["text"])
            if said and comments < _COMMENTS_AT_MOST:
                sheet.write_comment(at, place, said[1], {"x_scale": 2})
                comments += 1


def _marks(part: str, findings: Findings) -> dict[tuple[int | None, str], tuple[str, str]]:
    """Row number and header to the gravest severity there and everything said."""
    marks: dict[tuple[int | None, str], tuple[str, str]] = {}
    own = findings.table.filter((pl.col("part") == part) & pl.col("row").is_not_null())
    for row, column, severity, message, remedy in own.select("row", "column", "severity", "message", "remedy").iter_rows():
        before = marks.get((row, column))
        worst = severity if before is None else min(severity, before[0], key=SEVERITIES.index)
        said = f"{message} {remedy}"
        marks[row, column] = (worst, said if before is None else f"{before[1]}\n{said}")
    return marks
