"""Who would be told what and why, on a day; and telling them now."""

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.utils import timezone

from backend.core.days import LONDON
from backend.office.models import Letter, Notice
from backend.office.notices.post import post_letters
from backend.office.notices.running import tell


class Command(BaseCommand):
    """`notices send [--dry-run] [--on DAY]`."""

    help = (
        "Tells people of what waits for them. With --dry-run nothing is kept or sent: it prints who would be told what and why."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The options."""
        parser.add_argument("act", choices=["send"])
        parser.add_argument("--dry-run", action="store_true", help="keep and send nothing, print it")
        parser.add_argument("--on", type=dt.date.fromisoformat, help="a day (2026-11-27), at noon; only with --dry-run")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, or say what would be done."""
        day, dry = options["on"], options["dry_run"]
        if day and not dry:
            self.stderr.write("--on goes with --dry-run: nobody is told as of another day.")
            raise SystemExit(2)
        now = dt.datetime.combine(day, dt.time(12), LONDON) if day else timezone.now()
        with transaction.atomic():
            before = list(Notice.objects.values_list("pk", flat=True)) if dry else []
            written = tell(now)
            if dry:
                self.say(before)
                transaction.set_rollback(True)
        if not dry:
            sent, failed = post_letters(now)
            self.stdout.write(f"{written} letters written, {sent} sent, {failed} to be tried again.")

    def say(self, before: list[Any]) -> None:
        """Print the notices that were made, person by person, with why."""
        rows = Notice.objects.exclude(pk__in=before).select_related("person", "letter")
        person = None
        for each in rows.order_by("person__name", "person", "-weight", "words"):
            if each.person != person:
                person = each.person
                self.stdout.write(f"\n{person.name} <{person.email}>")
            when = "" if each.letter else " (waits for their hours)"
            self.stdout.write(
                f"  {each.get_sort_display()}{f', step {each.step + 1}' if each.step is not None else ''}: {each.words}{when}"
            )
        self.stdout.write(f"\n{len(rows)} notices; {Letter.objects.filter(state='waiting').count()} letters would be sent.")
