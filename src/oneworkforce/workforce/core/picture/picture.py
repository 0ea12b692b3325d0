"""The city's picture: every month's people, posts and flows, and which returns each stands on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from oneworkforce.errors import Invalid
from oneworkforce.workforce.core.assignments import Assignments, Posts
from oneworkforce.workforce.core.picture import flows
from oneworkforce.workforce.core.picture.cells import Cells
from oneworkforce.workforce.core.picture.dimensions import Dimensions
from oneworkforce.workforce.core.picture.facts import stock_facts
from oneworkforce.workforce.core.picture.months import first_day
from oneworkforce.workforce.core.picture.posts import posts_by_month
from oneworkforce.workforce.core.picture.returns import POSTS_ONLY, Returns, coverage, expected_from, returns, window
from oneworkforce.workforce.core.picture.sorting import neighbours, sorted_rows
from oneworkforce.workforce.core.picture.spells import spells, stands, stays_until
from oneworkforce.workforce.core.picture.successions import with_transfers

_ORGANISATIONS = {"code": pl.String, "name": pl.String, "sector": pl.String, "kind": pl.String, "opened": pl.Date, "closed": pl.Date}
_UNREAD = ("site", "row", "post", "vacant_since")
_SUCCESSIONS = {"predecessor": pl.String, "successor": pl.String, "date": pl.Date, "kind": pl.String}
_EXPECTED = {"partner": pl.String, "format": pl.String, "month": pl.Date, "status": pl.String, "snapshot": pl.String}


@dataclass(frozen=True, eq=False)
class Picture:
    """All months of the city, at the finest grain; figures for people to see are made from it by `table` and then released.

    Axes:
        months: first days, in order, none left out.
        facts[assignment × month it stands]: `month, partner, format`, the dimensions, and counts to be summed (see `facts.py`).
        flows[event]: `month, partner, format, kind, staff, reason, exposed` and the dimensions; one row one person.
        moves[change of role]: `month, partner, format, from_role, to_role`, and the dimensions after it.
        posts[line × month it stands]: `month, partner, format, role, staff_group, service, sector, funded_fte, filled_fte, vacant_fte, age`.
        coverage[partner × format × month]: `partner, format, month, status, age, overdue, snapshot, people, share`.
        organisations[organisation]: `code, name, sector, kind, opened, closed`.
    """

    months: tuple[date, ...]
    facts: pl.DataFrame
    flows: pl.DataFrame
    moves: pl.DataFrame
    posts: pl.DataFrame
    coverage: pl.DataFrame
    organisations: pl.DataFrame

    def sources(self, month: date, partners: tuple[str, ...] = ()) -> tuple[str, ...]:
        """The digests of the snapshots that the month's figures stand on, of all partners or of these."""
        of_month = self.coverage.filter(pl.col("month") == month)
        if partners:
            of_month = of_month.filter(pl.col("partner").is_in(partners))
        return tuple(of_month["snapshot"].drop_nulls().unique().sort())


def build(
    assignments: pl.DataFrame | pl.LazyFrame,
    posts: pl.DataFrame | pl.LazyFrame,
    organisations: pl.DataFrame,
    successions: pl.DataFrame | None = None,
    expected_returns: pl.DataFrame | None = None,
) -> Picture:
    """The picture that all accepted returns make together.

    Axes: assignments[row] and posts[row] in the columns of `Assignments` and `Posts`, code columns as text or Enum; organisations[row] ×
    `code, name, sector, kind, opened, closed`; successions[row] × `predecessor, successor, date, kind`; expected_returns[row] ×
    `partner, format, month, status, snapshot`, without which every return that has rows is taken as accepted and no other as due.
    Raises: Invalid where a partner is not among the organisations, or nothing is expected and there are no rows.
    """
    known = _shaped(organisations, _ORGANISATIONS)
    dims = Dimensions.of(known)
    read, lines_read = _read(assignments, list(Assignments.columns())), _read(posts, list(Posts.columns()))
    told = _shaped(expected_returns, _EXPECTED) if expected_returns is not None else pl.DataFrame(schema=_EXPECTED)
    formats = pl.Enum(pl.concat([frame["format"].cast(pl.String).unique() for frame in (read, lines_read, told)]).unique().sort())
    _check_partners([read, lines_read, told], known)
    rows, lines = dims.coded(read, formats), dims.coded(lines_read, formats)
    expected = _expected(rows, lines, told)
    succeeded = _shaped(successions, _SUCCESSIONS) if successions is not None else pl.DataFrame(schema=_SUCCESSIONS)
    months = window(expected)
    of_all = returns(expected, known, succeeded, months)
    of_people = returns(expected.filter(~pl.col("format").is_in(POSTS_ONLY)), known, succeeded, months)
    facts, went, moves = _people(rows, of_people, dims, succeeded)
    days = tuple(map(first_day, range(months[0], months[1] + 1)))
    covered = _with_people(coverage(of_all, expected), facts, Cells({"partner": dims.partner, "format": formats}, days))
    return Picture(days, facts, went, moves, posts_by_month(lines, of_all, dims), covered, known)


