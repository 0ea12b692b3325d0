"""Every address of the site."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import include, path

from oneworkforce.website import views

ROOMS = (("accounts/", "accounts"), ("partners/", "partners"), ("workforce/", "workforce"), ("plan/", "planning"))

urlpatterns = [
    path("", views.today, name="today"),
    path("health/", views.health, name="health"),
    path("jobs/<int:number>/", views.job, name="job"),
    *(path(prefix, include(f"oneworkforce.{room}.urls")) for prefix, room in ROOMS if find_spec(f"oneworkforce.{room}.urls")),
]

handler400 = "oneworkforce.website.errors.bad_request"
handler403 = "oneworkforce.website.errors.forbidden"
handler404 = "oneworkforce.website.errors.not_found"
handler500 = "oneworkforce.website.errors.server_error"
