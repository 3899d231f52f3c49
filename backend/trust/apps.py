"""Django's entry for this app."""

from django.apps import AppConfig


class TrustConfig(AppConfig):
    """The app "trust"."""

    name = "backend.trust"
    label = "trust"
