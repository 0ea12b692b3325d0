"""From checked rows to arrays: axes, stock, what happens to it; everything that does not fit together is named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from oneworkforce.planning.core import randomness, spread
from oneworkforce.planning.core.model import AXES, Ageing, Assumptions, Axes, Floats, Integers, Leaving, Moves
from oneworkforce.planning.core.settings import Settings
from oneworkforce.planning.core.tables import Row, nearest, wrong
from oneworkforce.workforce.core.findings import Finding

Rows = Mapping[str, Sequence[Row]]


@dataclass(eq=False)
class Bench:
    """Where a model is put together: what has been assumed so far and everything found wrong."""

    findings: list[Finding]
    names: list[str] = field(default_factory=list)
    central: list[float] = field(default_factory=list)
    kind: list[int] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)

    def wrong(self, row: Row, rule: str, message: str, remedy: str, column: str = "") -> None:
        """One more thing is wrong with a row."""
        self.findings.append(
            wrong(row.file, rule, message, remedy, row=row.number, column=column, value=row.text(column) if column else "")
        )

    def assume(self, row: Row, name: str, column: str, kind: int) -> int:
        """One more assumption, from a row's value, low and high; returns its index."""
        central, low, high = row.number_of(column) or 0.0, row.number_of("low"), row.number_of("high")
        problem = _spread_problem(central, low, high, kind)
        if problem:
            self.wrong(row, "spread", *problem, column="low")
        uncertain = low is not None and high is not None and low < high and not problem
        self.names.append(name)
        self.central.append(central)
        self.kind.append(kind if uncertain else randomness.CERTAIN)
        self.low.append(low if low is not None and uncertain else np.nan)
        self.high.append(high if high is not None and uncertain else np.nan)
        return len(self.names) - 1

    def assumptions(self) -> Assumptions:
        """Everything assumed, with the distributions that low and high say."""
        kind = np.array(self.kind, np.int8)
        low, high = np.array(self.low), np.array(self.high)
        first, second = np.full(len(kind), np.nan), np.full(len(kind), np.nan)
        for code, fit in ((randomness.BETA, spread.beta), (randomness.LOGNORMAL, spread.lognormal)):
            chosen = kind == code
            if chosen.any():
                first[chosen], second[chosen] = fit(low[chosen], high[chosen])
        keys = np.array([randomness.parameter_key(name) for name in self.names], np.uint64)
        return Assumptions(tuple(self.names), np.array(self.central), kind, first, second, keys)


def _spread_problem(central: float, low: float | None, high: float | None, kind: int) -> tuple[str, str] | None:
    if low is None and high is None:
        return None
    if low is None or high is None:
        return "Only one of low and high is given.", "Give both, the 5th and 95th percentiles, or neither."
    if not low <= central <= high:
        return f"low {low:g}, value {central:g} and high {high:g} are not in order.", "low must not exceed the value, nor the value high."
    if low < high and low <= 0:
        return "low is 0, which leaves no distribution.", "Give a low above 0, or leave low and high out."
    if kind == randomness.BETA and low < high >= 1:
        return f"high is {high:g}, which is no probability below 1.", "Give a high below 1."
    return None


def build_axes(rows: Rows, settings: Settings, bench: Bench) -> Axes:
    """The axes in use, each with its codes in the order in which stock.csv and ageing.csv first name them."""
    stock = rows["stock"]
    present = tuple(axis for axis in AXES if axis == "role" or any(row.text(axis) for row in stock))
    used = tuple(axis for axis in AXES if axis in (*settings.axes, "role")) if settings.axes else present
    for axis in used:
        for row in stock:
            if not row.text(axis) and axis != "role":
                bench.wrong(row, "blank", f"{axis} is blank though the model uses that axis.", f"Give the {axis} of these people.", axis)
    for axis in present:
        if axis not in used:
            bench.findings.append(
                wrong(
                    "model.yaml",
                    "axes",
                    f"stock.csv is by {axis}, which axes leaves out.",
                    f"Add {axis} to axes, or remove the column.",
                    column="axes",
                )
            )
    codes = {axis: tuple(dict.fromkeys(row.text(axis) for row in stock if row.text(axis))) if axis in used else ("",) for axis in AXES}
    if "age_band" in used:
        codes["age_band"] = _age_order(codes["age_band"], rows["ageing"])
    return Axes(used=used, **{axis: names or ("",) for axis, names in codes.items()})


