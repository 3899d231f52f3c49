"""`manage.py upgrade`: bring the database to this version while the one before goes on serving. Twice changes nothing."""

import os
import time
from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import OperationalError, connection

from backend.checks.actions import publish_library

LOCK = 7_405_699  # any fixed number: one upgrade at a time, whoever starts it
LOCK_WAIT = "5s"  # a migration that cannot get its lock gives way, so that nobody queues up behind it
TRIES, REST_SECONDS = 12, 5
BUSY = ("55P03", "40P01")  # lock_not_available, deadlock_detected


class Command(BaseCommand):
    """Migrations, the statutory library, the timetable."""

    help = "Apply migrations, publish the statutory library and schedule background work. The version before may go on serving."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def handle(self, **options: Any) -> None:
        """One step after the other, alone: a second upgrade at the same time waits for the first."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            self.migrate()
            done = publish_library(actor="upgrade")
            self.stdout.write(f"Library: {len(done.new)} new, {len(done.changed)} changed, {len(done.withdrawn)} withdrawn.")
            call_command("sync_jobs", stdout=self.stdout)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
        self.make_buckets()
        if os.access(settings.STATIC_ROOT, os.W_OK):  # in an image they are there already, and nothing can be written
            call_command("collectstatic", interactive=False, verbosity=0)
        self.stdout.write(f"The database is ready for Siteward {settings.SITEWARD_VERSION}.")

    def make_buckets(self) -> None:
        """Make the buckets of an object store that are not there yet, such as those of a store just started beside us."""
        for name in settings.STORAGES:
            store: Any = storages[name]
            if hasattr(store, "make_bucket") and store.make_bucket():
                self.stdout.write(f"Files: the bucket {store.bucket_name} was made.")

    def migrate(self) -> None:
        """Apply the migrations. One that waits too long for a lock gives way and is tried again; each is whole or not at all."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [LOCK_WAIT])
        for left in reversed(range(TRIES)):
            try:
                call_command("migrate", verbosity=1, interactive=False, stdout=self.stdout)
                break
            except OperationalError as wrong:
                if getattr(wrong.__cause__, "sqlstate", "") not in BUSY or not left:
                    raise
                self.stdout.write(f"  a table is busy; trying again in {REST_SECONDS} s")
                time.sleep(REST_SECONDS)
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', '0', false)")
