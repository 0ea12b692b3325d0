"""The workforce room as Django sees it."""

from django.apps import AppConfig


class WorkforceConfig(AppConfig):
    name = "oneworkforce.workforce"
    label = "workforce"
    verbose_name = "Our workforce"
    default_auto_field = "django.db.models.BigAutoField"
