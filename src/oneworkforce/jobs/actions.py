"""Every write to long work. A room starts a job with the dotted path of its task; the task works inside `working`."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

import structlog
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from oneworkforce.audit import actions as audit
from oneworkforce.audit.actions import HasKey
from oneworkforce.errors import Invalid, Refused, Unanswerable
from oneworkforce.jobs.core.lifecycle import ACTIVE, CANCELLED, FAILED, FINISHED, JOB, RUNNING, WAITING
from oneworkforce.jobs.models import Job
from oneworkforce.jobs.queries import Progress, job

logger = structlog.get_logger(__name__)


class Cancelled(Invalid):
    """The person asked for this work to stop; raised where it can stop with nothing half-done."""


def start(
    kind: str,
    *,
    by: HasKey | None,
    title: str,
    task: str = "",
    arguments: dict[str, Any] | None = None,
    key: str = "",
    partner_code: str = "",
    address: str = "",
    total: int = 0,
) -> Progress:
    """A job is waiting and, where a task is named, queued in the caller's transaction; the same key gives the job already active.

    Parameters:
        task: dotted path of a django-tasks task, called as task(number, **arguments).
        key: no two active jobs share one: "check:<uuid>".
        partner_code: whose work it is; its members may see it. Blank: the city's.
        address: the page to go to when it has finished.
    """
    try:
        with transaction.atomic():
            row = Job.objects.create(
                kind=kind, title=title, key=key, partner_code=partner_code, address=address, total=total, created_by=by.pk if by else None
            )
            if task:
                import_string(task).enqueue(row.number, **(arguments or {}))
            audit.record("job started", by=by, about=row, kind=kind, key=key)
    except IntegrityError:
        active = Job.objects.filter(key=key, state__in=ACTIVE).first() if key else None
        if active is None:
            raise
        return job(active.number)
    return job(row.number)


def progress(number: int, *, done: int | None = None, total: int | None = None, message: str | None = None) -> None:
    """The job says how far it is; raises `Cancelled` where the person has asked for it to stop."""
    given = {"done": done, "total": total, "message": message[:500] if message is not None else None}
    Job.objects.filter(number=number).update(heard_at=timezone.now(), **{name: value for name, value in given.items() if value is not None})
    if Job.objects.filter(number=number, cancel_requested=True, state=RUNNING).exists():
        raise Cancelled("It was cancelled. Nothing was changed.")


def begin(number: int) -> None:
    """The job is running; raises `Cancelled` where it was cancelled while it waited, `Invalid` where it has ended."""
    row = Job.objects.get(number=number)
    if row.state == CANCELLED:
        raise Cancelled("It was cancelled before it began.")
    if row.state == RUNNING:
        _move(row, "resumed")  # the worker that ran it before was killed
    _move(row, "started", started_at=timezone.now(), heard_at=timezone.now(), done=0)


def finish(number: int, *, result: dict[str, Any] | None = None, message: str = "", address: str = "") -> None:
    """The job has finished, with what it made."""
    row = Job.objects.get(number=number)
    changes: dict[str, Any] = {"result": result or {}, "ended_at": timezone.now(), "done": row.total or row.done}
    _move(row, "finished", message=message[:500], address=address or row.address, **changes)


def fail(number: int, *, message: str, result: dict[str, Any] | None = None) -> None:
    """The job has failed; the message says why and what to do."""
    _move(Job.objects.get(number=number), "failed", message=message[:500], result=result or {}, ended_at=timezone.now())


def abandon(number: int) -> None:
    """The job has failed because its worker was killed too often, if it had not ended."""
    row = Job.objects.filter(number=number, state__in=ACTIVE).first()
    if row is not None:
        message = f"It was stopped from outside several times and was not tried again. Ask the city team, and quote job {number}."
        _move(row, "failed", message=message, ended_at=timezone.now())


@transaction.atomic
def request_cancel(number: int, *, by: HasKey | None) -> Progress:
    """A waiting job is cancelled; a running one will stop at its next safe moment."""
    row = Job.objects.select_for_update().get(number=number)
    if row.state not in ACTIVE:
        raise Invalid(f"This job has already {_ended(row.state)}, so there is nothing to cancel.")
    if row.state == WAITING:
        _move(row, "cancelled", message="It was cancelled before it began.", ended_at=timezone.now())
    else:
        Job.objects.filter(pk=row.pk).update(cancel_requested=True)
    audit.record("job cancelled", by=by, about=row)
    return job(number)


class working:
    """Inside it the job is running; after it the job has finished, failed with a sentence, or stopped because it was cancelled.

    An error of the house (`Invalid`, `Unanswerable`, `Refused`) becomes the job's message; any other is logged, the person is told
    that it was not their doing, and it goes on to the worker.

        with working(number) as work:
            work.progress(done=1, total=3, message="Reading the file")
            work.result = {"rows": 60_000}
    """

    def __init__(self, number: int) -> None:
        self.number = number
        self.result: dict[str, Any] = {}
        self.message = ""
        self.address = ""

    def progress(self, *, done: int | None = None, total: int | None = None, message: str | None = None) -> None:
        """The job says how far it is; raises `Cancelled` where it should stop."""
        progress(self.number, done=done, total=total, message=message)

    def __enter__(self) -> Self:
        begin(self.number)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> bool:
        if error is None:
            finish(self.number, result=self.result, message=self.message, address=self.address)
            return False
        if isinstance(error, Cancelled):
            _move(Job.objects.get(number=self.number), "cancelled", message=str(error), ended_at=timezone.now())
            return True
        if isinstance(error, Invalid | Unanswerable | Refused):
            fail(self.number, message=str(error), result=self.result)
            return True
        if not isinstance(error, Exception):
            return False  # the process is stopping: the job stays as it is and will be resumed
        logger.error("job failed", number=self.number, exc_info=(kind, error, trace))
        fail(self.number, message=f"Something went wrong on our side, and nothing was half-written. Try again, or quote job {self.number}.")
        return False


def _move(row: Job, verb: str, **changes: Any) -> None:
    """The row has taken the step; another process that moved it first is noticed."""
    before, row.state = row.state, JOB.after(row.state, verb)
    if not Job.objects.filter(pk=row.pk, state=before).update(state=row.state, **changes):
        raise Invalid(f"Job {row.pk} was changed by someone else at the same moment. Look at it again.")


def _ended(state: str) -> str:
    return {FINISHED: "finished", FAILED: "failed", CANCELLED: "been cancelled"}[state]
