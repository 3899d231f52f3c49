"""Django's entry for this app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The app "hr"."""

    name = "backend.hr"
    label = "hr"
