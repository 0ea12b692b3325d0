"""Secondary suppression: no hidden cell of an additive table can be worked out from what is shown.

The method is the hypercube method of Repsilber (1994) and Giessing and Repsilber (2002, "Tools and strategies to protect
multiple tables with the GHQUAR cell suppression engine"), with the intervals of rounding taken into account. A table with its
totals is one in which, along every axis, the parts less the total are zero. Moving a cell by d and the other corners of a box
by plus or minus d keeps that, so another table, just as possible to the reader, has the cell at another value. Each hidden cell
is given such boxes, through hidden cells and through the slack that rounding leaves, until every value that it must hide among
is possible; where there are none, the corners that cost the reader least are hidden too. Hiding only widens what is possible,
so one pass suffices.

Axes: every array is [slice, i, j, k]; along a summed axis the last index is the total; an axis of length 1 is not summed.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple, ParamSpec, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

_P = ParamSpec("_P")
_T = TypeVar("_T")
_EXACT = 1e-9
_LITTLE = 1e-6  # a step that tells a cell with slack from one without
_LOG = 8192  # corners remembered while one cell is moved; a cell that needs more is given a box of its own


@dataclass(frozen=True)
class Knowledge:
    """What a reader of the released table knows of every cell, and what must stay unknown of the hidden ones.

    Parameters:
        value: the true figure.
        low, high: the least and most that the reader holds possible from the cell alone.
        up, down: how far above and below its value a hidden cell must stay possible (both 0: nothing is asked).
        spread: the width that must stay possible where `up` and `down` cannot both be had.
        hideable: False where hiding the cell would hide nothing.
        sole: the number of the one contributor who knows the cell exactly; 0 where several or none do, -1 where it is not
            known which one does, -2 where the cell is zero (so that nobody knows to be the only one).
        weight: what hiding the cell costs the reader.
        hidden_low: the least a reader holds possible of a cell that only says "hidden".
    """

    value: Floats
    low: Floats
    high: Floats
    up: Floats
    down: Floats
    spread: float
    hideable: Bools
    sole: Ints
    weight: Floats
    hidden_low: float


class _Slice(NamedTuple):
    """One slice of what a reader knows, as compiled code takes it; `low`, `high` and `hidden` are written to."""

    value: Any
    low: Any
    high: Any
    up: Any
    down: Any
    hideable: Any
    sole: Any
    weight: Any
    hidden: Any
    spread: float
    hidden_low: float


def protect(knowledge: Knowledge) -> Bools:
    """The cells that must now say only "hidden", so that every hidden cell keeps the values it must hide among.

    Returns: bool, same axes as the table; includes cells that were "fewer than" before and had to become "hidden".
    """
    hidden: Bools = np.zeros(knowledge.value.shape, dtype=np.bool_)
    value, low, high = knowledge.value.copy(order="C"), knowledge.low.copy(order="C"), knowledge.high.copy(order="C")
    up, down, weight = (np.ascontiguousarray(array) for array in (knowledge.up, knowledge.down, knowledge.weight))
    hideable, sole = np.ascontiguousarray(knowledge.hideable), np.ascontiguousarray(knowledge.sole)
    slices = [
        _Slice(
            value=value[part],
            low=low[part],
            high=high[part],
            up=up[part],
            down=down[part],
            hideable=hideable[part],
            sole=sole[part],
            weight=weight[part],
            hidden=hidden[part],
            spread=float(knowledge.spread),
            hidden_low=float(knowledge.hidden_low),
        )
        for part in range(hidden.shape[0])
    ]
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as threads:  # slices share nothing, and the kernel holds no lock
        for part, found in enumerate(threads.map(_remembered, slices)):
            hidden[part] = np.frombuffer(found, dtype=np.bool_).reshape(hidden.shape[1:])
    return hidden


class _Asked:
    """A slice as a question: two with the same figures are the same question."""

    def __init__(self, part: _Slice) -> None:
        self.part: _Slice | None = part
        digest = hashlib.blake2b(digest_size=16)
        for array in part[:-2]:
            digest.update(array.tobytes())
        digest.update(repr((part.value.shape, part.spread, part.hidden_low)).encode())
        self.digest = digest.digest()

    def __hash__(self) -> int:
        return hash(self.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and self.digest == other.digest


def _remembered(part: _Slice) -> bytes:
    """The cells of a slice that must say only "hidden": a month that did not change is not worked out again."""
    return _answer(_Asked(part))


@lru_cache(maxsize=65_536)
def _answer(asked: _Asked) -> bytes:
    part, asked.part = asked.part, None  # the answer is kept, and not the question's arrays
    assert part is not None
    _protect_slice(part)
    return bytes(part.hidden.tobytes())


def _compiled(function: Callable[_P, _T]) -> Callable[_P, _T]:
    return cast("Callable[_P, _T]", njit(cache=True, nogil=True)(function))


@_compiled
def _corner(cell: Any, other: Any, shape: Any, mask: int) -> tuple[int, int, int, int]:
    """How the corner of the box moves when the cell moves up by one (+1, -1; 0: no such corner), and where it is."""
    i, j, k, turn = cell[0], cell[1], cell[2], 1
    for axis in range(3):
        if mask & (1 << axis):
            start, end, total = cell[axis], other[axis], shape[axis] - 1
            if start == end:
                return 0, i, j, k
            if (start == total) == (end == total):
                turn = -turn
            if axis == 0:
                i = end
            elif axis == 1:
                j = end
            else:
                k = end
    return turn, i, j, k


@_compiled
def _known_to_another(sole: int, own: int) -> bool:
    """True where one contributor, not the one whose cell is being hidden, knows the corner exactly."""
    return own != -2 and (sole == -1 or (sole > 0 and sole != own))


@_compiled
def _box_slack(cells: _Slice, cell: Any, other: Any, sign: int, most: float) -> float:
    """How far the cell can go through this one box: the least slack among its other corners."""
    own, room = cells.sole[cell[0], cell[1], cell[2]], most
    for mask in range(1, 8):
        turn, i, j, k = _corner(cell, other, cells.value.shape, mask)
        if turn == 0:
            continue
        here = cells.value[i, j, k]
        slack = cells.high[i, j, k] - here if turn * sign > 0 else here - cells.low[i, j, k]
        if slack <= _EXACT or _known_to_another(cells.sole[i, j, k], own):
            return 0.0
        room = min(room, slack)
    return room


@_compiled
def _move_box(value: Any, cell: Any, other: Any, step: float, log: Any, amounts: Any, used: int) -> int:
    """Every other corner of the box has moved by `step` in its own direction; the log remembers it."""
    for mask in range(1, 8):
        turn, i, j, k = _corner(cell, other, value.shape, mask)
        if turn != 0:
            value[i, j, k] += turn * step
            log[used, 0], log[used, 1], log[used, 2], amounts[used] = i, j, k, turn * step
            used += 1
    return used


@_compiled
def _reaches(value: float, low: float, high: float, above: float, below: float) -> bool:
    """True where a cell may be that far above and below its value."""
    return value + above <= high + _EXACT and value - below >= low - _EXACT


@_compiled
def _corner_cost(cells: _Slice, own: int, i: int, j: int, k: int, above: float, below: float, may_hide: bool) -> float:
    """0 where the corner may be that far above and below its value, its weight where it may once hidden, else infinite."""
    here = cells.value[i, j, k]
    if _known_to_another(cells.sole[i, j, k], own):
        return np.inf
    if _reaches(here, cells.low[i, j, k], cells.high[i, j, k], above, below):
        return 0.0
    if may_hide and cells.hideable[i, j, k] and _reaches(here, cells.hidden_low, np.inf, above, below):
        return float(cells.weight[i, j, k])
    return np.inf


@_compiled
def _edges(cells: _Slice, cell: Any, up: float, down: float, may_hide: bool) -> Any:
    """[axis, place]: the cost of the corner that differs from the cell on that axis alone; most boxes are ruled out by one."""
    shape, own = cells.value.shape, cells.sole[cell[0], cell[1], cell[2]]
    costs, other = np.full((3, max(shape)), np.inf), np.empty(3, dtype=np.int64)
    for axis in range(3):
        other[:] = cell
        if shape[axis] == 1:
            costs[axis, 0] = 0.0
            continue
        for place in range(shape[axis]):
            other[axis] = place
            turn, i, j, k = _corner(cell, other, shape, 1 << axis)
            if turn != 0:
                above, below = (up, down) if turn > 0 else (down, up)
                costs[axis, place] = _corner_cost(cells, own, i, j, k, above, below, may_hide)
    return costs


@_compiled
def _can_move(cells: _Slice, cell: Any, sign: int, need: float, log: Any, amounts: Any) -> bool:
    """True where the cell can go that far through what is hidden or rounded already; the table is left as it was."""
    value, shape, other = cells.value, cells.value.shape, np.empty(3, dtype=np.int64)
    used, left = 0, need
    edges = _edges(cells, cell, _LITTLE if sign > 0 else 0.0, 0.0 if sign > 0 else _LITTLE, False)
    for i in range(shape[0] - 1, -1, -1):
        for j in range(shape[1] - 1, -1, -1):
            if edges[0, i] + edges[1, j] > 0:
                continue
            for k in range(shape[2] - 1, -1, -1):
                if left > _EXACT and edges[2, k] == 0 and used + 7 <= _LOG:
                    other[0], other[1], other[2] = i, j, k
                    step = _box_slack(cells, cell, other, sign, left)
                    if step > _EXACT:
                        used = _move_box(value, cell, other, sign * step, log, amounts, used)
                        left -= step
    for entry in range(used):
        value[log[entry, 0], log[entry, 1], log[entry, 2]] -= amounts[entry]
    return left <= _EXACT


@_compiled
def _box_cost(cells: _Slice, cell: Any, other: Any, up: float, down: float, best: float) -> float:
    """What it costs to hide the corners of this box that stand in the way; infinite where that is no better than `best`."""
    own, cost = cells.sole[cell[0], cell[1], cell[2]], 0.0
    for mask in range(1, 8):
        turn, i, j, k = _corner(cell, other, cells.value.shape, mask)
        if turn != 0:
            above, below = (up, down) if turn > 0 else (down, up)
            cost += _corner_cost(cells, own, i, j, k, above, below, True)
            if cost >= best:
                return np.inf
    return cost


@_compiled
def _hide(cells: _Slice, i: int, j: int, k: int) -> None:
    """The cell says only "hidden"."""
    cells.low[i, j, k], cells.high[i, j, k], cells.hidden[i, j, k] = cells.hidden_low, np.inf, True


@_compiled
def _hide_cheapest_box(cells: _Slice, cell: Any, up: float, down: float) -> bool:
    """The corners of the cheapest box are hidden where they stood in the way; False where there is no box."""
    other, chosen = np.empty(3, dtype=np.int64), np.empty(3, dtype=np.int64)
    best = np.inf
    shape, edges = cells.value.shape, _edges(cells, cell, up, down, True)
    for i in range(shape[0]):
        for j in range(shape[1]):
            if edges[0, i] + edges[1, j] >= best:
                continue
            for k in range(shape[2]):
                if edges[0, i] + edges[1, j] + edges[2, k] < best:
                    other[0], other[1], other[2] = i, j, k
                    cost = _box_cost(cells, cell, other, up, down, best)
                    if cost < best:
                        best = cost
                        chosen[:] = other
    if best == np.inf:
        return False
    for mask in range(1, 8):
        turn, i, j, k = _corner(cell, chosen, cells.value.shape, mask)
        above, below = (up, down) if turn > 0 else (down, up)
        if turn != 0 and not _reaches(cells.value[i, j, k], cells.low[i, j, k], cells.high[i, j, k], above, below):
            _hide(cells, i, j, k)
    return True


@_compiled
def _protect_cell(cells: _Slice, cell: Any, log: Any, amounts: Any) -> None:
    """The cell keeps the values it must hide among or, where it cannot, says only "hidden" and keeps that spread."""
    i, j, k = cell[0], cell[1], cell[2]
    above, below = cells.up[i, j, k], cells.down[i, j, k]
    for _ in range(2):
        free = _can_move(cells, cell, 1, above, log, amounts) and _can_move(cells, cell, -1, below, log, amounts)
        if free or _hide_cheapest_box(cells, cell, above, below):
            return
        _hide(cells, i, j, k)
        above, below = cells.spread, 0.0


@_compiled
def _protect_slice(cells: _Slice) -> None:
    """Every hidden cell of one slice keeps the values it must hide among; `low`, `high` and `hidden` say how."""
    log, amounts, cell = np.empty((_LOG, 3), dtype=np.int64), np.empty(_LOG), np.empty(3, dtype=np.int64)
    for i in range(cells.value.shape[0]):
        for j in range(cells.value.shape[1]):
            for k in range(cells.value.shape[2]):
                if cells.up[i, j, k] + cells.down[i, j, k] > _EXACT:
                    cell[0], cell[1], cell[2] = i, j, k
                    _protect_cell(cells, cell, log, amounts)
