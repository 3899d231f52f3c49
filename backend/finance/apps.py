"""Django's entry for this app."""

from django.apps import AppConfig


class FinanceConfig(AppConfig):
    """The app "finance"."""

    name = "backend.finance"
    label = "finance"
