"""Reads of the record."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from oneworkforce.audit.models import Event


@dataclass(frozen=True)
class Entry:
    """One event as it is shown; the reader resolves `by_id` to a name."""

    when: datetime
    event: str
    by_id: int | None
    about: str
    details: dict[str, Any] = field(default_factory=dict)


def events(
    *, event: str = "", about: str = "", by_id: int | None = None, since: date | None = None, offset: int = 0, limit: int = 50
) -> tuple[Entry, ...]:
    """The newest events first, those that fit every filter given."""
    found = _filtered(event, about, by_id, since)[offset : offset + limit]
    return tuple(Entry(row.when, row.event, row.by_id, row.about, row.details) for row in found)


def count(*, event: str = "", about: str = "", by_id: int | None = None, since: date | None = None) -> int:
    """How many events fit."""
    return _filtered(event, about, by_id, since).count()


def kinds() -> tuple[str, ...]:
    """Every kind of event there has been, in alphabetical order."""
    return tuple(Event.objects.order_by("event").values_list("event", flat=True).distinct())


def _filtered(event: str, about: str, by_id: int | None, since: date | None) -> Any:
    found = Event.objects.all()
    if event:
        found = found.filter(event=event)
    if about:
        found = found.filter(about__icontains=about)
    if by_id is not None:
        found = found.filter(by_id=by_id)
    if since is not None:
        found = found.filter(when__date__gte=since)
    return found