def _age_order(bands: tuple[str, ...], ageing: Sequence[Row]) -> tuple[str, ...]:
    """Bands in the order in which they age into one another, then any that do not."""
    following = {row.text("age_band"): row.text("next") for row in ageing}
    chain: list[str] = []
    for start in [band for band in following if band not in following.values()] or list(following)[:1]:
        while start and start not in chain:
            chain.append(start)
            start = following.get(start, "")
    ordered = [band for band in chain if band in bands]
    return (*ordered, *(band for band in bands if band not in ordered))


def cells_of(row: Row, axes: Axes, bench: Bench, columns_of: Mapping[str, str]) -> Integers:
    """The cells that a row speaks of, a blank axis meaning all of it; shape [match]. `columns_of` maps axis to column."""
    chosen = []
    for axis in AXES:
        written = row.text(columns_of.get(axis, axis))
        known = axes.codes(axis)
        if not written:
            chosen.append(range(len(known)))
        elif written in known:
            chosen.append(range(known.index(written), known.index(written) + 1))
        else:
            column = columns_of.get(axis, axis)
            bench.wrong(row, "unknown_code", f"{column} {written} has no row in stock.csv.", _add_or(nearest(written, known)), column)
            return np.empty(0, np.int64)
    grid = np.arange(axes.cells).reshape(axes.shape)
    return grid[np.ix_(*chosen)].ravel()


def _add_or(near: str) -> str:
    return f"{near} Or add a row for it to stock.csv, with headcount 0 where there is nobody yet."


def build_stock(rows: Rows, axes: Axes, bench: Bench) -> tuple[Floats, Floats]:
    """Opening people and full-time equivalents a head by cell, both [c]; where nobody is, FTE a head is the role's average."""
    stock, fte = np.zeros(axes.cells), np.full(axes.cells, np.nan)
    weight: dict[Any, Any] = {}
    for row in rows["stock"]:
        if any(not row.text(axis) for axis in axes.used):
            continue
        cell = int(cells_of(row, axes, bench, {})[0])
        if cell in weight:
            bench.wrong(row, "row_twice", f"These people are already in row {weight[cell]}.", "Add the two rows up or remove one.", "role")
            continue
        weight[cell] = row.number
        stock[cell] = row.number_of("headcount") or 0.0
        given = row.number_of("fte_per_head")
        fte[cell] = 1.0 if given is None else given
    role = axes.positions()["role"]
    for position in range(len(axes.role)):
        mine, known = role == position, (role == position) & ~np.isnan(fte)
        heads = stock[known].sum()
        average = float(fte[known] @ stock[known] / heads) if heads > 0 else float(fte[known].mean()) if known.any() else 1.0
        fte[mine & np.isnan(fte)] = average
    return stock, fte


def build_leaving(rows: Rows, axes: Axes, bench: Bench) -> Leaving:
    """Who leaves by which assumption; a cell and reason that two rows speak of is named."""
    reasons = tuple(dict.fromkeys(row.text("reason") for row in rows["leaving"])) or ("",)
    cell, reason, assumption, turnover = [], [], [], []
    taken: dict[Any, Any] = {}
    for row in rows["leaving"]:
        column = _either(row, "rate", "turnover", bench)
        if column is None:
            continue
        kind = randomness.BETA if column == "rate" else randomness.LOGNORMAL
        index = bench.assume(row, _name("leaving", row, ("organisation", "role", "age_band", "group", "reason")), column, kind)
        code = reasons.index(row.text("reason"))
        for one in cells_of(row, axes, bench, {}).tolist():
            if (one, code) in taken:
                said = f"Row {taken[one, code]} already says how many of these people leave for this reason."
                bench.wrong(row, "overlap", said, "Let each row speak of people that no other row of the same reason speaks of.", "role")
                break
            taken[one, code] = row.number
            cell.append(one)
            reason.append(code)
            assumption.append(index)
            turnover.append(column == "turnover")
    return Leaving(_whole(cell), _whole(reason), _whole(assumption), np.array(turnover, bool), reasons)


def _either(row: Row, one: str, other: str, bench: Bench) -> str | None:
    given = [column for column in (one, other) if row.number_of(column) is not None]
    if len(given) == 1:
        return given[0]
    if not any(finding.row == row.number and finding.part == row.file for finding in bench.findings):
        said = f"Both {one} and {other} are given." if given else f"Neither {one} nor {other} is given."
        bench.wrong(row, "blank", said, f"Give one of {one} and {other}.", one)
    return None


def _name(table: str, row: Row, parts: Sequence[str]) -> str:
    return "/".join((table, *(row.text(part) for part in parts)))


def _whole(values: Sequence[int]) -> Integers:
    return np.array(values, np.int64)


