"""Marks: findings about many rows, gathered as tables."""

from __future__ import annotations

from dataclasses import dataclass, field

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


def _one(text: str | pl.Series) -> str:
    return text if isinstance(text, str) else str(text[0])


def _shown(values: pl.Series | None) -> str:
    return "" if values is None or values[0] is None else str(values[0])[:_SHOWN]
