"""Reads of the record."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from oneworkforce.audit.models import Event, Events


@dataclass(frozen=True)
class Entry:
    """One event as it is shown; the reader resolves `by_id` to a name."""

    when: datetime
    event: str
    by_id: int | None
    about: str
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Wanted:
    """Which events: of one kind, about something whose reference holds the text, by one person, since a day. Blank: any."""

    event: str = ""
    about: str = ""
    by_id: int | None = None
    since: date | None = None


def events(wanted: Wanted = Wanted(), *, offset: int = 0, limit: int = 50) -> tuple[Entry, ...]:
    """The newest events first, those that are wanted."""
    found = _found(wanted)[offset : offset + limit]
    return tuple(Entry(row.when, row.event, row.by_id, row.about, row.details) for row in found)


def count(wanted: Wanted = Wanted()) -> int:
    """How many events are wanted."""
    return _found(wanted).count()


def kinds() -> tuple[str, ...]:
    """Every kind of event there has been, in alphabetical order."""
    return tuple(Event.objects.order_by("event").values_list("event", flat=True).distinct())


def _found(wanted: Wanted) -> Events:
    found = Event.objects.all()
    if wanted.event:
        found = found.filter(event=wanted.event)
    if wanted.about:
        found = found.filter(about__icontains=wanted.about)
    if wanted.by_id is not None:
        found = found.filter(by_id=wanted.by_id)
    if wanted.since is not None:
        found = found.filter(when__date__gte=wanted.since)
    return found
