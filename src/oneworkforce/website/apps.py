"""The website as Django sees it."""

from django.apps import AppConfig


class WebsiteConfig(AppConfig):
    name = "oneworkforce.website"
    label = "website"
    verbose_name = "Website"
