"""Django's entry for this app."""

from django.apps import AppConfig


class AssetsConfig(AppConfig):
    """The app "assets"."""

    name = "backend.assets"
    label = "assets"
