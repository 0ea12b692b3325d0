"""Pages of returns: from sending a file to the decision, on screen, and what stands between one return and the next."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from oneworkforce.audit import queries as audit
from oneworkforce.jobs import queries as jobs
from oneworkforce.jobs.actions import begin, fail, working
from oneworkforce.workforce import actions, queries
from oneworkforce.workforce.models import Cadence, ColumnMapping, Return, Unmapped
from oneworkforce.workforce.queries.calendar import later
from tests.web.returns import MARCH, row, staff, upload

pytestmark = pytest.mark.django_db

HOME = "SC001"
ROLES = ("outsider", "viewer", "analyst", "data_lead", "other_lead", "city_team")
LAST = later(timezone.localdate().replace(day=1), -1)

# address: the status for each of ROLES, in order. `{uuid}` is a checked return of the care home, whose data lead is other_lead.
MATRIX = {
    "/workforce/returns/": (403, 200, 200, 200, 200, 200),
    "/workforce/returns/send/": (200, 200, 200, 200, 200, 200),
    "/workforce/returns/nil/": (200, 200, 200, 200, 200, 200),
    "/workforce/returns/fill/": (200, 200, 200, 200, 200, 200),
    "/workforce/returns/fill/SC001/2026-03/": (403, 403, 403, 403, 200, 200),
    "/workforce/returns/calendar/": (403, 200, 200, 200, 200, 200),
    "/workforce/returns/calendar/owes/": (403, 403, 403, 403, 403, 200),
    "/workforce/returns/senders/SC001/": (403, 403, 403, 403, 200, 200),
    "/workforce/returns/{uuid}/": (403, 403, 403, 403, 200, 200),
    "/workforce/returns/{uuid}/annotated.download": (403, 403, 403, 403, 200, 403),
    "/workforce/returns/{uuid}/findings.download": (403, 403, 403, 403, 200, 403),
    "/workforce/returns/{uuid}/anything.download": (404, 404, 404, 404, 404, 404),
    "/workforce/returns/00000000-0000-0000-0000-000000000000/": (404, 404, 404, 404, 404, 404),
    "/workforce/formats/": (200, 200, 200, 200, 200, 200),
    "/workforce/formats/esr_staff_in_post/": (200, 200, 200, 200, 200, 200),
    "/workforce/formats/nhs_turnover/": (404, 404, 404, 404, 404, 404),
    "/workforce/formats/simple_return/template.xlsx": (200, 200, 200, 200, 200, 200),
    "/workforce/formats/simple_return/template.pdf": (404, 404, 404, 404, 404, 404),
    "/workforce/unmapped/": (403, 200, 200, 200, 200, 200),
}


@pytest.fixture
def lead(people: SimpleNamespace) -> Any:
    """The data lead of the care home."""
    return people.other_lead


@pytest.fixture
def page(signed_in: Callable[[str], Client]) -> Client:
    """The data lead of the care home, signed in."""
    return signed_in("other_lead")


@pytest.fixture
def checked(lead: Any) -> Callable[..., Return]:
    """checked(content, month=…): a return of the care home that is received and checked."""

    def make(content: bytes | None = None, *, month: date = MARCH, **more: Any) -> Return:
        made = actions.receive_return([upload(content)], partner=HOME, month=month, by=lead, **more)
        return _check(made)

    return make


def _check(made: Return) -> Return:
    """The return is checked, as the worker would."""
    job = jobs.active_job(f"check:{made.uuid}")
    assert job is not None
    with working(job.number):
        return actions.check_return(made.uuid)


def _send(page: Client, content: bytes | None = None, *, month: str = "2026-03", **more: Any) -> Any:
    posted = {"partner": HOME, "month": month, "files": upload(content), "format": "", "whole": "yes", **more}
    return page.post("/workforce/returns/send/", posted)


def _text(answer: Any) -> str:
    """What a person reads of the page's main part, on one line."""
    main = answer.content.decode().partition("<main")[2]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


# Every page


@pytest.mark.parametrize("address", MATRIX)
def test_each_role_opens_what_it_may_and_nothing_else(
    address: str, signed_in: Callable[[str], Client], checked: Callable[..., Return]
) -> None:
    place = address.format(uuid=checked().uuid)
    seen = tuple(signed_in(role).get(place).status_code for role in ROLES)
    assert seen == MATRIX[address]


