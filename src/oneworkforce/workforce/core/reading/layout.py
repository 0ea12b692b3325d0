"""Layout: where in a sheet the table is. Titles above, a second header row, totals and notes below are found and said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import polars as pl

from oneworkforce.errors import Invalid
from oneworkforce.workforce.core.findings import Finding
from oneworkforce.workforce.core.reading.raw import ROW, Limits
from oneworkforce.workforce.core.specification import format_list, header_key, specification

LOOK = 40
"""How many rows from the top are looked at for the header, and from the bottom for totals and notes."""

Cells = Sequence[str | None]

_VALUE = re.compile(r"^[£(-]?\d[\d,.]*[)%]?$|^\d{1,4}[/-]\d{1,2}[/-]\d{1,4}")
_KINDS = {
    "text",
    "string",
    "date",
    "ddmmyyyy",
    "number",
    "integer",
    "decimal",
    "code",
    "mandatory",
    "required",
    "optional",
    "yesno",
    "freetext",
}
_NOTE = r"(?i)^\s*(notes?\b|source\b|end of|\*|printed|report run|run on|page \d)"
_TOTAL = r"(?i)^\s*(grand |overall |sub-? ?)?totals?\b"


@dataclass(frozen=True)
class Heading:
    """Where the header is and what it says.

    Parameters:
        first: index of the header's first row, from 0 at the top of the file.
        rows: how many rows it takes (1 or 2).
        names: one a column, no two alike.
        repeated: pairs of columns (first, later) that had the same header.
        notes: what there is to say about it.
    """

    first: int
    rows: int
    names: tuple[str, ...]
    repeated: tuple[tuple[str, str], ...]
    notes: tuple[Finding, ...]

    @property
    def named(self) -> int:
        """How many columns there are up to the last that has a name: a row with fewer cells lacks something."""
        return max((index + 1 for index, name in enumerate(self.names) if not name.startswith("(column ")), default=0)

    @property
    def body(self) -> int:
        """Index of the first row under the header."""
        return self.first + self.rows


@cache
def known_headers() -> frozenset[str]:
    """Every header that any specification knows, reduced by `header_key`.

    >>> header_key("Assignment Number") in known_headers()
    True
    """
    parts = [specification(entry.format, part) for entry in format_list() for part in entry.part_names]
    fields = [field for part in parts for field in part.fields]
    return frozenset(header_key(name) for field in fields for name in (field.label, field.field, *field.other_labels))


def find_heading(top: Sequence[Cells], name: str, limits: Limits) -> Heading:
    """The header's place and names, from the first rows of a table; raises Invalid where there is none or it is too wide.

    >>> find_heading([["Leavers in 2025", None], ["Name", "FTE"], ["A", "1"]], "staff.csv", Limits()).first
    1
    """
    first = _header_row(top, name)
    header, rows = _with_second_row(top, first)
    width = _width(header, top[first + rows :])
    names, repeated = _distinct(header, width)
    filled = len([cell for cell in header if cell])
    if filled > limits.columns:
        raise Invalid(f"{name} has {filled} columns; the limit is {limits.columns}. Take out the columns that the return does not ask for.")
    return Heading(first, rows, names, repeated, tuple(_heading_notes(top, first, rows, repeated)))


def is_known(top: Sequence[Cells]) -> bool:
    """Whether some row is the header of a table we know."""
    return any(_hits(row) >= 2 for row in top)


def _clean(row: Cells) -> list[str]:
    return [re.sub(r"\s+", " ", cell or "").strip() for cell in row]


def _hits(row: Cells) -> int:
    keys = {header_key(cell) for cell in row if cell}
    return len((keys - {""}) & known_headers())


def _all_hits(top: Sequence[Cells], most: int) -> list[int]:
    """How many known headers each row has; 0 in the rows after one that no later row can better, as none is longer."""
    hits = [0] * len(top)
    for index, row in enumerate(top):
        hits[index] = _hits(row)
        if hits[index] >= most:
            break
    return hits


def _header_row(top: Sequence[Cells], name: str) -> int:
    """The index of the row with most known headers, else of the first row that is as wide as the table."""
    filled = [sum(1 for cell in row if cell and not cell.isspace()) for row in top]
    if max(filled, default=0) == 0:
        raise Invalid(f"{name} has no rows: every cell is blank. Send it again with its header and its rows.")
    if max(filled) < 2:
        raise Invalid(
            f"{name} is not a table: it has one column only. Separate the columns by commas, semicolons or tabs, or send an Excel workbook."
        )
    hits = _all_hits(top, max(filled))
    best = hits.index(max(hits))
    if hits[best] >= 3 or (hits[best] >= 2 and hits[best] >= 0.3 * filled[best]):
        return best
    wide = next(index for index, count in enumerate(filled) if count >= max(2, 0.6 * max(filled)))
    values = sum(1 for cell in _clean(top[wide]) if _VALUE.match(cell))
    if values > 0.4 * filled[wide]:
        raise Invalid(
            f"{name} has no header: row {wide + 1} holds values, not the names of the columns. Put the columns' names in the first row."
        )
    return wide


def _with_second_row(top: Sequence[Cells], first: int) -> tuple[list[str], int]:
    """The header's names and how many rows they take."""
    header = _clean(top[first])
    if first + 1 >= len(top):
        return header, 1
    below = _clean(top[first + 1])
    keys = [header_key(cell) for cell in below if cell]
    if keys and sum(key in _KINDS for key in keys) >= 0.8 * len(keys):
        return header, 2
    if keys and (_hits(below) >= 3 or below == header) and _hits(below) >= 0.5 * len(keys):
        return (header, 2) if _hits(below) == _hits(header) and below == header else (_joined(header, below), 2)
    joined = _joined(header, below)
    if _hits(joined) > _hits(header) + 1 and not any(_VALUE.match(cell) for cell in below):
        return joined, 2
    return header, 1


