"""The city's picture: filters in the address, the sentence, the chart, the table, the download."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from oneworkforce.errors import Unanswerable
from oneworkforce.partners import permissions as partner_permissions
from oneworkforce.partners import queries as partners
from oneworkforce.publication.core import downloads
from oneworkforce.vocabulary import code_list
from oneworkforce.workforce import queries
from oneworkforce.workforce.core.specification import format_named
from oneworkforce.workforce.queries import looking
from oneworkforce.workforce.queries.pictures import build_or_none_yet

_KINDS = {
    "csv": ("text/csv; charset=utf-8", downloads.to_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", downloads.to_xlsx),
}
_LISTS = {"sector": "sectors", "staff_group": "staff_groups", "role": "job_roles", "service": "services"}
STATUSES = {
    "accepted": "In",
    "carried": "Carried forward",
    "nil": "Nothing to report",
    "missing": "Missing",
    "not_due": "Nothing due yet",
    "closed": "Closed",
}


def choice_of(request: HttpRequest) -> looking.Choice:
    """What the address asks for; anything that it does not know is left out."""
    asked = request.GET
    measure, by = asked.get("measure", "people"), asked.get("by", "sector")
    filters = {name: asked[name] for name in looking.FILTERS if asked.get(name) in code_list(_LISTS[name]).codes}
    filters.pop(by, None)
    return looking.Choice(
        measure if measure in looking.MEASURES else "people",
        by if by in looking.BY or by == "" else "sector",
        _month(asked.get("month", "")),
        _month(asked.get("compare", "")),
        filters,
    )


def picture(request: HttpRequest) -> HttpResponse:
    """The city's picture, as this person may see it."""
    partner_permissions.check(request.user, "see_picture")
    try:
        view = looking.look(choice_of(request), by=request.user)
    except Unanswerable as error:
        return render(request, "workforce/no_picture.html", {"sentence": str(error)})
    query = request.GET.urlencode()
    context = {
        "view": view,
        "choice": view.choice,
        "measures": looking.measure_choices(),
        "divisions": looking.by_choices(),
        "filters": [(name, looking.dimension(name, {}), code_list(_LISTS[name]).labels) for name in looking.FILTERS],
        "downloads": {"CSV": f"/workforce/download/csv/?{query}", "Excel (XLSX)": f"/workforce/download/xlsx/?{query}"},
        "definition": looking.definition_of(view.choice.measure),
        "standing": _standing(view.choice.month or view.months[-1]),
    }
    return render(request, "workforce/picture.html", context)


def download(request: HttpRequest, ending: str) -> HttpResponse:
    """What the page shows, every month of it."""
    if ending not in _KINDS:
        raise Unanswerable("A picture can be downloaded as csv or xlsx.")
    released = looking.download(choice_of(request), by=request.user)
    kind, written = _KINDS[ending]
    name = downloads.file_name(released, ending)
    return HttpResponse(written(released), content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def missing(request: HttpRequest) -> HttpResponse:
    """Who is not in a month of the picture, and whose figures are carried forward."""
    partner_permissions.check(request.user, "see_picture")
    build = build_or_none_yet()
    month = _month(request.GET.get("month", "")) or build.last_month
    names = {partner.code: partner.name for partner in partners.partners()}
    rows = [
        {
            "partner": names.get(row["partner"], row["partner"]),
            "format": format_named(row["format"]).label,
            "status": STATUSES.get(row["status"], row["status"]),
            "age": row["age"],
            "overdue": row["overdue"],
        }
        for row in queries.coverage(month).sort("partner", "format").iter_rows(named=True)
        if row["status"] in ("missing", "carried")
    ]
    rows.sort(key=lambda row: (not row["overdue"], row["partner"]))
    return render(request, "workforce/missing.html", {"month": month, "rows": rows, "build": build, "months": _months(build)})


def _standing(month: date) -> dict[str, int]:
    """How many partners' formats are in, carried forward or missing in a month."""
    counts = dict(queries.coverage(month).group_by("status").len().rows())
    overdue = queries.coverage(month)["overdue"].sum()
    return {
        "accepted": counts.get("accepted", 0),
        "carried": counts.get("carried", 0),
        "missing": counts.get("missing", 0),
        "overdue": int(overdue or 0),
    }


def _months(build: queries.Build) -> list[date]:
    months: list[date] = []
    month = build.last_month
    while month >= build.first_month and len(months) < 36:
        months.append(month)
        month = date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
    return months


def _month(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
