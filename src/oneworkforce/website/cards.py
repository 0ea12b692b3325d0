"""The rooms' cards, asked of each room that gives them."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from oneworkforce.jobs import queries as jobs
from oneworkforce.jobs.core.cards import GOOD_TO_KNOW, Card, in_order
from oneworkforce.partners import permissions
from oneworkforce.partners import queries as partners

ROOMS = ("workforce", "planning")


def today(person: Any) -> tuple[Card, ...]:
    """What needs doing by this person today, the most urgent first."""
    given = [card for room in ROOMS for card in _ask(room, "today", person)]
    return in_order([*given, *_running(person)])


def of_partner(person: Any, code: str) -> tuple[Card, ...]:
    """What the rooms have to say about one partner to this person, such as how its returns stand."""
    return tuple(card for room in ROOMS for card in _ask(room, "partner_cards", person, code))


def first_step(person: Any) -> Card | None:
    """What someone with nothing to do can start with; None where their account may do nothing yet."""
    if permissions.can(person, "invite") and partners.partner_count() <= 1:
        return Card("", "The organisations that take part come first.", "/partners/", "see the partners")
    if permissions.can(person, "send"):
        return Card("", "A file from your HR system as it is will do.", "/workforce/returns/send/", "send a return")
    if permissions.can(person, "see_picture"):
        return Card("", "Who works in the city’s health and care.", "/workforce/", "see the city’s picture")
    return None


def _running(person: Any) -> list[Card]:
    return [
        Card(job.title, job.message or "It is under way.", f"/jobs/{job.number}/", "See how far it is", GOOD_TO_KNOW)
        for job in jobs.active_jobs_of(person)
    ]


def _ask(room: str, question: str, *arguments: Any) -> list[Card]:
    if find_spec(f"oneworkforce.{room}.queries") is None:
        return []
    answer = getattr(import_module(f"oneworkforce.{room}.queries"), question, None)
    return list(answer(*arguments)) if answer else []
