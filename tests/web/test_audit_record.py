"""The record is added to and never changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.test import Client

from oneworkforce.audit import actions, queries
from oneworkforce.audit.models import Event
from oneworkforce.errors import Refused


def test_an_event_says_who_did_what_to_what(people: SimpleNamespace, organisations: SimpleNamespace) -> None:
    actions.record(
        "return accepted", by=people.data_lead, about=organisations.trust, rows=12, month=date(2026, 11, 1), notes={"a", "b"} - {"b"}
    )
    entry = queries.events(queries.Wanted("return accepted"))[0]
    assert (entry.by_id, entry.about) == (people.data_lead.pk, "organisation:RR8")
    assert entry.details == {"rows": 12, "month": "2026-11-01", "notes": ["a"]}


@pytest.mark.django_db
def test_an_event_by_the_system_has_no_one() -> None:
    assert actions.record("picture built", by=None, about="picture:abc").by_id is None


@pytest.mark.parametrize(
    "change",
    [
        lambda event: Event.objects.update(event="nothing"),
        lambda event: Event.objects.all().delete(),
        lambda event: Event.objects.bulk_update([event], ["event"]),
        lambda event: event.save(),
        lambda event: event.delete(),
    ],
)
@pytest.mark.django_db
def test_nothing_in_the_record_can_be_changed(change: Callable[[Event], object]) -> None:
    event = actions.record("return accepted", by=None)
    with pytest.raises(Refused, match="kept as it was written"):
        change(event)
    assert list(Event.objects.values_list("event", flat=True)) == ["return accepted"]


@pytest.mark.django_db(transaction=True)
def test_an_event_is_undone_with_the_write_it_tells_of() -> None:
    with transaction.atomic():
        actions.record("return accepted", by=None)
        transaction.set_rollback(True)
    assert queries.count() == 0


def test_the_city_team_filters_the_record(people: SimpleNamespace, signed_in: Callable[[str], Client]) -> None:
    actions.record("return accepted", by=people.data_lead, about="return:1")
    actions.record("return sent back", by=None, about="return:2")
    page = signed_in("city_team").get("/about/audit/", {"event": "return accepted"}).content.decode()
    assert "Data lead" in page
    assert "return:1" in page
    assert "return:2" not in page
    assert "Nothing fits" in signed_in("city_team").get("/about/audit/", {"about": "zebra"}).content.decode()
