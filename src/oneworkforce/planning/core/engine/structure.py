"""A model laid out for the kernels: everything about one cell side by side, and what is reported of the cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from oneworkforce.planning.core.model import AXES, Floats, Integers, Model
from oneworkforce.planning.core.recruiting import demand_positions, fill_shares

FIXED, SPLIT, TOTAL, FILL = 0, 1, 2, 3
"""Joining as the kernels see it: numbers by cell, a number split by shares, a total kept, vacancies filled."""


class Arrays(NamedTuple):
    """Axes: c cell, e leaving entry, m move, j joining entry, n demand entry. Entries of a cell lie together, from start[c]."""

    stock: Floats
    fte: Floats
    alive: Integers
    leave_start: Integers
    leave_assumption: Integers
    leave_turnover: npt.NDArray[np.bool_]
    move_start: Integers
    move_to: Integers
    move_assumption: Integers
    next_cell: Integers
    age_share: Floats
    yearly_exponent: float
    monthly_exponent: float
    rule: int
    poisson: bool
    join_cell: Integers
    join_period: Integers
    join_weight: Floats
    join_assumption: Integers
    share: Floats
    target: Floats
    fill_rate: float
    fill_position: Integers
    fill_fte: Floats
    demand_position: Integers
    demand_from: Integers
    demand_until: Integers
    demand_assumption: Integers


class Reported(NamedTuple):
    """What is reported, as sums over cells. Axes: a aggregate; its cells and weights from start[a]; its independent parts.

    `demand` [a × position] says which positions' need an aggregate sets against its supply (none: people, not a gap).
    A part is the share of an aggregate inside one component of cells that no person, recruit or vacancy links to
    another, so the variances of parts add. `reach` holds the cells from which a part can be reached.
    """

    start: Integers
    cell: Integers
    weight: Floats
    gap: npt.NDArray[np.bool_]
    demand_start: Integers
    demand_position: Integers
    part_start: Integers
    part: Integers
    cell_start: Integers
    part_cell: Integers
    part_weight: Floats
    reach_start: Integers
    reach: Integers


@dataclass(frozen=True, eq=False)
class Structure:
    """A model ready to run: its arrays, what is reported, and the labels of what is reported.

    `rows` labels each aggregate: its table and the code along each axis of that table.
    """

    model: Model
    arrays: Arrays
    reported: Reported
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    leave_order: Integers
    move_order: Integers


def lay_out(model: Model, *, only: Sequence[str] | None = None) -> Structure:
    """The model as the kernels need it. `only` names the tables to report (every one where not given)."""
    leave_order = np.argsort(model.leaving.cell, kind="stable")
    move_order = np.argsort(model.moves.from_cell, kind="stable")
    arrays = _arrays(model, leave_order, move_order)
    labels, members = _aggregates(model, arrays)
    chosen = [index for index, (table, _) in enumerate(labels) if only is None or table in only]
    reported = _reported(model, arrays, [members[index] for index in chosen])
    return Structure(model, arrays, reported, tuple(labels[index] for index in chosen), leave_order, move_order)


def _arrays(model: Model, leave_order: Integers, move_order: Integers) -> Arrays:
    cells, joining, demand = model.axes.cells, model.joining, model.demand
    share, position, fill_fte = np.zeros(cells), np.full(cells, -1), np.zeros(0)
    if joining.rule == "fill" and demand is not None:
        share, position = fill_shares(joining, demand, model.axes, model.stock)
        fill_fte = np.array([share[position == p] @ model.fte_per_head[position == p] for p in range(len(demand.codes))])
    elif joining.shared:
        np.add.at(share, joining.cell, joining.weight)
    none = np.zeros(0, np.int64)
    per_year = model.calendar.per_year
    partial = Arrays(
        stock=model.stock,
        fte=model.fte_per_head,
        alive=none,
        leave_start=_starts(model.leaving.cell, cells),
        leave_assumption=model.leaving.assumption[leave_order],
        leave_turnover=model.leaving.turnover[leave_order],
        move_start=_starts(model.moves.from_cell, cells),
        move_to=model.moves.to_cell[move_order],
        move_assumption=model.moves.assumption[move_order],
        next_cell=model.ageing.next_cell,
        age_share=model.ageing.share,
        yearly_exponent=1.0 if model.rates_per_period else 1.0 / per_year,
        monthly_exponent=12.0 / per_year,
        rule=FILL if joining.rule == "fill" else (FIXED if not joining.shared else SPLIT if joining.rule == "fixed" else TOTAL),
        poisson=joining.poisson,
        join_cell=joining.cell if not joining.shared and joining.rule == "fixed" else none,
        join_period=joining.period,
        join_weight=joining.weight,
        join_assumption=joining.assumption,
        share=share,
        target=_target(model),
        fill_rate=joining.fill_rate,
        fill_position=position.astype(np.int64),
        fill_fte=fill_fte,
        demand_position=none if demand is None else demand.position,
        demand_from=none if demand is None else demand.period,
        demand_until=none if demand is None else demand.until,
        demand_assumption=none if demand is None else demand.assumption,
    )
    return partial._replace(alive=_alive(partial))


def _starts(cell: Integers, cells: int) -> Integers:
    return np.concatenate([[0], np.cumsum(np.bincount(cell, minlength=cells))]).astype(np.int64)


def _target(model: Model) -> Floats:
    """Recruits of each period where a number is split; else the total at its end. Shape [periods]."""
    periods = np.arange(1, model.calendar.periods + 1)
    if model.joining.recruits is not None:
        return np.full(periods.size, model.joining.recruits)
    growth = model.joining.growth if model.joining.rule == "grow_total" else 0.0
    return np.asarray(model.stock.sum() * (1 + growth) ** periods, np.float64)


def _links(arrays: Arrays) -> Any:
    """A sparse matrix of which cell can put people, or a vacancy to be filled, into which; [from c, to c]."""
    cells = arrays.stock.size
    source = np.repeat(np.arange(cells), np.diff(arrays.move_start))
    ageing = np.flatnonzero((arrays.next_cell >= 0) & (arrays.age_share > 0))
    starts, ends = [source, ageing], [arrays.move_to, arrays.next_cell[ageing]]
    if arrays.rule == FILL:
        for position in range(arrays.fill_fte.size):
            mine = np.flatnonzero(arrays.fill_position == position)
            into = mine[arrays.share[mine] > 0]
            starts.append(np.repeat(mine, into.size))
            ends.append(np.tile(into, mine.size))
    start, end = np.concatenate(starts), np.concatenate(ends)
    return sparse.csr_matrix((np.ones(start.size), (start, end)), shape=(cells, cells))


def _alive(arrays: Arrays) -> Integers:
    """Cells in which there is or may come to be anybody; shape [alive]."""
    seeds = (arrays.stock > 0) | (arrays.share > 0)
    seeds[arrays.join_cell] = True
    links = _links(arrays).T.tocsr()
    alive = seeds
    while True:
        more = alive | (links @ alive.astype(float) > 0)
        if np.array_equal(more, alive):
            return np.flatnonzero(alive)
        alive = more


Member = tuple[Integers, Floats, Integers]
"""One aggregate: its cells, their weights, and the positions of demand it is set against."""


def _aggregates(model: Model, arrays: Arrays) -> tuple[list[tuple[str, tuple[str, ...]]], list[Member]]:
    alive = np.zeros(model.axes.cells, bool)
    alive[arrays.alive] = True
    labels: list[tuple[str, tuple[str, ...]]] = []
    members: list[Member] = []
    heads, none = np.ones(model.axes.cells), np.zeros(0, np.int64)
    for codes, cells in _grouped(model, model.report):
        if alive[cells].any() or model.axes.cells <= 1000:
            labels.append(("stock", codes))
            members.append((cells, heads[cells], none))
    labels.append(("totals", ()))
    members.append((np.arange(model.axes.cells), heads, none))
    if model.demand is not None:
        for table, codes, positions in _gap_rows(model):
            where = demand_positions(model.demand, model.axes)
            cells = np.flatnonzero(np.isin(where, positions))
            labels.append((table, codes))
            members.append((cells, model.fte_per_head[cells], positions))
    return labels, members


def _grouped(model: Model, report: Sequence[str]) -> list[tuple[tuple[str, ...], Integers]]:
    """The cells of every combination of the reported axes, in the axes' order."""
    used = [axis for axis in AXES if axis in report]
    along = model.axes.positions()
    index = np.zeros(model.axes.cells, np.int64)
    for axis in used:
        index = index * len(model.axes.codes(axis)) + along[axis]
    order = np.argsort(index, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(index[order])) + 1)
    return [(tuple(model.axes.codes(axis)[along[axis][cells[0]]] for axis in used), cells) for cells in groups]


