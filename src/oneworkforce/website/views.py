"""Pages that belong to no one room: Today, one partner, jobs, the audit record, help, health."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from oneworkforce.accounts import queries as people
from oneworkforce.audit import queries as audit
from oneworkforce.errors import Refused
from oneworkforce.jobs import actions as job_actions
from oneworkforce.jobs import queries as jobs
from oneworkforce.partners import permissions
from oneworkforce.partners import queries as partners
from oneworkforce.partners.core.roles import ROLES
from oneworkforce.vocabulary import code_list
from oneworkforce.website import cards

EVENTS_A_PAGE = 50
GLOSSARY = (
    ("Sectors", "sectors"),
    ("Staff groups", "staff_groups"),
    ("Services", "services"),
    ("Contracts", "contracts"),
    ("Reasons for leaving", "leaving_reasons"),
    ("Job roles", "job_roles"),
)


def today(request: HttpRequest) -> HttpResponse:
    """What needs doing by this person today."""
    found = cards.today(request.user)
    return render(request, "website/today.html", {"cards": found, "first_step": None if found else cards.first_step(request.user)})


def partner(request: HttpRequest, code: str) -> HttpResponse:
    """One partner: what it is, how its returns stand, its members, its sites, who came before and after."""
    found = partners.partner(code)
    permissions.check_can_see_partner(request.user, code)
    facts = [
        ("Code", found.code),
        ("Sector", found.sector_label),
        ("Kind", found.kind.replace("_", " ")),
        ("Size", found.size_band.replace("_", " ")),
    ]
    context = {
        "partner": found,
        "facts": [(name, value) for name, value in facts if value],
        "parent": partners.partner(found.parent) if found.parent else None,
        "cards": cards.of_partner(request.user, code),
        "members": partners.members(code),
        "sites": partners.sites(code),
        "successions": partners.successions(code),
        "may_invite": permissions.can_invite(request.user, code),
    }
    return render(request, "website/partner.html", context)


@never_cache
def job(request: HttpRequest, number: int) -> HttpResponse:
    """One job: what it is doing and how far it is. htmx asks for the middle of the page alone."""
    found = jobs.job(number)
    _check_can_see(request.user, found)
    context = {"job": found, "words": _words(found), "may_cancel": found.active and not found.cancel_requested}
    part = getattr(request, "htmx", False)
    return render(request, "website/job_progress.html" if part else "website/job.html", context)


@require_POST
def cancel_job(request: HttpRequest, number: int) -> HttpResponse:
    """The job stops at its next safe moment."""
    _check_can_see(request.user, jobs.job(number))
    job_actions.request_cancel(number, by=request.user)
    messages.success(request, "It will stop as soon as nothing is half-done.")
    return redirect("job", number=number)


def audit_record(request: HttpRequest) -> HttpResponse:
    """Who did what, for the city team."""
    permissions.check(request.user, "read_audit")
    chosen = audit.Wanted(request.GET.get("event", ""), request.GET.get("about", "").strip(), since=_day(request.GET.get("since", "")))
    page = Paginator(range(audit.count(chosen)), EVENTS_A_PAGE).get_page(request.GET.get("page"))
    found = audit.events(chosen, offset=(page.number - 1) * EVENTS_A_PAGE, limit=EVENTS_A_PAGE)
    rest = request.GET.copy()
    rest.pop("page", None)
    context = {
        "events": found,
        "names": people.names(entry.by_id for entry in found),
        "kinds": audit.kinds(),
        "chosen": chosen,
        "page": page,
        "rest": f"{rest.urlencode()}&" if rest else "",
    }
    return render(request, "website/audit.html", context)


@login_not_required
def help_page(request: HttpRequest) -> HttpResponse:
    """How to do what one comes for, who may do what, and what the words mean."""
    glossary = [(heading, _terms(name)) for heading, name in GLOSSARY]
    return render(request, "website/help.html", {"glossary": glossary, "roles": ROLES.values()})


@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    """How accessible the site is and whom to tell where it is not."""
    return render(request, "website/accessibility.html", {})


@login_not_required
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """Alive: this process answers. Ready: the database does too, and has every migration. 503 where not ready."""
    try:
        executor = MigrationExecutor(connection)
        ready = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        ready = False
    return JsonResponse({"alive": True, "ready": ready}, status=200 if ready else 503)


def _check_can_see(person: Any, found: jobs.Progress) -> None:
    """Whoever started it, its partner's members who may send, and the city team for the city's own."""
    if found.created_by == person.pk:
        return
    if not permissions.can(person, "send", found.partner_code) or (not found.partner_code and not permissions.is_city_team(person)):
        raise Refused("Only whoever started this work, or its partner’s data leads and the city team, may see it.")


def _words(found: jobs.Progress) -> str:
    if found.cancel_requested and found.active:
        return "It is stopping, as soon as nothing is half-done."
    return {
        "waiting": "It is waiting for its turn.",
        "running": "It is under way.",
        "finished": "It has finished.",
        "failed": "It could not be done.",
        "cancelled": "It was cancelled.",
    }[found.state]


def _terms(name: str) -> list[tuple[str, str]]:
    listed = code_list(name)
    says = listed.column("description") if "description" in listed.table.columns else {}
    return [(label, says.get(code, "")) for code, label in listed.labels.items()]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