def _joined(upper: list[str], lower: list[str]) -> list[str]:
    """One header from two rows: the name that is known, from the lower row, both together, or the upper row."""
    width = max(len(upper), len(lower))
    upper, lower = upper + [""] * (width - len(upper)), lower + [""] * (width - len(lower))
    group, names = "", []
    for above, below in zip(upper, lower, strict=True):
        group = above or group
        tries = [name for name in (f"{group} {below}".strip(), below, above) if name]
        names.append(next((name for name in tries if header_key(name) in known_headers()), below or above))
    return names


def _width(header: list[str], rows: Sequence[Cells]) -> int:
    """How many columns there are: the header's, or more where most rows hold values past its end."""
    widths = [max((index + 1 for index, cell in enumerate(row) if cell), default=0) for row in rows]
    longer = [width for width in widths if width > len(header)]
    return max(set(longer), key=longer.count) if len(longer) > 0.5 * len(widths) and len(longer) > 1 else len(header)


def _distinct(header: list[str], width: int) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """The names with blanks named by their column and repeats numbered, and the pairs that were alike."""
    names: list[str] = []
    repeated: list[tuple[str, str]] = []
    for index in range(width):
        plain = header[index] if index < len(header) else ""
        name = plain or f"(column {index + 1})"
        count = 2
        while name in names or name == ROW:
            name, count = f"{plain or '(column)'} ({count})", count + 1
        if plain and name != plain:
            repeated.append((plain, name))
        names.append(name)
    return tuple(names), tuple(repeated)


def _heading_notes(top: Sequence[Cells], first: int, rows: int, repeated: tuple[tuple[str, str], ...]) -> list[Finding]:
    notes = []
    above = [index for index in range(first) if any(_clean(top[index]))]
    if above:
        where = f"Row {above[0] + 1}" if len(above) == 1 else f"Rows {above[0] + 1} to {above[-1] + 1}"
        message = f"{where} above the header in row {first + 1} {'is a title' if len(above) == 1 else 'are titles'} and passed over."
        notes.append(Finding("reading.title", "note", message, "Nothing, or take the lines out.", above[0] + 1))
    if rows == 2:
        message = f"Rows {first + 1} and {first + 2} are both header rows; they were read as one header."
        notes.append(
            Finding("reading.two_headers", "note", message, "Check that the columns were understood, or keep one header row.", first + 2)
        )
    return notes


