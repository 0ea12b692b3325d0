"""A small partner fills its return on screen: a table that starts from the last return."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from oneworkforce.errors import Invalid
from oneworkforce.partners import queries as partners
from oneworkforce.workforce import actions, forms, permissions, policies, queries
from oneworkforce.workforce.queries.calendar import later
from oneworkforce.workforce.queries.filling import FORMAT, SPARE, sheet_of
from oneworkforce.workforce.views.returns import month_of, sender_for


def choose(request: HttpRequest) -> HttpResponse:
    """Which partner and month to fill."""
    if request.GET.get("partner") and request.GET.get("month"):
        return redirect("return_fill_month", code=request.GET["partner"], month=request.GET["month"])
    working_as = getattr(request, "working_as", None)
    first = request.GET.get("partner", "") or (working_as.partner.code if working_as else "")
    form = forms.Nil(person=request.user, initial={"partner": first})
    context = {"form": form, "nobody": not forms.partner_choices(request.user), "most": policies.SMALL}
    return render(request, "workforce/fill_choose.html", context)


@never_cache
def fill(request: HttpRequest, code: str, month: str) -> HttpResponse:
    """The table of people for one month: shown, filled, and sent."""
    permissions.check_can_send(request.user, code)
    day = month_of(month, later(timezone.localdate().replace(day=1), -1))
    context = {"partner": partners.partner(code), "month": day, "format": FORMAT, "spare": SPARE, "problem": ""}
    try:
        policies.check_small(queries.last_people(code, FORMAT))
    except Invalid as error:
        return render(request, "workforce/fill.html", {**context, "problem": str(error), "sheet": None}, status=422)
    sheet = sheet_of(code, day, by=request.user)
    correction = "correction" in request.POST
    if request.method == "POST":
        sheet = sheet.filled(request.POST)
        if "more" in request.POST:
            return render(request, "workforce/fill.html", {**context, "sheet": sheet.longer(), "correction": correction})
        try:
            made = actions.fill_on_screen(
                sheet.rows, partner=code, month=day, by=request.user, sender=sender_for(request.user, code), correction=correction
            )
        except Invalid as error:
            return render(
                request,
                "workforce/fill.html",
                {**context, "sheet": sheet, "problem": str(error), "correction": correction},
                status=422,
            )
        messages.success(request, "Your return was received. See below whether anything needs a second look.")
        return redirect("return", reference=made.uuid)
    return render(request, "workforce/fill.html", {**context, "sheet": sheet, "correction": correction})
