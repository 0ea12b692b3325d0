"""What must stay possible of every hidden figure, put to `protection` as arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from oneworkforce.publication.core.cube import Cube
from oneworkforce.publication.core.profiles import Profile
from oneworkforce.publication.core.protection import Knowledge, protect
from oneworkforce.publication.core.tables import Measure, Status

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_TOTAL_COSTS = 30.0  # a total is worth far more than its parts to a reader


def secondary(
    cube: Cube, measure: Measure, profile: Profile, status: NDArray[np.int8], nobody: Bools | None, low: Floats, high: Floats
) -> Bools:
    """The cells that must say only "hidden" as well.

    Parameters:
        status: of every cell so far.
        nobody: True where the reader knows that no people are behind the cell; None where the measure has none behind it.
        low, high: what a shown figure can stand for.
    """
    value = np.nan_to_num(cube.values[measure.name])
    known = status == Status.MISSING
    small = status == Status.HIDDEN_SMALL
    hidden = small | (status == Status.HIDDEN_SECONDARY) | (status == Status.HIDDEN_CONTRIBUTORS)
    least, hidden_least, small_least, most = _possible(value, measure, profile)
    low = np.where(hidden, least, np.where(known, 0.0, low))
    low = np.where(small, small_least, low)
    high = np.where(hidden, np.inf, np.where(known, 0.0, high))
    high = np.where(small, most, high)
    up, down = _asked(value, profile, small, hidden, low, high)
    nowhere = np.zeros(value.shape, dtype=np.bool_) if nobody is None else nobody & (value == 0)
    return protect(
        Knowledge(
            value=value,
            low=low,
            high=high,
            up=up,
            down=down,
            spread=float(max(profile.threshold - 2, 1)),
            hideable=~known & ~nowhere,
            sole=_sole(cube, value) if profile.contributors_attack else np.zeros(value.shape, dtype=np.int64),
            weight=np.where(hidden, 0.25, (np.abs(value) + 1) * _TOTAL_COSTS**cube.totals),
            hidden_low=hidden_least,
        )
    )


def _possible(value: Floats, measure: Measure, profile: Profile) -> tuple[float, float, float, Floats]:
    """The least a figure can be where contributors hide it, where it says "hidden", where it is small; the most it is then."""
    most = np.maximum(float(profile.threshold - 1), value)
    if measure.kind == "count":
        small = 1.0 if profile.zeros_shown else 0.0
        return 0.0, small if measure.of is None else 0.0, small, most
    least = -np.inf if (value < 0).any() else 0.0
    return least, least, least, most


def _asked(value: Floats, profile: Profile, small: Bools, hidden: Bools, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """How far above and below its value each hidden cell must stay possible.

    A small one: everything that "fewer than" says. Another: the threshold's width, or the share of it that the profile asks.
    """
    margin = np.maximum(float(profile.threshold - 1), np.ceil(profile.contributor_protection * np.abs(value)))
    up = np.where(small, high - value, np.where(hidden, margin, 0.0))
    down = np.where(hidden, np.minimum(np.where(small, value - low, margin), value - low), 0.0)
    return up, down


def _sole(cube: Cube, value: Floats) -> NDArray[np.int64]:
    """Who alone knows each cell; -2 where it is zero, since nobody then knows to be the only one."""
    if cube.sole is None:
        return np.zeros(value.shape, dtype=np.int64)
    return np.where(value == 0, -2, cube.sole)
