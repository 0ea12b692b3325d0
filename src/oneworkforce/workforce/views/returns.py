"""Pages of returns: the list, sending, one return from its findings to the decision."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from oneworkforce.errors import Invalid, Unanswerable
from oneworkforce.partners import permissions as partner_permissions
from oneworkforce.partners import queries as partners
from oneworkforce.workforce import actions, forms, permissions, policies, queries
from oneworkforce.workforce.lifecycles import RECEIVED, RETURN
from oneworkforce.workforce.queries.returns import Sent
from oneworkforce.workforce.queries.rows import return_row

PAGE_LENGTH = 25
_DOWNLOADS = {
    "annotated": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", queries.annotated_workbook),
    "findings": ("text/csv; charset=utf-8", queries.findings_csv),
}
_CUT_OFF = (
    "The upload was cut off before it had arrived, so nothing was kept. Send the file again; if it happens again, try another connection."
)


def return_list(request: HttpRequest) -> HttpResponse:
    """The returns that this person may see, the latest first."""
    partner_permissions.check(request.user, "see_picture")
    codes = partners.visible_codes(request.user)
    form = forms.Find(request.GET or None, states=RETURN.states, months=queries.months_sent())
    chosen = form.cleaned_data if form.is_valid() else {}
    wanted = queries.Wanted(
        partner=request.GET.get("partner", ""),
        format=chosen.get("format", ""),
        month=chosen.get("month"),
        state=chosen.get("state", ""),
        search=chosen.get("search", ""),
        codes=tuple(codes) if codes is not None else None,
    )
    found: Any = _Found(wanted)
    page: Any = Paginator(found, PAGE_LENGTH).get_page(request.GET.get("page"))
    rest = request.GET.copy()
    rest.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "rest": f"{rest.urlencode()}&" if rest else "",
        "filtered": bool(rest),
        "may_send": bool(forms.partner_choices(request.user)),
        "only_partner": partners.partner(wanted.partner) if wanted.partner else None,
    }
    return render(request, "workforce/returns.html", context)


class _Found:
    """The wanted returns as a paginator takes them: only the page that is shown is read."""

    def __init__(self, wanted: queries.Wanted) -> None:
        self.wanted = wanted

    def count(self) -> int:
        """How many there are."""
        return queries.count_returns(self.wanted)

    __len__ = count

    def __getitem__(self, chosen: slice) -> tuple[Sent, ...]:
        start = chosen.start or 0
        return queries.returns_sent(self.wanted, offset=start, limit=chosen.stop - start)


@never_cache
def send(request: HttpRequest) -> HttpResponse:
    """A return is sent: its files, its partner, its month."""
    working_as = getattr(request, "working_as", None)
    first = {"partner": working_as.partner.code if working_as else "", **{name: request.GET[name] for name in request.GET}}
    form = forms.Send(_as_posted(request), person=request.user, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            made = _received(request, form.cleaned_data)
        except Invalid as error:
            form.add_error("files", str(error))
        else:
            return redirect("return", reference=made.uuid)
    context = {
        "form": form,
        "limit": policies.words_of_size(settings.ONEWORKFORCE_UPLOAD_LIMIT),
        "nobody": not forms.partner_choices(request.user),
        "formats": forms.format_choices(),
    }
    return render(request, "workforce/send.html", context, status=422 if form.errors else 200)


def _as_posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _received(request: HttpRequest, chosen: dict[str, Any]) -> Any:
    """The return is received; raises `Invalid` where the form's last field did not arrive, because then its files may not be whole."""
    if "whole" not in request.POST:
        raise Invalid(_CUT_OFF)
    sender = sender_for(request.user, chosen["partner"])
    return actions.receive_return(
        request.FILES.getlist("files"),
        partner=chosen["partner"],
        month=chosen["month"],
        by=request.user,
        format=chosen["format"],
        sender=sender,
        correction=chosen["correction"],
    )


def sender_for(person: Any, partner: str) -> str:
    """The organisation that sends on the partner's behalf; blank where the partner itself, or the city team, does."""
    if partner_permissions.can(person, "send", partner):
        return ""
    agreed = permissions.sending_for(person, partner)
    return agreed[0] if agreed else ""


