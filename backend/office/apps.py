"""Django's entry for this app."""

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """The app "office"."""

    name = "backend.office"
    label = "office"
