"""The one write: something happened."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Protocol

from oneworkforce.audit.models import Event


class HasKey(Protocol):
    """Anyone or anything with a primary key."""

    @property
    def pk(self) -> Any: ...


def record(event: str, *, by: HasKey | None, about: object = "", **details: object) -> Event:
    """The event is in the record, in the caller's transaction: if the write it tells of is undone, so is this.

    Parameters:
        event: what happened, in the past tense: "return accepted".
        by: the person who did it; None for the command line and the system.
        about: what it was done to: text such as "partner:RR8", or a model instance (its kind and key are noted).
        details: values worth keeping; never a personal value.
    """
    return Event.objects.create(
        event=event, by_id=by.pk if by else None, about=_reference(about), details={name: _plain(value) for name, value in details.items()}
    )


def _reference(about: object) -> str:
    if isinstance(about, str):
        return about[:200]
    meta = getattr(about, "_meta", None)
    key = getattr(about, "code", None) or getattr(about, "uuid", None) or getattr(about, "number", None) or getattr(about, "pk", "")
    return f"{meta.model_name if meta else type(about).__name__.lower()}:{key}"[:200]


def _plain(value: object) -> Any:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    return str(value)
