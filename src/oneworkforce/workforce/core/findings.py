"""Findings: everything that checking has to say about a return, all at once, as one table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

SEVERITIES = ("error", "warning", "note")
"""error stops, warning asks, note informs"""

_COLUMNS: dict[str, pl.DataType | type[pl.DataType]] = {
    "part": pl.String,  # which file of the return ("" where it has one)
    "row": pl.Int64,  # row number as a spreadsheet shows it, header = 1; null: about the whole file
    "column": pl.String,  # the column's own header in the file; "" where about the row or file
    "value": pl.String,  # the value as sent, shortened; "" where not to be shown (personal)
    "rule": pl.String,  # stable name of the rule, e.g. "esr.fte.maximum"
    "severity": pl.Enum(SEVERITIES),
    "message": pl.String,  # what is wrong
    "remedy": pl.String,  # what to do
}

SCHEMA = pl.Schema(_COLUMNS)
"""The columns of a table of findings."""

_BY_RULE = {name: _COLUMNS[name] for name in ("severity", "rule", "part", "column", "message", "remedy")} | {
    "count": pl.UInt32,
    "first_rows": pl.List(pl.Int64),
}
_FIRST = 5
_NONE = pl.DataFrame(schema=SCHEMA)


@dataclass(frozen=True)
class Finding:
    """One thing to say about a return, for rules that speak once; rules over rows build the table directly."""

    rule: str
    severity: str
    message: str
    remedy: str
    row: int | None = None
    column: str = ""
    value: str = ""
    part: str = ""


@dataclass(frozen=True, eq=False)
class Findings:
    """All findings of one check.

    Axes: table[finding] with the columns of `SCHEMA`.

    >>> findings = Findings.of([Finding("demo.rule", "error", "FTE is 14.", "Enter FTE between 0 and 1.5.", row=7, column="FTE")])
    >>> findings.count("error"), findings.count("warning")
    (1, 0)
    """

    table: pl.DataFrame

    @classmethod
    def of(cls, findings: Iterable[Finding]) -> Findings:
        """The table of these findings, in the order given."""
        rows = [[getattr(finding, name) for name in _COLUMNS] for finding in findings]
        return cls(pl.DataFrame(rows, schema=SCHEMA, orient="row") if rows else _NONE)

    @classmethod
    def joined(cls, several: Iterable[Findings]) -> Findings:
        """All findings of several checks, in order."""
        tables = [findings.table for findings in several if findings.table.height]
        return cls(pl.concat(tables) if len(tables) > 1 else tables[0] if tables else _NONE)

    def count(self, severity: str) -> int:
        """How many findings have this severity."""
        return self._counts[SEVERITIES.index(severity)]

    @cached_property
    def _counts(self) -> list[int]:
        """How many findings each severity has."""
        places = self.table.get_column("severity").to_physical().to_numpy()
        return [int(count) for count in np.bincount(places, minlength=len(SEVERITIES))]

    @property
    def has_errors(self) -> bool:
        """Whether anything stops this return from being accepted."""
        return self.count("error") > 0

    def by_rule(self) -> pl.DataFrame:
        """One row a rule, severity first: `severity, rule, part, column, message, remedy, count, first_rows` (up to 5 rows)."""
        columns = [self.table.get_column(name).to_list() for name in ("severity", "rule", "part", "column", "message", "remedy", "row")]
        groups: dict[tuple[str, ...], tuple[str, str, list[int | None]]] = {}
        for severity, rule, part, column, message, remedy, row in zip(*columns, strict=True):
            groups.setdefault((severity, rule, part, column), (message, remedy, []))[2].append(row)
        ordered = sorted(groups.items(), key=lambda group: (SEVERITIES.index(group[0][0]), -len(group[1][2])))
        found = [(*key, message, remedy, len(rows), rows[:_FIRST]) for key, (message, remedy, rows) in ordered]
        return pl.DataFrame(found, schema=_BY_RULE, orient="row")
