"""`manage.py scan_files`: have files scanned for malware now, or one of them again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from backend.core import malware
from backend.core.files import checked_name, path_of, read
from backend.core.models import FileScan, StoredFile


class Command(BaseCommand):
    help = "Scan the files that no malware scanner has seen. --again NAME scans one anew (after a false alarm was mended)."

    def add_arguments(self, parser: CommandParser) -> None:
        """--again."""
        parser.add_argument("--again", metavar="SHA256", default="", help="scan this file anew, whatever was found before")

    def handle(self, *args: Any, **options: Any) -> None:
        """Scan. Fails with one sentence when there is no scanner, or it is down."""
        if not malware.wanted():
            raise CommandError("No malware scanner is configured: set SITEWARD_CLAMD to its socket, or to host:port.")
        if wrong := malware.fault_of_scanner():
            raise CommandError(wrong)
        if options["again"]:
            self.stdout.write(self.again(options["again"]))
            return
        count = 0
        while done := malware.scan_waiting():
            count += done
        sealed = FileScan.objects.exclude(found="").count()
        waiting = StoredFile.objects.exclude(pk__in=FileScan.objects.values("pk")).count()
        self.stdout.write(f"Scanned {count}. Sealed in all: {sealed}. Still waiting: {waiting}.")

    def again(self, name: str) -> str:
        """Scan one file anew; what was found, in a sentence. Raises CommandError when it is not here."""
        if not StoredFile.objects.filter(pk=checked_name(name)).exists():
            raise CommandError("No file of that name is held.")
        found = malware.settle(name, malware.scan(read(path_of(name)))).found
        if not found:
            malware.make_ready(name)
        return f"{name}: {found or 'clean'}"
