"""Django's entry for this app."""

from django.apps import AppConfig


class SyncConfig(AppConfig):
    """The app "sync"."""

    name = "backend.sync"
    label = "sync"
