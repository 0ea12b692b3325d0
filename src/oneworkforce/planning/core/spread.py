"""What low and high say about an assumption: the distribution whose 5th and 95th percentiles they are.

A rate is beta, a count log-normal. Both have two parameters, so the two percentiles fix them exactly; the central
value is what the expected run uses and takes no part in the fit.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import special

Floats = npt.NDArray[np.float64]

Z95 = 1.6448536269514722
"""The 95th percentile of the standard normal."""


def lognormal(low: npt.ArrayLike, high: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Mean and standard deviation of the logarithm whose 5th and 95th percentiles are `low` and `high`.

    Axes: any shape, people or FTE, 0 < low < high.

    >>> mean, sd = lognormal(8.0, 12.5)
    >>> round(float(np.exp(mean)), 6)
    10.0
    """
    lower, upper = np.log(np.asarray(low, float)), np.log(np.asarray(high, float))
    return (lower + upper) / 2, (upper - lower) / (2 * Z95)


def beta(low: npt.ArrayLike, high: npt.ArrayLike) -> tuple[Floats, Floats]:
    """The two parameters of the beta distribution whose 5th and 95th percentiles are `low` and `high`.

    Axes: any shape, probabilities, 0 < low < high < 1. Solved by damped Newton steps on the logarithms of the
    parameters, from the normal approximation.

    >>> a, b = beta(0.08, 0.13)
    >>> [round(float(special.betaincinv(a, b, u)), 6) for u in (0.05, 0.95)]
    [0.08, 0.13]
    """
    lower, upper = np.broadcast_arrays(np.asarray(low, float), np.asarray(high, float))
    mean = (lower + upper) / 2
    size = np.maximum(mean * (1 - mean) / ((upper - lower) / (2 * Z95)) ** 2 - 1, 0.5)
    point = np.log(np.stack([mean * size, (1 - mean) * size]))
    flat, lower, upper = point.reshape(2, -1), lower.ravel(), upper.ravel()
    open_ = np.arange(flat.shape[1])
    for _ in range(60):
        step = _newton_step(flat[:, open_], lower[open_], upper[open_])
        flat[:, open_] += step
        open_ = open_[np.max(np.abs(step), axis=0) > 1e-11]
        if open_.size == 0:
            break
    first, second = np.exp(point)
    return first, second


def _newton_step(point: Floats, lower: Floats, upper: Floats) -> Floats:
    """One bounded Newton step towards parameters that put 5 % below `lower` and 95 % below `upper`."""
    gap = _miss(point, lower, upper)
    width = 1e-6
    nudge = np.zeros_like(point)
    nudge[0] = width
    by_first = (_miss(point + nudge, lower, upper) - _miss(point - nudge, lower, upper)) / (2 * width)
    nudge = nudge[::-1]
    by_second = (_miss(point + nudge, lower, upper) - _miss(point - nudge, lower, upper)) / (2 * width)
    determinant = by_first[0] * by_second[1] - by_second[0] * by_first[1]
    determinant = np.where(np.abs(determinant) < 1e-300, 1e-300, determinant)
    first = -(by_second[1] * gap[0] - by_second[0] * gap[1]) / determinant
    second = -(by_first[0] * gap[1] - by_first[1] * gap[0]) / determinant
    step: Floats = np.clip(np.stack([first, second]), -0.7, 0.7)
    return step


def _miss(point: Floats, lower: Floats, upper: Floats) -> Floats:
    """How far the percentiles are missed, as normal scores (which a beta makes nearly linear)."""
    first, second = np.exp(point)
    tiny = 1e-300
    below = special.ndtri(np.clip(special.betainc(first, second, lower), tiny, 1 - 1e-16))
    above = -special.ndtri(np.clip(special.betainc(second, first, 1 - upper), tiny, 1 - 1e-16))
    return np.stack([below + Z95, above - Z95])
