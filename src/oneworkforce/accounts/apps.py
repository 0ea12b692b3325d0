"""The accounts room as Django sees it."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "oneworkforce.accounts"
    label = "accounts"
    verbose_name = "People"
    default_auto_field = "django.db.models.BigAutoField"
