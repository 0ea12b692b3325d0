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
    blank = np.zeros(at.size, dtype=np.int32)
    spell = Spells(
        row=at, grid=grid, came=blank.copy(), came_in=near.month[grid], went=blank.copy(), went_in=blank, continued=continued,
        reason_row=np.full(at.size, -1, dtype=np.int64), active=active, passing=np.zeros(at.size, dtype=bool),
        after_linked=near.linked_after[grid],
    )  # fmt: skip
    was_in_post = next_to & np.append(False, active[:-1])
    _come(spell, rows, near, np.flatnonzero(~continued & ~was_in_post))
    _go(spell, rows, near, np.flatnonzero(active & ~continues), next_to)
    return spell


def _come(spell: Spells, rows: Rows, near: Neighbours, heads: NDArray[np.int64]) -> None:
    """These heads, who were not in post in the return before, came in; or came and went between the two; or neither.

    Writes into the arrays of `spell`.
    """
    row, grid, active = spell.row[heads], spell.grid[heads], spell.active[heads]
    month, before, linked = near.month[grid], near.before[grid], near.linked_before[grid]
    start, leave = rows.start[row], rows.leave[row]
    dated = linked & (start > before) & (start <= month)
    came_in = np.where(dated, start, np.where(linked, _spread(rows.pseudonym[row], before, month), month))
    passing = ~active & dated & (leave >= start)
    spell.came[heads] = np.where(active & ~linked, INTO_VIEW, np.where(active | passing, STARTER, NO_EVENT))
    spell.came_in[heads] = came_in
    gone = heads[passing]
    spell.passing[gone], spell.went[gone], spell.went_in[gone], spell.reason_row[gone] = True, LEAVER, leave[passing], row[passing]


def _go(spell: Spells, rows: Rows, near: Neighbours, heads: NDArray[np.int64], next_to: Truth) -> None:
    """These heads, in post in their return and not in the next, left, or went out of view, or are the last that is known.

    Writes into the arrays of `spell`. The month: as dated, within the gap to the next return, else spread over it.
    """
    row, grid = spell.row[heads], spell.grid[heads]
    month, after, linked = near.month[grid], near.after[grid], near.linked_after[grid]
    listed = np.append(next_to[1:], False)[heads]  # the next return still lists them, as having left
    teller = np.where(listed, np.append(spell.row[1:], -1)[heads], row)
    leave = rows.leave[teller]
    within = (leave > month) & (leave <= after)
    late = listed & (leave != NOT_DATED)  # said to have left before the return that still had them: the first month that can be
    left_in = np.where(within, leave, np.where(late, month + 1, _spread(rows.pseudonym[row], month, after)))
    unseen = ~linked & (near.until[grid] <= near.last)
    spell.went[heads] = np.where(linked, LEAVER, np.where(unseen, OUT_OF_VIEW, NO_EVENT))
    spell.went_in[heads] = np.where(linked, left_in, np.where(unseen, near.until[grid], 0))
    spell.reason_row[heads] = np.where(linked, teller, -1)


def _spread(pseudonym: NDArray[np.uint64], after: Whole, until: Whole) -> Whole:
    """A month after one return and up to the next for each person, evenly, the same whenever it is asked."""
    gap = np.maximum(until - after, 1)
    return np.asarray(after + 1 + (pseudonym % gap.astype(np.uint64)).astype(np.int32), dtype=np.int32)


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
