"""A checked return is decided: accepted, sent back or withdrawn. Each is one transaction; nothing is ever overwritten."""

from __future__ import annotations

import uuid as uuids
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from oneworkforce.audit import actions as audit
from oneworkforce.errors import Invalid
from oneworkforce.workforce import folders, permissions, policies
from oneworkforce.workforce.actions.pictures import ask_for_picture
from oneworkforce.workforce.identifiers import destroy
from oneworkforce.workforce.lifecycles import ACCEPTED, CHECKED, OPEN_STATES, REPLACED, SENT_BACK, WITHDRAWN
from oneworkforce.workforce.models import Return
from oneworkforce.workforce.queries.rows import return_row
from oneworkforce.workforce.snapshots import verify


def accept_return(uuid: uuids.UUID | str, *, by: Any, answer: str = "", movement_confirmed: bool = False) -> Return:
    """The return is accepted, its snapshots are part of the city's picture from its month on, and one that it corrects is replaced.

    Parameters:
        answer: why the warnings are right, where there are any.
        movement_confirmed: that the movement since the last return is right, where it is unusual.
    Raises: Refused; Invalid with every reason that stands in the way, or who was first where two people accept at once.
    """
    try:
        return _accept(uuid, by=by, answer=answer, movement_confirmed=movement_confirmed)
    except IntegrityError as error:  # the database's own rule: one accepted return a partner, format and month
        raise Invalid(
            "Another return for the same month was accepted at the same moment. Nothing was changed. Look at it again."
        ) from error


@transaction.atomic
def _accept(uuid: uuids.UUID | str, *, by: Any, answer: str, movement_confirmed: bool) -> Return:
    return_ = return_row(uuid, lock=True)
    permissions.check_can_decide(by, return_)
    policies.check_can_be_accepted(return_, answer=answer, movement_confirmed=movement_confirmed, today=timezone.localdate())
    same = Return.objects.filter(partner_id=return_.partner_id, format=return_.format, month=return_.month, state=ACCEPTED)
    accepted = same.select_related("decided_by").first()
    policies.check_replaces(return_, accepted)
    for snapshot in return_.snapshots.filter(current=True):
        verify(snapshot.digest, folders.snapshots())
    if accepted is not None:
        _move(accepted, "replaced", (ACCEPTED,), REPLACED)
    _move(
        return_,
        "accepted",
        (CHECKED,),
        ACCEPTED,
        decided_at=timezone.now(),
        decided_by=by,
        answer=answer.strip(),
        movement_confirmed=movement_confirmed,
    )
    audit.record("return accepted", by=by, about=return_, replaces=accepted.uuid if accepted else None, answer=answer.strip())
    ask_for_picture(by=by)
    return return_row(uuid)


@transaction.atomic
def send_back(uuid: uuids.UUID | str, *, by: Any, reason: str) -> Return:
    """The return is with its sender again, who knows why; what it said stays in the history, its people's identifiers do not."""
    return_ = return_row(uuid, lock=True)
    permissions.check_can_decide(by, return_)
    return _end(return_, "sent back", (CHECKED,), SENT_BACK, by, policies.check_reason(reason))


@transaction.atomic
def withdraw(uuid: uuids.UUID | str, *, by: Any, reason: str = "") -> Return:
    """The sender has taken the return back; nothing of it counts."""
    return_ = return_row(uuid, lock=True)
    permissions.check_can_withdraw(by, return_)
    return _end(return_, "withdrawn", OPEN_STATES, WITHDRAWN, by, reason.strip())


def _end(return_: Return, verb: str, before: tuple[str, ...], state: str, by: Any, reason: str) -> Return:
    policies.check_step(return_, verb)
    _move(return_, verb, before, state, decided_at=timezone.now(), decided_by=by, reason=reason)
    audit.record(f"return {verb}", by=by, about=return_, reason=reason)
    transaction.on_commit(lambda: destroy(str(return_.uuid), folders.identifiers(), folders.keys()))
    return return_row(return_.uuid)


def _move(return_: Return, verb: str, before: tuple[str, ...], state: str, **changes: Any) -> None:
    """The row has taken the step, if nobody else moved it first."""
    policies.check_step(return_, verb)
    changed = Return.objects.filter(pk=return_.pk, state__in=before).update(state=state, **changes)
    policies.check_decided_once(return_, changed)