@pytest.mark.parametrize("address", [address for address in MATRIX if "template." not in address and ".download" not in address])
def test_every_page_has_one_heading_a_title_and_nothing_that_the_policy_forbids(
    address: str, signed_in: Callable[[str], Client], checked: Callable[..., Return]
) -> None:
    page = signed_in("city_team").get(address.format(uuid=checked().uuid)).content.decode()
    assert len(re.findall(r"<h1[ >]", page)) == 1
    assert re.search(r"<title>\S.* – One Workforce</title>", page)
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", page)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/workforce/returns/", "Returns will be here as soon as one was sent"),
        ("/workforce/returns/calendar/", "as soon as it is known what they owe"),
        ("/workforce/unmapped/", "Nothing waits"),
        ("/workforce/returns/senders/SC001/", "Nobody else sends for you"),
    ],
)
def test_a_page_with_nothing_on_it_says_what_will_be_there(address: str, said: str, page: Client) -> None:
    assert said in _text(page.get(address))


@pytest.mark.parametrize("address", ["/workforce/returns/send/", "/workforce/returns/fill/"])
def test_someone_who_may_not_send_is_told_who_can(address: str, signed_in: Callable[[str], Client]) -> None:
    assert "Your account may not send returns" in _text(signed_in("viewer").get(address))


# Sending, checking, deciding


@pytest.mark.django_db(transaction=True)
def test_a_return_goes_from_the_file_through_its_check_to_acceptance_and_the_picture(page: Client, run_tasks: Callable[[], None]) -> None:
    answer = _send(page)
    made = Return.objects.get()
    assert answer.headers["Location"] == f"/workforce/returns/{made.uuid}/"
    under_way = page.get(f"/workforce/returns/{made.uuid}/").content.decode()
    assert "It is being checked" in under_way
    assert 'hx-trigger="every 1s"' in under_way
    run_tasks()
    waiting = page.get(f"/workforce/returns/{made.uuid}/").content.decode()
    assert "hx-trigger" not in waiting
    assert "Simple return" in waiting
    answer = page.post(f"/workforce/returns/{made.uuid}/accept/", {"answer": "They are right."}, follow=True)
    assert "The return is accepted" in _text(answer)
    run_tasks()
    build = queries.current_build()
    assert build is not None
    assert build.returns == 1


def test_findings_are_grouped_by_rule_with_counts_and_remedies(page: Client, checked: Callable[..., Return]) -> None:
    made = checked(staff([row(1, hours="a lot"), row(2, hours="many"), row(3)]))
    text = _text(page.get(f"/workforce/returns/{made.uuid}/"))
    assert "so it can’t be accepted as it is" in text
    assert re.search(r"Weekly Hours 2 2, 3", text)
    assert "Send a corrected return" in text
    assert ">Accept<" not in page.get(f"/workforce/returns/{made.uuid}/").content.decode()


def test_rows_are_shown_to_the_data_lead_alone_and_that_is_recorded(
    page: Client, checked: Callable[..., Return], signed_in: Callable[[str], Client]
) -> None:
    made = checked(staff([row(1, hours="a lot"), row(2)]))
    rule = made.finding_counts.get(column="Weekly Hours").rule
    assert "a lot" in _text(page.get(f"/workforce/returns/{made.uuid}/?rule={rule}"))
    assert audit.count(audit.Wanted(event="findings read")) == 1
    assert "a lot" not in _text(signed_in("city_team").get(f"/workforce/returns/{made.uuid}/?rule={rule}"))
    assert audit.count(audit.Wanted(event="findings read")) == 1


def test_the_findings_are_downloaded_as_a_marked_workbook_and_as_csv(page: Client, checked: Callable[..., Return]) -> None:
    made = checked(staff([row(1, hours="a lot"), row(2)]))
    answer = page.get(f"/workforce/returns/{made.uuid}/annotated.download")
    assert 'filename="SC001-simple_return-2026-03-checked.xlsx"' in answer.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    cell = book["Staff"]["L2"]
    assert (cell.value, cell.fill.fgColor.rgb) == ("a lot", "FFF9C6C4")
    assert cell.comment is not None
    text = page.get(f"/workforce/returns/{made.uuid}/findings.download").content.decode("utf-8-sig")
    assert text.startswith("part,row,column,value,rule,severity")
    assert "Weekly Hours,a lot" in text


