"""Movement: what changed since the last accepted return, for the data lead to confirm."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from oneworkforce.vocabulary import code_list

_Places = NDArray[np.int64]
_NAMED = 3
_USUAL_PEOPLE = 5  # so few may always come, go or change
_USUAL_SHARE = 0.05  # of the people before, for each month between the returns


@dataclass(frozen=True)
class Line:
    """One measure of a movement: its value before and now, in words, and whether it is so large that a person must confirm it."""

    measure: str
    label: str
    before: float | None
    now: float
    words: str
    asks: bool


@dataclass(frozen=True, eq=False)
class Movement:
    """What changed between two returns of one partner and format.

    Axes: by_role[role] × `role, before, starters, leavers, moved_in, moved_out, after, fte_before, fte_after`; in every row
    before + starters + moved_in − leavers − moved_out = after, in people who are in post at the end of each month, each under the role of
    their largest assignment. leavers_by_reason[reason] × `leaving_reason, people`; changes[from, to] × `before, after, people`.
    """

    partner: str
    month_before: date | None
    month: date | None
    people_before: int
    people: int
    starters: int
    leavers: int
    role_changes: int
    fte_before: float
    fte: float
    by_role: pl.DataFrame
    leavers_by_reason: pl.DataFrame
    changes: pl.DataFrame

    @property
    def sentences(self) -> tuple[str, ...]:
        """The movement in words, most important first."""
        said = [self._people(), self._starters_and_leavers(), self._reasons(), self._changes(), self._fte()]
        return tuple(sentence for sentence in said if sentence)

    @property
    def lines(self) -> tuple[Line, ...]:
        """One line a measure: people, starters, leavers, changes of role, FTE."""
        first = self.month_before is None
        return (
            Line("people", "People in post", None if first else self.people_before, self.people, self._people(), False),
            Line("starters", "Starters", None, self.starters, "" if first else self._who("starters"), self._is_unusual(self.starters)),
            Line(
                "leavers",
                "Leavers",
                None,
                self.leavers,
                " ".join(filter(None, (self._who("leavers"), self._reasons()))),
                self._is_unusual(self.leavers),
            ),
            Line("role_changes", "Changes of role", None, self.role_changes, self._changes(), self._is_unusual(self.role_changes)),
            Line(
                "fte", "FTE", None if first else self.fte_before, self.fte, self._fte(), self._is_unusual(abs(self.fte - self.fte_before))
            ),
        )

    @property
    def asks(self) -> bool:
        """Whether any measure is so large that a person must confirm it."""
        return any(line.asks for line in self.lines)

    def _is_unusual(self, count: float) -> bool:
        if self.month_before is None or self.month is None:
            return False
        months = (self.month.year - self.month_before.year) * 12 + self.month.month - self.month_before.month
        return count > _USUAL_PEOPLE + _USUAL_SHARE * max(months, 1) * self.people_before

    def _who(self, column: str) -> str:
        most = _most(self.by_role, column).strip(" ()")
        return f"Most: {most}." if most else ""

    def _people(self) -> str:
        if self.month_before is None:
            return f"{_people(self.people)} in post at the end of {_month(self.month)}. There is no earlier return to compare with."
        change = self.people - self.people_before
        how = "as many as" if change == 0 else f"{abs(change):,} {'more' if change > 0 else 'fewer'} than"
        return f"{_people(self.people)} in post at the end of {_month(self.month)}, {how} in {_month(self.month_before)}."

    def _starters_and_leavers(self) -> str:
        if self.month_before is None:
            return ""
        return f"{_people(self.starters)} started{_most(self.by_role, 'starters')} and {_people(self.leavers)} left{_most(self.by_role, 'leavers')}."

    def _reasons(self) -> str:
        labels = code_list("leaving_reasons").labels
        known = self.leavers_by_reason.filter(pl.col("leaving_reason") != "not_known").head(_NAMED)
        if not known.height:
            return ""
        return f"Reasons given for leaving: {', '.join(f'{labels[reason].lower()} {people:,}' for reason, people in known.iter_rows())}."

    def _changes(self) -> str:
        if not self.role_changes:
            return ""
        labels = code_list("job_roles").labels
        before, after, people = self.changes.row(0)
        return (
            f"{_people(self.role_changes)} changed role, most often from {labels[before].lower()} to {labels[after].lower()} ({people:,})."
        )

    def _fte(self) -> str:
        if self.month_before is None:
            return f"{self.fte:,.1f} FTE."
        return f"FTE went from {self.fte_before:,.1f} to {self.fte:,.1f}."


def movement(previous: pl.DataFrame | None, current: pl.DataFrame) -> Movement:
    """What changed from the previous return to the current one.

    Axes: previous and current [assignment] × the columns of `Assignments`, of one partner and format, each of one month.
    Parameters: previous is None where there is no earlier return.
    """
    before = current.clear() if previous is None else previous
    start, end = _in_post(before), _in_post(current)
    _, old, new = np.intersect1d(start.person, end.person, assume_unique=True, return_indices=True)
    moved = start.role[old] != end.role[new]
    gone = np.delete(np.arange(start.person.size), old)
    come = np.delete(np.arange(end.person.size), new)
    return Movement(
        partner=current["partner"][0] if current.height else "",
        month_before=_only_month(before),
        month=_only_month(current),
        people_before=start.person.size,
        people=end.person.size,
        starters=come.size,
        leavers=gone.size,
        role_changes=int(moved.sum()),
        fte_before=float(start.fte.sum()),
        fte=float(end.fte.sum()),
        by_role=_by_role(start, end, gone, come, old[moved], new[moved]),
        leavers_by_reason=_reasons(current, frozenset(start.person[gone].tolist())),
        changes=_changes(start.role[old[moved]], end.role[new[moved]]),
    )


@cache
def _roles() -> tuple[str, ...]:
    """Every role in the order of its code."""
    return tuple(sorted(code_list("job_roles").codes))


@cache
def _places() -> dict[str, int]:
    return {role: place for place, role in enumerate(_roles())}


@dataclass(frozen=True, eq=False)
class _InPost:
    """People in post at the end of a month, in order of their pseudonyms: person[n], role[n] a place in `_roles`, fte[n].

    The role is that of the largest assignment; where several are alike, the first by its code.
    """

    person: NDArray[np.uint64]
    role: NDArray[np.int64]
    fte: NDArray[np.float64]


def _in_post(assignments: pl.DataFrame) -> _InPost:
    staying = assignments.get_column("leaving_date").is_null().to_numpy()
    person = assignments.get_column("person").to_numpy()[staying]
    fte = assignments.get_column("fte").to_numpy()[staying]
    places = _places()
    role = np.array([places[role] for role in assignments.get_column("role").to_list()], dtype=np.int64)[staying]
    order = np.lexsort((role, -fte, person))
    person, role, fte = person[order], role[order], fte[order]
    first = np.flatnonzero(np.concatenate((np.ones(min(1, person.size), dtype=bool), person[1:] != person[:-1])))
    return _InPost(person[first], role[first], np.add.reduceat(fte, first) if first.size else fte)


def _by_role(start: _InPost, end: _InPost, gone: _Places, come: _Places, moved_from: _Places, moved_to: _Places) -> pl.DataFrame:
    """The flows by role. Parameters: places in `start` of those gone and moved, in `end` of those come and moved."""

    def counted(people: _InPost, which: _Places | None = None) -> NDArray[np.int64]:
        return np.bincount(people.role if which is None else people.role[which], minlength=len(_roles()))

    before, after = counted(start), counted(end)
    there = np.flatnonzero(before + after)
    columns = {
        "before": before,
        "leavers": counted(start, gone),
        "moved_out": counted(start, moved_from),
        "fte_before": np.bincount(start.role, start.fte, minlength=len(_roles())),
        "after": after,
        "starters": counted(end, come),
        "moved_in": counted(end, moved_to),
        "fte_after": np.bincount(end.role, end.fte, minlength=len(_roles())),
    }
    names = [_roles()[place] for place in there]
    counts = ("before", "starters", "leavers", "moved_in", "moved_out", "after", "fte_before", "fte_after")
    return pl.DataFrame([pl.Series("role", names, dtype=pl.String), *(pl.Series(name, columns[name][there]) for name in counts)])


def _changes(before: NDArray[np.int64], after: NDArray[np.int64]) -> pl.DataFrame:
    """From which role to which: `before, after, people`, most first."""
    pairs = Counter(zip(before.tolist(), after.tolist(), strict=True))
    rows = [(_roles()[old], _roles()[new], people) for (old, new), people in sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0]))]
    return pl.DataFrame(rows, schema={"before": pl.String, "after": pl.String, "people": pl.UInt32}, orient="row")


def _reasons(current: pl.DataFrame, gone: frozenset[int]) -> pl.DataFrame:
    """Why those who are gone left, as the current return says: `leaving_reason, people`, most first."""
    left = current.get_column("leaving_date").is_not_null()
    said = current.filter(left).select("person", "leaving_reason").rows() if left.any() else []
    known = {person: reason for person, reason in reversed(said) if person in gone}
    counts = Counter(known.get(person) or "not_known" for person in gone)
    rows = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return pl.DataFrame(rows, schema={"leaving_reason": pl.String, "people": pl.UInt32}, orient="row")


def _only_month(assignments: pl.DataFrame) -> date | None:
    return assignments["month"][0] if assignments.height else None


def _month(month: date | None) -> str:
    return f"{month:%B %Y}" if month else "no month"


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"


def _most(by_role: pl.DataFrame, column: str) -> str:
    counts = zip(by_role.get_column(column).to_list(), by_role.get_column("role").to_list(), strict=True)
    top = sorted(((count, role) for count, role in counts if count), key=lambda pair: (-pair[0], pair[1]))[:_NAMED]
    if not top:
        return ""
    plurals = code_list("job_roles").column("plural")
    return f" ({', '.join(f'{count:,} {plurals[role].lower()}' for count, role in top)})"
