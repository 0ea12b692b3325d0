"""What every template may use: addresses, versioned static files, dates and numbers as one would say them, the page's own facts."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.forms import BoundField
from django.http import HttpRequest
from django.templatetags.static import static as static_address
from django.urls import reverse
from django.utils import timezone
from jinja2 import ChainableUndefined, Environment

from oneworkforce.partners import queries as partners
from oneworkforce.partners.core.roles import allows
from oneworkforce.website.menu import menu


def environment(*, autoescape: bool = True, **options: Any) -> Environment:
    """The Jinja environment of every page."""
    made = Environment(autoescape=True, **{**options, "undefined": ChainableUndefined, "trim_blocks": True, "lstrip_blocks": True})
    made.globals.update(static=static, url=address, today=timezone.localdate, choices=choices, shown=shown, SITE_NAME=settings.SITE_NAME)
    made.filters.update(day=day, month=month, moment=moment, number=number, plural=plural)
    return made


def page(request: HttpRequest) -> dict[str, Any]:
    """What the layout needs: the menu, who is signed in, the partner they work as, and whether anything here is made up."""
    belongings = getattr(request, "belongings", ())
    return {
        "menu": menu(request),
        "person": request.user if getattr(request, "user", None) and request.user.is_authenticated else None,
        "working_as": getattr(request, "working_as", None),
        "belongings": belongings,
        "synthetic": partners.any_synthetic(),
        "may_read_audit": any(allows(belonging.role, "read_audit", here=False) for belonging in belongings),
    }


def address(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a named page."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


def static(path: str) -> str:
    """The address of a static file, with its version, so that a browser may keep it and still never shows an old one."""
    version = _version(path)
    return f"{static_address(path)}?v={version}" if version else static_address(path)


def _version(path: str) -> str:
    return _fixed_version(path) if not settings.DEBUG else ""


@cache
def _fixed_version(path: str) -> str:
    found = finders.find(path)
    if not isinstance(found, str):
        return ""
    with open(found, "rb") as file:  # noqa: PTH123
        return hashlib.file_digest(file, "sha256").hexdigest()[:12]


def choices(bound: BoundField) -> list[dict[str, Any]]:
    """The choices of a field as NHS.UK's components take them, those chosen marked."""
    value = bound.value()
    chosen = {str(item) for item in (value if isinstance(value, list | tuple) else [value]) if item is not None}
    return [
        {"value": str(key), "text": str(label), "selected": str(key) in chosen, "checked": str(key) in chosen}
        for key, label in bound.field.choices  # type: ignore[attr-defined]
    ]


def shown(bound: BoundField) -> str:
    """What stands in a text field: what was typed, else its initial value."""
    value = bound.value()
    return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)


def day(value: date | datetime | None) -> str:
    """A date as one writes it.

    >>> day(date(2026, 11, 24))
    '24 November 2026'
    """
    if value is None:
        return ""
    local = timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value
    return f"{local.day} {local:%B %Y}"


def month(value: date | None) -> str:
    """A month as one writes it.

    >>> month(date(2026, 11, 1))
    'November 2026'
    """
    return f"{value:%B %Y}" if value else ""


def moment(value: datetime | None) -> str:
    """A moment as one writes it, in the site's time zone: 24 November 2026 at 14:05."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return f"{day(local)} at {local:%H:%M}"


def number(value: float | int | None, decimals: int = 0) -> str:
    """A number with commas; a dash where there is none.

    >>> number(60000), number(None), number(1.25, 1)
    ('60,000', '–', '1.2')
    """
    return "–" if value is None else f"{value:,.{decimals}f}"


def plural(count: int, one: str, many: str = "") -> str:
    """The count and its noun.

    >>> plural(1, "return"), plural(2000, "return"), plural(0, "entry", "entries")
    ('1 return', '2,000 returns', '0 entries')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"