def test_warnings_must_be_answered_and_the_page_says_so(page: Client, checked: Callable[..., Return]) -> None:
    made = checked(staff([row(1).replace("14/05/1981", ""), row(2)]))
    assert made.warnings
    answer = page.post(f"/workforce/returns/{made.uuid}/accept/", {"answer": ""})
    assert answer.status_code == 422
    assert "There is a problem" in _text(answer)
    assert "say why they are right" in _text(answer)
    page.post(f"/workforce/returns/{made.uuid}/accept/", {"answer": "She has not told us."})
    made.refresh_from_db()
    assert (made.state, made.answer) == ("accepted", "She has not told us.")
    assert "On the warnings: “She has not told us.”" in _text(page.get(f"/workforce/returns/{made.uuid}/"))


def test_movement_is_reported_and_confirmed(page: Client, checked: Callable[..., Return], lead: Any) -> None:
    actions.accept_return(checked().uuid, by=lead, answer="Right.")
    made = checked(staff(count=4), month=later(MARCH, 1))
    address = f"/workforce/returns/{made.uuid}/"
    assert "Movement since the last return" in _text(page.get(address))
    refused = page.post(f"{address}accept/", {"answer": "Right."})
    assert refused.status_code == 422
    assert "confirm that it is right" in _text(refused)
    page.post(f"{address}accept/", {"answer": "Right.", "movement_confirmed": "on"})
    made.refresh_from_db()
    assert made.state == "accepted"


def test_a_return_is_sent_back_with_a_reason_that_its_sender_finds_on_today(
    page: Client, checked: Callable[..., Return], signed_in: Callable[[str], Client]
) -> None:
    address = f"/workforce/returns/{checked().uuid}/"
    city = signed_in("city_team")
    assert "Say why" in _text(city.post(f"{address}send-back/", {"reason": " "}))
    city.post(f"{address}send-back/", {"reason": "The night staff are missing."})
    assert "Sent back by City team: The night staff are missing." in _text(page.get(address))
    assert "The night staff are missing." in _text(page.get("/"))


def test_a_return_is_withdrawn_and_only_once(page: Client, checked: Callable[..., Return]) -> None:
    address = f"/workforce/returns/{checked().uuid}/"
    assert "Nothing of it counts" in _text(page.post(f"{address}withdraw/", follow=True))
    again = page.post(f"{address}withdraw/")
    assert again.status_code == 422
    assert "This return is withdrawn" in _text(again)


def test_a_correction_replaces_what_was_accepted_and_both_stay_in_the_history(
    page: Client, checked: Callable[..., Return], lead: Any
) -> None:
    first = actions.accept_return(checked().uuid, by=lead, answer="Right.")
    shown = html.unescape(page.get(f"/workforce/returns/{first.uuid}/").content.decode())
    assert "&month=2026-03&format=simple_return&correction=on" in shown
    second = checked(staff(count=7), format="simple_return", correction=True)
    assert "It replaces the return accepted before" in _text(page.get(f"/workforce/returns/{second.uuid}/"))
    page.post(f"/workforce/returns/{second.uuid}/accept/", {"answer": "Right.", "movement_confirmed": "on"})
    assert "A corrected return took its place" in _text(page.get(f"/workforce/returns/{first.uuid}/"))
    assert "Version 1 of the same month: replaced" in _text(page.get(f"/workforce/returns/{second.uuid}/"))


def test_columns_are_matched_by_hand_remembered_and_can_be_forgotten(page: Client, checked: Callable[..., Return]) -> None:
    made = checked(staff().replace(b"Weekly Hours", b"Std Wkly Hrs"), format="simple_return")
    address = f"/workforce/returns/{made.uuid}/"
    assert "“Std Wkly Hrs”" in _text(page.get(address))
    page.post(f"{address}columns/", {"column:staff:Std Wkly Hrs": "weekly_hours"})
    assert _check(made).errors == 0
    assert "“Std Wkly Hrs” is Weekly Hours" in _text(page.get(address))
    page.post(f"{address}columns/", {"forget:staff:Std Wkly Hrs": "yes"})
    assert not ColumnMapping.objects.exists()
    assert _check(made).errors


