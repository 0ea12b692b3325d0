"""Real context beside the synthetic city, and what the data is."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from oneworkforce.errors import Unanswerable
from oneworkforce.partners import permissions as partner_permissions
from oneworkforce.partners import queries as partners
from oneworkforce.publication.core.profiles import profile
from oneworkforce.workforce import permissions, queries
from oneworkforce.workforce.core.picture import measures
from oneworkforce.workforce.core.published import shipped_context
from oneworkforce.workforce.core.specification import format_list
from oneworkforce.workforce.real import shown_context


def real_context(request: HttpRequest) -> HttpResponse:
    """Published figures for Leeds, each with its source, and whether the published flows balance."""
    partner_permissions.check(request.user, "see_picture")
    return render(request, "workforce/real_context.html", {"sections": shown_context(), "balances": shipped_context().balances})


def about_data(request: HttpRequest) -> HttpResponse:
    """What is in, what is missing, how figures are made."""
    context = {
        "build": queries.current_build(),
        "provenance": _provenance(),
        "measures": measures(),
        "formats": [entry for entry in format_list() if entry.kind != "published"],
        "sources": shipped_context().sources,
        "profile": profile(permissions.profile_of(request.user)),
        "partners": partners.partner_count(),
    }
    return render(request, "workforce/about_data.html", context)


def _provenance() -> object:
    try:
        return queries.provenance()
    except Unanswerable:
        return None
