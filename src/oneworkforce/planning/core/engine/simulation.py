"""Whole people: every period each cell's people are dealt out by an exact multinomial draw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from oneworkforce.planning.core.engine import kernels
from oneworkforce.planning.core.engine.paths import Path, draw, follow
from oneworkforce.planning.core.engine.structure import Arrays, Structure
from oneworkforce.planning.core.model import Floats
from oneworkforce.planning.core.randomness import compiled

Progress = Callable[[int, int], None]
"""Told how many draws are done, of how many; raises to stop the run."""

RUNS_OF_PEOPLE = 2**63
"""Added to the seed for the luck of people, so that it is not the luck of the assumptions."""


def silent(done: int, total: int) -> None:
    """Progress goes unsaid."""


@dataclass(frozen=True, eq=False)
class Counted:
    """The mean over runs of every flow. Axes: leave[t, e], move[t, m], age[t, c], join[t, c], stock[t, c] from the opening."""

    leave: Floats
    move: Floats
    age: Floats
    join: Floats
    stock: Floats


def simulated(structure: Structure, draws: int, seed: int, progress: Progress) -> tuple[Floats, Counted, int]:
    """Every run's aggregates [draw, t, a], the mean of every flow, and how often fewer than no recruits were asked for."""
    a, model, r = structure.arrays, structure.model, structure.reported
    periods, cells = model.calendar.periods, model.axes.cells
    path = follow(structure, model.assumptions.central)
    out = np.empty((draws, periods + 1, r.gap.size))
    counted = Counted(
        np.zeros((periods, path.leave.size)),
        np.zeros((periods, path.move.size)),
        np.zeros((periods, cells)),
        np.zeros((periods, cells)),
        np.zeros((periods + 1, cells)),
    )
    clipped = 0
    for number in range(draws):
        if model.assumptions.uncertain:
            path = follow(structure, draw(structure, number, seed))
        stock, negative = _run(a, path, counted, number, seed)
        kernels.summed(r, stock, path.demand, out[number])
        clipped += negative
        if number % 64 == 63 or number == draws - 1:
            progress(number + 1, draws)
    for total in (counted.leave, counted.move, counted.age, counted.join, counted.stock):
        np.divide(total, draws, out=total)
    return out, counted, clipped


def _run(a: Arrays, path: Path, counted: Counted, number: int, seed: int) -> tuple[Floats, int]:
    """One run's people [t, c], its flows added to those counted, and in how many periods recruits were below zero."""
    luck = np.random.Generator(np.random.Philox(key=[(RUNS_OF_PEOPLE + seed) % 2**64, number]))
    stock = np.zeros_like(path.stock)
    wanted = np.ascontiguousarray(path.joins)
    negative = _people(luck, a, path.leave, path.move, wanted, path.demand, stock, counted.leave, counted.move, counted.age, counted.join)
    np.add(counted.stock, stock, out=counted.stock)
    return stock, int(negative)


@compiled
def _people(
    luck: Any,
    a: Arrays,
    leave: Floats,
    move: Floats,
    wanted: Floats,
    demand: Floats,
    stock: Floats,
    left: Floats,
    moved: Floats,
    aged: Floats,
    joined: Floats,
) -> int:
    """`stock[t, c]` holds whole people from the opening on; flows are added to `left`, `moved`, `aged` and `joined`."""
    negative = 0
    mid = np.empty(stock.shape[1])
    for c in a.alive:
        stock[0, c] = _whole(luck, a.stock[c])
    for t in range(wanted.shape[0]):
        _deal(luck, a, leave, move, stock[t], mid, left[t], moved[t])
        for c in a.alive:
            share = a.age_share[c] if a.next_cell[c] >= 0 else 0.0
            older = luck.binomial(int(mid[c]), share) if share > 0.0 and mid[c] > 0 else 0
            stock[t + 1, c] += mid[c] - older
            if older > 0:
                stock[t + 1, a.next_cell[c]] += older
                aged[t, c] += older
        negative += _join(luck, a, wanted[t], a.target[t], demand[t + 1], stock[t + 1], joined[t])
    return negative


@compiled
def _deal(luck: Any, a: Arrays, leave: Floats, move: Floats, now: Floats, mid: Floats, left: Floats, moved: Floats) -> None:
    """Each cell's people are dealt to leaving, moving and staying: a multinomial, one binomial of the rest after another."""
    mid[:] = 0.0
    for c in a.alive:
        here, rest = int(now[c]), 1.0
        for e in range(a.leave_start[c], a.leave_start[c + 1]):
            gone = luck.binomial(here, min(1.0, leave[e] / rest)) if here > 0 and rest > 1e-15 else 0
            here -= gone
            rest -= leave[e]
            left[e] += gone
        for m in range(a.move_start[c], a.move_start[c + 1]):
            gone = luck.binomial(here, min(1.0, move[m] / rest)) if here > 0 and rest > 1e-15 else 0
            here -= gone
            rest -= move[m]
            moved[m] += gone
            mid[a.move_to[m]] += gone
        mid[c] += here


@compiled
def _join(luck: Any, a: Arrays, wanted: Floats, target: float, demand: Floats, people: Floats, joined: Floats) -> int:
    """Recruits are added to `people` and `joined`; 1 where the rule asks for fewer than none (nobody is then taken away)."""
    if a.rule == 0:
        for c in a.alive:
            if wanted[c] > 0.0:
                number = luck.poisson(wanted[c]) if a.poisson else _whole(luck, wanted[c])
                people[c] += number
                joined[c] += number
        return 0
    if a.rule == 3:
        for p in range(a.fill_fte.size):
            vacant = demand[p]
            for c in a.alive:
                if a.fill_position[c] == p:
                    vacant -= people[c] * a.fte[c]
            if vacant > 0.0 and a.fill_fte[p] > 0.0:
                filled = luck.binomial(int(_whole(luck, vacant / a.fill_fte[p])), a.fill_rate)
                _split(luck, a, p, filled, people, joined)
        return 0
    number = target - people.sum() if a.rule == 2 else target
    if number < 0.0:
        return 1
    _split(luck, a, -1, _whole(luck, number), people, joined)
    return 0


@compiled
def _split(luck: Any, a: Arrays, position: int, number: float, people: Floats, joined: Floats) -> None:
    """These recruits fall on cells by their shares, each independently; a position below 0 means one pool."""
    here, rest = int(number), 1.0
    for c in a.alive:
        if a.share[c] > 0.0 and a.fill_position[c] == position and here > 0 and rest > 1e-15:
            some = luck.binomial(here, min(1.0, a.share[c] / rest))
            here -= some
            rest -= a.share[c]
            people[c] += some
            joined[c] += some


@compiled
def _whole(luck: Any, number: float) -> float:
    """A whole number of people whose mean is `number`."""
    floor = np.floor(number)
    fraction = number - floor
    if fraction < 1e-9:
        return float(floor)
    return float(floor + (1.0 if luck.random() < fraction else 0.0))