def test_two_headers_matched_to_the_same_column_are_a_finding_and_no_fault(page: Client, checked: Callable[..., Return]) -> None:
    made = checked(staff().replace(b"Weekly Hours", b"Std Wkly Hrs").replace(b"Sickness Days", b"Ill For"), format="simple_return")
    page.post(
        f"/workforce/returns/{made.uuid}/columns/",
        {"column:staff:Std Wkly Hrs": "weekly_hours", "column:staff:Ill For": "weekly_hours"},
    )
    assert _check(made).state == "checked"


def test_a_check_that_stopped_says_so_and_can_be_started_again(
    page: Client, monkeypatch: pytest.MonkeyPatch, lead: Any, django_capture_on_commit_callbacks: Any
) -> None:
    made = actions.receive_return([upload()], partner=HOME, month=MARCH, by=lead)
    job = jobs.active_job(f"check:{made.uuid}")
    assert job is not None
    begin(job.number)
    fail(job.number, message="The disk is full.")
    address = f"/workforce/returns/{made.uuid}/"
    assert "Its check stopped: The disk is full." in _text(page.get(address))
    page.post(f"{address}check/")
    assert jobs.active_job(f"check:{made.uuid}") is not None
    assert "Check it now" not in _text(page.get(address))


def test_a_nil_return_is_accepted_at_once_and_only_once(page: Client) -> None:
    posted = {"partner": HOME, "month": "2026-03", "format": "simple_return"}
    assert "The nil return was received and accepted" in _text(page.post("/workforce/returns/nil/", posted, follow=True))
    again = page.post("/workforce/returns/nil/", posted)
    assert again.status_code == 422
    assert "already accepted" in _text(again)


def test_the_list_finds_by_partner_state_format_and_month(
    page: Client, checked: Callable[..., Return], signed_in: Callable[[str], Client]
) -> None:
    checked()
    checked(staff(count=7), month=later(MARCH, 1))
    assert "2 returns, the latest first" in _text(page.get("/workforce/returns/"))
    assert "1 return, the latest first" in _text(page.get("/workforce/returns/?month=2026-03&state=checked&format=simple_return"))
    assert "No return fits" in _text(page.get("/workforce/returns/?state=accepted"))
    assert "2 returns" in _text(signed_in("city_team").get("/workforce/returns/?search=beech"))
    assert "Beech House" not in _text(signed_in("data_lead").get("/workforce/returns/"))


# On behalf of another


def test_another_organisation_sends_on_behalf_once_it_is_agreed(
    page: Client, signed_in: Callable[[str], Client], organisations: SimpleNamespace
) -> None:
    trust = signed_in("data_lead")
    assert _send(trust).status_code == 422
    assert page.post(f"/workforce/returns/senders/{HOME}/", {"sender": HOME}).status_code == 422
    page.post(f"/workforce/returns/senders/{HOME}/", {"sender": "RR8"})
    assert "Leeds Teaching Hospitals NHS Trust, since" in _text(page.get(f"/workforce/returns/senders/{HOME}/"))
    assert _send(trust).status_code == 302
    made = Return.objects.get()
    assert made.sender == organisations.trust
    assert "on behalf of Beech House" in _text(page.get(f"/workforce/returns/{made.uuid}/"))
    page.post(f"/workforce/returns/senders/{HOME}/end/", {"sender": "RR8"})
    assert _send(trust, staff(count=9)).status_code == 422


# On screen


def _cells(number: int, **more: str) -> dict[str, str]:
    person = {
        "person_reference": f"{number:03d}",
        "first_name": f"Ann{number}",
        "last_name": "Example",
        "birth_date": "14/05/1984",
        "sex": "Female",
        "ethnic_group": "White",
        "job_role": "Care worker",
        "service": "Care home without nursing",
        "contract": "Permanent",
        "weekly_hours": "30",
        "start_date": "01/09/2019",
        **more,
    }
    return {f"{number}.{field}": value for field, value in person.items()}


