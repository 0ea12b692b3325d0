"""Confidence intervals of shares and of rates, from counts."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import special

Numbers = npt.NDArray[np.float64]


def wilson(numerator: npt.ArrayLike, denominator: npt.ArrayLike, level: float = 0.95) -> tuple[Numbers, Numbers]:
    """The interval of a share: low and high between 0 and 1, NaN where the denominator is 0.

    Axes: any, alike in both. Parameters: numerator of the denominator's people have it; level between 0 and 1.
    Raises: ValueError where a numerator is negative or above its denominator, or the level is not between 0 and 1.
    Source: Wilson 1927; Newcombe 1998, Statistics in Medicine 17, 857–872, method 3.

    >>> low, high = wilson(81, 263)
    >>> round(float(low), 4), round(float(high), 4)
    (0.2553, 0.3662)
    """
    have, of = _counts(numerator), _counts(denominator)
    if (have > of).any():
        raise ValueError("A share has more in its numerator than in its denominator.")
    z = _deviate(level)
    with np.errstate(invalid="ignore", divide="ignore"):
        middle = 2 * have + z**2
        width = z * np.sqrt(z**2 + 4 * have * (1 - have / of))
        low, high = (middle - width) / (2 * (of + z**2)), (middle + width) / (2 * (of + z**2))
    return np.where(have == 0, np.where(of > 0, 0.0, np.nan), low), np.where((have == of) & (of > 0), 1.0, high)


def byar(count: npt.ArrayLike, exposure: npt.ArrayLike = 1.0, level: float = 0.95) -> tuple[Numbers, Numbers]:
    """The interval of a rate, events per unit of exposure, by Byar's approximation to the Poisson limits; NaN where exposure is 0.

    Axes: any, alike in both. Raises: ValueError where either is negative or the level is not between 0 and 1.
    Source: Breslow & Day 1987, Statistical Methods in Cancer Research II, p. 69.

    >>> low, high = byar(10)
    >>> round(float(low), 2), round(float(high), 2)
    (4.79, 18.39)
    """
    events, of = _counts(count), _counts(exposure)
    z = _deviate(level)
    with np.errstate(invalid="ignore", divide="ignore"):
        low = np.where(events > 0, events * (1 - 1 / (9 * events) - z / (3 * np.sqrt(events))) ** 3, 0.0)
        after = events + 1
        high = after * (1 - 1 / (9 * after) + z / (3 * np.sqrt(after))) ** 3
        return np.where(of > 0, low / of, np.nan), np.where(of > 0, high / of, np.nan)


def exact_poisson(count: npt.ArrayLike, exposure: npt.ArrayLike = 1.0, level: float = 0.95) -> tuple[Numbers, Numbers]:
    """The interval of a rate by the exact Poisson limits; NaN where exposure is 0.

    Axes: any, alike in both. Raises: ValueError where either is negative or the level is not between 0 and 1.
    Source: Garwood 1936, Biometrika 28, 437–442.

    >>> low, high = exact_poisson(10)
    >>> round(float(low), 2), round(float(high), 2)
    (4.8, 18.39)
    """
    events, of = _counts(count), _counts(exposure)
    tail = (1 - _level(level)) / 2
    with np.errstate(invalid="ignore", divide="ignore"):
        low = np.where(events > 0, special.gammaincinv(np.maximum(events, 1), tail), 0.0)
        high = special.gammaincinv(events + 1, 1 - tail)
        return np.where(of > 0, low / of, np.nan), np.where(of > 0, high / of, np.nan)


def _counts(values: npt.ArrayLike) -> Numbers:
    numbers = np.asarray(values, dtype=np.float64)
    if (numbers < 0).any():
        raise ValueError("A count or an exposure is negative.")
    return numbers


def _level(level: float) -> float:
    if not 0 < level < 1:
        raise ValueError(f"A level of confidence lies between 0 and 1; {level} does not.")
    return level


def _deviate(level: float) -> float:
    return float(special.ndtri((1 + _level(level)) / 2))
