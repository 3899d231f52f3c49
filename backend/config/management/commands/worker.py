"""`manage.py worker`: the background worker, kept going until told to stop."""

from typing import Any

from django.core.management.base import BaseCommand

from backend.config.working import Keeper


class Command(BaseCommand):
    """Run the background worker."""

    help = "Run background jobs until told to stop (TERM or Ctrl-C). What dies is started again."

    def handle(self, **options: Any) -> None:
        """Run."""
        Keeper().run()