def _gap_rows(model: Model) -> list[tuple[str, tuple[str, ...], Integers]]:
    """The gaps that are reported: by position, by role and by organisation where positions have both, and of everything."""
    if model.demand is None:
        return []
    codes = model.demand.codes
    rows = [("gap", code, np.array([position])) for position, code in enumerate(codes)]
    for axis in model.demand.axes if len(model.demand.axes) > 1 else ():
        along = [code[model.demand.axes.index(axis)] for code in codes]
        for name in [name for name in model.axes.codes(axis) if name in along]:
            rows.append((f"gap_by_{axis}", (name,), np.flatnonzero(np.array(along) == name)))
    rows.append(("gap_total", (), np.arange(len(codes))))
    return rows


def _reported(model: Model, arrays: Arrays, members: Sequence[Member]) -> Reported:
    links = _links(arrays)
    alive = np.zeros(model.axes.cells, bool)
    alive[arrays.alive] = True
    component = _components(arrays, links)
    back = links.T.tocsr()
    parts: dict[tuple[bytes, bytes], int] = {}
    chosen: list[tuple[Integers, Floats]] = []
    of: list[list[int]] = []
    for cells, weights, _ in members:
        living = alive[cells]
        mine: list[int] = []
        for name in np.unique(component[cells[living]]):
            inside = living & (component[cells] == name)
            part = (cells[inside], weights[inside])
            key = (part[0].tobytes(), part[1].tobytes())
            if key not in parts:
                parts[key] = len(chosen)
                chosen.append(part)
            mine.append(parts[key])
        of.append(mine)
    reaches = [arrays.alive if arrays.rule == TOTAL else _reach(cells, back, alive) for cells, _ in chosen]
    return Reported(
        start=_bounds(member[0] for member in members),
        cell=_joined(member[0] for member in members),
        weight=np.concatenate([member[1] for member in members]),
        gap=np.array([member[2].size > 0 for member in members]),
        demand_start=_bounds(member[2] for member in members),
        demand_position=_joined(member[2] for member in members),
        part_start=_bounds(of),
        part=_joined(of),
        cell_start=_bounds(cells for cells, _ in chosen),
        part_cell=_joined(cells for cells, _ in chosen),
        part_weight=np.concatenate([np.zeros(0), *(weights for _, weights in chosen)]),
        reach_start=_bounds(reaches),
        reach=_joined(reaches),
    )


def _components(arrays: Arrays, links: Any) -> Integers:
    """The component of each cell: cells of different components are independent of one another, given the assumptions."""
    if arrays.rule in (TOTAL, SPLIT):
        return np.zeros(arrays.stock.size, np.int64)
    _, component = sparse.csgraph.connected_components(links, directed=False)
    return np.asarray(component, np.int64)


def _reach(cells: Integers, back: Any, alive: npt.NDArray[np.bool_]) -> Integers:
    """Every living cell from which one of these can be reached, these included, in order."""
    seen = set(cells.tolist())
    frontier = list(seen)
    while frontier:
        here = frontier.pop()
        for before in back.indices[back.indptr[here] : back.indptr[here + 1]].tolist():
            if before not in seen:
                seen.add(before)
                frontier.append(before)
    return np.array(sorted(cell for cell in seen if alive[cell]), np.int64)


def _bounds(several: Any) -> Integers:
    return np.concatenate([[0], np.cumsum([len(one) for one in several])]).astype(np.int64)


def _joined(several: Any) -> Integers:
    return np.concatenate([np.zeros(0, np.int64), *(np.asarray(one, np.int64) for one in several)])
