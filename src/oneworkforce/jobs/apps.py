"""The jobs room as Django sees it."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "oneworkforce.jobs"
    label = "jobs"
    verbose_name = "Jobs"
    default_auto_field = "django.db.models.BigAutoField"
