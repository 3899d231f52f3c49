"""`manage.py person invite EMAIL --name … --role …`: the first administrator, before anybody can invite. See also --help."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend.core.days import today
from backend.core.problems import Problem
from backend.trust.actions import System
from backend.trust.actions.accounts import end_sessions
from backend.trust.actions.factors import reset_factors
from backend.trust.actions.invitations import NewAppointment, invite, post
from backend.trust.actions.setting_up import issue_code
from backend.trust.letters import address
from backend.trust.models import Person
from backend.trust.permits import ROLES

OPERATOR = System("manage.py person")


class Command(BaseCommand):
    """What an operator does about people when nobody can sign in to do it."""

    help = "Invite somebody (the first administrator), list people, sign somebody out everywhere, or remove a second step."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The command's words."""
        what = parser.add_subparsers(dest="what", required=True)
        new = what.add_parser("invite", help="add somebody with a role for the whole trust, and print the invitation's link")
        new.add_argument("email")
        new.add_argument("--name", required=True)
        new.add_argument("--role", default="administrator", choices=sorted(ROLES))
        for name, does in (("out", "sign somebody out everywhere"), ("forget-step", "remove somebody's second step")):
            what.add_parser(name, help=does).add_argument("email")
        what.add_parser("setup-code", help="print the code with which the first person sets up the trust, on the page /set-up/")
        what.add_parser("list", help="who may sign in today, and as what")

    def handle(self, **options: Any) -> None:
        """Do it; every refusal is a plain sentence."""
        try:
            getattr(self, str(options["what"]).replace("-", "_"))(options)
        except Problem as problem:
            fields = " ".join(str(each) for each in problem.fields.values())
            raise CommandError(f"{problem.detail} {fields}".strip()) from problem

    def invite(self, options: dict[str, Any]) -> None:
        """Add and invite; the link is printed, since there may be no mail yet."""
        new = NewAppointment(options["role"], today())
        invitation, text = invite(email=options["email"], name=options["name"], new=new, actor=OPERATOR)
        sent = post(invitation, text, address())
        self.stdout.write(f"{'A letter was sent. ' if sent else ''}The link works once, for 14 days:")
        self.stdout.write(f"{address()}/invitation/{text}/")

    def setup_code(self, _options: dict[str, Any]) -> None:
        """The code of the first start."""
        self.stdout.write(f"Open {address()}/set-up/ and type this code (it works once, for a day): {issue_code()}")

    def someone(self, options: dict[str, Any]) -> Person:
        """The person named."""
        person = Person.objects.filter(email__iexact=options["email"]).first()
        if person is None:
            raise CommandError(f"Nobody has the e-mail address {options['email']}.")
        return person

    def out(self, options: dict[str, Any]) -> None:
        """Sign somebody out everywhere; their access tokens end too."""
        person = self.someone(options)
        self.stdout.write(f"{end_sessions(person=person, actor=OPERATOR)} sign-ins of {person.name} ended, and every token.")

    def forget_step(self, options: dict[str, Any]) -> None:
        """Remove somebody's second step."""
        person = self.someone(options)
        reset_factors(person=person, actor=OPERATOR)
        self.stdout.write(f"{person.name} signs in by password and sets up a new second step.")

    def list(self, _options: dict[str, Any]) -> None:
        """Who may sign in today, one a line."""
        for person in Person.objects.filter(is_active=True).prefetch_related("appointments").order_by("email"):
            roles = {each.get_role_display() for each in person.appointments_on(today())}
            if roles:
                step = ", second step" if person.has_second_factor else ""
                self.stdout.write(f"{person.email}  {person.name}: {', '.join(sorted(roles))}{step}")