def test_a_small_partner_fills_its_return_on_screen(page: Client) -> None:
    answer = page.get("/workforce/returns/fill/", {"partner": HOME, "month": "2026-03"})
    address = answer.headers["Location"]
    assert address == f"/workforce/returns/fill/{HOME}/2026-03/"
    assert "Fill a row for each person" in _text(page.get(address))
    answer = page.post(address, {**_cells(1), **_cells(2), **_cells(3), "3.leave_out": "on"})
    made = Return.objects.get()
    assert answer.headers["Location"] == f"/workforce/returns/{made.uuid}/"
    made = _check(made)
    assert (made.on_screen, made.rows, made.errors) == (True, 2, 0)


def test_the_table_starts_from_the_last_return_without_those_who_left(page: Client, checked: Callable[..., Return], lead: Any) -> None:
    gone = row(1, leaving="12/03/2026", reason="Voluntary resignation")
    accepted = checked(staff([gone, row(2), row(3)]))
    assert not accepted.errors
    actions.accept_return(accepted.uuid, by=lead, answer="Right.")
    shown = page.get(f"/workforce/returns/fill/{HOME}/2026-04/").content.decode()
    assert "These are the people of your return for March 2026" in shown
    assert 'value="Ann2"' in shown
    assert 'value="Ann1"' not in shown
    assert audit.count(audit.Wanted(event="last return read to fill a new one")) == 1


def test_more_rows_and_what_was_typed_stays_when_something_is_wrong(page: Client) -> None:
    address = f"/workforce/returns/fill/{HOME}/2026-03/"
    longer = page.post(address, {**_cells(1), "more": "yes"}).content.decode()
    assert 'name="4.first_name"' in longer
    assert not Return.objects.exists()
    empty = page.post(address, {"1.first_name": ""})
    assert empty.status_code == 422
    assert "Nobody is in the table yet" in _text(empty)
    future = f"/workforce/returns/fill/{HOME}/{later(LAST, 2):%Y-%m}/"
    refused = page.post(future, _cells(1))
    assert refused.status_code == 422
    assert "is in the future" in _text(refused)
    assert 'value="Ann1"' in refused.content.decode()


def test_a_larger_partner_is_given_the_template_instead(page: Client, checked: Callable[..., Return], lead: Any) -> None:
    actions.accept_return(checked(staff(count=51)).uuid, by=lead, answer="Right.")
    answer = page.get(f"/workforce/returns/fill/{HOME}/2026-04/")
    assert answer.status_code == 422
    assert "A return for more than 50 is sent as a file" in _text(answer)
    assert "Download the template" in _text(answer)


# What stands between one return and the next


def test_the_calendar_says_how_each_month_stands(page: Client, lead: Any, signed_in: Callable[[str], Client]) -> None:
    city = signed_in("city_team")
    first = later(LAST, -3)
    posted = {"partner": HOME, "format": "simple_return", "interval_months": "1", "due_day": "1", "first_month": f"{first:%Y-%m}"}
    assert "It is in the calendar" in _text(city.post("/workforce/returns/calendar/owes/", posted, follow=True))
    assert Cadence.objects.get().due_day == 1
    actions.nil_return(partner=HOME, format="simple_return", month=first, by=lead)
    made = actions.receive_return([upload()], partner=HOME, month=later(first, 1), by=lead, format="simple_return")
    _check(made)
    text = _text(page.get("/workforce/returns/calendar/"))
    assert re.search(r"Nil : Nil return, Beech House", text)
    assert re.search(r"Decide : To decide, Beech House", text)
    assert "2 returns of these months are missing" in text
    assert "Nobody fits" in _text(page.get("/workforce/returns/calendar/?sector=nhs_trust"))
    assert "1 line" in _text(page.get("/workforce/returns/calendar/?only=missing"))


def test_a_cadence_that_no_calendar_can_hold_is_refused_with_the_form(signed_in: Callable[[str], Client]) -> None:
    posted = {"partner": HOME, "format": "simple_return", "interval_months": "0", "due_day": "31", "first_month": "2026-03"}
    answer = signed_in("city_team").post("/workforce/returns/calendar/owes/", posted)
    assert answer.status_code == 422
    assert "There is a problem" in _text(answer)


