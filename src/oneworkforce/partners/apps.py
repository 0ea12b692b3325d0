"""The partners room as Django sees it."""

from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "oneworkforce.partners"
    label = "partners"
    verbose_name = "Partners"
    default_auto_field = "django.db.models.BigAutoField"
