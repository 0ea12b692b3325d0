"""Pages of what stands between returns: the calendar, the formats and their templates, unknown values, who owes what."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from oneworkforce.errors import Invalid, Unanswerable
from oneworkforce.partners import permissions as partner_permissions
from oneworkforce.partners import queries as partners
from oneworkforce.vocabulary import code_list
from oneworkforce.workforce import actions, forms, permissions, queries
from oneworkforce.workforce.core import templates
from oneworkforce.workforce.core.specification import Format, format_list, specification
from oneworkforce.workforce.queries.calendar import STANDINGS, later
from oneworkforce.workforce.views.returns import month_of

LINES = 40
YEAR = 12
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def calendar(request: HttpRequest) -> HttpResponse:
    """Who has sent what: partners by month."""
    partner_permissions.check(request.user, "see_picture")
    today = timezone.localdate()
    last = month_of(request.GET.get("until", ""), later(today.replace(day=1), -1))
    codes = partners.visible_codes(request.user)
    form = forms.Calendar(request.GET or None, initial={"until": f"{last:%Y-%m}"})
    chosen = form.cleaned_data if form.is_valid() else {}
    months, lines = queries.calendar(
        later(last, 1 - YEAR), last, today, sector=chosen.get("sector", ""), search=chosen.get("search", ""), codes=codes
    )
    if chosen.get("only") == "missing":
        lines = tuple(line for line in lines if line.missing)
    rest = request.GET.copy()
    rest.pop("page", None)
    context = {
        "form": form,
        "months": months,
        "page": Paginator(lines, LINES).get_page(request.GET.get("page")),
        "rest": f"{rest.urlencode()}&" if rest else "",
        "filtered": bool(rest),
        "standings": {name: words for name, words in STANDINGS.items() if name},
        "labels": {entry.format: entry.label for entry in format_list()},
        "missing": sum(line.missing for line in lines),
        "may_run_city": permissions.can_run_city(request.user),
    }
    return render(request, "workforce/calendar.html", context)


@require_POST
def remind(request: HttpRequest) -> HttpResponse:
    """Everyone who owes a return has had one reminder."""
    sent = actions.send_reminders(by=request.user)
    messages.success(request, f"{sent:,} {'reminder was' if sent == 1 else 'reminders were'} sent. Nobody gets the same one twice.")
    return redirect("return_calendar")


def owes(request: HttpRequest) -> HttpResponse:
    """How often a partner sends a format: set by the city team."""
    permissions.check_can_run_city(request.user)
    form = forms.Owes(request.POST if request.method == "POST" else None, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            actions.set_cadence(
                chosen["partner"],
                chosen["format"],
                interval_months=chosen["interval_months"],
                due_day=chosen["due_day"],
                first_month=chosen["first_month"],
                by=request.user,
            )
        except Invalid as error:
            form.add_error("format", str(error))
        else:
            messages.success(request, "It is in the calendar.")
            return redirect("return_calendar")
    context = {"form": form, "nobody": not form.fields["partner"].choices}  # type: ignore[attr-defined]
    return render(request, "workforce/owes.html", context, status=422 if form.errors else 200)


def senders(request: HttpRequest, code: str) -> HttpResponse:
    """Which other organisations send a partner's returns: said by the partner."""
    about = partners.partner(code)
    permissions.check_can_arrange(request.user, code)
    form = forms.Sender(request.POST if request.method == "POST" else None, partner=code)
    if request.method == "POST" and form.is_valid():
        actions.agree_sending(code, form.cleaned_data["sender"], by=request.user)
        messages.success(request, "It is agreed. Its data leads can send your returns from now on.")
        return redirect("return_senders", code=code)
    context = {"partner": about, "form": form, "senders": queries.senders_of(code)}
    return render(request, "workforce/senders.html", context, status=422 if form.errors else 200)


@require_POST
def end_sending(request: HttpRequest, code: str) -> HttpResponse:
    """The organisation sends for the partner no more."""
    actions.end_sending(code, request.POST.get("sender", ""), by=request.user)
    messages.success(request, "The agreement has ended. What was sent before stays.")
    return redirect("return_senders", code=code)


def formats(request: HttpRequest) -> HttpResponse:
    """Every format that can be sent, with its template."""
    sent = [(entry, _sectors(entry), _often(entry)) for entry in format_list() if entry.kind != "published"]
    published = [entry for entry in format_list() if entry.kind == "published"]
    return render(request, "workforce/formats.html", {"formats": sent, "published": published})


def _sectors(entry: Format) -> list[str]:
    return [code_list("sectors").label(sector) for sector in entry.sectors.split("|")]


def _often(entry: Format) -> str:
    return {"1": "every month", "3": "every quarter", "6": "every half-year"}.get(
        entry.cadence_months, f"every {entry.cadence_months} months"
    )


def _sendable(format: str) -> Format:
    """The format of that code; raises `Unanswerable` where partners send no such thing."""
    for entry in format_list():
        if entry.format == format and entry.kind != "published":
            return entry
    raise Unanswerable("There is no such format. See “Formats and templates” for those there are.")


def one_format(request: HttpRequest, format: str) -> HttpResponse:
    """One format: every column, what it may hold, what is checked."""
    entry = _sendable(format)
    parts = [specification(format, part) for part in entry.part_names]
    return render(request, "workforce/format.html", {"format": entry, "parts": parts})


def template(request: HttpRequest, format: str, ending: str) -> HttpResponse:
    """An empty template: a workbook with drop-downs and notes, or a CSV file a part."""
    entry = _sendable(format)
    part = request.GET.get("part", entry.part_names[0])
    if part not in entry.part_names or ending not in ("xlsx", "csv"):
        raise Unanswerable("There is no such template. It is an Excel workbook (xlsx) or a CSV file for each part.")
    if ending == "xlsx":
        name, content, kind = f"{format}-template.xlsx", templates.workbook(format), _XLSX
    else:
        name, content, kind = (
            f"{format}{f'-{part}' if part else ''}-template.csv",
            templates.csv_text(format, part),
            "text/csv; charset=utf-8",
        )
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def unmapped(request: HttpRequest) -> HttpResponse:
    """Values that the shared framework does not know, those with most rows first."""
    return _unmapped(request)


def _unmapped(request: HttpRequest, problem: str = "", problem_at: int = 0) -> HttpResponse:
    partner_permissions.check(request.user, "see_picture")
    codes = partners.visible_codes(request.user)
    context = {
        "rows": [(value, code_list(actions.list_of(value.field)).labels.items()) for value in queries.unknown_values(codes=codes)],
        "resolved": [(value, _meaning(value)) for value in queries.unknown_values(resolved=True, codes=codes)],
        "may_resolve": permissions.can_resolve(request.user),
        "count": queries.count_unknown(codes),
        "problem": problem,
        "problem_at": problem_at,
    }
    return render(request, "workforce/unmapped.html", context, status=422 if problem else 200)


def _meaning(value: queries.UnknownValue) -> str:
    return code_list(actions.list_of(value.field)).labels.get(value.code, value.code)


@require_POST
def resolve(request: HttpRequest, number: int) -> HttpResponse:
    """The value means what was chosen, for everyone from now on."""
    try:
        actions.resolve_unmapped(number, request.POST.get("code", ""), by=request.user)
    except Invalid as error:
        return _unmapped(request, str(error), number)
    messages.success(request, "It is remembered for every partner. Returns that hold it are being read again.")
    return redirect("unmapped")
