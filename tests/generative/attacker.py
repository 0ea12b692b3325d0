"""A reader who wants the hidden figures: knows every shown cell, the rounding, the rules and what each status means.

For each hidden cell it asks an integer program (HiGHS) for the least and the most that the cell can be. It reads the released
table alone and shares no code with the suppression.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from oneworkforce.publication.core.disclosure import TOTAL, Released, Status

Key = tuple[str, ...]
Interval = tuple[float, float]


def intervals(released: Released, measure: str, known: dict[Key, float] | None = None) -> dict[Key, Interval]:
    """The least and most of every hidden cell, by its codes; `known` are cells that a contributor knows exactly."""
    keys = [tuple(str(code) for code in row) for row in released.table.select([d.name for d in released.dimensions]).iter_rows()]
    statuses, shown = released.statuses(measure), released.table[measure].to_list()
    whole = released.measure(measure).kind == "count"
    bounds = [_bounds(released, measure, status, number) for status, number in zip(statuses, shown, strict=True)]
    for key, number in (known or {}).items():
        bounds[keys.index(key)] = (number, number)
    rows = _equations(keys)
    constraints = [LinearConstraint(rows, 0, 0)] if len(rows) else []
    limits = Bounds([low for low, _ in bounds], [high for _, high in bounds])
    found = {}
    for place, (key, status) in enumerate(zip(keys, statuses, strict=True)):
        if status.hidden and key not in (known or {}):
            found[key] = (_extreme(place, 1, limits, constraints, whole), _extreme(place, -1, limits, constraints, whole))
    return found


def _extreme(place: int, sign: int, limits: Bounds, constraints: list[LinearConstraint], whole: bool) -> float:
    objective = np.zeros(len(limits.lb))
    objective[place] = sign
    answer = milp(objective, integrality=np.full(len(limits.lb), int(whole)), bounds=limits, constraints=constraints)
    if answer.status in (3, 4):  # unbounded: the truth itself is feasible
        return -np.inf if sign > 0 else np.inf
    assert answer.success, answer.message
    return float(round(answer.x[place], 6))


def _bounds(released: Released, measure: str, status: Status, number: float | None) -> Interval:
    profile, count = released.profile, released.measure(measure).kind == "count"
    nonzero = 1.0 if count and profile.zeros_shown else 0.0
    if status is Status.HIDDEN_SMALL:
        return nonzero, profile.threshold - 1  # nobody has more than one FTE
    if status is Status.HIDDEN_SECONDARY:
        return nonzero if released.measure(measure).of is None else 0.0, np.inf
    if status is Status.HIDDEN_CONTRIBUTORS:
        return 0.0, np.inf
    assert number is not None
    if count:
        if number == 0:
            return 0.0, 0.0
        possible = [n for n in range(profile.threshold, int(number) + profile.rounding + 1) if _nearest(n, profile.rounding) == number]
        return min(possible), max(possible)
    half = (profile.rounding if profile.rounding > 1 else 10.0**-profile.decimals) / 2
    return max(number - half, 0.0) - 1e-9, number + half + 1e-9


def _nearest(number: int, base: int) -> int:
    return (2 * number + base) // (2 * base) * base


def _equations(keys: list[Key]) -> np.ndarray:
    """One row an equation: the parts along an axis less their total are zero."""
    rows = []
    place = {key: number for number, key in enumerate(keys)}
    for axis in range(len(keys[0])):
        codes = {key[axis] for key in keys} - {TOTAL}
        for key in keys:
            if key[axis] == TOTAL:
                row = np.zeros(len(keys))
                row[place[key]] = -1
                for code in codes:
                    row[place[(*key[:axis], code, *key[axis + 1 :])]] = 1
                rows.append(row)
    return np.array(rows)


def all_keys(*lengths: int) -> list[Key]:
    """The codes of every inner cell of a table of those lengths."""
    return [tuple("abcdefgh"[place] for place in places) for places in product(*(range(length) for length in lengths))]
