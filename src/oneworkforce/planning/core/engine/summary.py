"""What many draws say, kept in a bounded space: moments exactly, quantiles from a histogram of normals.

Each draw gives an aggregate a mean and a process variance. Over draws the aggregate is a mixture of normals: its mean,
parameter variance and process variance are exact; its quantiles are those of the mixture gathered into `BINS` bins
that each keep their own count, mean and variance. Memory does not grow with the draws.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from oneworkforce.planning.core.model import Floats
from oneworkforce.planning.core.randomness import compiled

BINS = 64
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


class Gathered(NamedTuple):
    """Axes: i series (a period of an aggregate), b bin. Deviations are from `centre[i]`; bins start at `least`, each `width` wide."""

    centre: Floats
    least: Floats
    width: Floats
    number: Floats
    total: Floats
    squares: Floats
    process: Floats
    moments: Floats


def gathering(centre: Floats, pilot: Floats) -> Gathered:
    """Nothing gathered yet, with bins laid over what a first block of draws shows. Axes: centre[i], pilot[draw, i]."""
    deviation = pilot - centre
    mean, sd = deviation.mean(axis=0), deviation.std(axis=0)
    series = centre.size
    width = 10 * sd / (BINS - 2)
    return Gathered(
        centre=centre,
        least=mean - 5 * sd - width,
        width=np.where(width > 0, width, 1.0),
        number=np.zeros((series, BINS)),
        total=np.zeros((series, BINS)),
        squares=np.zeros((series, BINS)),
        process=np.zeros((series, BINS)),
        moments=np.zeros((series, 4)),
    )


@compiled
def gather(g: Gathered, mean: Floats, variance: Floats) -> None:
    """A block of draws is part of what is gathered, in order. Axes: mean[draw, i], variance[draw, i]."""
    for d in range(mean.shape[0]):
        for i in range(mean.shape[1]):
            off = mean[d, i] - g.centre[i]
            b = int(min(max((off - g.least[i]) / g.width[i], 0.0), BINS - 1.0))
            g.number[i, b] += 1.0
            g.total[i, b] += off
            g.squares[i, b] += off * off
            g.process[i, b] += variance[d, i]
            g.moments[i, 0] += 1.0
            g.moments[i, 1] += off
            g.moments[i, 2] += off * off
            g.moments[i, 3] += variance[d, i]


class Spread(NamedTuple):
    """What is known of each series. Axes: [i]; quantiles [i, quantile]; `beyond` the probability of exceeding the tolerance."""

    mean: Floats
    process_variance: Floats
    parameter_variance: Floats
    quantiles: Floats
    beyond: Floats
    excess: Floats


def spread(g: Gathered, tolerance: float, counts: Floats) -> Spread:
    """Moments, quantiles, probability of exceeding `tolerance` and mean excess above zero of every series.

    Parameters: counts[i], 1 where a series is a number of people (which is never below 0), else 0.
    """
    draws = g.moments[:, 0]
    shift = g.moments[:, 1] / draws
    parameter = np.maximum(0.0, (g.moments[:, 2] - draws * shift**2) / np.maximum(draws - 1, 1))
    quantiles = np.empty((g.centre.size, len(QUANTILES)))
    beyond, excess = np.empty(g.centre.size), np.empty(g.centre.size)
    _solve(g, np.array(QUANTILES), tolerance, quantiles, beyond, excess)
    floor = np.where(counts[:, None] > 0, 0.0, -np.inf)
    return Spread(g.centre + shift, g.moments[:, 3] / draws, parameter, np.maximum(quantiles, floor), beyond, excess)


@compiled
def _solve(g: Gathered, levels: Floats, tolerance: float, quantiles: Floats, beyond: Floats, excess: Floats) -> None:
    mean, sd, weight = np.empty(BINS), np.empty(BINS), np.empty(BINS)
    for i in range(g.centre.size):
        n = 0
        for b in range(BINS):
            if g.number[i, b] > 0.0:
                off = g.total[i, b] / g.number[i, b]
                within = max(0.0, g.squares[i, b] / g.number[i, b] - off * off)
                mean[n] = g.centre[i] + off
                sd[n] = np.sqrt(within + g.process[i, b] / g.number[i, b])
                weight[n] = g.number[i, b] / g.moments[i, 0]
                n += 1
        above, shortage = 0.0, 0.0
        for k in range(n):
            above += weight[k] * (1.0 - _below(tolerance, mean[k], sd[k]))
            shortage += weight[k] * _positive_part(mean[k], sd[k])
        beyond[i], excess[i] = above, shortage
        for j in range(levels.size):
            quantiles[i, j] = _quantile(levels[j], mean[:n], sd[:n], weight[:n])


@compiled
def _below(x: float, mean: float, sd: float) -> float:
    """The probability that a normal is at or below x (a point mass where sd is 0)."""
    if sd < 1e-12:
        return 1.0 if mean <= x + 1e-12 else 0.0
    return 0.5 * math.erfc((mean - x) / (sd * 1.4142135623730951))


@compiled
def _positive_part(mean: float, sd: float) -> float:
    """The mean of the part of a normal above 0."""
    if sd < 1e-12:
        return max(0.0, mean)
    z = mean / sd
    return sd * math.exp(-0.5 * z * z) / 2.5066282746310002 + mean * 0.5 * math.erfc(-z / 1.4142135623730951)


@compiled
def _quantile(level: float, mean: Floats, sd: Floats, weight: Floats) -> float:
    """Where the mixture of these normals reaches `level`: Newton's steps inside a bracket that only shrinks."""
    low, high = np.inf, -np.inf
    for k in range(mean.size):
        low, high = min(low, mean[k] - 6.0 * sd[k]), max(high, mean[k] + 6.0 * sd[k])
    if high - low < 1e-12:
        return 0.5 * (low + high)
    middle = 0.0
    for k in range(mean.size):
        middle += weight[k] * mean[k]
    x = middle
    for _ in range(80):
        below, density = 0.0, 0.0
        for k in range(mean.size):
            below += weight[k] * _below(x, mean[k], sd[k])
            if sd[k] >= 1e-12:
                z = (x - mean[k]) / sd[k]
                density += weight[k] * math.exp(-0.5 * z * z) / (sd[k] * 2.5066282746310002)
        if below > level:
            high = x
        else:
            low = x
        following = x - (below - level) / density if density > 1e-300 else low
        if following <= low or following >= high:
            following = 0.5 * (low + high)
        if abs(following - x) < 1e-12 * (1.0 + abs(x)):
            return following
        x = following
    return x
