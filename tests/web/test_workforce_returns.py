"""A return from receipt to decision: what each action makes true."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from oneworkforce.audit import queries as audit
from oneworkforce.errors import Invalid, Refused
from oneworkforce.workforce import actions, folders
from oneworkforce.workforce.models import Return, Snapshot
from tests.web.returns import APRIL, MARCH, row, staff, upload

pytestmark = pytest.mark.django_db

HOME = "SC001"


@pytest.fixture
def lead(people: SimpleNamespace) -> Any:
    """The data lead of the care home."""
    return people.other_lead


@pytest.fixture
def received(lead: Any) -> Callable[..., Return]:
    """received(content, month=…): a return of the care home that is received and checked."""

    def make(content: bytes | None = None, *, month: date = MARCH, **more: Any) -> Return:
        made = actions.receive_return([upload(content)], partner=HOME, month=month, by=lead, **more)
        return actions.check_return(made.uuid, by=lead)

    return make


def test_a_received_return_is_recognised_checked_and_its_rows_wait_as_snapshots(received: Callable[..., Return]) -> None:
    made = received()
    assert (made.state, made.format, made.errors, made.rows, made.people) == ("checked", "simple_return", 0, 6, 6)
    assert [(snapshot.kind, snapshot.rows) for snapshot in made.snapshots.all()] == [("assignments", 6)]
    assert (folders.identifiers() / f"{made.uuid}.sealed").exists()


def test_a_faulty_return_says_everything_at_once_and_has_no_snapshots(received: Callable[..., Return]) -> None:
    made = received(staff([row(1, hours="a lot"), row(2, role="Wizard"), row(3)]))
    assert made.errors >= 1
    assert made.snapshots.count() == 0
    assert {count.column for count in made.finding_counts.all()} >= {"Weekly Hours", "Job Role"}


def test_acceptance_is_recorded_and_asks_for_one_picture(received: Callable[..., Return], lead: Any) -> None:
    first = actions.accept_return(received().uuid, by=lead, answer="They are right.")
    assert (first.state, first.decided_by) == ("accepted", lead)
    second = received(staff(count=7), month=APRIL)
    actions.accept_return(second.uuid, by=lead, answer="Right.", movement_confirmed=True)
    assert audit.count(audit.Wanted(event="return accepted")) == 2
    from oneworkforce.jobs import queries as jobs

    assert len(jobs.latest(kind="build_picture")) == 1


def test_a_return_with_errors_is_not_accepted_and_every_reason_is_said(received: Callable[..., Return], lead: Any) -> None:
    made = received(staff([row(1, hours="a lot")]))
    with pytest.raises(Invalid, match=r"It has 1 error"):
        actions.accept_return(made.uuid, by=lead)


def test_movement_since_the_last_return_must_be_confirmed(received: Callable[..., Return], lead: Any) -> None:
    actions.accept_return(received().uuid, by=lead, answer="Right.")
    later = received(staff(count=5), month=APRIL)
    assert later.movement["sentences"][0].startswith("5 people in post")
    with pytest.raises(Invalid, match="confirm that it is right"):
        actions.accept_return(later.uuid, by=lead, answer="Right.")
    assert actions.accept_return(later.uuid, by=lead, answer="Right.", movement_confirmed=True).state == "accepted"


def test_a_correction_replaces_the_accepted_return_and_the_history_stays(received: Callable[..., Return], lead: Any) -> None:
    first = actions.accept_return(received().uuid, by=lead, answer="Right.")
    corrected = received(staff(count=7), format="simple_return", correction=True)
    actions.accept_return(corrected.uuid, by=lead, answer="Right.", movement_confirmed=True)
    first.refresh_from_db()
    assert (first.state, corrected.replaces_id, corrected.version) == ("replaced", first.pk, 2)
    assert Snapshot.objects.filter(return_of=first).exists()


def test_a_return_is_sent_back_with_a_reason_and_its_identifiers_are_gone(
    received: Callable[..., Return], lead: Any, django_capture_on_commit_callbacks: Any
) -> None:
    made = received()
    with pytest.raises(Invalid, match="Say why"):
        actions.send_back(made.uuid, by=lead, reason=" ")
    with django_capture_on_commit_callbacks(execute=True):
        back = actions.send_back(made.uuid, by=lead, reason="Hours are missing for the night staff.")
    assert (back.state, back.reason) == ("sent back", "Hours are missing for the night staff.")
    assert not (folders.identifiers() / f"{made.uuid}.sealed").exists()


def test_a_withdrawn_return_can_be_sent_again(received: Callable[..., Return], lead: Any) -> None:
    actions.withdraw(received().uuid, by=lead)
    assert received().state == "checked"


def test_a_nil_return_is_accepted_at_once(lead: Any) -> None:
    made = actions.nil_return(partner=HOME, format="simple_return", month=MARCH, by=lead)
    assert (made.state, made.nil) == ("accepted", True)
    with pytest.raises(Invalid, match="already accepted"):
        actions.nil_return(partner=HOME, format="simple_return", month=MARCH, by=lead)


def test_only_the_partner_its_agreed_sender_and_the_city_team_may_send(people: SimpleNamespace, lead: Any, organisations: Any) -> None:
    with pytest.raises(Refused):
        actions.receive_return([upload()], partner=HOME, month=MARCH, by=people.data_lead)
    actions.agree_sending(HOME, "RR8", by=lead)
    made = actions.receive_return([upload()], partner=HOME, month=MARCH, by=people.data_lead, sender="RR8")
    assert made.sender == organisations.trust
    actions.end_sending(HOME, "RR8", by=lead)
    with pytest.raises(Refused):
        actions.receive_return([upload(staff(count=8))], partner=HOME, month=MARCH, by=people.data_lead, sender="RR8")


def test_remembered_columns_are_used_for_every_later_return(received: Callable[..., Return], lead: Any) -> None:
    strange = staff().replace(b"Weekly Hours", b"Std Wkly Hrs")
    made = received(strange, format="simple_return")
    assert made.errors
    actions.remember_columns(made.uuid, {"staff": {"Std Wkly Hrs": "weekly_hours"}}, by=lead)
    assert actions.check_return(made.uuid, by=lead).errors == 0
    assert received(strange.replace(b"Ann1", b"Bea"), month=APRIL, format="simple_return").errors == 0


def test_the_picture_is_made_from_what_is_accepted_and_from_nothing_else(received: Callable[..., Return], lead: Any) -> None:
    actions.accept_return(received(staff(count=12)).uuid, by=lead, answer="Right.")
    received(staff(count=9), month=APRIL)
    digest = actions.build_picture()
    assert actions.build_picture() == digest
    assert actions.picture_is_current()
