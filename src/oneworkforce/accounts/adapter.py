"""How allauth and axes behave here: people come by invitation, and are counted by the address they typed."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ByInvitation(DefaultAccountAdapter):
    """Nobody signs up by themselves; a partner's data lead or the city team invites."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an invitation has its own page."""
        return False


def axes_username(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str:
    """The address that was typed, in lower case, so that a lock-out can't be passed by changing capitals."""
    typed = (credentials or {}).get("email") or (credentials or {}).get("username") or (request.POST.get("login") if request else "")
    return str(typed or "").strip().lower()
