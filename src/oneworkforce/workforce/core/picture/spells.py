"""Who was in post at the end of which months, and how they came and went: one return held against the next, person by person.

The rule, in full. A person is in post in a return when one of their rows there has not left by its month. In post in this return and not
in the one before: a starter; in the one before and not in this: a leaver. Where months lie between two returns, the date on the row
decides when; without a date in that gap, the person's own pseudonym picks a month of it, so that undated starts and leaves spread evenly.
A first return, and one that comes after more than `CARRIED_AT_MOST` months of silence, brings people into view: they are not starters.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int32]
Truth = NDArray[np.bool_]

NOT_DATED = np.int32(-1)
STAYS = np.int32(2**31 - 1)

NO_EVENT, STARTER, TRANSFER_IN, INTO_VIEW = 0, 1, 2, 3
LEAVER, TRANSFER_OUT, OUT_OF_VIEW = 1, 2, 3


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of all returns as arrays, sorted by person and return; a person's main assignment comes first.

    Axes: every array [row]. order: position in the frame of assignments. person: code of the person at one partner in one format.
    grid: which return, in the order of `Returns.grid`. active: not left by the end of the return's month. start, leave: month numbers or
    `NOT_DATED`. head: the first row of its person in its return.
    """

    order: NDArray[np.int64]
    person: NDArray[np.uint32]
    pseudonym: NDArray[np.uint64]
    grid: Whole
    active: Truth
    staff: Truth
    start: Whole
    leave: Whole
    head: Truth


@dataclass(frozen=True, eq=False)
class Neighbours:
    """What each return knows of the one before and after.

    Axes: every array [return], in the order of `Returns.grid`; month numbers. before and after are `NOT_DATED` where there is none.
    known: the last month for which the partner's comings and goings are known from here on (`STAYS` once it has closed).
    """

    month: Whole
    before: Whole
    after: Whole
    linked_before: Truth
    linked_after: Truth
    until: Whole
    known: Whole
    last: int


@dataclass(frozen=True, eq=False)
class Spells:
    """Heads (one a person and return) with how they came into it and went out after it.

    Axes: every array [head]. came, went: one of the kinds above. came_in, went_in: month numbers. first, end: the months first ≤ t < end
    for which this return's rows of the person stand. reason_row: the row that says why they left (index into Rows), −1 where none does.
    continued: in post in the linked return before. passing: came and went between two returns.
    """

    row: NDArray[np.int64]
    grid: Whole
    came: Whole
    came_in: Whole
    went: Whole
    went_in: Whole
    reason_row: NDArray[np.int64]
    continued: Truth
    active: Truth
    passing: Truth
    after_linked: Truth

    def moved(self, **changes: Any) -> Spells:
        """The same spells but for these arrays."""
        return replace(self, **changes)


def spells(rows: Rows, near: Neighbours) -> Spells:
    """Every person's coming and going between linked returns; starts and leaves are not yet told apart from transfers."""
    at = np.flatnonzero(rows.head)
    grid, person, active = rows.grid[at], rows.person[at], rows.active[at]
    next_to = np.zeros(at.size, dtype=bool)  # the head before is the same person in the return before
    next_to[1:] = (person[1:] == person[:-1]) & (grid[1:] == grid[:-1] + 1)
    next_to &= near.linked_before[grid]
    continued = next_to & active
    continued[1:] &= active[:-1]
    continues = np.append(continued[1:], False)
    went_row = np.append(next_to[1:], False) & active & ~continues  # the next return still lists them, as having left
    reason_row = np.where(went_row, np.append(at[1:], -1), at)
    came_in, passing = _came_in(rows, near, at, grid, active, continued, next_to)
    went_in = _went_in(rows, near, at, grid, reason_row, went_row)
    came = np.where(active & ~continued, np.where(near.linked_before[grid], STARTER, INTO_VIEW), np.where(passing, STARTER, NO_EVENT))
    unseen = ~near.linked_after[grid] & (near.until[grid] <= near.last)
    went = np.where(active & ~continues & near.linked_after[grid], LEAVER, np.where(active & unseen, OUT_OF_VIEW, NO_EVENT))
    went = np.where(passing, LEAVER, went)
    went_in = np.where(passing, rows.leave[at], np.where(went == OUT_OF_VIEW, near.until[grid], went_in))
    return Spells(
        row=at, grid=grid, came=came.astype(np.int32), came_in=came_in.astype(np.int32), went=went.astype(np.int32),
        went_in=went_in.astype(np.int32), reason_row=np.where(went == LEAVER, reason_row, -1), continued=continued, active=active,
        passing=passing, after_linked=near.linked_after[grid],
    )  # fmt: skip


