"""Every address of the site."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import include, path

from oneworkforce.website import views

ROOMS = (("accounts/", "accounts"), ("partners/", "partners"), ("workforce/", "workforce"), ("plan/", "planning"))

urlpatterns = [
    path("", views.today, name="today"),
    path("about/help/", views.help_page, name="help"),
    path("about/accessibility/", views.accessibility, name="accessibility"),
    path("about/audit/", views.audit_record, name="audit"),
    path("health/", views.health, name="health"),
    path("jobs/<int:number>/", views.job, name="job"),
    path("jobs/<int:number>/cancel/", views.cancel_job, name="job_cancel"),
    *(path(prefix, include(f"oneworkforce.{room}.urls")) for prefix, room in ROOMS if find_spec(f"oneworkforce.{room}.urls")),
    path("partners/<str:code>/", views.partner, name="partner"),
]

handler400 = "oneworkforce.website.errors.bad_request"
handler403 = "oneworkforce.website.errors.forbidden"
handler404 = "oneworkforce.website.errors.not_found"
handler500 = "oneworkforce.website.errors.server_error"
