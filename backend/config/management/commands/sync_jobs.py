"""`manage.py sync_jobs`: make the scheduler's rows match the timetable."""

from typing import Any

from django.core.management.base import BaseCommand

from backend.config.jobs import TIMETABLE, sync_jobs


class Command(BaseCommand):
    """Make the scheduler's rows match config/jobs.py."""

    help = "Make the background jobs match the timetable in backend/config/jobs.py. Doing it twice changes nothing."

    def handle(self, **options: Any) -> None:
        """Sync, and say what changed."""
        added, changed, removed = sync_jobs()
        self.stdout.write(f"Background jobs: {len(TIMETABLE)} ({added} added, {changed} changed, {removed} removed)")
