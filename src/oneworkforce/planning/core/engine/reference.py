"""The oracle: the same model in the plainest way, one cell and one person's chances at a time. Slow on purpose.

Nothing here is shared with the kernels but the model itself. `path` is the expected path with every flow; `moments`
carries the full covariance matrix of all cells forward by the law of total variance. Both take the assumptions' values,
so that any draw can be held against them.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from oneworkforce.planning.core.model import Floats, Model
from oneworkforce.planning.core.recruiting import fill_shares

Flow = tuple[int, str, int | None, int | None, str]
"""period (from 1), kind, from cell, to cell, reason or source"""


@dataclass(frozen=True, eq=False)
class Reference:
    """Axes: stock[t][c] from the opening; flows by (period, kind, from, to, reason or source); recruits[t]."""

    stock: list[list[float]]
    flows: dict[Flow, float]
    recruits: list[float]


@dataclass(frozen=True, eq=False)
class Chances:
    """What may happen to a person of each cell in a period: leaving[c][reason] and moving[c][to]."""

    leaving: list[dict[str, float]]
    moving: list[dict[int, float]]


def chances(model: Model, values: Floats) -> Chances:
    """The probabilities of one period: yearly rates converted together on the hazard scale, turnover one twelfth a month."""
    cells, per_year = range(model.axes.cells), model.calendar.per_year
    rates: list[dict[tuple[str, int | str], float]] = [{} for _ in cells]
    turnovers: list[dict[str, float]] = [{} for _ in cells]
    for cell, reason, assumption, turnover in zip(
        model.leaving.cell, model.leaving.reason, model.leaving.assumption, model.leaving.turnover, strict=True
    ):
        name = model.leaving.reasons[reason]
        if turnover:
            turnovers[cell][name] = float(values[assumption]) / 12
        else:
            rates[cell]["leave", name] = float(values[assumption])
    for start, end, assumption in zip(model.moves.from_cell, model.moves.to_cell, model.moves.assumption, strict=True):
        rates[start]["move", int(end)] = float(values[assumption])
    leaving: list[dict[str, float]] = [{} for _ in cells]
    moving: list[dict[int, float]] = [{} for _ in cells]
    for cell in cells:
        for (kind, what), chance in _converted(rates[cell], 1.0 if model.rates_per_period else 1 / per_year).items():
            if kind == "leave":
                leaving[cell][str(what)] = chance
            else:
                moving[cell][int(what)] = chance
        for name, chance in _converted(turnovers[cell], 12 / per_year).items():
            leaving[cell][name] = leaving[cell].get(name, 0.0) + chance
    return Chances(leaving, moving)


def _converted(competing: dict, power: float) -> dict:  # type: ignore[type-arg]  # keys are whatever competes
    """Each competing risk's part of 1 − (1 − total)^power."""
    total = sum(competing.values())
    if total == 0 or power == 1:
        return competing
    return {what: rate / total * (1 - (1 - total) ** power) for what, rate in competing.items()}


def path(model: Model, values: Floats) -> Reference:
    """The expected path and every flow, in the order leave, move, age, join."""
    chance = chances(model, values)
    stock = [float(people) for people in model.stock]
    stocks, recruits = [stock], list[float]()
    flows: defaultdict[tuple[int, str, int | None, int | None, str], float] = defaultdict(float)
    for period in range(1, model.calendar.periods + 1):
        after = list(stock)
        for cell, people in enumerate(stock):
            for reason, probability in chance.leaving[cell].items():
                after[cell] -= people * probability
                flows[period, "leave", cell, None, reason] += people * probability
            for to, probability in chance.moving[cell].items():
                after[cell] -= people * probability
                after[to] += people * probability
                flows[period, "move", cell, to, ""] += people * probability
        aged = list(after)
        for cell, people in enumerate(after):
            to = int(model.ageing.next_cell[cell])
            if to >= 0 and model.ageing.share[cell] > 0:
                aged[cell] -= people * model.ageing.share[cell]
                aged[to] += people * model.ageing.share[cell]
                flows[period, "age", cell, to, ""] += people * model.ageing.share[cell]
        joins = _joins(model, values, aged, period)
        for (cell, source), number in joins.items():
            flows[period, "join", None, cell, source] += number
            aged[cell] += number
        recruits.append(sum(joins.values()))
        stock = [float(people) for people in aged]
        stocks.append(stock)
    return Reference(stocks, dict(flows), recruits)


