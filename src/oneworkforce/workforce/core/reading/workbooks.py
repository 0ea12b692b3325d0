"""Workbooks: each visible sheet of an XLSX file that holds a table."""

from __future__ import annotations

import re

import fastexcel
import polars as pl

from oneworkforce.errors import Invalid
from oneworkforce.workforce.core.findings import Finding, Findings
from oneworkforce.workforce.core.reading.encodings import garbled_letters
from oneworkforce.workforce.core.reading.layout import (
    LOOK,
    Heading,
    check_has_rows,
    find_heading,
    is_known,
    without_foot,
    without_spare_columns,
)
from oneworkforce.workforce.core.reading.packages import Marks, check_package, sheet_marks
from oneworkforce.workforce.core.reading.raw import ROW, Limits, Raw

_ALWAYS = b"\xef\xbf\xbd"  # a workbook's bytes are packed, so every sheet is looked through for garbled letters


def read_workbook(data: bytes, name: str, limits: Limits) -> tuple[Raw, ...]:
    """The tables of a workbook, one a sheet; sheets that hold none (notes, drop-down lists, hidden ones) are passed over.

    Where any sheet has headers that some specification knows, only such sheets are taken. Raises Invalid where no sheet holds a table.
    """
    check_package(data, name, limits)
    marks = sheet_marks(data, name, limits)
    grids = _grids(data, name)
    if not grids:
        raise Invalid(f"{name} has no rows: every sheet is blank. Send it again with its header and its rows.")
    known = {sheet: grid for sheet, grid in grids.items() if is_known(grid.head(LOOK).rows())}
    tables, refused = [], []
    for sheet, grid in (known or grids).items():
        try:
            tables.append(_table(grid, name, sheet, marks.get(sheet, Marks((), (), ())), limits))
        except Invalid as refusal:
            if known and not _is_bare(grid):
                raise
            refused.append(refusal)
    if not tables:
        raise refused[0]
    return tuple(tables)


def _is_bare(grid: pl.DataFrame) -> bool:
    """Whether a sheet holds a header (and titles) but no rows: an optional part that was left empty."""
    filled = grid.select(pl.sum_horizontal(pl.all().is_not_null())).to_series()
    return int((filled >= 2).sum()) <= 1


def _grids(data: bytes, name: str) -> dict[str, pl.DataFrame]:
    """Every visible sheet that is not blank, as text from its first row on."""
    try:
        book = fastexcel.read_excel(data)
        sheets = [book.load_sheet(index, header_row=None, skip_rows=0, dtypes="string") for index in range(len(book.sheet_names))]
        visible = [sheet for sheet in sheets if sheet.visible == "visible" and sheet.height]
        return {sheet.name: sheet.to_polars() for sheet in visible}
    except fastexcel.FastExcelError:
        raise Invalid(
            f"{name} cannot be opened as a workbook. Open it in Excel, save it as an Excel workbook (.xlsx) and send it again."
        ) from None


def _table(grid: pl.DataFrame, name: str, sheet: str, marks: Marks, limits: Limits) -> Raw:
    place = f"{name}, sheet “{sheet}”"
    heading = find_heading(grid.head(LOOK).rows(), place, limits)
    merged = _merged_notes(marks.merged, heading, place)
    grid.columns = list(heading.names)
    frame = grid.with_row_index(ROW, 1).with_columns(pl.col(ROW).cast(pl.Int64)).slice(heading.body)
    frame, foot = without_foot(frame)
    check_has_rows(frame, place, limits)
    frame, repeated = without_spare_columns(frame, heading.repeated)
    notes = Findings.of([*heading.notes, *merged, *_formula_notes(marks, heading), *foot, *repeated])
    return Raw(frame, name, "xlsx", sheet, notes=Findings.joined([notes, garbled_letters(frame, _ALWAYS)]))


def _corners(merged: str) -> tuple[str, int, str, int]:
    found = re.fullmatch(r"([A-Z]+)(\d+):([A-Z]+)(\d+)", merged)
    if found is None:
        raise ValueError(f"{merged!r} is not a range of cells")
    return found.group(1), int(found.group(2)), found.group(3), int(found.group(4))


def _merged_notes(merged: tuple[str, ...], heading: Heading, place: str) -> list[Finding]:
    """A warning for each range merged under the header; raises Invalid where cells of the header itself are merged across columns."""
    notes = []
    last_header = heading.body
    for cells in merged:
        left, top, right, bottom = _corners(cells)
        if top == last_header and left != right:
            remedy = "Unmerge them (Home, Merge & Centre) and give every column its own name."
            raise Invalid(f"{place}: cells {cells} in the header are merged, so columns have no name of their own. {remedy}")
        if bottom > last_header and top > last_header:
            message = f"Cells {cells} are merged: only the first holds the value, the others are blank."
            notes.append(Finding("reading.merged_cells", "warning", message, "Unmerge them and fill in every cell.", top))
    return notes


def _formula_notes(marks: Marks, heading: Heading) -> list[Finding]:
    notes = []
    cells = [cell for cell in marks.formulas if _row(cell) > heading.body]
    empty = [cell for cell in marks.uncalculated if _row(cell) > heading.body]
    if empty:
        message = f"{len(empty)} cells hold formulas without a saved result and were read as blank, first {empty[0]}."
        notes.append(
            Finding("reading.uncalculated", "error", message, "Open the workbook in Excel, save it and send it again.", _row(empty[0]))
        )
    if len(cells) > len(empty):
        message = f"{len(cells)} cells hold formulas, first {cells[0]}; the results that were saved with the workbook were read."
        remedy = "Nothing, or copy them and paste as values to be sure."
        notes.append(Finding("reading.formulas", "note", message, remedy, _row(cells[0])))
    return notes


def _row(cell: str) -> int:
    return int(re.sub(r"\D", "", cell))
