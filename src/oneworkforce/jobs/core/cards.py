"""What needs doing today: rooms give cards, the Today page puts them in order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

NOW, SOON, GOOD_TO_KNOW = 1, 2, 3


@dataclass(frozen=True)
class Card:
    """One thing to do, or to know.

    Parameters:
        title: what it is, as a sentence or a heading: "Your return for November is due".
        text: why, and what happens if it waits.
        address: the page where it is done.
        action: the words of the link: "Send it".
        urgency: NOW (1), SOON (2) or GOOD_TO_KNOW (3).
        due: the day by which, where there is one.
        partner: the code of the partner that it is about, blank for the city.
    """

    title: str
    text: str = ""
    address: str = ""
    action: str = ""
    urgency: int = GOOD_TO_KNOW
    due: date | None = None
    partner: str = ""


def in_order(cards: Iterable[Card]) -> tuple[Card, ...]:
    """The cards with the most urgent first, then by the day they are due, then as they were given.

    >>> [card.title for card in in_order([Card("read"), Card("send", urgency=NOW)])]
    ['send', 'read']
    """
    return tuple(sorted(cards, key=lambda card: (card.urgency, card.due or date.max)))
