"""Movement: what changed since the last accepted return, for the data lead to confirm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from oneworkforce.vocabulary import code_list

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
    joined = start.rename({"role": "before", "fte": "fte_before"}).join(
        end.rename({"role": "after"}), on="person", how="full", coalesce=True
    )
    moved = joined.filter(pl.col("before").is_not_null() & pl.col("after").is_not_null() & (pl.col("before") != pl.col("after")))
    changes = (
        moved.group_by("before", "after").agg(pl.len().alias("people")).sort(["people", "before", "after"], descending=[True, False, False])
    )
    gone = joined.filter(pl.col("after").is_null()).select("person")
    return Movement(
        partner=current["partner"][0] if current.height else "",
        month_before=_only_month(before),
        month=_only_month(current),
        people_before=start.height,
        people=end.height,
        starters=int(joined["before"].null_count()),
        leavers=gone.height,
        role_changes=moved.height,
        fte_before=float(start["fte"].sum()),
        fte=float(end["fte"].sum()),
        by_role=_by_role(joined),
        leavers_by_reason=_reasons(current, gone),
        changes=changes,
    )


def _in_post(assignments: pl.DataFrame) -> pl.DataFrame:
    """People in post at the end of the month: `person, role, fte`, the role of the largest assignment."""
    staying = assignments.filter(pl.col("leaving_date").is_null())
    largest = staying.sort(["person", "fte", "role"], descending=[False, True, False])
    return largest.group_by("person", maintain_order=True).agg(pl.first("role"), pl.sum("fte"))


def _by_role(joined: pl.DataFrame) -> pl.DataFrame:
    moved = pl.col("before") != pl.col("after")
    out = (
        joined.drop_nulls("before")
        .group_by(pl.col("before").alias("role"))
        .agg(
            pl.len().alias("before"),
            pl.col("after").is_null().sum().alias("leavers"),
            moved.sum().alias("moved_out"),
            pl.sum("fte_before"),
        )
    )
    into = (
        joined.drop_nulls("after")
        .group_by(pl.col("after").alias("role"))
        .agg(
            pl.len().alias("after"),
            pl.col("before").is_null().sum().alias("starters"),
            moved.sum().alias("moved_in"),
            pl.sum("fte").alias("fte_after"),
        )
    )
    counts = ("before", "starters", "leavers", "moved_in", "moved_out", "after")
    whole = out.join(into, on="role", how="full", coalesce=True).fill_null(0)
    numbers = (pl.col(name).cast(pl.Int64) for name in counts)
    return whole.select("role", *numbers, pl.col("fte_before").cast(pl.Float64), pl.col("fte_after").cast(pl.Float64)).sort("role")


def _reasons(current: pl.DataFrame, gone: pl.DataFrame) -> pl.DataFrame:
    known = current.drop_nulls("leaving_date").unique("person", keep="first").select("person", "leaving_reason")
    said = gone.join(known, on="person", how="left").with_columns(pl.col("leaving_reason").fill_null("not_known"))
    return said.group_by("leaving_reason").agg(pl.len().alias("people")).sort(["people", "leaving_reason"], descending=[True, False])


def _only_month(assignments: pl.DataFrame) -> date | None:
    return assignments["month"][0] if assignments.height else None


def _month(month: date | None) -> str:
    return f"{month:%B %Y}" if month else "no month"


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"


def _most(by_role: pl.DataFrame, column: str) -> str:
    top = by_role.filter(pl.col(column) > 0).sort([column, "role"], descending=[True, False]).head(_NAMED)
    if not top.height:
        return ""
    plurals = code_list("job_roles").column("plural")
    return f" ({', '.join(f'{count:,} {plurals[role].lower()}' for role, count in top.select('role', column).iter_rows())})"