def build_moves(rows: Rows, axes: Axes, bench: Bench) -> Moves:
    """Who moves where by which assumption. A move keeps age band and group, and the organisation unless another is named."""
    from_cell, to_cell, assumption = [], [], []
    taken: dict[Any, Any] = {}
    position = axes.positions()
    strides = dict(zip(AXES, np.cumprod((1, *axes.shape[:0:-1]))[::-1], strict=True))
    for row in rows["moves"]:
        starts = cells_of(row, axes, bench, {"role": "from_role", "organisation": "from_organisation"})
        ends = cells_of(row, axes, bench, {"role": "to_role", "organisation": "to_organisation"})
        if row.number_of("rate") is None or not row.text("from_role") or not row.text("to_role") or not starts.size or not ends.size:
            continue
        parts = ("from_organisation", "from_role", "to_organisation", "to_role", "age_band", "group")
        index = bench.assume(row, _name("moves", row, parts), "rate", randomness.BETA)
        to = starts + (axes.role.index(row.text("to_role")) - position["role"][starts]) * strides["role"]
        if row.text("to_organisation"):
            to = to + (axes.organisation.index(row.text("to_organisation")) - position["organisation"][starts]) * strides["organisation"]
        moving = to != starts
        if not moving.any():
            bench.wrong(row, "no_move", "This row moves people to where they are.", "Name another role or organisation.", "to_role")
        for pair in zip(starts[moving].tolist(), to[moving].tolist(), strict=True):
            if pair in taken:
                said = f"Row {taken[pair]} already says how many of these people make this move."
                bench.wrong(row, "overlap", said, "Let each row speak of people that no other row of the same move speaks of.", "from_role")
                break
            taken[pair] = row.number
            from_cell.append(pair[0])
            to_cell.append(pair[1])
            assumption.append(index)
    return Moves(_whole(from_cell), _whole(to_cell), _whole(assumption))


def build_ageing(rows: Rows, axes: Axes, bench: Bench) -> Ageing:
    """The share of each cell that ages, and into which cell; both [c]."""
    following, share = np.full(axes.cells, -1), np.zeros(axes.cells)
    if rows["ageing"] and "age_band" not in axes.used:
        bench.wrong(
            rows["ageing"][0], "axes", "The model has no age bands to age through.", "Remove ageing.csv, or give stock.csv an age_band."
        )
        return Ageing(following, share)
    grid = np.arange(axes.cells).reshape(axes.shape)
    taken: dict[Any, Any] = {}
    for row in rows["ageing"]:
        here, there = row.text("age_band"), row.text("next")
        unknown = [column for column in ("age_band", "next") if row.text(column) not in axes.age_band]
        for column in unknown:
            bench.wrong(
                row,
                "unknown_code",
                f"{column} {row.text(column)} has no row in stock.csv.",
                _add_or(nearest(row.text(column), axes.age_band)),
                column,
            )
        if here in taken:
            bench.wrong(
                row, "row_twice", f"Row {taken[here]} already says where {here} ages to.", "Remove one of the two rows.", "age_band"
            )
        if unknown or here in taken or here == there:
            continue
        taken[here] = row.number
        mine = grid[:, :, axes.age_band.index(here), :].ravel()
        following[mine] = grid[:, :, axes.age_band.index(there), :].ravel()
        share[mine] = row.number_of("rate") or 0.0
    return Ageing(following.astype(np.int64), share)


def check_row_sums(axes: Axes, leaving: Leaving, moves: Moves, assumptions: Assumptions, per_year: float, bench: Bench) -> None:
    """Every cell's leaving and moving together are at most the whole of it; each one that is not is named."""
    turnover, total = np.zeros(axes.cells), np.zeros(axes.cells)
    value = assumptions.central[leaving.assumption]
    np.add.at(turnover, leaving.cell, np.where(leaving.turnover, value / 12, 0.0))
    np.add.at(total, leaving.cell, np.where(leaving.turnover, 0.0, value))
    np.add.at(total, moves.from_cell, assumptions.central[moves.assumption])
    together = np.where(turnover > 1, turnover, 1 - (1 - np.minimum(turnover, 1)) ** (12 / per_year)) + total
    position = axes.positions()
    for cell in np.flatnonzero((together > 1 + 1e-9) & ((total > 1 + 1e-9) | (turnover > 0))).tolist():
        who = ", ".join(axes.codes(axis)[position[axis][cell]] for axis in axes.used)
        remedy = "Leaving and moving compete for the same people: lower the rates so that they add up to 1 at most."
        bench.findings.append(
            wrong("leaving.csv", "row_sum", f"Leaving and moving of {who} add up to {together[cell]:g}.", remedy, column="rate")
        )
