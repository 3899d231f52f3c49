"""`manage.py evidence export FILE.zip [--school URN] [--since DAY] [--people]`: evidence that others can check by themselves."""

import datetime as dt
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from backend.core import audit
from backend.core.days import LONDON
from backend.core.evidence import act
from backend.core.exporting import Scope, export
from backend.core.problems import Problem
from backend.core.snapshot import snapshot
from backend.trust.models import School, Trust


class Command(BaseCommand):
    """Hand out the evidence."""

    help = "Write the evidence into a ZIP that can be checked on another machine: python3 check_export.py FILE.zip"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The command's words."""
        what = parser.add_subparsers(dest="what", required=True)
        out = what.add_parser("export", help="write a ZIP; what was handed out, and when, enters the audit chain")
        out.add_argument("file", type=Path)
        out.add_argument("--school", type=int, metavar="URN", help="only the rows of one school (the chain goes out whole)")
        out.add_argument("--since", type=dt.date.fromisoformat, metavar="DAY", help="only what was entered since, as 2026-09-01")
        out.add_argument("--people", action="store_true", help="with names, e-mail addresses, appointments and competence")

    def handle(self, **options: Any) -> None:
        """Write it within one snapshot, then note that it was handed out; every refusal is a plain sentence."""
        scope = self.scope(options)
        try:
            with snapshot():
                manifest = export(options["file"], scope)
        except Problem as problem:
            raise CommandError(problem.detail) from problem
        except OSError as problem:
            raise CommandError(f"{options['file']}: {problem.strerror}") from problem
        said = {"scope": scope.words(), "head": manifest["head"], "sha256": manifest["members"]["contents.jsonl"]}
        with transaction.atomic():
            audit.append([act("evidence-exported", said, at=timezone.now(), actor_name="manage.py evidence export")])
        rows = sum(manifest["tables"].values())
        self.stdout.write(
            f"{options['file']}: {scope.words()}; {rows:,} rows, the chain to entry {manifest['head']['number']:,}."
        )
        self.stdout.write(f"Its key, to be sent apart from it: {manifest['public_key']}")

    def scope(self, options: dict[str, Any]) -> Scope:
        """What is to go out, from the command's words."""
        trust = Trust.objects.first()
        school = School.objects.filter(urn=options["school"]).first() if options["school"] else None
        if options["school"] and school is None:
            raise CommandError(f"No school has the URN {options['school']}.")
        day = options["since"]
        since = dt.datetime(day.year, day.month, day.day, tzinfo=LONDON) if day else None
        name = trust.name if trust else "a trust without a name"
        return Scope(name, school.pk if school else None, school.name if school else "", since, bool(options["people"]))
