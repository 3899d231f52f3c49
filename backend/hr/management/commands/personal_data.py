"""`manage.py personal_data held|export|erase EMAIL`, and `left`: what is held of somebody, handing it out, erasing it."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend.core.days import today
from backend.core.problems import Problem
from backend.hr.actions import erase_person, note_viewing
from backend.hr.queries import hand_out, held_about, to_be_erased
from backend.trust.models import Person, Trust


class Command(BaseCommand):
    """What a trust owes to the people whose data it holds."""

    help = "Show what is held of a person, hand it out (subject access), or erase what need not be kept of somebody who has left."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The command's words."""
        what = parser.add_subparsers(dest="what", required=True)
        held = what.add_parser("held", help="what is held of somebody, table by table, and until when")
        export = what.add_parser("export", help="everything that is held of somebody, as a ZIP")
        erase = what.add_parser("erase", help="erase what need not be kept of somebody who has left")
        for each in (held, export, erase):
            each.add_argument("email")
        export.add_argument("--to", type=Path, required=True, help="the ZIP file to write")
        for each in (export, erase):
            each.add_argument("--as", dest="actor", required=True, help="who does this: their e-mail")
        erase.add_argument("--reason", required=True)
        what.add_parser("left", help="people who have left and are still named")

    def handle(self, **options: Any) -> None:
        """Do it; every refusal is a plain sentence."""
        try:
            getattr(self, options["what"])(options)
        except Problem as problem:
            raise CommandError(problem.detail) from problem
        except OSError as problem:
            raise CommandError(f"{options.get('to')}: {problem.strerror}") from problem

    def found(self, email: str) -> Person:
        """The person of an e-mail address."""
        person = Person.objects.filter(email__iexact=email).first()
        if person is None:
            raise CommandError(f"There is nobody here with the e-mail address {email}.")
        return person

    def held(self, options: dict[str, Any]) -> None:
        """A line for each table."""
        for each in held_about(self.found(options["email"])):
            self.stdout.write(f"  {each.count:>7,}  {each.about.what} ({each.until})")

    def export(self, options: dict[str, Any]) -> None:
        """Write the ZIP, and keep that it was handed out."""
        person, actor = self.found(options["email"]), self.found(options["actor"])
        trust = Trust.objects.first()
        with options["to"].open("xb") as file:
            rows = hand_out(person, file, trust=trust.name if trust else "This trust")
        note_viewing(viewer=actor, page="subject access", people=[person])
        self.stdout.write(f"{rows:,} rows written to {options['to']}")

    def erase(self, options: dict[str, Any]) -> None:
        """Erase, and say what was done and what stays."""
        person, actor = self.found(options["email"]), self.found(options["actor"])
        done = erase_person(person=person, actor=actor, reason=options["reason"], today=today())
        for word, counts in (("changed", done.changed), ("removed", done.removed)):
            for what, count in counts.items():
                self.stdout.write(f"  {word}: {count:,} {what}")
        for what, (count, until) in done.stays.items():
            self.stdout.write(f"  stays: {count:,} {what} ({until})")

    def left(self, _options: dict[str, Any]) -> None:
        """Who has left and is still named; exit 1 when there is somebody, so that a script can tell."""
        gone = to_be_erased(today())
        for person, day in gone:
            self.stdout.write(f"  {person.email:<40} last day {day:%-d %B %Y}")
        self.stdout.write(
            "Nobody who has left is still named." if not gone else f"{len(gone)} people have left and are still named."
        )
        if gone:
            sys.exit(1)