def test_reminders_go_once_to_the_data_leads_of_who_is_late(signed_in: Callable[[str], Client], people: SimpleNamespace) -> None:
    actions.set_cadence(HOME, "simple_return", interval_months=1, due_day=1, first_month=LAST, by=people.city_team)
    city = signed_in("city_team")
    assert "1 reminder was sent" in _text(city.post("/workforce/returns/calendar/remind/", follow=True))
    assert mail.outbox[0].to == ["other_lead@example.org"]
    assert "was due on 1" in mail.outbox[0].subject
    assert "0 reminders were sent" in _text(city.post("/workforce/returns/calendar/remind/", follow=True))
    assert signed_in("other_lead").post("/workforce/returns/calendar/remind/").status_code == 403


@pytest.mark.parametrize("format", ["esr_staff_in_post", "nwrs", "asc_wds", "establishment", "simple_return"])
def test_every_format_has_a_page_and_templates_of_every_part(format: str, page: Client) -> None:
    assert format in page.get("/workforce/formats/").content.decode()
    shown = page.get(f"/workforce/formats/{format}/").content.decode()
    links = re.findall(rf'href="(/workforce/formats/{format}/template[^"]+)"', shown)
    assert len(links) >= 2
    for link in links:
        answer = page.get(link)
        assert answer.status_code == 200
        assert len(answer.content) > 20


def test_an_unknown_value_is_resolved_once_for_everyone(
    page: Client, checked: Callable[..., Return], lead: Any, signed_in: Callable[[str], Client]
) -> None:
    made = checked(staff([row(1, role="Night carer"), row(2), row(3)]))
    assert not made.errors
    actions.accept_return(made.uuid, by=lead, answer="Right.")
    value = Unmapped.objects.get()
    assert "“Night carer”" in _text(page.get("/workforce/unmapped/"))
    assert "Night carer" not in _text(signed_in("data_lead").get("/workforce/unmapped/"))
    city = signed_in("city_team")
    assert "1 value needs a meaning" in _text(city.get("/"))
    empty = city.post(f"/workforce/unmapped/{value.pk}/", {"code": ""})
    assert empty.status_code == 422
    assert "Choose a value from the shared list" in _text(empty)
    assert page.post(f"/workforce/unmapped/{value.pk}/", {"code": "care_worker"}).status_code == 403
    answer = city.post(f"/workforce/unmapped/{value.pk}/", {"code": "care_worker"}, follow=True)
    assert "It is remembered for every partner" in _text(answer)
    actions.convert_again(value.pk)
    assert "Nothing waits" in _text(page.get("/workforce/unmapped/"))
    again = checked(staff([row(1, role="Night carer"), row(4)]), month=later(MARCH, 1))
    assert not queries.return_page(again.uuid).unmapped


# Today


def test_today_says_what_the_data_lead_has_to_do(page: Client, checked: Callable[..., Return], people: SimpleNamespace) -> None:
    actions.set_cadence(HOME, "simple_return", interval_months=1, due_day=1, first_month=LAST, by=people.city_team)
    assert f"Your return for {LAST:%B %Y} is overdue" in _text(page.get("/"))
    made = checked(staff([row(1, hours="a lot")]), month=LAST)
    text = _text(page.get("/"))
    assert "has errors" in text
    assert f"{LAST:%B %Y} is overdue" not in text
    actions.withdraw(made.uuid, by=people.other_lead)
    checked(staff(count=3), month=LAST)
    assert "waits for your decision" in _text(page.get("/"))


def test_today_says_what_the_city_team_has_to_do(signed_in: Callable[[str], Client], checked: Callable[..., Return]) -> None:
    checked()
    assert "1 return waits for a decision" in _text(signed_in("city_team").get("/"))


def test_a_partners_page_says_how_its_returns_stand(
    page: Client, checked: Callable[..., Return], signed_in: Callable[[str], Client]
) -> None:
    assert "This partner has sent nothing" in _text(page.get(f"/partners/{HOME}/"))
    checked()
    assert "The last one was Simple return for March 2026: checked." in _text(page.get(f"/partners/{HOME}/"))
    assert "Only its own data leads send its returns" in _text(page.get(f"/partners/{HOME}/"))
    assert "Who sends" not in _text(signed_in("viewer").get("/partners/RR8/"))
