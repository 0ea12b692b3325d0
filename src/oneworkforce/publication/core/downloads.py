"""Files of a Released table: CSV with a row a cell, and a workbook with its notes; nothing else of a figure leaves as a file."""

from __future__ import annotations

import csv
from datetime import date
from io import BytesIO, StringIO
from typing import Any

import xlsxwriter

from oneworkforce.publication.core.provenance import SYNTHETIC_NOTICE
from oneworkforce.publication.core.released import Released
from oneworkforce.publication.core.tables import Status

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
_MARKERS = {
    Status.HIDDEN_SMALL: "[small]",
    Status.HIDDEN_SECONDARY: "[hidden]",
    Status.HIDDEN_CONTRIBUTORS: "[few partners]",
    Status.MISSING: "[not known]",
}


def file_name(released: Released, ending: str) -> str:
    """A name that says what is in the file, for when, and that it is synthetic where it is.

    Letters, figures and hyphens only, so that it is the same on every system.
    """
    months = released.provenance.months
    period = f"{max(months):%Y-%m}" if months else ""
    parts = ["synthetic" if released.provenance.synthetic else "", released.name, released.profile.name, period]
    text = "-".join(part for part in parts if part).lower()
    return "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in text) + f".{ending}"


def to_csv(released: Released) -> bytes:
    """The table as CSV in UTF-8 with its mark, so that Excel reads it too: labels, codes, figures and what each says.

    A figure that is not shown has a word in brackets in its place. The last columns name the run and, where the data is synthetic,
    say so in every row.
    """
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([safe(heading) for heading in _headings(released)])
    made_by = safe(f"{released.provenance.run}, One Workforce {released.provenance.code_version}, profile {released.profile.label}")
    notice = ["synthetic"] if released.provenance.synthetic else []
    writer.writerows([*row, made_by, *notice] for row in _rows(released))
    return text.getvalue().encode("utf-8-sig")


def to_xlsx(released: Released) -> bytes:
    """The table as a workbook: a sheet of figures, and a sheet of notes with what they are made of and who is missing."""
    content = BytesIO()
    options = {
        "in_memory": True,
        "constant_memory": False,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties({"title": released.title, "comments": SYNTHETIC_NOTICE if released.provenance.synthetic else ""})
        _write_figures(book, released)
        _write_notes(book, released)
    return content.getvalue()


def safe(value: Any) -> Any:
    """Text that no spreadsheet takes for a formula; anything else as it is.

    >>> safe("=cmd|' /C calc'!A0"), safe("Nurse"), safe(-3)
    ("'=cmd|' /C calc'!A0", 'Nurse', -3)
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(_DANGEROUS) else value


def _headings(released: Released) -> list[str]:
    columns = [heading for dimension in released.dimensions for heading in (dimension.label, f"{dimension.label} code")]
    columns += [heading for measure in released.measures for heading in (measure.heading, f"{measure.label} says")]
    return [*columns, "Made by", *(["Data"] if released.provenance.synthetic else [])]


def _rows(released: Released) -> list[list[Any]]:
    columns: list[list[Any]] = []
    for dimension in released.dimensions:
        codes = [code.isoformat() if isinstance(code, date) else safe(code) for code in released.table[dimension.name]]
        columns += [[safe(label) for label in released.labels(dimension.name)], codes]
    for measure in released.measures:
        statuses = released.statuses(measure.name)
        figures = released.table[measure.name]
        columns.append([_MARKERS.get(status, number) for status, number in zip(statuses, figures, strict=True)])
        columns.append([status.code for status in statuses])
    return [list(row) for row in zip(*columns, strict=True)]


def _write_figures(book: Any, released: Released) -> None:
    sheet = book.add_worksheet("Figures")
    bold = book.add_format({"bold": True, "bottom": 2, "text_wrap": True, "valign": "top"})
    row = 0
    if released.provenance.synthetic:
        sheet.write_string(0, 0, SYNTHETIC_NOTICE, book.add_format({"bold": True, "bg_color": "#FFF9C4"}))
        row = 1
    headings = _headings(released)
    for column, heading in enumerate(headings):
        sheet.write_string(row, column, safe(heading), bold)
        sheet.set_column(column, column, max(12, min(36, len(heading) + 4)))
    notice = ["synthetic"] if released.provenance.synthetic else []
    rows = _rows(released)
    for number, values in enumerate(rows, start=row + 1):
        sheet.write_row(number, 0, [*values, released.provenance.run, *notice])
    sheet.freeze_panes(row + 1, 0)
    sheet.autofilter(row, 0, row + len(rows), len(headings) - 1)


def _write_notes(book: Any, released: Released) -> None:
    sheet = book.add_worksheet("Notes")
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 110)
    row = 0
    for heading, lines in _notes(released):
        sheet.write_string(row, 0, heading, bold)
        for line in lines:
            row += 1
            sheet.write_string(row, 0, safe(line), wrapped)
        row += 2


def _notes(released: Released) -> list[tuple[str, tuple[str, ...]]]:
    made = released.provenance
    markers = tuple(f"{marker} {status.reason}" for status, marker in _MARKERS.items())
    return [
        (released.title, (SYNTHETIC_NOTICE,) if made.synthetic else ()),
        ("How figures are protected", (*released.notes, *markers)),
        ("What it is made of", (*made.made_of, *(source.words for source in made.inputs))),
        ("Who is missing", made.who_is_missing),
    ]