def _joins(model: Model, values: Floats, stayed: list[float], period: int) -> dict[tuple[int, str], float]:
    """Who joins at the end of a period, by cell and source."""
    joining = model.joining
    out: defaultdict[tuple[int, str], float] = defaultdict(float)
    if joining.rule == "fill":
        for cell, number in enumerate(_filled(model, values, stayed, period)):
            out[cell, ""] += number
        return out
    for cell, source, when, weight, assumption in zip(
        joining.cell, joining.source, joining.period, joining.weight, joining.assumption, strict=True
    ):
        key = (int(cell), joining.sources[source])
        if joining.rule == "fixed" and joining.recruits is None:
            out[key] += float(values[assumption]) * weight if when in (0, period) else 0.0
        elif joining.rule == "fixed":
            out[key] += (joining.recruits or 0.0) * weight
        else:
            growth = joining.growth if joining.rule == "grow_total" else 0.0
            out[key] += (float(model.stock.sum()) * (1 + growth) ** period - sum(stayed)) * weight
    return out


def needed(model: Model, values: Floats, period: int) -> list[float]:
    """Full-time equivalents needed at each position of demand in one period (0 is the opening)."""
    assert model.demand is not None
    need = [0.0] * len(model.demand.codes)
    rows = zip(model.demand.position, model.demand.period, model.demand.until, model.demand.assumption, strict=True)
    for position, start, end, assumption in rows:
        if start <= period <= end:
            need[position] += float(values[assumption])
    return need


def _filled(model: Model, values: Floats, stayed: list[float], period: int) -> list[float]:
    assert model.demand is not None
    share, where = fill_shares(model.joining, model.demand, model.axes, model.stock)
    out = [0.0] * model.axes.cells
    for position, need in enumerate(needed(model, values, period)):
        mine = [cell for cell in range(model.axes.cells) if where[cell] == position]
        have = sum(stayed[cell] * model.fte_per_head[cell] for cell in mine)
        recruit = sum(share[cell] * model.fte_per_head[cell] for cell in mine)
        vacant = max(0.0, need - have) / recruit if recruit > 0 else 0.0
        for cell in mine:
            out[cell] = model.joining.fill_rate * vacant * float(share[cell])
    return out


def moments(model: Model, values: Floats) -> tuple[Floats, Floats]:
    """Mean [t, c] and covariance [t, c, c] of whole people, for the joining rules that are linear (all but fill).

    Next period's people are S, who is left, plus recruits. Given the stock, the people of a cell fall multinomially, so
    Cov(S) = P'VP + Σ n (diag p − pp'). A total T kept by recruits T − ΣS makes the stock a linear map of S, and the
    split by shares r adds R (diag r − rr').
    """
    chance, cells = chances(model, values), model.axes.cells
    step = np.zeros((cells, cells))
    for cell in range(cells):
        step[cell, cell] = 1 - sum(chance.leaving[cell].values()) - sum(chance.moving[cell].values())
        for to, probability in chance.moving[cell].items():
            step[cell, to] += probability
    ages = np.eye(cells)
    for cell in range(cells):
        to = int(model.ageing.next_cell[cell])
        if to >= 0:
            ages[cell, cell] -= model.ageing.share[cell]
            ages[cell, to] += model.ageing.share[cell]
    step = step @ ages
    share = np.zeros(cells)
    if model.joining.shared:
        np.add.at(share, model.joining.cell, model.joining.weight)
    known = path(model, values)
    mean = np.array(known.stock)
    covariance = np.zeros((len(mean), cells, cells))
    keeps_total = model.joining.rule in ("hold_total", "grow_total")
    keep = np.eye(cells) - np.outer(np.ones(cells), share) if keeps_total else np.eye(cells)
    for t in range(1, len(mean)):
        left = step.T @ covariance[t - 1] @ step
        for cell in range(cells):
            left += mean[t - 1, cell] * (np.diag(step[cell]) - np.outer(step[cell], step[cell]))
        covariance[t] = keep.T @ left @ keep + _recruit_covariance(model, known, t, share)
    return mean, covariance


def _recruit_covariance(model: Model, known: Reference, t: int, share: Floats) -> Floats:
    if model.joining.shared:
        return np.asarray(max(0.0, known.recruits[t - 1]) * (np.diag(share) - np.outer(share, share)))
    arrive = [0.0] * model.axes.cells
    for (period, kind, _, to, _), number in known.flows.items():
        if period == t and kind == "join" and to is not None:
            arrive[to] += number
    return np.diag(
        [number if model.joining.poisson else (number - math.floor(number)) * (1 - number + math.floor(number)) for number in arrive]
    )
