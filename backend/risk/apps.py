"""Django's entry for this app."""

from django.apps import AppConfig


class RiskConfig(AppConfig):
    """The app "risk"."""

    name = "backend.risk"
    label = "risk"