def _people(
    rows: pl.DataFrame, returns_: Returns, dims: Dimensions, succeeded: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Facts, flows and moves of the people in these rows."""
    near, sorted_ = neighbours(returns_), sorted_rows(rows, returns_)
    spell, followed_by = with_transfers(spells(sorted_, near), sorted_, near, rows, returns_, succeeded)
    first, end = stands(sorted_, spell, near)
    stays, known = stays_until(spell, near, followed_by)
    facts = stock_facts(rows, sorted_, spell, near, dims, (first, end), (stays, known))
    return facts, flows.events(rows, sorted_, spell, near, dims), flows.role_moves(rows, sorted_, spell, near, dims)


def _read(frame: pl.DataFrame | pl.LazyFrame, columns: list[str]) -> pl.DataFrame:
    return frame.lazy().select([name for name in columns if name not in _UNREAD]).collect()


def _expected(rows: pl.DataFrame, lines: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """What was expected, and every return that has rows though none was expected."""
    found = pl.concat([expected_from(rows), expected_from(lines)]).unique(["partner", "format", "month"])
    heard = told.filter(pl.col("status").is_in(["accepted", "nil"]))
    every = pl.concat([told, found.join(heard, on=["partner", "format", "month"], how="anti")])
    if every.is_empty():
        raise Invalid("There is no return and none was expected, so there is no picture. Accept a return first.")
    return every


def _check_partners(frames: list[pl.DataFrame], known: pl.DataFrame) -> None:
    sent = pl.concat([frame["partner"].unique().cast(pl.String) for frame in frames]).unique()
    unknown = sorted(set(sent) - set(known["code"]))
    if unknown:
        raise Invalid(f"These partners sent returns but are not among the organisations: {', '.join(unknown[:10])}.")


def _shaped(frame: pl.DataFrame, schema: dict[str, type[pl.DataType]]) -> pl.DataFrame:
    missing = [name for name in schema if name not in frame.columns]
    if missing:
        raise Invalid(f"The columns {', '.join(missing)} are not in the table with {', '.join(frame.columns)}.")
    return frame.select(pl.col(name).cast(dtype) for name, dtype in schema.items())


def _with_people(covered: pl.DataFrame, facts: pl.DataFrame, cells: Cells) -> pl.DataFrame:
    """Coverage with the people each partner's format stands for, and their share of the city's."""
    packed, figures = cells.dense([cells.sums(facts, [pl.col("people").sum()])])
    months = np.tile(np.array(cells.months, dtype="datetime64[D]"), packed.size)
    counted = pl.DataFrame({"month": months, **cells.unpacked(packed), "people": figures["people"].ravel()})
    counted = counted.with_columns(
        pl.col("partner", "format").cast(pl.String), pl.col("month").cast(pl.Date), pl.col("people").cast(pl.Int64)
    )
    joined = covered.join(counted, on=["month", "partner", "format"], how="left").with_columns(pl.col("people").fill_null(0))
    return joined.with_columns(share=pl.col("people") / pl.col("people").sum().over("month")).sort("partner", "format", "month")