def _came_in(
    rows: Rows, near: Neighbours, at: NDArray[np.int64], grid: Whole, active: Truth, continued: Truth, next_to: Truth
) -> tuple[Whole, Truth]:
    """The month each head came in, and which came and went between two returns."""
    month, before, start, leave = near.month[grid], near.before[grid], rows.start[at], rows.leave[at]
    dated = near.linked_before[grid] & (start > before) & (start <= month)
    gap = np.maximum(month - before, 1)
    spread = before + 1 + (rows.pseudonym[at] % gap.astype(np.uint64)).astype(np.int32)
    came_in = np.where(dated, start, np.where(near.linked_before[grid], spread, month))
    was_in_post = np.zeros(at.size, dtype=bool)
    was_in_post[1:] = next_to[1:] & active[:-1]
    passing = ~active & ~was_in_post & dated & (leave >= start)
    return np.where(continued, month, came_in), passing


def _went_in(
    rows: Rows, near: Neighbours, at: NDArray[np.int64], grid: Whole, reason_row: NDArray[np.int64], went_row: Truth
) -> NDArray[np.int32]:
    """The month each head went, were it to go: as dated, within the gap to the next return, else spread over it."""
    month, after, leave = near.month[grid], near.after[grid], rows.leave[reason_row]
    gap = np.maximum(after - month, 1)
    spread = month + 1 + (rows.pseudonym[at] % gap.astype(np.uint64)).astype(np.int32)
    within = (leave > month) & (leave <= after)
    late = went_row & (leave != NOT_DATED)  # said to have left before the return that still had them: the first month that can be
    return np.where(within, leave, np.where(late, month + 1, spread)).astype(np.int32)


def stands(rows: Rows, spell: Spells, near: Neighbours) -> tuple[Whole, Whole]:
    """The months first ≤ t < end for which every row stands: those of its person's head; empty for an assignment that has ended.

    Axes: both [row].
    """
    stood = spell.active | spell.passing
    end = np.where(spell.went != NO_EVENT, spell.went_in, near.until[spell.grid])
    first, end = np.where(stood, spell.came_in, 0), np.where(stood, end, 0)
    of_row = np.cumsum(rows.head) - 1
    counted = rows.active | (rows.head & spell.passing[of_row])
    return np.where(counted, first[of_row], 0).astype(np.int32), np.where(counted, end[of_row], 0).astype(np.int32)


def stays_until(spell: Spells, near: Neighbours, followed_by: NDArray[np.int64]) -> tuple[Whole, Whole]:
    """For every head, the month its whole stay ends (`STAYS` while it goes on), and the last month up to which that is known.

    Axes: both [head]. followed_by[head]: the head in which a transferred person's stay goes on at the successor, −1 where none.
    """
    stay = np.cumsum(~spell.continued) - 1
    last = np.append(np.flatnonzero(~spell.continued)[1:] - 1, spell.row.size - 1)[: stay[-1] + 1 if stay.size else 0]
    end = np.where(spell.went[last] == LEAVER, spell.went_in[last], STAYS).astype(np.int32)
    known = near.known[spell.grid[last]]
    follower = followed_by[last]
    linked = np.flatnonzero(follower >= 0)
    for _ in range(linked.size):
        new_end, new_known = end[stay[follower[linked]]], known[stay[follower[linked]]]
        if np.array_equal(new_end, end[linked]) and np.array_equal(new_known, known[linked]):
            break
        end[linked], known[linked] = new_end, new_known
    return end[stay], known[stay]
