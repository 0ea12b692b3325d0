"""Raw tables: what a file holds before anything is asked of it, every cell as text."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from oneworkforce.workforce.core.findings import Findings

ROW = "_row"
"""The column of row numbers as a spreadsheet shows them: the first row of the file is 1."""


@dataclass(frozen=True)
class Limits:
    """How much a file may hold; a larger one is turned away before it is opened.

    Parameters:
        size: bytes of the file.
        rows: rows of one table.
        columns: columns of one table.
        sheets: sheets of a workbook.
        unpacked: bytes of a workbook once unzipped.
        ratio: unzipped bytes for each zipped byte, for a workbook whose parts unzip to more than 10 MB.

    >>> Limits().columns
    250
    """

    size: int = 1024**3
    rows: int = 5_000_000
    columns: int = 250
    sheets: int = 50
    unpacked: int = 1024**3
    ratio: int = 200


@dataclass(frozen=True, eq=False)
class Raw:
    """One table as it was sent: a CSV file, a sheet, a Parquet file.

    Axes: frame[row] × the file's own headers (all text, null where blank) and `_row` (Int64).

    Parameters:
        name: the file's name.
        kind: "csv", "xlsx" or "parquet".
        sheet: the sheet's name, "" where the file has none.
        encoding, delimiter: how a CSV file was read, "" elsewhere.
        notes: what reading has to say, from "title lines passed over" to "this row has too many cells".
    """

    frame: pl.DataFrame
    name: str
    kind: str
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    notes: Findings = field(default_factory=lambda: Findings.of([]))

    @property
    def headers(self) -> tuple[str, ...]:
        """The file's own headers, in order.

        >>> Raw(pl.DataFrame({"_row": [2], "FTE": ["1"]}), "staff.csv", "csv").headers
        ('FTE',)
        """
        return tuple(column for column in self.frame.columns if column != ROW)

    @property
    def place(self) -> str:
        """The file, and the sheet where it has one, as a sentence names it.

        >>> Raw(pl.DataFrame({"_row": [2], "FTE": ["1"]}), "staff.xlsx", "xlsx", "Staff").place
        'staff.xlsx, sheet “Staff”'
        """
        return f"{self.name}, sheet “{self.sheet}”" if self.sheet else self.name
