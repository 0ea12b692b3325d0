"""Who owes which return by when, and how each stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl

from oneworkforce.workforce.lifecycles import ACCEPTED, CHECKED, RECEIVED, SENT_BACK
from oneworkforce.workforce.models import Cadence, Return

STANDINGS = {
    "accepted": "Accepted",
    "nil": "Nil return",
    "checked": "To decide",
    "received": "Being checked",
    "sent back": "Sent back",
    "missing": "Missing",
    "due": "Due",
    "not due": "Not due yet",
    "": "Nothing owed",
}
"""How a month of a partner and format stands, in words."""

_WEIGHT = {ACCEPTED: 4, CHECKED: 3, RECEIVED: 2, SENT_BACK: 1}


@dataclass(frozen=True)
class Due:
    """A return that is owed and neither accepted nor under way."""

    partner: str
    partner_name: str
    format: str
    month: date
    due: date


@dataclass(frozen=True)
class Cell:
    """One month of a partner and format."""

    month: date
    standing: str
    uuid: str = ""
    due: date | None = None

    @property
    def words(self) -> str:
        """How it stands, in words."""
        return STANDINGS[self.standing]


@dataclass(frozen=True)
class Line:
    """One partner's one format, month by month."""

    partner: str
    partner_name: str
    sector: str
    format: str
    cells: tuple[Cell, ...]

    @property
    def missing(self) -> int:
        """How many returns are overdue."""
        return sum(cell.standing == "missing" for cell in self.cells)


@dataclass(frozen=True)
class Owed:
    """A cadence, as a person reads it."""

    partner: str
    partner_name: str
    sector: str
    format: str
    interval_months: int
    due_day: int
    first_month: date
    last_month: date | None
    closed: date | None

    def months(self, until: date) -> Iterator[date]:
        """Every month up to that one for which a return is owed."""
        last = min(day for day in (until, self.last_month, self.closed) if day is not None)
        month = self.first_month
        while month <= last:
            yield month
            month = later(month, self.interval_months)

    def due(self, month: date) -> date:
        """The day by which the month's return is due."""
        return later(month, 1).replace(day=self.due_day)


def later(month: date, months: int) -> date:
    """The first day of the month that many months later.

    >>> later(date(2026, 11, 1), 3)
    datetime.date(2027, 2, 1)
    """
    place = month.year * 12 + month.month - 1 + months
    return date(place // 12, place % 12 + 1, 1)


def cadences(*, codes: Iterable[str] | None = None, sector: str = "", search: str = "") -> tuple[Owed, ...]:
    """What partners owe, in order of partner and format."""
    rows = Cadence.objects.order_by("partner__name", "partner__code", "format")
    if codes is not None:
        rows = rows.filter(partner__code__in=list(codes))
    if sector:
        rows = rows.filter(partner__sector=sector)
    if search:
        rows = rows.filter(partner__name__icontains=search)
    columns = (
        "partner__code",
        "partner__name",
        "partner__sector",
        "format",
        "interval_months",
        "due_day",
        "first_month",
        "last_month",
        "partner__closed",
    )
    return tuple(Owed(*row) for row in rows.values_list(*columns))


def due_returns(until: date, *, since: date | None = None, codes: Iterable[str] | None = None) -> tuple[Due, ...]:
    """Every return due by that day (and not before `since`) that is neither accepted nor under way, the earliest first."""
    owed = cadences(codes=codes)
    known = _best_states(later((since or until).replace(day=1), -2) if since else None, codes)
    found = [
        Due(entry.partner, entry.partner_name, entry.format, month, entry.due(month))
        for entry in owed
        for month in entry.months(until)
        if (since is None or entry.due(month) >= since)
        and entry.due(month) <= until
        and known.get((entry.partner, entry.format, month), ("", "", False))[0] not in (ACCEPTED, CHECKED, RECEIVED)
    ]
    return tuple(sorted(found, key=lambda due: (due.due, due.partner_name)))


def calendar(
    first: date, last: date, today: date, *, sector: str = "", search: str = "", codes: Iterable[str] | None = None
) -> tuple[tuple[date, ...], tuple[Line, ...]]:
    """The months, and how every partner's every format stands in each of them."""
    months = _months(first, last)
    known = _best_states(first, codes)
    lines = []
    for entry in cadences(sector=sector, search=search, codes=codes):
        owed = set(entry.months(last))
        cells = tuple(_cell(entry, month, month in owed, known.get((entry.partner, entry.format, month)), today) for month in months)
        lines.append(Line(entry.partner, entry.partner_name, entry.sector, entry.format, cells))
    return months, tuple(lines)


def expected_frame(until: date, today: date) -> pl.DataFrame:
    """Every return that was owed up to a month, or accepted, and how it stands.

    Axes: [return] × `partner, format, month, status (accepted, nil, missing, not_due), snapshot` (snapshots' digests, null where none).
    """
    found: dict[tuple[str, str, date], tuple[str, str | None]] = {}
    for entry in cadences():
        for month in entry.months(until):
            found[entry.partner, entry.format, month] = ("missing" if entry.due(month) < today else "not_due", None)
    digests = Return.objects.filter(state=ACCEPTED, month__lte=until, snapshots__current=True)
    snapshot: dict[tuple[str, str, date], str] = {}
    for code, format, month, digest in digests.values_list("partner__code", "format", "month", "snapshots__digest"):
        snapshot.setdefault((code, format, month), digest)
    for code, format, month, nil in Return.objects.filter(state=ACCEPTED, month__lte=until).values_list(
        "partner__code", "format", "month", "nil"
    ):
        found[code, format, month] = ("nil" if nil else "accepted", snapshot.get((code, format, month)))
    rows = [(*key, *value) for key, value in sorted(found.items())]
    schema = {"partner": pl.String, "format": pl.String, "month": pl.Date, "status": pl.String, "snapshot": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _best_states(since: date | None, codes: Iterable[str] | None) -> dict[tuple[str, str, date], tuple[str, str, bool]]:
    """The furthest return of every partner, format and month: its state, its number, whether it is nil."""
    rows = Return.objects.filter(state__in=_WEIGHT).order_by("id")
    if since is not None:
        rows = rows.filter(month__gte=since)
    if codes is not None:
        rows = rows.filter(partner__code__in=list(codes))
    best: dict[tuple[str, str, date], tuple[str, str, bool]] = {}
    for code, format, month, state, uuid, nil in rows.values_list("partner__code", "format", "month", "state", "uuid", "nil"):
        known = best.get((code, format, month))
        if known is None or _WEIGHT[state] >= _WEIGHT[known[0]]:
            best[code, format, month] = (state, str(uuid), nil)
    return best


def _cell(entry: Owed, month: date, owed: bool, known: tuple[str, str, bool] | None, today: date) -> Cell:
    due = entry.due(month) if owed else None
    if known is not None:
        return Cell(month, "nil" if known[2] else known[0], known[1], due)
    if due is None:
        return Cell(month, "")
    if due < today:
        return Cell(month, "missing", due=due)
    return Cell(month, "due" if later(month, 1) <= today else "not due", due=due)


def _months(first: date, last: date) -> tuple[date, ...]:
    found, month = [], first.replace(day=1)
    while month <= last:
        found.append(month)
        month = later(month, 1)
    return tuple(found)
