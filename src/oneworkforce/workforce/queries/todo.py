"""What needs doing in this room today, by person: cards for the Today page and for a partner's page."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from oneworkforce.jobs.core.cards import GOOD_TO_KNOW, NOW, SOON, Card
from oneworkforce.partners import permissions as partners
from oneworkforce.workforce import permissions
from oneworkforce.workforce.core.specification import format_named
from oneworkforce.workforce.queries.calendar import Due, due_returns
from oneworkforce.workforce.queries.pictures import current_build
from oneworkforce.workforce.queries.returns import Sent, Wanted, count_returns, returns_sent, to_decide
from oneworkforce.workforce.queries.rows import senders_of
from oneworkforce.workforce.queries.unmapped import count_unknown

AHEAD = timedelta(days=14)
BACK = timedelta(days=92)
MOST = 6


def today(person: Any) -> tuple[Card, ...]:
    """What this person could do today in this room, the returns of their own partners first."""
    roles = partners.roles_of(person)
    leading = [code for code, role in roles.items() if role == "data_lead"]
    cards: list[Card] = []
    if leading:
        sends = list(permissions.sends_for(person))
        cards += _decide(leading) + _sent_back(sends) + _due(sends)
    if permissions.can_run_city(person):
        cards += _city()
    if permissions.can_resolve(person):
        cards += _unknown()
    if partners.can(person, "plan"):
        cards += _picture()
    return tuple(cards)


def partner_cards(person: Any, code: str) -> tuple[Card, ...]:
    """What a partner's page says of its returns."""
    may_send = permissions.can_send(person, code)
    cards = _decide([code]) + _sent_back([code]) + _due([code]) if may_send else []
    latest = returns_sent(Wanted(partner=code), limit=1)
    if latest:
        last = latest[0]
        text = f"The last one was {last.format_label} for {last.month:%B %Y}: {last.state}."
        cards.append(Card("Returns", text, f"/workforce/returns/?partner={code}", "See its returns", GOOD_TO_KNOW, partner=code))
    else:
        address = f"/workforce/returns/send/?partner={code}" if may_send else ""
        cards.append(Card("No return yet", "This partner has sent nothing.", address, "Send a return", GOOD_TO_KNOW, partner=code))
    if permissions.can_arrange(person, code):
        names = [name for _, name, _ in senders_of(code)]
        text = f"{', '.join(names)} may send its returns." if names else "Only its own data leads send its returns."
        cards.append(Card("Who sends", text, f"/workforce/returns/senders/{code}/", "Change it", GOOD_TO_KNOW, partner=code))
    return tuple(cards)


def _decide(codes: list[str]) -> list[Card]:
    return [_to_decide(sent) for sent in to_decide(codes, MOST)]


def _to_decide(sent: Sent) -> Card:
    title = f"{sent.format_label} of {sent.partner_name} for {sent.month:%B %Y}"
    address = f"/workforce/returns/{sent.reference}/"
    if sent.errors:
        text = f"It has {sent.errors:,} {'error' if sent.errors == 1 else 'errors'}. Correct the file and send it again."
        return Card(f"{title} has errors", text, address, "See what is wrong", NOW, partner=sent.partner)
    text = (
        f"{sent.warnings:,} {'warning' if sent.warnings == 1 else 'warnings'} to answer." if sent.warnings else "Nothing stands in its way."
    )
    return Card(f"{title} waits for your decision", text, address, "Decide", NOW, partner=sent.partner)


def _sent_back(codes: list[str]) -> list[Card]:
    """Returns that were sent back and have no later version."""
    since = timezone.localdate() - BACK
    found = [sent for sent in returns_sent(Wanted(state="sent back", codes=tuple(codes)), limit=MOST) if sent.received_at.date() >= since]
    return [
        Card(
            f"{sent.format_label} for {sent.month:%B %Y} was sent back",
            sent.reason[:200],
            f"/workforce/returns/{sent.reference}/",
            "See why",
            NOW,
            partner=sent.partner,
        )
        for sent in found
        if count_returns(Wanted(partner=sent.partner, format=sent.format, month=sent.month)) == sent.version
    ]


def _due(codes: list[str]) -> list[Card]:
    day = timezone.localdate()
    return [_due_card(due, day) for due in due_returns(day + AHEAD, since=day - BACK, codes=codes)[:MOST]]


def _due_card(due: Due, day: date) -> Card:
    label = format_named(due.format).label
    late = due.due < day
    address = f"/workforce/returns/send/?partner={due.partner}&month={due.month:%Y-%m}&format={due.format}"
    title = f"Your return for {due.month:%B %Y} {'is overdue' if late else 'is due'}"
    return Card(title, f"{label} of {due.partner_name}.", address, "Send it", NOW if late else SOON, due.due, due.partner)


def _city() -> list[Card]:
    waiting = count_returns(Wanted(state="checked"))
    day = timezone.localdate()
    late = len(due_returns(day - timedelta(days=1), since=day - BACK))
    cards = []
    if waiting:
        title = f"{waiting:,} {'return waits' if waiting == 1 else 'returns wait'} for a decision"
        cards.append(Card(title, "", "/workforce/returns/?state=checked", "See them", SOON))
    if late:
        title = f"{late:,} {'return is' if late == 1 else 'returns are'} overdue"
        cards.append(
            Card(title, "Their figures are carried forward until they come.", "/workforce/returns/calendar/?only=missing", "See who", SOON)
        )
    return cards


def _unknown() -> list[Card]:
    count = count_unknown()
    if not count:
        return []
    title = f"{count:,} {'value needs' if count == 1 else 'values need'} a meaning"
    text = "Job roles and other values that the shared framework does not know. One answer holds for everyone."
    return [Card(title, text, "/workforce/unmapped/", "Resolve them", SOON)]


def _picture() -> list[Card]:
    build = current_build()
    if build is None:
        return []
    text = f"Made of {build.returns:,} accepted returns."
    if build.restated:
        text += f" {len(build.restated)} earlier {'month was' if len(build.restated) == 1 else 'months were'} restated."
    return [Card(f"The city’s picture goes to {build.last_month:%B %Y}", text, "/workforce/", "See it", GOOD_TO_KNOW)]
