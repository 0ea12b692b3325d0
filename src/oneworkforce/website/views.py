"""Pages that belong to no one room: Today, jobs, health, about."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from oneworkforce.jobs import queries as jobs


def today(request: HttpRequest) -> HttpResponse:
    """What needs doing by this person today."""
    return render(request, "website/today.html", {"cards": ()})


def job(request: HttpRequest, number: int) -> HttpResponse:
    """One job: what it is doing and how far it is."""
    return render(request, "website/job.html", {"job": jobs.job(number)})


@login_not_required
def health(request: HttpRequest) -> JsonResponse:
    """Whether the site is alive."""
    return JsonResponse({"alive": True})
