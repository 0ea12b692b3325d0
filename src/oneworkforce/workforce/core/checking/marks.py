"""Marks: findings about many rows, gathered as tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

import numpy as np
import polars as pl

from oneworkforce.workforce.core.findings import SCHEMA, Finding, Findings

_SHOWN = 60
_SEVERITY = SCHEMA["severity"]


@dataclass(eq=False)
class Marks:
    """The findings of one part, growing as its rules speak.

    Axes: `rows` given to `at` and `add` are positions in the checked frame; the findings hold the row numbers that a spreadsheet shows.
    """

    part: str
    numbers: pl.Series
    tables: list[pl.DataFrame] = field(default_factory=list)
    single: list[Finding] = field(default_factory=list)

    def say(
        self, rule: str, severity: str, message: str, remedy: str, *, column: str = "", value: str = "", row: int | None = None
    ) -> None:
        """One more finding, about the whole file or column, or about one row number."""
        self.single.append(Finding(rule, severity, message, remedy, row, column, value, self.part))

    def at(
        self,
        rows: pl.Series,
        column: str,
        values: pl.Series | None,
        *,
        rule: str,
        severity: str,
        message: str | pl.Series,
        remedy: str | pl.Series,
    ) -> None:
        """One more finding for each of these rows.

        Parameters: rows[n] positions; values[n] the cells to show, None where they are personal; message and remedy one for all or [n].
        """
        if not len(rows):
            return
        count = len(rows)
        shown = pl.lit("") if values is None else pl.lit(values.cast(pl.String).fill_null("").str.slice(0, _SHOWN))
        self.tables.append(
            pl.select(
                pl.lit(self.part).alias("part"),
                pl.lit(self.numbers.gather(rows)).alias("row"),
                pl.lit(column).alias("column"),
                shown.alias("value"),
                pl.lit(rule).alias("rule"),
                pl.lit(severity, dtype=_SEVERITY).alias("severity"),
                pl.lit(message).alias("message"),
                pl.lit(remedy).alias("remedy"),
            )
            if count > 1
            else Findings.of(
                [Finding(rule, severity, _one(message), _one(remedy), self.numbers[rows[0]], column, _shown(values), self.part)]
            ).table
        )

    def findings(self) -> Findings:
        """Everything said so far: about the file first, then rule by rule."""
        return Findings.joined([Findings.of(self.single), *map(Findings, self.tables)])


class _Together(Marks):
    """Marks of returns that are looked at one under another: each row's go to its own return."""

    def __init__(self, several: Sequence[Marks], heights: Sequence[int]) -> None:
        super().__init__(several[0].part, pl.Series([], dtype=pl.Int64))
        self.several = several
        self.starts = [0, *accumulate(heights)]

    def at(
        self,
        rows: pl.Series,
        column: str,
        values: pl.Series | None,
        *,
        rule: str,
        severity: str,
        message: str | pl.Series,
        remedy: str | pl.Series,
    ) -> None:
        if not len(rows):
            return
        positions = rows.to_numpy()
        of_row = np.searchsorted(self.starts, positions, side="right") - 1
        for number in np.unique(of_row):
            own = pl.Series(np.flatnonzero(of_row == number))
            self.several[number].at(
                pl.Series(positions[of_row == number] - self.starts[number]),
                column,
                _of(values, own),
                rule=rule,
                severity=severity,
                message=_of(message, own),
                remedy=_of(remedy, own),
            )


def together(several: Sequence[Marks], heights: Sequence[int]) -> Marks:
    """Marks for rows that stand one under another, return by return: what is said of a row is said in its own return's marks.

    Parameters: heights[return] how many rows each has.
    """
    return _Together(several, heights)


def _of(given: Any, rows: pl.Series) -> Any:
    """The given for these rows, where it is one a row."""
    return given.gather(rows) if isinstance(given, pl.Series) else given


def _one(text: str | pl.Series) -> str:
    return text if isinstance(text, str) else str(text[0])


def _shown(values: pl.Series | None) -> str:
    return "" if values is None or values[0] is None else str(values[0])[:_SHOWN]
