"""A small partner fills its return on screen: a table that starts from the last return."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from oneworkforce.errors import Invalid
from oneworkforce.partners import queries as partners
from oneworkforce.workforce import actions, forms, permissions, queries
from oneworkforce.workforce.queries.calendar import later
from oneworkforce.workforce.queries.filling import FORMAT, sheet_of
from oneworkforce.workforce.views.returns import month_of


def choose(request: HttpRequest) -> HttpResponse:
    """Which partner and month to fill."""
    if request.GET.get("partner") and request.GET.get("month"):
        return redirect("return_fill_month", code=request.GET["partner"], month=request.GET["month"])
    form = forms.Nil(person=request.user, initial={"partner": request.GET.get("partner", "")})
    return render(request, "workforce/fill_choose.html", {"form": form, "nobody": not forms.partner_choices(request.user)})


@never_cache
def fill(request: HttpRequest, code: str, month: str) -> HttpResponse:
    """The table of people for one month: shown, filled, and sent."""
    permissions.check_can_send(request.user, code)
    about = partners.partner(code)
    day = month_of(month, later(timezone.localdate().replace(day=1), -1))
    sheet = sheet_of(code, day, by=request.user)
    problem, status = "", 200
    if request.method == "POST":
        sheet = sheet.filled(request.POST)
        if "more" not in request.POST:
            try:
                made = actions.fill_on_screen(sheet.rows, partner=code, month=day, by=request.user, correction="correction" in request.POST)
            except Invalid as error:
                problem, status = str(error), 422
            else:
                messages.success(request, "Your return was received. See below whether anything needs a second look.")
                return redirect("return", reference=made.uuid)
        else:
            sheet = sheet.longer()
    context = {
        "partner": about,
        "month": day,
        "sheet": sheet,
        "problem": problem,
        "format": FORMAT,
        "last": queries.last_people(code, FORMAT),
    }
    return render(request, "workforce/fill.html", context, status=status)
