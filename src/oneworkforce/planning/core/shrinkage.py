"""Empirical Bayes: small cells borrow from what larger ones predict, by as much as the data show that cells differ.

How much cells differ is not known either, so it is integrated over a grid, weighted by how
well each explains the counts. That keeps intervals honest where there are few cells to learn it from.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import special

from oneworkforce.planning.core.model import Floats

DIFFERENCES = np.geomspace(0.01, 1.5, 30)
"""How much groups may differ that is weighed: standard deviations of the logarithm of their rates."""


class Shrunk(NamedTuple):
    """What each group's rate is thought to be. Axes: [group]; `weight` is the prior's share in the mean (1: all prior)."""

    mean: Floats
    variance: Floats
    weight: Floats


def beta_binomial(events: Floats, exposure: Floats, prior: Floats, doubt: Floats) -> Shrunk:
    """Probabilities of cells with `events` in `exposure`, each shrunk towards its own `prior` mean.

    Axes: each [cell]; exposure in trials, 0 ≤ events ≤ exposure, 0 < prior < 1; doubt the variance of the prior's
    logarithm (what is not known of the prior itself). How much cells differ from their priors is weighed over a grid.

    >>> cells = np.array([0.0, 30.0]), np.array([10.0, 1000.0]), np.array([0.03, 0.03]), np.array([0.01, 0.01])
    >>> shrunk = beta_binomial(*cells)
    >>> bool(0 < shrunk.mean[0] < 0.03), bool(shrunk.weight[0] > shrunk.weight[1])
    (True, True)
    """
    spread = np.expm1(DIFFERENCES[:, None] ** 2 + doubt)
    s = np.maximum((1 - prior) / (prior * spread) - 1, 0.05)
    a, b = s * prior, s * (1 - prior)
    fit = special.betaln(a + events, b + exposure - events) - special.betaln(a, b)
    mean = (a + events) / (s + exposure)
    variance = mean * (1 - mean) / (s + exposure + 1)
    return _mixed(fit.sum(axis=1), mean, variance, s / (s + exposure))


def gamma_poisson(events: Floats, expected: Floats) -> Shrunk:
    """Ratios of `events` to `expected`, shrunk towards 1. Axes: each [group]; both counts, expected > 0.

    >>> ratio = gamma_poisson(np.array([0.0, 200.0]), np.array([1.0, 100.0])).mean
    >>> bool(0 < ratio[0] < 1), bool(1.5 < ratio[1] < 2)
    (True, True)
    """
    k = 1 / np.expm1(DIFFERENCES[:, None] ** 2)
    fit = special.gammaln(k + events) - special.gammaln(k) + k * np.log(k) - (k + events) * np.log(k + expected) + events * np.log(expected)
    mean = (k + events) / (k + expected)
    return _mixed(fit.sum(axis=1), mean, mean / (k + expected), k / (k + expected))


def _mixed(fit: Floats, mean: Floats, variance: Floats, weight: Floats) -> Shrunk:
    """Moments over the grid, each point weighted by its likelihood. Axes: fit[point], the others [point, group]."""
    chance = np.exp(fit - fit.max())
    chance /= chance.sum()
    middle = chance @ mean
    return Shrunk(middle, chance @ (variance + mean**2) - middle**2, chance @ weight)
