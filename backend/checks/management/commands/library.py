"""`manage.py library`: check the statutory library's files, publish them, or say what publishing would change."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend.checks.actions.library import FOLDER, publish_library
from backend.checks.models import CheckType
from backend.rules.library import Library, LibraryError, diff, read_library


class Command(BaseCommand):
    """The statutory library on the command line."""

    help = "The statutory library: check its files, publish them as revisions, or show what publishing would change."
    requires_migrations_checks = False
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do, and with which folder."""
        parser.add_argument("what", choices=["check", "publish", "diff"])
        parser.add_argument("--folder", default=str(FOLDER), help="where the files are (schedules/ unless given)")

    def handle(self, **options: Any) -> None:
        """Read the files first: whatever is wrong with them is said, and nothing is done."""
        if not Path(options["folder"]).is_dir():
            raise CommandError(f"There is no folder {options['folder']}.")
        try:
            library = read_library(options["folder"])
        except LibraryError as wrong:
            self.stdout.write(str(wrong))
            sys.exit(1)
        {"check": self.check_files, "publish": self.publish, "diff": self.differences}[options["what"]](library)

    def check_files(self, library: Library) -> None:
        """How much the library holds; it has been found sound."""
        verified = sum(check.verified for check in library.checks.values())
        self.stdout.write(
            f"The library is sound: {len(library.checks)} checks ({verified} verified) in "
            f"{len(library.disciplines)} disciplines, {len(library.asset_types)} kinds of asset."
        )

    def publish(self, library: Library) -> None:
        """Publish; a changed check becomes a new revision."""
        done = publish_library(library, actor="library publish")
        for word, codes in (("new", done.new), ("changed", done.changed), ("withdrawn", done.withdrawn)):
            for code in codes:
                self.stdout.write(f"{word}: {code}")
        self.stdout.write(
            f"{len(done.new)} new, {len(done.changed)} changed, {len(done.withdrawn)} withdrawn, {len(done.same)} as before"
        )

    def differences(self, library: Library) -> None:
        """What publishing would change, check by check and field by field. Changes nothing."""
        known = {each.code: each for each in CheckType.objects.select_related("current")}
        count = 0
        for code, check in library.checks.items():
            kind = known.pop(code, None)
            if kind is None or kind.current is None:
                count += 1
                self.stdout.write(f"{code}: new")
                continue
            if kind.withdrawn:
                count += 1
                self.stdout.write(f"{code}: comes back")
            for change in diff(kind.current.content, check.content()):
                count += 1
                self.stdout.write(f"{code}: {change}")
        for code in (code for code, kind in known.items() if not kind.withdrawn):
            count += 1
            self.stdout.write(f"{code}: would be withdrawn, it is no longer in the files")
        self.stdout.write("Nothing would change." if not count else f"{count} differences.")
