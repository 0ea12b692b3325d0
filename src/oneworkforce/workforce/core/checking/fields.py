"""Fields: the rows of returns become typed, and what their cells and rows break is marked; returns alike in one go.

The cost of small returns is in the number of questions, not of rows, so returns with the same columns and rules are laid one under another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import polars as pl

from oneworkforce.workforce.core.checking.cells import read_cells
from oneworkforce.workforce.core.checking.conditions import era, mark_conditions
from oneworkforce.workforce.core.checking.context import Context
from oneworkforce.workforce.core.checking.marks import Marks, together
from oneworkforce.workforce.core.checking.whole import mark_organisations
from oneworkforce.workforce.core.specification import Specification


@dataclass(frozen=True, eq=False)
class Part:
    """The rows of one part of one return as text.

    Axes: frame[row] × the file's headers. Parameters: headers is field to header.
    """

    frame: pl.DataFrame
    asked: Specification
    headers: Mapping[str, str]
    marks: Marks
    context: Context

    @property
    def alike(self) -> tuple[object, ...]:
        """What parts have in common that are looked at in one go."""
        context, asked = self.context, self.asked
        known = tuple(sorted(context.known.items()))
        return asked.name, tuple(self.headers.items()), era(asked.format, asked.part, context.month), context.today, known


def read_fields(several: Sequence[Part]) -> list[pl.DataFrame]:
    """The rows of each part in types, [part][row] × the specification's fields; what cells and rows break is marked."""
    groups: dict[tuple[object, ...], list[int]] = {}
    for place, part in enumerate(several):
        groups.setdefault(part.alike, []).append(place)
    typed: dict[int, pl.DataFrame] = {}
    for places in groups.values():
        typed |= zip(places, _read([several[place] for place in places]), strict=True)
    return [typed[place] for place in range(len(several))]


def _read(several: list[Part]) -> list[pl.DataFrame]:
    """Parts alike. The marks of each row go to its own part."""
    first = several[0]
    heights = [part.frame.height for part in several]
    headers = list(dict.fromkeys(first.headers.values()))
    frame = first.frame if len(several) == 1 else pl.concat([part.frame.select(headers) for part in several])
    marks = first.marks if len(several) == 1 else together([part.marks for part in several], heights)
    cells = read_cells(frame, first.asked, first.headers, marks, first.context.today)
    mark_conditions(cells, first.asked, first.headers, marks, first.context, _days(several, heights))
    ends = accumulate(heights)
    typed = [cells.typed[end - height : end] for height, end in zip(heights, ends, strict=True)]
    for part, rows in zip(several, typed, strict=True):
        mark_organisations(rows, part.asked, part.headers, part.marks, part.context)
    return typed


def _days(several: list[Part], heights: list[int]) -> tuple[pl.Expr | pl.Series, ...]:
    """The first and last day of each row's month: one of each for all rows, or a column."""
    if len({part.context.month for part in several}) == 1:
        context = several[0].context
        return pl.lit(context.month).alias("month_start"), pl.lit(context.month_end).alias("month_end")
    of_row = pl.Series([number for number, height in enumerate(heights) for _ in range(height)], dtype=pl.UInt32)
    starts = pl.Series("month_start", [part.context.month for part in several], dtype=pl.Date)
    ends = pl.Series("month_end", [part.context.month_end for part in several], dtype=pl.Date)
    return starts.gather(of_row), ends.gather(of_row)
