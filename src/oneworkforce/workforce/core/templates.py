"""Templates: an empty form of any format, made from its specification, as a workbook with drop-downs or as CSV."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from oneworkforce.workforce.core.specification import Field, Format, Specification, format_named, specification

ROWS = 2_000
"""Rows of a template's sheets that have drop-downs."""

_MADE = datetime(2026, 1, 1)  # fixed, so that the same template is the same bytes
_INK, _PALE, _GREY = "#005EB8", "#E8EDEE", "#768692"
_EARLIEST, _LATEST = date(1900, 1, 1), date(2100, 12, 31)
_WIDEST_LABEL = 255


def csv_text(format: str, part: str = "") -> bytes:
    """A CSV template of one part (the first where none is named): its headers and an example row, in UTF-8 that Excel recognises.

    >>> csv_text("simple_return", "vacancies").decode("utf-8-sig")
    'Job Role,Service,Funded Posts FTE,Vacant FTE\\r\\n'
    """
    entry = format_named(format)
    asked = specification(format, part or entry.part_names[0])
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(asked.headers)
    if asked.has_example_row:
        writer.writerow([field.example for field in asked.fields])
    return text.getvalue().encode("utf-8-sig")


def workbook(format: str) -> bytes:
    """A workbook template of the format: one sheet a part with drop-downs, checks on entry and an example row, and a sheet of notes."""
    entry = format_named(format)
    parts = [specification(format, part) for part in entry.part_names]
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": f"{entry.label}: template", "created": _MADE})
        styles = _styles(book)
        lists = _Lists(book)
        for asked in parts:
            _part_sheet(book.add_worksheet(sheet_name(asked)), asked, styles, lists)
        _notes_sheet(book.add_worksheet("Notes"), entry, parts, styles)
        lists.write()
    return buffer.getvalue()


def sheet_name(asked: Specification) -> str:
    """The name of the sheet that holds a part.

    >>> sheet_name(specification("simple_return", "staff"))
    'Staff'
    """
    return (asked.part.replace("_", " ").capitalize() or "Return")[:31]


class _Lists:
    """The drop-down lists of a workbook, each once, on a hidden sheet that comes last."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._columns: dict[str, list[str]] = {}

    def reference(self, field: Field) -> str:
        """The range that holds the labels that a field may have today."""
        table = field.code_tables[0][0]
        labels = list(dict.fromkeys(label[:_WIDEST_LABEL] for label in table.current(_MADE.date())["label"]))
        self._columns.setdefault(table.name, labels)
        column = xl_col_to_name(list(self._columns).index(table.name))
        return f"=Lists!${column}$2:${column}${len(labels) + 1}"

    def write(self) -> None:
        """The hidden sheet is in the workbook."""
        sheet = self._book.add_worksheet("Lists")
        for place, (name, labels) in enumerate(self._columns.items()):
            sheet.write_string(0, place, name)
            for row, label in enumerate(labels, 1):
                sheet.write_string(row, place, label)
        sheet.hide()


def _styles(book: Any) -> dict[str, Any]:
    head = {"bold": True, "font_color": "#FFFFFF", "bg_color": _INK, "border": 1, "text_wrap": True, "valign": "top"}
    return {
        "required": book.add_format(head),
        "asked": book.add_format(head | {"bg_color": "#41B6E6", "font_color": "#000000"}),
        "no": book.add_format(head | {"bg_color": _PALE, "font_color": "#000000"}),
        "example": book.add_format({"italic": True, "font_color": _GREY, "num_format": "@"}),
        "text": book.add_format({"num_format": "@"}),
        "date": book.add_format({"num_format": "dd/mm/yyyy"}),
        "number": book.add_format({"num_format": "General"}),
        "title": book.add_format({"bold": True, "font_size": 16, "font_color": _INK}),
        "bold": book.add_format({"bold": True}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
    }


def _part_sheet(sheet: Any, asked: Specification, styles: dict[str, Any], lists: _Lists) -> None:
    sheet.freeze_panes(1, 1)
    for place, field in enumerate(asked.fields):
        kind = "date" if field.type == "date" else "number" if field.type in ("number", "integer") else "text"
        sheet.set_column(place, place, max(12, min(len(field.label) + 4, 30)), styles[kind])
        sheet.write_string(0, place, field.label, styles["required" if field.is_required else field.required])
        if asked.has_example_row:
            sheet.write_string(1, place, field.example, styles["example"])
        sheet.data_validation(1, place, ROWS, place, _validation(field, lists))


def _validation(field: Field, lists: _Lists) -> dict[str, Any]:
    """What the sheet asks of a cell as it is filled in; a list that is open only warns."""
    about = {"input_title": field.label[:32], "input_message": field.help[:255], "error_title": field.label[:32], "ignore_blank": True}
    about["error_message"] = f"{field.label}: {field.help}"[:255]
    if field.codes and field.type != "codes":
        return about | {"validate": "list", "source": lists.reference(field), "error_type": "warning"}
    if field.type == "date":
        first = date.fromisoformat(field.minimum) if field.minimum else _EARLIEST
        return about | {"validate": "date", "criteria": "between", "minimum": first, "maximum": _LATEST, "error_type": "warning"}
    if field.type in ("number", "integer"):
        least, most = float(field.minimum or -1e12), float(field.maximum or 1e12)
        kind = "decimal" if field.type == "number" else "integer"
        return about | {"validate": kind, "criteria": "between", "minimum": least, "maximum": most, "error_type": "warning"}
    return about | {"validate": "any"}


def _notes_sheet(sheet: Any, entry: Format, parts: list[Specification], styles: dict[str, Any]) -> None:
    sheet.set_column(0, 0, 30, styles["wrap"])
    sheet.set_column(1, 1, 14, styles["wrap"])
    sheet.set_column(2, 2, 90, styles["wrap"])
    sheet.write_string(0, 0, entry.label, styles["title"])
    row = 2
    for line in _how_to(entry, parts):
        sheet.write_string(row, 0, line)
        row += 1
    for asked in parts:
        sheet.write_string(row + 1, 0, f"Sheet “{sheet_name(asked)}”", styles["bold"])
        row += 2
        for field in asked.fields:
            needed = {"yes": "required", "asked": "asked for", "no": ""}[field.required]
            example = f" Example: {field.example}." if field.example else ""
            for place, text in enumerate((field.label, needed, f"{field.help}{example}")):
                sheet.write_string(row, place, text)
            row += 1


def _how_to(entry: Format, parts: list[Specification]) -> list[str]:
    sheets = " and ".join(f"“{sheet_name(asked)}”" for asked in parts)
    short = "This takes about ten minutes for thirty people." if entry.format == "simple_return" else entry.description
    optional = [f"The sheet “{part.capitalize()}” may stay empty." for part in entry.optional]
    return [
        short,
        f"1. Fill in {sheets}: {entry.grain}. An example row in grey is passed over: write over it or leave it.",
        "2. Dark blue columns are required, light blue ones are asked for, grey ones may stay blank.",
        "3. Where a cell has a drop-down, choose from it. If nothing fits, write your own words: somebody will match them.",
        "4. Save the file and send it on the page “Send a return”. You see at once what is wrong, if anything, and can send it again.",
        "Names, dates of birth, NI numbers and postcodes are kept apart under lock; nobody sees them in any figure.",
        *optional,
    ]
