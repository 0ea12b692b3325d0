"""The recursion and its variance, compiled. `reference` says the same in the plainest way and is held against this.

Order within a period: leave and move together (competing for the opening stock), age, join (Bartholomew, Forbes and
McClean 1991). Recruits join at the end and are exposed from the next period on.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from oneworkforce.planning.core.engine.structure import Arrays, Reported
from oneworkforce.planning.core.model import Floats, Integers
from oneworkforce.planning.core.randomness import compiled, draw_value


@compiled
def draw_assumptions(kind: Any, central: Floats, first: Floats, second: Floats, key: Any, draw: int, seed: int, out: Floats) -> None:
    """`out[p]` holds every assumption in this draw."""
    for p in range(central.size):
        out[p] = draw_value(kind[p], central[p], first[p], second[p], draw, key[p], seed)


@compiled
def probabilities(a: Arrays, values: Floats, leave: Floats, move: Floats, stay: Floats) -> None:
    """`leave[e]`, `move[m]` and `stay[c]` hold each cell's row of probabilities in one period, which sums to 1.

    Rates of a cell are converted together on the hazard scale and keep their proportions; turnover is one twelfth a month.
    """
    for c in range(stay.size):
        rate, turnover = 0.0, 0.0
        for e in range(a.leave_start[c], a.leave_start[c + 1]):
            if a.leave_turnover[e]:
                turnover += values[a.leave_assumption[e]] / 12.0
            else:
                rate += values[a.leave_assumption[e]]
        for m in range(a.move_start[c], a.move_start[c + 1]):
            rate += values[a.move_assumption[m]]
        by_rate = _shrunk(rate, a.yearly_exponent)
        by_turnover = _shrunk(turnover, a.monthly_exponent)
        if by_rate * rate + by_turnover * turnover > 1.0:
            by_rate, by_turnover = (
                by_rate / (by_rate * rate + by_turnover * turnover),
                by_turnover / (by_rate * rate + by_turnover * turnover),
            )
        gone = 0.0
        for e in range(a.leave_start[c], a.leave_start[c + 1]):
            value = values[a.leave_assumption[e]]
            leave[e] = value / 12.0 * by_turnover if a.leave_turnover[e] else value * by_rate
            gone += leave[e]
        for m in range(a.move_start[c], a.move_start[c + 1]):
            move[m] = values[a.move_assumption[m]] * by_rate
            gone += move[m]
        stay[c] = max(0.0, 1.0 - gone)


@compiled
def _shrunk(total: float, exponent: float) -> float:
    """What each of several competing rates is multiplied by, so that together they are 1 − (1 − total)^exponent."""
    if total <= 0.0:
        return 1.0
    if exponent == 1.0 and total <= 1.0:
        return 1.0
    return float((1.0 - (1.0 - min(total, 1.0)) ** exponent) / total)


@compiled
def needs(a: Arrays, values: Floats, demand: Floats) -> None:
    """`demand[t, position]` holds the full-time equivalents needed, t from the opening."""
    demand[:] = 0.0
    for n in range(a.demand_position.size):
        for t in range(a.demand_from[n], a.demand_until[n] + 1):
            demand[t, a.demand_position[n]] += values[a.demand_assumption[n]]


@compiled
def survivors(a: Arrays, move: Floats, stay: Floats, now: Floats, mid: Floats, out: Floats) -> None:
    """`out[c]` holds who is left after leaving, moving and ageing; `mid[c]` who is there before ageing."""
    mid[:] = 0.0
    out[:] = 0.0
    for c in a.alive:
        if now[c] != 0.0:
            mid[c] += now[c] * stay[c]
            for m in range(a.move_start[c], a.move_start[c + 1]):
                mid[a.move_to[m]] += now[c] * move[m]
    for c in a.alive:
        if a.next_cell[c] >= 0 and a.age_share[c] > 0.0:
            out[c] += mid[c] * (1.0 - a.age_share[c])
            out[a.next_cell[c]] += mid[c] * a.age_share[c]
        else:
            out[c] += mid[c]


@compiled
def path(a: Arrays, values: Floats, demand: Floats, move: Floats, stay: Floats, stock: Floats, joins: Floats, vacancies: Floats) -> None:
    """`stock[t, c]` holds the expected people from the opening on, `joins[t, c]` those who joined at the end of period t + 1.

    `vacancies[t, position]`, in people before any is filled, is kept for the rule fill.
    """
    mid = np.empty(a.stock.size)
    joins[:] = 0.0
    for j in range(a.join_cell.size):
        number = values[a.join_assumption[j]] * a.join_weight[j]
        if a.join_period[j] > 0:
            joins[a.join_period[j] - 1, a.join_cell[j]] += number
        else:
            for t in range(joins.shape[0]):
                joins[t, a.join_cell[j]] += number
    stock[0] = a.stock
    for t in range(joins.shape[0]):
        survivors(a, move, stay, stock[t], mid, stock[t + 1])
        if a.rule == 1 or a.rule == 2:
            recruits = a.target[t] - (stock[t + 1].sum() if a.rule == 2 else 0.0)
            for c in a.alive:
                joins[t, c] = recruits * a.share[c]
        elif a.rule == 3:
            _vacancies(a, stock[t + 1], demand[t + 1], vacancies[t])
            for c in a.alive:
                if a.fill_position[c] >= 0:
                    joins[t, c] = a.fill_rate * max(0.0, vacancies[t, a.fill_position[c]]) * a.share[c]
        for c in a.alive:
            stock[t + 1, c] += joins[t, c]


@compiled
def _vacancies(a: Arrays, people: Floats, demand: Floats, out: Floats) -> None:
    out[:] = demand
    for c in a.alive:
        if a.fill_position[c] >= 0:
            out[a.fill_position[c]] -= people[c] * a.fte[c]
    for p in range(out.size):
        out[p] = out[p] / a.fill_fte[p] if a.fill_fte[p] > 0.0 else 0.0


@compiled
def _one_back(
    a: Arrays, move: Floats, stay: Floats, reach: Integers, lam: Floats, pull: Floats, vacancies: Floats, q: Floats, g1: Floats, g2: Floats
) -> None:
    """`lam[c]` holds what a person in c is worth one period earlier, `q[c]` the variance that this period adds a person.

    `pull[position]` is what one recruit is worth there (one place where the rule keeps a total); a survivor takes it away.
    """
    for c in reach:
        worth = lam[c]
        if a.rule == 2:
            worth -= pull[0]
        elif a.rule == 3 and a.fill_position[c] >= 0:
            p = a.fill_position[c]
            if vacancies[p] > 0.0 and a.fill_fte[p] > 0.0:
                worth -= a.fill_rate * a.fte[c] / a.fill_fte[p] * pull[p]
        q[c] = worth
    for c in reach:
        following = a.next_cell[c]
        share = a.age_share[c] if following >= 0 else 0.0
        after = q[following] if share > 0.0 else 0.0
        g1[c] = (1.0 - share) * q[c] + share * after
        g2[c] = (1.0 - share) * q[c] ** 2 + share * after**2
    for c in reach:
        e1, e2 = stay[c] * g1[c], stay[c] * g2[c]
        for m in range(a.move_start[c], a.move_start[c + 1]):
            e1 += move[m] * g1[a.move_to[m]]
            e2 += move[m] * g2[a.move_to[m]]
        lam[c] = e1
        q[c] = max(0.0, e2 - e1 * e1)


@compiled
def _pull(a: Arrays, reach: Integers, lam: Floats, pull: Floats) -> None:
    """`pull` holds the mean worth of a recruit by position (place 0 where recruits are one pool)."""
    for c in reach:
        pull[max(0, a.fill_position[c])] = 0.0
    for c in reach:
        if a.share[c] > 0.0:
            pull[max(0, a.fill_position[c])] += a.share[c] * lam[c]


@compiled
def part_variance(
    a: Arrays,
    move: Floats,
    stay: Floats,
    people: Floats,
    arrival: Floats,
    recruits: Floats,
    part: tuple[Integers, Floats, Integers],
    work: Floats,
    out: Floats,
) -> None:
    """`out[t]` gains the process variance of one part at every period.

    Exact where joining is linear: a martingale sum over lags of what each person, recruit and arrival adds. Rates and
    links are the same every period, so what somebody is worth depends on the lag alone. Axes: people[c, t] from the
    opening, arrival[c, t] variance of the arrivals at the end of period t + 1, recruits[t] split by shares.
    """
    cells, weights, reach = part
    lam, q, g1, g2, pull = work[0], work[1], work[2], work[3], work[4]
    periods = recruits.size
    for i in range(cells.size):
        lam[cells[i]] = weights[i]
    for lag in range(1, periods + 1):
        if a.rule == 0:
            _add_arrivals(reach, lam, arrival, lag, out)
        else:
            _pull(a, reach, lam, pull)
            spread = 0.0
            for c in reach:
                spread += a.share[c] * lam[c] * (lam[c] - pull[0])
            for t in range(lag, periods + 1):
                out[t] += max(0.0, recruits[t - lag]) * max(0.0, spread)
        _one_back(a, move, stay, reach, lam, pull, recruits, q, g1, g2)
        for c in reach:
            if q[c] > 0.0:
                for t in range(lag, periods + 1):
                    out[t] += q[c] * people[c, t - lag]
    for c in reach:
        lam[c], q[c], g1[c], g2[c] = 0.0, 0.0, 0.0, 0.0


@compiled
def _add_arrivals(reach: Integers, lam: Floats, arrival: Floats, lag: int, out: Floats) -> None:
    """`out[t]` gains what those who arrived `lag − 1` periods before t add."""
    periods = arrival.shape[1] - 1
    for c in reach:
        if lam[c] != 0.0 and arrival[c, periods] > 0.0:
            square = lam[c] ** 2
            for t in range(lag, periods + 1):
                out[t] += square * arrival[c, t - lag]


@compiled
def arrivals(a: Arrays, joins: Floats, out: Floats) -> None:
    """`out[c, t]` holds the variance of arrivals (Poisson, or of rounding to whole people); its last column the sum over t."""
    for c in range(out.shape[0]):
        total = 0.0
        for t in range(joins.shape[0]):
            number = joins[t, c]
            fraction = number - np.floor(number)
            out[c, t] = number if a.poisson else fraction * (1.0 - fraction)
            total += out[c, t]
        out[c, joins.shape[0]] = total


@compiled
def part_variance_filling(
    a: Arrays,
    move: Floats,
    stay: Floats,
    people: Floats,
    vacancies: Floats,
    part: tuple[Integers, Floats, Integers],
    work: Floats,
    out: Floats,
) -> None:
    """`out[t]` gains the process variance of one part where vacancies are filled, which may stop and start: period by period.

    Linear while a position has vacancies on average, so exact where it always or never has. Axes: people[c, t],
    vacancies[t, position].
    """
    cells, weights, reach = part
    lam, q, g1, g2, pull = work[0], work[1], work[2], work[3], work[4]
    for t in range(1, vacancies.shape[0] + 1):
        for i in range(cells.size):
            lam[cells[i]] = weights[i]
        for lag in range(1, t + 1):
            _pull(a, reach, lam, pull)
            now = vacancies[t - lag]
            for c in reach:
                p = a.fill_position[c]
                if p >= 0 and now[p] > 0.0:
                    out[t] += now[p] * a.share[c] * lam[c] * a.fill_rate * (lam[c] - a.fill_rate * pull[p])
            _one_back(a, move, stay, reach, lam, pull, now, q, g1, g2)
            for c in reach:
                out[t] += q[c] * people[c, t - lag]
        for c in reach:
            lam[c], q[c], g1[c], g2[c] = 0.0, 0.0, 0.0, 0.0


@compiled
def all_variances(
    a: Arrays,
    r: Reported,
    move: Floats,
    stay: Floats,
    people: Floats,
    arrival: Floats,
    recruits: Floats,
    vacancies: Floats,
    work: Floats,
    by_part: Floats,
    out: Floats,
) -> None:
    """`out[t, a]` holds the process variance of every aggregate: the sum over its independent parts."""
    for p in range(by_part.shape[0]):
        span, back = slice(r.cell_start[p], r.cell_start[p + 1]), slice(r.reach_start[p], r.reach_start[p + 1])
        part = (r.part_cell[span], r.part_weight[span], r.reach[back])
        if a.rule == 3:
            part_variance_filling(a, move, stay, people, vacancies, part, work, by_part[p])
        else:
            part_variance(a, move, stay, people, arrival, recruits, part, work, by_part[p])
    for g in range(r.gap.size):
        for i in range(r.part_start[g], r.part_start[g + 1]):
            for t in range(out.shape[0]):
                out[t, g] += by_part[r.part[i], t]


@compiled
def summed(r: Reported, stock: Floats, demand: Floats, out: Floats) -> None:
    """`out[t, a]` holds each aggregate: people, or for a gap what is needed less what there is."""
    for t in range(stock.shape[0]):
        for g in range(r.gap.size):
            total = 0.0
            for i in range(r.start[g], r.start[g + 1]):
                total += stock[t, r.cell[i]] * r.weight[i]
            if r.gap[g]:
                total = -total
                for i in range(r.demand_start[g], r.demand_start[g + 1]):
                    total += demand[t, r.demand_position[i]]
            out[t, g] = total
