"""From checked rows to arrays: who joins, and how many full-time equivalents are needed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from oneworkforce.planning.core import randomness
from oneworkforce.planning.core.building import Bench, Rows, cells_of
from oneworkforce.planning.core.model import Axes, Demand, Floats, Integers, Joining
from oneworkforce.planning.core.settings import Settings
from oneworkforce.planning.core.tables import Row, nearest, wrong

_PARTS = ("organisation", "role", "age_band", "group", "source", "period")


def build_joining(rows: Rows, axes: Axes, stock: Floats, settings: Settings, bench: Bench) -> Joining:
    """Who joins by which rule. A row that leaves an axis blank is spread over it as the opening stock is."""
    counted = settings.rule == "fixed" and settings.recruits is None
    sources = tuple(dict.fromkeys(row.text("source") for row in rows["joining"])) or ("",)
    parts: list[tuple[int, int, int, float, int]] = []
    taken: dict[tuple[str, ...], int] = {}
    for row in rows["joining"]:
        what = tuple(row.text(part) for part in _PARTS)
        if what in taken:
            bench.wrong(
                row, "row_twice", f"Row {taken[what]} already speaks of these recruits.", "Add the two rows up or remove one.", "role"
            )
            continue
        taken[what] = row.number
        cells = cells_of(row, axes, bench, {})
        if _quantity_wrong(row, counted, settings, bench) or not cells.size:
            continue
        spread = _spread(cells, stock)
        index = bench.assume(row, "/".join(("joining", *what)), "headcount", randomness.LOGNORMAL) if counted else -1
        share = 1.0 if counted else row.number_of("share") or 0.0
        source, period = sources.index(row.text("source")), int(row.number_of("period") or 0)
        parts += [
            (cell, source, period, share * weight, index)
            for cell, weight in zip(cells.tolist(), spread.tolist(), strict=True)
            if weight > 0
        ]
    if settings.rule in ("hold_total", "grow_total") or settings.recruits is not None:
        _check_shares(rows["joining"], settings, bench)
    return _joining(parts, sources, settings)


def _joining(parts: Sequence[tuple[int, int, int, float, int]], sources: tuple[str, ...], settings: Settings) -> Joining:
    cell, source, period, weight, index = (list(column) for column in zip(*parts, strict=True)) if parts else ([], [], [], [], [])
    per_year = 1.0 if settings.rates_per_period else settings.calendar.per_year
    return Joining(
        rule=settings.rule,
        cell=np.array(cell, np.int64),
        source=np.array(source, np.int64),
        period=np.array(period, np.int64),
        weight=np.array(weight, np.float64),
        assumption=np.array(index, np.int64),
        sources=sources,
        growth=settings.growth if per_year == 1.0 else (1 + settings.growth) ** (1 / per_year) - 1,
        recruits=settings.recruits,
        fill_rate=settings.fill_rate,
        poisson=settings.poisson,
    )


def _quantity_wrong(row: Row, counted: bool, settings: Settings, bench: Bench) -> bool:
    """Whether the row lacks what the joining rule needs; the row is then named."""
    needed, other = ("headcount", "share") if counted else ("share", "headcount")
    if row.number_of(needed) is None:
        said = f"The joining rule {settings.rule}{'' if counted else ' splits recruits by share, and'} needs {needed}, which is blank."
        bench.wrong(row, "blank", said, f"Give {needed}" + (", or choose the rule fixed in model.yaml." if not counted else "."), needed)
        return True
    if row.number_of(other) is not None:
        bench.wrong(row, "not_used", f"{other} is given, which the joining rule {settings.rule} does not use.", f"Remove {other}.", other)
    if not counted and row.number_of("period") is not None:
        bench.wrong(row, "not_used", "A share cannot change from period to period.", "Leave period blank.", "period")
    if (row.number_of("period") or 0) > settings.calendar.periods:
        said = f"period {row.text('period')} is after the last projected period, {settings.calendar.periods}."
        bench.wrong(row, "period", said, f"Give a period from 1 to {settings.calendar.periods}.", "period")
    return False


def _spread(cells: Integers, stock: Floats) -> Floats:
    """Shares of the cells as the opening stock is spread; even where nobody is there yet. Shape [cell], sums to 1."""
    if cells.size == 1:
        return np.ones(1)
    total = stock[cells].sum()
    return stock[cells] / total if total > 0 else np.full(cells.size, 1.0 / cells.size)


def _check_shares(rows: Sequence[Row], settings: Settings, bench: Bench) -> None:
    total = sum(row.number_of("share") or 0.0 for row in rows)
    if abs(total - 1) > 1e-9:
        said = f"The shares of joining.csv add up to {total:g}; the joining rule {settings.rule} splits all recruits by them."
        bench.findings.append(wrong("joining.csv", "shares", said, "Make them add up to 1.", column="share"))


def fill_shares(joining: Joining, demand: Demand, axes: Axes, stock: Floats) -> tuple[Floats, Integers]:
    """Under the rule fill, each cell's share of the recruits of its position, and its position (−1: none); both [c].

    Shares of joining.csv count in proportion to one another; a position that it does not name recruits as its opening
    stock is spread.
    """
    where = demand_positions(demand, axes)
    share = np.zeros(axes.cells)
    np.add.at(share, joining.cell, joining.weight)
    for position in range(len(demand.codes)):
        mine = np.flatnonzero(where == position)
        total = share[mine].sum()
        share[mine] = share[mine] / total if total > 0 else _spread(mine, stock)
    share[where < 0] = 0.0
    return share, where


def demand_positions(demand: Demand, axes: Axes) -> Integers:
    """The position that each cell belongs to, −1 where nothing is needed there; shape [c]."""
    index = {codes: position for position, codes in enumerate(demand.codes)}
    along = axes.positions()
    written = [np.array(axes.codes(axis), dtype=object)[along[axis]] for axis in demand.axes]
    return np.array([index.get(codes, -1) for codes in zip(*written, strict=True)], np.int64)


def build_demand(rows: Rows, axes: Axes, settings: Settings, bench: Bench) -> Demand | None:
    """What is needed where and when; None where there is no demand.csv. A need holds until the next one given."""
    if not rows["demand"]:
        if settings.rule == "fill":
            remedy = "Add demand.csv, or choose another rule."
            bench.findings.append(
                wrong("model.yaml", "rule", "The joining rule fill fills vacancies, and there is no demand.csv.", remedy, column="joining")
            )
        return None
    by_organisation = any(row.text("organisation") for row in rows["demand"])
    used = ("organisation", "role") if by_organisation else ("role",)
    series: dict[tuple[tuple[str, ...], str], dict[int, int]] = {}
    for row in rows["demand"]:
        if _place_wrong(row, used, axes, bench) or row.number_of("fte") is None:
            continue
        period = int(row.number_of("period") or 0)
        key = (tuple(row.text(axis) for axis in used), row.text("service"))
        if period in series.setdefault(key, {}):
            bench.wrong(row, "row_twice", "Another row already gives this need.", "Add the two rows up or remove one.", "role")
            continue
        name = "/".join(("demand", row.text("organisation"), row.text("role"), row.text("service"), str(period)))
        series[key][period] = bench.assume(row, name, "fte", randomness.LOGNORMAL)
    return _demand(series, used, settings.calendar.periods)


def _place_wrong(row: Row, used: tuple[str, ...], axes: Axes, bench: Bench) -> bool:
    for axis in used:
        written = row.text(axis)
        if not written:
            bench.wrong(row, "blank", f"{axis} is blank though other rows give it.", f"Give the {axis}.", axis)
            return True
        if written not in axes.codes(axis):
            remedy = f"{nearest(written, axes.codes(axis))} Or add a row for it to stock.csv, with headcount 0 where there is nobody yet."
            bench.wrong(row, "unknown_code", f"{axis} {written} has no row in stock.csv.", remedy, axis)
            return True
    return False


def _demand(series: dict[tuple[tuple[str, ...], str], dict[int, int]], used: tuple[str, ...], periods: int) -> Demand:
    codes = tuple(dict.fromkeys(key[0] for key in series))
    entries: list[tuple[int, int, int, int]] = []
    for (where, _service), given in series.items():
        starts = sorted(given)
        ends = [*(start - 1 for start in starts[1:]), periods]
        # what is needed in the first period is needed at its opening
        entries += [(codes.index(where), 0 if start == 1 else start, end, given[start]) for start, end in zip(starts, ends, strict=True)]
    table = np.array(entries, np.int64).reshape(-1, 4)
    return Demand(used, codes, table[:, 0], table[:, 1], table[:, 2], table[:, 3])
