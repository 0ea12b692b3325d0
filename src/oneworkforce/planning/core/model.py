"""A planning model as arrays: the stock, what happens to it, who joins it and what is needed of it.

Axes have fixed letters: o organisation, r role, a age band, g group; a cell c is one (o, r, a, g) in that order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from oneworkforce.planning.core.periods import Calendar

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

AXES = ("organisation", "role", "age_band", "group")
RULES = ("fixed", "hold_total", "grow_total", "fill")


@dataclass(frozen=True)
class Axes:
    """The codes along each axis, and which axes the model uses; an unused axis has the one code "".

    >>> axes = Axes(("",), ("nurse", "midwife"), ("under_55", "55_over"), ("",), ("role", "age_band"))
    >>> axes.shape, axes.cells
    ((1, 2, 2, 1), 4)
    """

    organisation: tuple[str, ...]
    role: tuple[str, ...]
    age_band: tuple[str, ...]
    group: tuple[str, ...]
    used: tuple[str, ...]

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """Length of each axis, in the order o, r, a, g."""
        return len(self.organisation), len(self.role), len(self.age_band), len(self.group)

    @property
    def cells(self) -> int:
        """How many cells there are."""
        return int(np.prod(self.shape))

    def codes(self, axis: str) -> tuple[str, ...]:
        """The codes along one axis, in order."""
        return {"organisation": self.organisation, "role": self.role, "age_band": self.age_band, "group": self.group}[axis]

    def positions(self) -> dict[str, Integers]:
        """For each axis the position of every cell along it; each of shape [c]."""
        return dict(zip(AXES, (part.ravel() for part in np.indices(self.shape)), strict=True))


@dataclass(frozen=True, eq=False)
class Assumptions:
    """Every number that the model assumes, one row each: its central value and how it is drawn.

    Axes: each array [p]. `kind` is CERTAIN, BETA or LOGNORMAL of `randomness`, `first` and `second` its parameters;
    `key` comes from the name alone, so two models that share an assumption draw it alike.
    """

    name: tuple[str, ...]
    central: Floats
    kind: npt.NDArray[np.int8]
    first: Floats
    second: Floats
    key: npt.NDArray[np.uint64]

    @property
    def uncertain(self) -> bool:
        """Whether any assumption has a spread."""
        return bool(np.any(self.kind != 0))


@dataclass(frozen=True, eq=False)
class Leaving:
    """Which assumption takes people out of which cell, and why. Axes: each array [entry]; reason indexes `reasons`."""

    cell: Integers
    reason: Integers
    assumption: Integers
    turnover: npt.NDArray[np.bool_]
    reasons: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Moves:
    """Which assumption takes people from which cell to which. Axes: each array [entry]."""

    from_cell: Integers
    to_cell: Integers
    assumption: Integers


@dataclass(frozen=True, eq=False)
class Ageing:
    """The share of each cell that ages in a period and the cell it ages into (−1: none). Axes: each array [c]."""

    next_cell: Integers
    share: Floats


@dataclass(frozen=True, eq=False)
class Joining:
    """Who joins at the end of each period.

    Axes: each array [entry]. An entry gives `weight` times its assumption to a cell (rule fixed with headcounts;
    `period` 0 means every period), or is the cell's share of the recruits (every other case; assumption −1).
    """

    rule: str
    cell: Integers
    source: Integers
    period: Integers
    weight: Floats
    assumption: Integers
    sources: tuple[str, ...]
    growth: float = 0.0
    recruits: float | None = None
    fill_rate: float = 0.0
    poisson: bool = False

    @property
    def shared(self) -> bool:
        """Whether a total is split by shares, each recruit falling independently."""
        return self.rule in ("hold_total", "grow_total") or self.recruits is not None


@dataclass(frozen=True, eq=False)
class Demand:
    """Full-time equivalents needed. Axes: position[n] × the used ones of organisation and role; entries [entry].

    An entry says that from `period` on its assumption is part of the need at `position`, and that it ended with `until`
    (the last period it holds for). Cells of a position are those that share its codes.
    """

    axes: tuple[str, ...]
    codes: tuple[tuple[str, ...], ...]
    position: Integers
    period: Integers
    until: Integers
    assumption: Integers


@dataclass(frozen=True, eq=False)
class Model:
    """Everything a projection needs, checked.

    Axes: stock[c] people, fte_per_head[c]. `inputs` names each file that it came from with its SHA-256.
    """

    name: str
    calendar: Calendar
    rates_per_period: bool
    axes: Axes
    stock: Floats
    fte_per_head: Floats
    assumptions: Assumptions
    leaving: Leaving
    moves: Moves
    ageing: Ageing
    joining: Joining
    demand: Demand | None
    report: tuple[str, ...]
    tolerance: float = 0.0
    draws: int = 1000
    seed: int = 1
    sources: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    inputs: Mapping[str, str] = field(default_factory=dict)