@never_cache
def nil(request: HttpRequest) -> HttpResponse:
    """There is nothing to report: said once, accepted at once."""
    form = forms.Nil(request.POST if request.method == "POST" else None, person=request.user, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            made = actions.nil_return(
                partner=chosen["partner"],
                format=chosen["format"],
                month=chosen["month"],
                by=request.user,
                sender=sender_for(request.user, chosen["partner"]),
            )
        except Invalid as error:
            form.add_error("month", str(error))
        else:
            messages.success(request, "The nil return was received and accepted.")
            return redirect("return", reference=made.uuid)
    return render(request, "workforce/nil.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
def one_return(request: HttpRequest, reference: str, accept: Any = None, back: Any = None, status: int = 200) -> HttpResponse:
    """One return: what was found, what moved, what can be done, what came before."""
    row = return_row(reference)
    permissions.check_can_see_return(request.user, row)
    page = queries.return_page(reference)
    open_rule = request.GET.get("rule", "")
    may_see_rows = permissions.can_see_rows(request.user, row)
    shown = queries.finding_rows(reference, by=request.user, rule=open_rule) if open_rule and may_see_rows else None
    context = {
        "return": page,
        "sent": page.sent,
        "accept_form": accept or forms.Accept(initial={"answer": page.sent.answer}),
        "back_form": back or forms.SendBack(),
        "may_decide": permissions.can_decide(request.user, row) and "accepted" in page.verbs,
        "may_withdraw": permissions.can_send(request.user, page.sent.partner) and "withdrawn" in page.verbs,
        "may_see_rows": may_see_rows,
        "may_send": permissions.can_send(request.user, page.sent.partner),
        "may_check": permissions.can_send(request.user, page.sent.partner) and page.sent.state == RECEIVED and page.job is None,
        "rule": open_rule,
        "rule_rows": shown.to_dicts() if shown is not None else (),
    }
    return render(request, "workforce/return.html", context, status=status)


@require_POST
def accept(request: HttpRequest, reference: str) -> HttpResponse:
    """The return is accepted, or every reason why not is on its page."""
    form = forms.Accept(request.POST)
    form.is_valid()
    try:
        actions.accept_return(reference, by=request.user, **form.cleaned_data)
    except Invalid as error:
        form.add_error(None, str(error))
        return one_return(request, reference, accept=form, status=422)
    messages.success(request, "The return is accepted. The city’s picture is being made anew.")
    return redirect("return", reference=reference)


@require_POST
def send_back(request: HttpRequest, reference: str) -> HttpResponse:
    """The return is sent back with a reason."""
    form = forms.SendBack(request.POST)
    form.is_valid()
    try:
        actions.send_back(reference, by=request.user, reason=form.cleaned_data["reason"])
    except Invalid as error:
        form.add_error("reason", str(error))
        return one_return(request, reference, back=form, status=422)
    messages.success(request, "The return is sent back. Its sender sees why.")
    return redirect("return", reference=reference)


@require_POST
def check_again(request: HttpRequest, reference: str) -> HttpResponse:
    """The return is being checked again, where its check was stopped."""
    actions.check_again(reference, by=request.user)
    messages.success(request, "The return is being checked again.")
    return redirect("return", reference=reference)


@require_POST
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """The return is withdrawn."""
    actions.withdraw(reference, by=request.user)
    messages.success(request, "The return is withdrawn. Nothing of it counts.")
    return redirect("return", reference=reference)


@require_POST
def columns(request: HttpRequest, reference: str) -> HttpResponse:
    """Headers that were matched by hand are remembered for this partner, and the return is checked again."""
    permissions.check_can_see_return(request.user, return_row(reference))
    page = queries.return_page(reference)
    chosen: dict[str, dict[str, str]] = {}
    for near in page.near_misses:
        field = request.POST.get(f"column:{near.part}:{near.header}", "")
        if field:
            chosen.setdefault(near.part, {})[near.header] = field
    for part, header, _ in page.remembered:
        if f"forget:{part}:{header}" in request.POST:
            chosen.setdefault(part, {})[header] = ""
    if chosen:
        actions.remember_columns(reference, chosen, by=request.user)
        messages.success(request, "The columns are remembered, and the return is being checked again.")
    return redirect("return", reference=reference)


@never_cache
def download(request: HttpRequest, reference: str, what: str) -> HttpResponse:
    """The return with its cells marked, or all findings: for its own data lead."""
    if what not in _DOWNLOADS:
        raise Unanswerable("Of a return one can download the annotated workbook and the findings.")
    kind, written = _DOWNLOADS[what]
    name, content = written(reference, by=request.user)
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def month_of(text: str, otherwise: date) -> date:
    """The month written as 2026-10 in an address; `otherwise` where it is none."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return otherwise
