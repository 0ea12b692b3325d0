"""The menu: what exists, the same words for everyone."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

ENTRIES = (
    ("Today", "/", ("/",)),
    ("Our workforce", "/workforce/", ("/workforce/",)),
    ("Plan", "/plan/", ("/plan/",)),
    ("Partners", "/partners/", ("/partners/",)),
)


def menu(request: HttpRequest) -> list[dict[str, Any]]:
    """The entries for someone who is signed in, as the NHS.UK header takes them; none for others."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return []
    return [
        {"text": text, "href": href, "current": request.path == href, "active": any(_within(request.path, place) for place in places)}
        for text, href, places in ENTRIES
    ]


def _within(path: str, place: str) -> bool:
    return path == place if place == "/" else path.startswith(place)
