"""Django's entry for this app."""

from django.apps import AppConfig


class ChecksConfig(AppConfig):
    """The app "checks"."""

    name = "backend.checks"
    label = "checks"
