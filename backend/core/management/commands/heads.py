"""`manage.py heads show|publish|check [FILE]|key FILE`: the audit chain's newest entry, and what left the machine of it."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from backend.core import audit, heads, signing
from backend.core.problems import Problem


class Command(BaseCommand):
    """The chain's head."""

    help = "Show or publish the audit chain's head, or compare heads that were published with the chain."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The command's words."""
        what = parser.add_subparsers(dest="what", required=True)
        what.add_parser("show", help="the newest entry, and the public key")
        what.add_parser("publish", help="write and send today's head now, unless that was done today")
        check = what.add_parser("check", help="compare published heads with the chain; exit 0 only when all are there")
        check.add_argument(
            "file", type=Path, nargs="?", help="a file of heads, or a letter saved as text (our own file unless said)"
        )
        key = what.add_parser("key", help="make a signing key; it never overwrites one")
        key.add_argument("file", type=Path)

    def handle(self, **options: Any) -> None:
        """Do it; every refusal is a plain sentence."""
        try:
            getattr(self, f"do_{options['what']}")(options)
        except Problem as problem:
            raise CommandError(problem.detail) from problem
        except FileExistsError as problem:
            raise CommandError("There is a key at that place already. A key is never overwritten.") from problem
        except OSError as problem:
            raise CommandError(str(problem)) from problem

    def do_show(self, _options: dict[str, Any]) -> None:
        """The newest entry, and the public key."""
        self.stdout.write(audit.head().words())
        self.stdout.write(f"Public key: {signing.public_key()}")

    def do_publish(self, _options: dict[str, Any]) -> None:
        """Publish today's head."""
        head = heads.publish(timezone.now())
        self.stdout.write(
            f"Published. {head.words()}" if head else "Nothing to publish: that was done today, or nothing is there."
        )

    def do_check(self, options: dict[str, Any]) -> None:
        """Compare the heads of a file with the chain."""
        path = options["file"] or Path(settings.HEADS_FILE)
        if not path.exists():
            raise CommandError(f"{path} is not there.")
        said = list(heads.lines(path))
        faults = list(heads.faults(said, lambda _count: None))
        for fault in faults:
            self.stdout.write(f"  FAULT  {fault}")
        if faults:
            sys.exit(1)
        if not said:
            raise CommandError(f"{path} holds no head.")
        self.stdout.write(f"All {len(said)} heads are in the chain as they were published. {audit.head().words()}")

    def do_key(self, options: dict[str, Any]) -> None:
        """Make a key."""
        signing.make_key(options["file"])
        self.stdout.write(f"A key is in {options['file']}. Name it by SITEWARD_SIGNING_KEY_FILE, and keep a copy of it apart.")
