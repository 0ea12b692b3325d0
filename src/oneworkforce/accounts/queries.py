"""Reads of people."""

from __future__ import annotations

from collections.abc import Iterable

from oneworkforce.accounts.models import Person


def person(person_id: int) -> Person | None:
    """The person with that id, if there is one."""
    return Person.objects.filter(pk=person_id).first()


def person_by_email(email: str) -> Person | None:
    """The person who signs in with that address, if there is one."""
    return Person.objects.filter(email__iexact=email.strip()).first()


def names(person_ids: Iterable[int | None]) -> dict[int | None, str]:
    """Id to the name others see; None is the system, and an id whose account has gone says so."""
    wanted = set(person_ids)
    found: dict[int | None, str] = {row.pk: str(row) for row in Person.objects.filter(pk__in=[key for key in wanted if key])}
    return {key: found.get(key, "Someone whose account has gone") if key else "The system" for key in wanted}
