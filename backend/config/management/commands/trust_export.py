"""`manage.py trust_export create|restore FILE`: the whole of a trust in an open form, to take elsewhere."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.management.base import BaseCommand, CommandError

from backend.config.backup import exporting, importing
from backend.config.backup.programs import where
from backend.config.management.commands.backup import progress, spoken
from backend.core.problems import Problem


class Command(BaseCommand):
    """Write or take in an export of everything."""

    help = "The whole of a trust as a ZIP of JSON Lines and files, to take elsewhere. See docker/BACKUP.md."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do, to which file."""
        doing = parser.add_subparsers(dest="what", required=True)
        make = doing.add_parser("create", help="write everything to FILE, while work goes on")
        make.add_argument("file", type=Path)
        make.add_argument("--recipient", action="append", default=[], help="age1…: who can open it (SITEWARD_BACKUP_RECIPIENTS)")
        make.add_argument("--unencrypted", action="store_true", help="a plain ZIP, on purpose")
        back = doing.add_parser("restore", help="put FILE into this installation, which must be empty but for migrate")
        back.add_argument("file", type=Path)
        back.add_argument("--identity", default="", help="file with the age secret key, when FILE is encrypted")

    def handle(self, **options: Any) -> None:
        """Do it. A refusal is one plain sentence and exit 1."""
        try:
            getattr(self, f"do_{options['what']}")(options)
        except Problem as problem:
            raise CommandError(problem.detail) from problem

    def do_create(self, options: dict[str, Any]) -> None:
        """Write an export."""
        with progress() as tell:
            done = exporting.export(options["file"], to=options["recipient"], plain=options["unencrypted"], tell=tell)
        self.stdout.write(f"{done.path}: {done.size:,} bytes. {summed(done.manifest)}")

    def do_restore(self, options: dict[str, Any]) -> None:
        """Take one in."""
        with progress() as tell:
            manifest = importing.restore(options["file"], to=where(), identity=options["identity"], tell=tell)
        ContentType.objects.clear_cache()
        self.stdout.write(f"Restored: {summed(manifest)} Now: manage.py sync_jobs, manage.py verify, then start Siteward.")


def summed(manifest: dict[str, Any]) -> str:
    """What an export holds, in one sentence."""
    rows = sum(each["rows"] for each in manifest["tables"].values())
    return (
        f"{len(manifest['tables'])} tables, {rows:,} rows, {manifest['files']['count']:,} files; audit chain at "
        f"{spoken(manifest['head'])}."
    )
