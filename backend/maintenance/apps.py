"""Django's entry for this app."""

from django.apps import AppConfig


class MaintenanceConfig(AppConfig):
    """The app "maintenance"."""

    name = "backend.maintenance"
    label = "maintenance"
