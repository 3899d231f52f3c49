"""Django's entry for this app."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The app "config"."""

    name = "backend.config"
    label = "siteward_config"
