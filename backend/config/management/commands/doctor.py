"""`manage.py doctor`: what is wrong with this installation and how to mend it. 0 all well, 1 warnings, 2 something is wrong."""

import json
import sys
from argparse import ArgumentParser
from typing import Any, Final

from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from django.utils import timezone

from backend.core.doctor import Check, Finding, all_checks, looked

WORDS: Final = {"ok": "ok     ", "warning": "WARNING", "wrong": "WRONG  "}
CODES: Final = {"ok": 0, "warning": 1, "wrong": 2}
SILENT: Final = Finding(
    "wrong",
    "The database does not answer.",
    "Start PostgreSQL, and check DATABASE_URL (host, port, name, user) and the password's file.",
)


class Command(BaseCommand):
    """Look at everything once."""

    help = "Say what is wrong with this installation and how to mend it. Exit code: 0 all well, 1 warnings, 2 something is wrong."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How to say it, and what to look at."""
        parser.add_argument("--json", action="store_true", help="one JSON document instead of lines")
        parser.add_argument("--only", metavar="KEY", action="append", help="look at this only (may be given again)")

    def handle(self, **options: Any) -> None:
        """Look, say, and exit with what is worst."""
        wanted = [check for check in all_checks() if not options["only"] or check.key in options["only"]]
        found = self.look(wanted)
        worst = max((CODES[finding.level] for _, finding in found), default=0)
        self.tell_json(found, worst) if options["json"] else self.tell(found)
        sys.exit(worst)

    def look(self, wanted: list[Check]) -> list[tuple[Check, Finding]]:
        """Every check's finding. A database that does not answer is said once, not by everybody."""
        now, found = timezone.now(), []
        answers = self.database_answers()
        for check in wanted:
            if answers or not check.needs_database:
                found.append((check, looked(check, now)))
            elif not any(finding is SILENT for _, finding in found):
                found.append((check, SILENT))
        return found

    def database_answers(self) -> bool:
        """Whether it does."""
        try:
            connection.ensure_connection()
        except DatabaseError:
            return False
        return True

    def tell(self, found: list[tuple[Check, Finding]]) -> None:
        """A line for each, and how to mend it below."""
        for check, finding in found:
            self.stdout.write(f"  {WORDS[finding.level]}  {check.about}: {finding.says}")
            if finding.mend and finding.level != "ok":
                self.stdout.write(f"           -> {finding.mend}")
        counts = {level: sum(finding.level == level for _, finding in found) for level in CODES}
        self.stdout.write(f"{counts['ok']} well, {counts['warning']} warnings, {counts['wrong']} wrong.")

    def tell_json(self, found: list[tuple[Check, Finding]], worst: int) -> None:
        """The same for programs."""
        rows = [
            {"key": check.key, "about": check.about, "level": finding.level, "says": finding.says, "mend": finding.mend}
            for check, finding in found
        ]
        self.stdout.write(json.dumps({"level": ["ok", "warning", "wrong"][worst], "checks": rows}, indent=2))
