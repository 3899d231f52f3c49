"""Django's entry for this app."""

from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    """The app "approvals"."""

    name = "backend.approvals"
    label = "approvals"
