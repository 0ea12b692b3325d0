"""Pages of the partners room: the list, one partner's members, invitations, successions, the partner one works as."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from oneworkforce.errors import Invalid
from oneworkforce.partners import actions, forms, permissions, queries
from oneworkforce.partners.core.roles import CITY_TEAM_KIND

PAGE_LENGTH = 25


def partner_list(request: HttpRequest) -> HttpResponse:
    """The partners that this person may see, by name or sector."""
    permissions.check(request.user, "see_picture")
    form = forms.Find(request.GET or None)
    chosen = form.cleaned_data if form.is_valid() else {}
    visible = queries.visible_codes(request.user)
    found = queries.partners(search=chosen.get("search", ""), sector=chosen.get("sector", ""), codes=visible)
    page = Paginator(found, PAGE_LENGTH).get_page(request.GET.get("page"))
    rest = request.GET.copy()
    rest.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "rest": f"{rest.urlencode()}&" if rest else "",
        "filtered": bool(rest),
        "may_record_succession": permissions.can(request.user, "record_succession"),
    }
    return render(request, "partners/list.html", context)


def members(request: HttpRequest, code: str) -> HttpResponse:
    """The partner's members and open invitations; whoever may, invites here."""
    partner = queries.partner(code)
    permissions.check_can_invite(request.user, code)
    city_team = partner.kind == CITY_TEAM_KIND
    form = forms.Invite(request.POST or None, city_team=city_team, initial={"role": "city_team" if city_team else "analyst"})
    if request.method == "POST" and form.is_valid():
        address = request.build_absolute_uri(reverse("accept_invitation", args=["TOKEN"]))
        try:
            actions.invite(form.cleaned_data["email"], code, form.cleaned_data["role"], by=request.user, address=address)
        except Invalid as error:
            form.add_error("email", str(error))
        else:
            messages.success(request, f"An invitation is on its way to {form.cleaned_data['email']}.")
            return redirect("partner_members", code=code)
    context = {"partner": partner, "members": queries.members(code), "invitations": queries.invitations(code), "form": form}
    return render(request, "partners/members.html", context, status=422 if form.errors else 200)


@require_POST
def remove_member(request: HttpRequest, code: str, person_id: int) -> HttpResponse:
    """The person no longer belongs to the partner."""
    actions.remove_member(person_id, code, by=request.user)
    messages.success(request, "They no longer belong to this partner.")
    return redirect("today" if person_id == request.user.pk else reverse("partner_members", args=[code]))


@require_POST
def withdraw_invitation(request: HttpRequest, code: str, invitation_id: int) -> HttpResponse:
    """The invitation no longer works."""
    actions.withdraw_invitation(invitation_id, code, by=request.user)
    messages.success(request, "The invitation was withdrawn.")
    return redirect("partner_members", code=code)


@login_not_required
@never_cache
def accept_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever holds the link joins the partner: with a name and a password where they are new, signed in where they are not."""
    invited = queries.invitation(actions.digest(token))
    if invited is None:
        raise Invalid("This invitation does not work, was used, or has run out. Ask whoever invited you to send another.")
    known = queries.can_sign_in(invited.email)
    if known and not request.user.is_authenticated:
        return redirect(f"{reverse('account_login')}?next={request.path}")
    form = forms.Accept(request.POST or None)
    if request.method == "POST" and known:
        return _joined(request, token, {})
    if request.method == "POST" and form.is_valid():
        try:
            return _joined(request, token, form.cleaned_data)
        except Invalid as error:
            form.add_error(None, str(error))
    context = {"invited": invited, "form": form, "known": known}
    return render(request, "partners/accept.html", context, status=422 if request.method == "POST" else 200)


def _joined(request: HttpRequest, token: str, given: dict[str, Any]) -> HttpResponse:
    person = actions.accept_invitation(token, by=request.user if request.user.is_authenticated else None, **given)
    if not request.user.is_authenticated:
        login(request, person, backend="allauth.account.auth_backends.AuthenticationBackend")
    messages.success(request, "You have joined. What needs doing will be on this page.")
    return redirect("today")


def working_as(request: HttpRequest) -> HttpResponse:
    """The partner that the person works as, until they choose another."""
    if request.method == "POST":
        code = request.POST.get("partner", "")
        if code not in permissions.roles_of(request.user):
            raise Invalid("You can work only as a partner that you belong to. Nothing was changed.")
        request.session["working_as"] = code
        return redirect("today")
    return render(request, "partners/working_as.html", {})


def successions(request: HttpRequest) -> HttpResponse:
    """Who followed whom; whoever may, records another."""
    permissions.check(request.user, "record_succession")
    form = forms.RecordSuccession(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.record_succession(given["predecessor"], given["successor"], given["date"], given["kind"], by=request.user)
        except Invalid as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "It is recorded. The picture will show no one leaving because of it when it is next built.")
            return redirect("successions")
    context = {"form": form, "successions": queries.successions()}
    return render(request, "partners/successions.html", context, status=422 if form.errors else 200)
