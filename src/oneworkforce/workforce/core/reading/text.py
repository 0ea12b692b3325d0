"""Text files: CSV with any of the usual separators, read by Polars in one pass; only a broken file is gone through row by row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import polars as pl

from oneworkforce.errors import Invalid
from oneworkforce.workforce.core.findings import Finding, Findings
from oneworkforce.workforce.core.reading.encodings import decoded, garbled_letters
from oneworkforce.workforce.core.reading.layout import LOOK, Heading, check_has_rows, find_heading, without_foot, without_spare_columns
from oneworkforce.workforce.core.reading.raw import ROW, Limits, Raw

DELIMITERS = (",", ";", "\t", "|")
"""The separators that are tried."""

_HEAD = 200_000  # bytes from which separator and header are told
_SEEN_RAGGED = 1_000  # findings for single rows stop here; a file with more has one cause
csv.field_size_limit(1_000_000)


def read_text(data: bytes, name: str, limits: Limits) -> Raw:
    """The one table of a CSV file; raises Invalid with what is wrong, where, and the remedy."""
    text = decoded(data, name)
    head = text.data[:_HEAD].decode("utf-8", errors="ignore")
    _check_is_text(head, name)
    said = _said_delimiter(head)
    if said:
        head = head.split("\n", 1)[1]
    delimiter = said or _delimiter(head)
    heading, lines = _heading(head, delimiter, name, limits, len(text.data) > _HEAD)
    before = 1 if said else 0
    frame, ragged = _body(_Body(text.data, delimiter, heading, before + lines, heading.first + 1 + before, name))
    frame, foot = without_foot(frame)
    check_has_rows(frame, name, limits)
    frame, repeated = without_spare_columns(frame, heading.repeated)
    notes = Findings.of([*heading.notes, *ragged, *foot, *repeated])
    return Raw(frame, name, "csv", "", text.encoding, delimiter, Findings.joined([notes, garbled_letters(frame, text.data)]))


def _said_delimiter(head: str) -> str:
    """The separator that Excel's first line `sep=;` names, "" where there is none."""
    line = head.split("\n", 1)[0].rstrip("\r")
    return line[4] if line.lower().startswith("sep=") and len(line) == 5 and "\n" in head else ""


def _check_is_text(head: str, name: str) -> None:
    if not head.strip():
        raise Invalid(f"{name} has no rows: it holds only blank lines. Send it again with its header and its rows.")
    odd = sum(1 for letter in head[:2000] if ord(letter) < 32 and letter not in "\t\r\n")
    if odd > 0.05 * len(head[:2000]):
        raise Invalid(f"{name} is not a table: it is not text. Send a CSV file, an Excel workbook (.xlsx) or a Parquet file.")


def _rows(head: str, delimiter: str, count: int) -> list[list[str]]:
    return list(islice(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter), count))


def _delimiter(head: str) -> str:
    """The separator that parts most of the first rows into most cells, evenly."""

    def score(delimiter: str) -> float:
        try:
            widths = [len(row) for row in _rows(head, delimiter, LOOK) if row]
        except csv.Error:
            return 0.0
        usual = max(set(widths), key=lambda width: (widths.count(width), width))
        return widths.count(usual) / len(widths) * (usual - 1) + 0.01 * (max(widths) - 1)

    return max(DELIMITERS, key=score)


def _heading(head: str, delimiter: str, name: str, limits: Limits, more: bool) -> tuple[Heading, int]:
    """The header, and how many lines stand above it."""
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    top, ends = [], [0]
    try:
        for row in islice(reader, LOOK):
            top.append(row)
            ends.append(reader.line_num)
    except csv.Error:
        if not top:
            raise Invalid(_open_quote(name, 1)) from None
    if more and 1 < len(top) < LOOK:
        top.pop()
    heading = find_heading(top, name, limits)
    return heading, ends[heading.first]


@dataclass(frozen=True)
class _Body:
    """A file's text and where its table is: `lines` stand above the header, which is row `first_row` of the spreadsheet."""

    data: bytes
    delimiter: str
    heading: Heading
    lines: int
    first_row: int
    name: str

    @property
    def width(self) -> int:
        return len(self.heading.names)


def _body(body: _Body) -> tuple[pl.DataFrame, list[Finding]]:
    """The rows under the header with their numbers, and a finding for each whose cells are too many or too few."""
    heading = body.heading
    found = _quick(body)
    if found is None or found[0].width != body.width:
        return _slow(body)
    frame, ragged = found
    frame.columns = list(heading.names)
    frame = frame.slice(heading.rows)
    uneven = ragged or (_has_open_ends(frame) and not _is_even(body, frame.height + heading.rows))
    frame = frame.with_row_index(ROW, body.first_row + heading.rows).with_columns(pl.col(ROW).cast(pl.Int64))
    if not uneven:
        return frame, []
    counts = _cell_counts(body, frame.height + heading.rows, ragged)
    return _slow(body) if counts is None else _evened(body, frame, counts.slice(heading.rows))


def _quick(body: _Body) -> tuple[pl.DataFrame, bool] | None:
    """The table by Polars, and whether rows with too many cells had to be cut; None where it can't be read so."""
    options = {"has_header": False, "infer_schema": False, "separator": body.delimiter, "skip_lines": body.lines}
    for ragged in (False, True):
        try:
            return pl.read_csv(body.data, truncate_ragged_lines=ragged, **options), ragged  # type: ignore[arg-type]
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
            if "more fields" not in str(error):
                return None
    return None


