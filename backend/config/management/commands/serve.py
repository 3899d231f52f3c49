"""`manage.py serve`: web and worker together, until Ctrl-C. With --prepare, the database and the demo first."""

import os
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from backend.checks.actions import publish_library
from backend.config import phone_certificate, serving
from backend.config.database import make_database
from backend.core.problems import Problem
from backend.trust.actions.setting_up import issue_code
from backend.trust.models import Appointment, Trust


class Command(BaseCommand):
    """Start Siteward on this machine."""

    help = "Start web and worker together, until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The command's options."""
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--phone", action="store_true", help="also serve HTTPS on the local network, for phones")
        parser.add_argument("--prepare", action="store_true", help="migrate, publish the library and load the demo first")

    def handle(self, **options: Any) -> None:
        """Check, prepare, start, wait, stop."""
        serving.stop_on_signals()
        port = options["port"]
        try:
            serving.free_or_explain("127.0.0.1", port)
            if options["phone"]:
                serving.free_or_explain("0.0.0.0", settings.PHONE_PORT)  # noqa: S104  the local network is the point
            if options["prepare"]:
                self.prepare()
            commands = self.commands(port, options["phone"])
            self.tell(port, options["phone"])
            if not settings.SITEWARD_ADDRESS:
                os.environ["SITEWARD_ADDRESS"] = f"http://127.0.0.1:{port}"  # for links in letters
            code = serving.run_together(commands, settings.ROOT)
        except Problem as problem:
            raise CommandError(problem.detail) from problem
        except serving.Stopped:
            code = 0
        self.stdout.write("Siteward has stopped. Everything is kept under var/.")
        sys.exit(code)

    def step(self, title: str, *command: str, **options: Any) -> None:
        """One step of the preparation, with its seconds."""
        started = time.monotonic()
        call_command(*command, **options)
        self.stdout.write(f"  {title}: done in {time.monotonic() - started:.0f} s")

    def prepare(self) -> None:
        """Bring the database up to date, publish the statutory library, load the invented trust once."""
        if not settings.DATABASE_URL:  # a server of ours: a further name is a further database
            make_database(connection.settings_dict)
        self.step("Database", "migrate", verbosity=0)
        if (now := serving.static_sources()) != serving.static_collected():  # a server that runs holds their sizes
            self.step("Static files", "collectstatic", verbosity=0, interactive=False)
            serving.note_static(now)
        publish_library(actor="make demo")
        call_command("sync_jobs")
        if settings.DEMO:
            self.step("Demo trust", "load_demo")

    def commands(self, port: int, with_phone: bool) -> list[list[str]]:
        """The processes to run."""
        address = serving.own_address() if with_phone else ""
        bind = f"0.0.0.0:{port}" if with_phone else f"127.0.0.1:{port}"
        commands = [serving.web_command(bind, workers=2), [sys.executable, "manage.py", "worker"]]
        if with_phone:
            files = phone_certificate.certificate_for(address)
            commands.append(serving.web_command(f"0.0.0.0:{settings.PHONE_PORT}", workers=1, certificate=files))
        return commands

    def tell(self, port: int, with_phone: bool) -> None:
        """Print the addresses and the demo accounts."""
        out = self.stdout.write
        out(f"\nSiteward is at  http://127.0.0.1:{port}/        (office)")
        out(f"                http://127.0.0.1:{port}/field/  (the caretaker's app)")
        if settings.DEMO:
            out("\nThe trust and its people are invented. Password of every account: siteward-demo")
            for each in Appointment.objects.select_related("person", "school", "site").filter(
                person__email__in=settings.DEMO_ACCOUNTS
            ):
                where = each.site or each.school or "the whole trust"
                out(f"  {each.person.email:<30} {each.get_role_display()}, {where}")
        elif not Trust.objects.exists():
            out(f"\nThere is no trust here yet. Open http://127.0.0.1:{port}/set-up/ and type this code: {issue_code()}")
            out("It works once, for a day. A new one: python manage.py person setup-code")
        if with_phone:
            page = f"http://{serving.own_address()}:{port}/phone/"
            out(f"\nOn your phone, on the same network, scan this or open {page}\n")
            out(phone_certificate.terminal_code(page))
        out("\nCtrl-C stops it.")
        self.stdout.flush()
