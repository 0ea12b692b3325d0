"""One set of assumptions followed through: its expected path, and the variance that finite people add to it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from oneworkforce.planning.core.engine import kernels
from oneworkforce.planning.core.engine.structure import FIXED, Structure
from oneworkforce.planning.core.model import Floats, Integers


@dataclass(frozen=True, eq=False)
class Path:
    """The expected path of one set of assumptions.

    Axes: values[p]; leave[e], move[m] and stay[c] probabilities a period (entries in the structure's order); stock[t, c] people from the
    opening; joins[t, c] recruits at the end of period t + 1; vacancies[t, position]; demand[t, position] FTE;
    aggregates[t, a].
    """

    values: Floats
    leave: Floats
    move: Floats
    stay: Floats
    stock: Floats
    joins: Floats
    vacancies: Floats
    demand: Floats
    aggregates: Floats


def follow(structure: Structure, values: Floats) -> Path:
    """The path that these assumptions give. Axes: values[p]."""
    a, model = structure.arrays, structure.model
    cells, periods = model.axes.cells, model.calendar.periods
    positions = max(1, 0 if model.demand is None else len(model.demand.codes))
    leave, move, stay = np.empty(a.leave_assumption.size), np.empty(a.move_to.size), np.empty(cells)
    stock, joins = np.zeros((periods + 1, cells)), np.zeros((periods, cells))
    vacancies, demand = np.zeros((periods, positions)), np.zeros((periods + 1, positions))
    aggregates = np.empty((periods + 1, structure.reported.gap.size))
    kernels.probabilities(a, values, leave, move, stay)
    kernels.needs(a, values, demand)
    kernels.path(a, values, demand, move, stay, stock, joins, vacancies)
    kernels.summed(structure.reported, stock, demand, aggregates)
    return Path(values, leave, move, stay, stock, joins, vacancies, demand, aggregates)


def draw(structure: Structure, number: int, seed: int) -> Floats:
    """Every assumption in one draw, from (seed, draw, assumption) alone; shape [p]."""
    known = structure.model.assumptions
    values = np.empty(known.central.size)
    kernels.draw_assumptions(known.kind, known.central, known.first, known.second, known.key, number, seed, values)
    return values


def variances(structure: Structure, path: Path) -> Floats:
    """The process variance of every aggregate at every period, given the assumptions; shape [t, a]."""
    a, r = structure.arrays, structure.reported
    people = np.ascontiguousarray(path.stock.T)
    arrival = np.zeros((people.shape[0], path.joins.shape[0] + 1))
    if a.rule == FIXED:
        kernels.arrivals(a, path.joins, arrival)
    by_part = np.zeros((r.cell_start.size - 1, people.shape[1]))
    work = np.zeros((5, people.shape[0]))
    out = np.zeros((people.shape[1], r.gap.size))
    kernels.all_variances(a, r, path.move, path.stay, people, arrival, path.joins.sum(axis=1), path.vacancies, work, by_part, out)
    return out


def entries(order: Integers, values: Floats) -> Floats:
    """Values in the model's own order of entries, from the structure's. Axes: last."""
    out = np.empty_like(values)
    out[..., order] = values
    return out