def _evened(body: _Body, frame: pl.DataFrame, counts: pl.DataFrame) -> tuple[pl.DataFrame, list[Finding]]:
    """The table without the rows whose values have slipped, and a finding for each uneven row.

    Axes: counts[row] × `cells, filled` (up to the last that is not blank).
    """
    blank = frame.select(pl.all_horizontal(pl.col(body.heading.names).is_null())).to_series()
    short = (counts["cells"] < body.heading.named) & ~blank
    long = counts["filled"] > body.width  # never, where no row had to be cut
    if short.len() and short[-1] and not body.data.endswith((b"\n", b"\r")):
        raise Invalid(_cut_off(body.name, int(frame[ROW][-1])))
    uneven = pl.DataFrame({"row": frame[ROW], "cells": counts["cells"], "long": long}).filter(short | long).head(_SEEN_RAGGED)
    findings = [
        _too_many(row, cells, body.width) if is_long else _short(row, cells, body.heading.named) for row, cells, is_long in uneven.rows()
    ]
    return frame.filter(~long), findings


def _has_open_ends(frame: pl.DataFrame) -> bool:
    """Whether some row with a value ends in a blank: only those can have too few cells."""
    blank = frame.get_column(frame.columns[-1]).is_null()
    return bool(blank.any()) and any((blank & frame.get_column(name).is_not_null()).any() for name in frame.columns[:-1])


def _is_even(body: _Body, rows: int) -> bool:
    """Whether every row surely has all its cells: none has more, and together there are as many separators as that takes."""
    data = body.data
    if body.lines or b'"' in data or data.count(b"\n") + (not data.endswith(b"\n")) != rows:
        return False
    return data.count(body.delimiter.encode()) == rows * (body.width - 1)


def _cell_counts(body: _Body, rows: int, ragged: bool) -> pl.DataFrame | None:
    """How many cells each row has, and how many up to its last filled one, counted over lines; None where lines are not rows.

    Parameters:
        ragged: whether some row has too many cells; where none has, `filled` is not counted and equals `cells`.
    """
    lines = pl.read_csv(
        body.data,
        has_header=False,
        infer_schema=False,
        separator="\x1f",
        quote_char=None,
        skip_lines=body.lines,
        truncate_ragged_lines=True,
    )
    if lines.height != rows:
        return None
    text = pl.col(lines.columns[0]).str.strip_chars_end("\r")
    bare = pl.when(text.str.contains('"', literal=True)).then(text.str.replace_all('"[^"]*"', "x")).otherwise(text)
    ended = bare.str.strip_chars_end(body.delimiter) if ragged else bare
    return lines.select(_cells(bare, body.delimiter).alias("cells"), _cells(ended, body.delimiter).alias("filled"))


def _cells(line: pl.Expr, delimiter: str) -> pl.Expr:
    return (line.str.count_matches(delimiter, literal=True).fill_null(0) + 1).cast(pl.Int64)


def _slow(body: _Body) -> tuple[pl.DataFrame, list[Finding]]:
    """As `_body`, by Python's reader, for a file that the quick one refuses: rows with too many cells are left out and said."""
    kept: list[list[str | None]] = []
    numbers: list[int] = []
    findings: list[Finding] = []
    row = body.first_row
    try:
        for row, cells in enumerate(_records(body), start=body.first_row):
            if row < body.first_row + body.heading.rows:
                continue
            if len(cells) > body.width and any(cell.strip() for cell in cells[body.width :]):
                findings.append(_too_many(row, len(cells), body.width))
                continue
            if any(cells) and len(cells) < body.heading.named:
                findings.append(_short(row, len(cells), body.heading.named))
            kept.append([cell or None for cell in cells[: body.width]] + [None] * (body.width - len(cells)))
            numbers.append(row)
    except csv.Error:
        raise Invalid(_open_quote(body.name, row + 1)) from None
    if findings and findings[-1].rule == "reading.short_row" and findings[-1].row == row and not body.data.endswith((b"\n", b"\r")):
        raise Invalid(_cut_off(body.name, row))
    frame = pl.DataFrame(kept, schema=dict.fromkeys(body.heading.names, pl.String), orient="row")
    return frame.insert_column(0, pl.Series(ROW, numbers, dtype=pl.Int64)), findings[:_SEEN_RAGGED]


def _records(body: _Body) -> Iterator[list[str]]:
    text = io.StringIO(body.data.decode("utf-8"), newline="")
    for _ in range(body.lines):
        text.readline()
    return csv.reader(text, delimiter=body.delimiter, strict=True)


def _cut_off(name: str, row: int) -> str:
    return f"{name} is cut off: its last row, row {row}, is not complete. The upload or export broke off; send it again."


def _open_quote(name: str, row: int) -> str:
    remedy = "Close or take out the quotation mark; where the file should go on, the upload was cut off: send it again."
    return f"{name} cannot be read from about row {row}: a quotation mark is opened and not closed where the cell ends. {remedy}"


def _short(row: int, count: int, width: int) -> Finding:
    message = f"Row {row} has {count} cells where the header has {width}; the missing ones were taken as blank."
    return Finding("reading.short_row", "warning", message, "Check that no separator is missing inside the row.", row)


def _too_many(row: int, count: int, width: int) -> Finding:
    message = f"Row {row} has {count} cells where the header has {width}, so its values have slipped; it was left out."
    return Finding("reading.long_row", "error", message, "Put a value that holds the separator in quotation marks.", row)