def without_foot(frame: pl.DataFrame) -> tuple[pl.DataFrame, tuple[Finding, ...]]:
    """The table without the blank rows, and without total and note rows at its foot, each of which is said.

    >>> body = pl.DataFrame({"_row": [2, 3], "Name": ["A", "Total"], "Post": ["Nurse", None], "FTE": ["1", "1"]})
    >>> kept, notes = without_foot(body)
    >>> kept.height, notes[0].rule
    (1, 'reading.total_row')
    """
    columns = [column for column in frame.columns if column != ROW]
    first = frame.get_column(columns[0])
    if first.null_count() or (first == "").any():
        frame = frame.filter(~pl.all_horizontal(pl.col(columns).is_null() | (pl.col(columns) == "")))
    notes: list[Finding] = []
    kept = frame.height
    for row in reversed(frame.tail(LOOK).rows(named=True)):
        note = _foot_note(row, columns)
        if note is None:
            break
        notes.insert(0, note)
        kept -= 1
    return frame.head(kept), tuple(notes)


def _foot_note(row: dict[str, object], columns: list[str]) -> Finding | None:
    """The finding for a row that is a total or a note, None for a row of the table."""
    number = int(str(row[ROW]))
    cells = [str(row[column]).strip() for column in columns if row[column] not in (None, "")]
    sparse = len(cells) <= 0.7 * len(columns)
    if sparse and any(re.search(_TOTAL, cell) for cell in cells[:3]):
        message = f"Row {number} is a total, not a row of the table; it was left out."
        return Finding("reading.total_row", "warning", message, "Check that it is a total; take it out next time.", number)
    wordy = len(cells) == 1 and len(cells[0]) > 20
    if cells and len(columns) >= 4 and len(cells) <= 0.5 * len(columns) and (wordy or re.match(_NOTE, cells[0])):
        message = f"Row {number} is a note under the table, not a row of it; it was left out."
        return Finding("reading.foot_note", "note", message, "Nothing, or take the line out.", number)
    return None


def without_spare_columns(frame: pl.DataFrame, repeated: tuple[tuple[str, str], ...]) -> tuple[pl.DataFrame, tuple[Finding, ...]]:
    """The table without columns that have neither name nor value; a header that stands twice is said.

    A repeated column that holds the same as the first is dropped (note); otherwise it stays under a numbered name (error).
    """
    spare = [name for name in frame.columns if re.fullmatch(r"\(column( \d+|\) \(\d+\))\)?", name) and _is_blank(frame[name])]
    frame = frame.drop(spare)
    notes = []
    for first, later in repeated:
        if later not in frame.columns:
            continue
        if frame[first].equals(frame[later]):
            frame = frame.drop(later)
            notes.append(
                Finding(
                    "reading.repeated_header",
                    "note",
                    f"“{first}” stands twice with the same values.",
                    "Nothing, or take one out.",
                    1,
                    first,
                )
            )
        else:
            message = f"“{first}” is the header of two columns that hold different values."
            notes.append(Finding("reading.repeated_header", "error", message, "Rename or take out one of them.", column=first))
    return frame, tuple(notes)


def _is_blank(cells: pl.Series) -> bool:
    return cells.null_count() == len(cells) or bool(((cells == "") | cells.is_null()).all())


def check_has_rows(frame: pl.DataFrame, name: str, limits: Limits) -> None:
    """The table has rows, and not more than the limit; raises Invalid otherwise."""
    if frame.height == 0:
        raise Invalid(f"{name} has a header but no rows. Send it again with its rows, or make a nil return.")
    if frame.height > limits.rows:
        raise Invalid(f"{name} has {frame.height:,} rows; the limit is {limits.rows:,}. Send it in parts.")
