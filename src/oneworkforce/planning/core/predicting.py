"""What the rest of the data predict for each cell: nested effects on the logarithm of the rate, each shrunk to none.

log rate = overall + age + sector + staff group within sector + role within sector + age within sector + own, every effect normal
around 0 with a variance of its own, found by expectation–maximisation; counts enter by penalised quasi-likelihood
(Breslow and Clayton 1993). The overall and age effects are all but free.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from oneworkforce.planning.core.model import Floats

FREE = 4.0
"""Variance of the effects that are all but free."""

ROUNDS = 60
BELIEF = (1.0, 0.04)
"""A weak belief about each variance, worth one effect whose square is 0.04 (a fifth up or down); it keeps few groups from reading as none."""


@dataclass(frozen=True, eq=False)
class Predicted:
    """What each cell's rate would be thought to be without its own data. Axes: [cell]; doubt the variance of its logarithm."""

    mean: Floats
    doubt: Floats
    variances: tuple[float, ...]


def predict(events: Floats, exposure: Floats, free: list[npt.NDArray[np.int64]], levels: list[npt.NDArray[np.int64]]) -> Predicted:
    """The rate that every cell's neighbours predict.

    Axes: events and exposure [cell]; each of `free` and `levels` [cell], the group that a cell is in.
    """
    effects = [np.zeros(events.size, np.int64), *free, *levels]
    sizes = np.array([int(groups.max()) + 1 for groups in effects])
    columns = [groups + start for groups, start in zip(effects, np.concatenate([[0], np.cumsum(sizes)[:-1]]), strict=True)]
    level = np.repeat(np.arange(len(effects)), sizes)
    variances = np.array([100.0, *([FREE] * len(free)), *([0.04] * len(levels))])
    own = 0.04
    start = np.log(max(events.sum(), 0.5) / exposure.sum())
    rate, at_risk = np.full(events.size, start), np.maximum(exposure, 1e-9)
    for _ in range(ROUNDS):
        expected = at_risk * np.exp(rate)
        working, noise = rate + (events - expected) / expected - start, 1 / expected
        weight = 1 / (noise + own)
        matrix = np.diag(1 / variances[level])
        right = np.zeros(level.size)
        for one in columns:
            np.add.at(right, one, weight * working)
            for other in columns:
                np.add.at(matrix, (one, other), weight)
        covariance = np.linalg.inv(matrix)
        effect = covariance @ right
        line = sum(effect[one] for one in columns)
        leverage = sum(covariance[one, other] for one in columns for other in columns)
        part = own / (own + noise)
        rate = np.clip(start + line + part * (working - line), -16.0, -0.05)
        variances, own = _learnt(
            effect.astype(np.float64),
            covariance.astype(np.float64),
            level,
            variances,
            len(free),
            part,
            working - line,
            noise,
            leverage,
            own,
        )
    taken = np.clip(weight * leverage, 0.0, 0.999)
    doubt = leverage / (1 - taken)
    mean = start + (line - taken * working) / (1 - taken)
    return Predicted(np.clip(np.exp(mean + doubt / 2), 1e-7, 0.6), doubt, (*variances[1 + len(free) :].tolist(), float(own)))


def _learnt(
    effect: Floats,
    covariance: Floats,
    level: npt.NDArray[np.int64],
    variances: Floats,
    free: int,
    part: Floats,
    residual: Floats,
    noise: Floats,
    leverage: Floats,
    own: float,
) -> tuple[Floats, float]:
    """The variances of the effects and of cells' own, from what is now thought of each effect and how surely."""
    squares = effect**2 + np.diag(covariance)
    belief, size = BELIEF
    learnt = variances.copy()
    for index in range(1 + free, variances.size):
        mine = squares[level == index]
        learnt[index] = (mine.sum() + belief * size) / (mine.size + belief)
    of_cells = (part * residual) ** 2 + part * noise + part**2 * leverage
    return learnt, float((of_cells.sum() + belief * size) / (of_cells.size + belief))
