"""Reads of long work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from oneworkforce.errors import Unanswerable
from oneworkforce.jobs.core.lifecycle import ACTIVE
from oneworkforce.jobs.models import Job


@dataclass(frozen=True)
class Progress:
    """A job as it stands. `share` is 0 to 1, or None while the total is not known."""

    number: int
    kind: str
    title: str
    state: str
    done: int
    total: int
    message: str
    result: dict[str, Any]
    address: str
    partner_code: str
    created_by: int | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    cancel_requested: bool

    @property
    def active(self) -> bool:
        """Whether it is still waiting or running."""
        return self.state in ACTIVE

    @property
    def share(self) -> float | None:
        """How far it is, 0 to 1."""
        return min(self.done / self.total, 1.0) if self.total else None


def job(number: int) -> Progress:
    """The job of that number; raises `Unanswerable` where there is none."""
    found = Job.objects.filter(number=number).first()
    if found is None:
        raise Unanswerable(f"There is no job {number}. It may have been tidied away.")
    return _progress(found)


def active_job(key: str) -> Progress | None:
    """The job waiting or running under that key, if there is one."""
    found = Job.objects.filter(key=key, state__in=ACTIVE).first()
    return _progress(found) if found else None


def last_job(key: str) -> Progress | None:
    """The newest job under that key, whatever became of it, if there is one."""
    found = Job.objects.filter(key=key).order_by("-number").first()
    return _progress(found) if found else None


def latest(
    *, kind: str = "", partner_codes: Iterable[str] | None = None, states: Iterable[str] = (), limit: int = 20
) -> tuple[Progress, ...]:
    """The newest jobs first, of that kind, those partners and those states, where given."""
    found = Job.objects.all()
    if kind:
        found = found.filter(kind=kind)
    if partner_codes is not None:
        found = found.filter(partner_code__in=list(partner_codes))
    if states:
        found = found.filter(state__in=list(states))
    return tuple(_progress(row) for row in found[:limit])


def active_jobs_of(person: Any) -> tuple[Progress, ...]:
    """What this person has started and has not ended, newest first."""
    return tuple(_progress(row) for row in Job.objects.filter(created_by=person.pk, state__in=ACTIVE)[:20])


def _progress(row: Job) -> Progress:
    return Progress(**{name: getattr(row, name) for name in Progress.__dataclass_fields__})
