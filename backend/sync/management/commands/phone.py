"""`manage.py phone import FILE --as EMAIL`: a saved copy of unsent work. `manage.py phone revoke ID --as EMAIL --reason …`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend.core.problems import Problem
from backend.sync.copies import import_copy
from backend.sync.models import Device
from backend.sync.senders import revoke_device
from backend.trust.models import Person


class Command(BaseCommand):
    """What the office does for a phone, until it has pages for it."""

    help = "Take in the copy that a phone saved of its unsent work, list phones, or take a lost one out of use."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The command's words."""
        what = parser.add_subparsers(dest="what", required=True)
        copy = what.add_parser("import", help="take in a saved copy; doing it twice changes nothing")
        copy.add_argument("file", type=Path)
        lost = what.add_parser("revoke", help="take a lost phone out of use: what it still sends is held")
        lost.add_argument("device", help="its id, as `phone list` shows it")
        lost.add_argument("--reason", required=True)
        for each in (copy, lost):
            each.add_argument("--as", dest="email", required=True, help="who does this: the e-mail of somebody in the office")
        what.add_parser("list", help="the phones, their people and when they last sent")

    def handle(self, **options: Any) -> None:
        """Do it; every refusal is a plain sentence."""
        try:
            getattr(self, str(options["what"]).replace("import", "take_in"))(options)
        except Problem as problem:
            raise CommandError(problem.detail) from problem
        except OSError as problem:
            raise CommandError(f"{options.get('file')}: {problem.strerror}") from problem

    def who(self, options: dict[str, Any]) -> Person:
        """Who does this."""
        person = Person.objects.filter(email__iexact=options["email"], is_active=True).first()
        if person is None:
            raise CommandError(f"Nobody signs in as {options['email']}.")
        return person

    def take_in(self, options: dict[str, Any]) -> None:
        """Take in a saved copy and say what became of it."""
        done = import_copy(options["file"].read_bytes(), person=self.who(options))
        for outcome, number in sorted(done.outcomes.items()):
            self.stdout.write(f"{number} {outcome}")
        self.stdout.write(f"{done.files} photos and files are here")
        for words in done.trouble:
            self.stdout.write(f"Trouble: {words}")

    def revoke(self, options: dict[str, Any]) -> None:
        """Take a phone out of use."""
        device = Device.objects.filter(pk=options["device"]).first()
        if device is None:
            raise CommandError("No phone has that id. See: manage.py phone list")
        revoke_device(device=device, person=self.who(options), reason=options["reason"])
        self.stdout.write(f"{device.label or device.pk} is out of use. What it still sends is held for the office.")

    def list(self, _options: dict[str, Any]) -> None:
        """The phones, one a line."""
        for each in Device.objects.select_related("registered_by").order_by("-last_push_at"):
            sent = f"{each.last_push_at:%d %b %Y %H:%M} UTC" if each.last_push_at else "never"
            gone = ", out of use" if each.revoked_at else ""
            self.stdout.write(f"{each.pk}  {each.registered_by.name}, {each.label or 'no name'}, last sent {sent}{gone}")
