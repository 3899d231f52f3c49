"""`manage.py import gias|terms|places|people|assets|outlines FILE …`: the same imports as on the page; 1 when refused."""  # noqa: N999

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from backend.core.days import today
from backend.core.problems import Problem
from backend.office.setting_up.importing import COMMAND, applied
from backend.office.setting_up.kinds import KINDS
from backend.trust.imports import running
from backend.trust.imports.gias_links import GROUPS, LINKS
from backend.trust.imports.kinds import Kind, Options
from backend.trust.models import Import, School, SchoolUrn, Site

MOST_ROWS_SHOWN = 2000


class Tried(Exception):  # noqa: N818  not a fault
    """A dry run is over: everything is rolled back."""


class Command(BaseCommand):
    """Import a file from the terminal."""

    help = "Import schools, term dates, places, people, assets or outlines from a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The command's words."""
        kinds = parser.add_subparsers(dest="kind", required=True)
        for kind in KINDS.values():
            one = kinds.add_parser(kind.key, help=kind.title)
            one.add_argument("file", type=Path, metavar="FILE")
            one.add_argument("--dry-run", action="store_true", help="say what would be done, and change nothing")
            if kind.key == "gias":
                one.add_argument("--trust", required=True, metavar="UID", help="the trust's code in the column Trusts (code)")
                one.add_argument("--links", type=Path, metavar="FILE", help="GIAS's establishment links")
                one.add_argument("--groups", type=Path, metavar="FILE", help="GIAS's group links")
            else:
                one.add_argument("--school", type=int, metavar="URN", required=kind.where == "always")
                one.add_argument("--site", metavar="NAME", help="a site of the school, by its name")
            for tick in kind.ticks:
                one.add_argument(f"--{tick.key}", action="append_const", dest="ticks", const=tick.key, help=tick.label)

    def handle(self, **options: Any) -> None:
        """Try, tell, and unless it is a dry run, apply."""
        kind = KINDS[options["kind"]]
        try:
            content, chosen = read(options["file"]), self.chosen(options)
            with transaction.atomic():
                row = running.begin(kind=kind, content=content, options=chosen, actor=COMMAND, file_name=options["file"].name)
                self.run(kind, row, dry=options["dry_run"])
                if options["dry_run"]:
                    raise Tried
        except Tried:
            running.forget_files(row.pk, [running.MAIN, *chosen.beside])
        except Problem as problem:
            raise CommandError(problem.detail) from problem

    def run(self, kind: Kind, row: Import, *, dry: bool) -> None:
        """The trial, and what comes of it. Exits 1 when a row is refused."""
        running.trial(row, kind=kind, actor=COMMAND)
        report = row.report
        if "problem" in report:
            raise Problem("refused", report["problem"])
        self.tell(report)
        if report["faults"]:
            for number, column, said in report["faults"][:MOST_ROWS_SHOWN]:
                self.stderr.write(f"Row {number}{', ' + column if column else ''}: {said}")
            more = report["fault_count"] - MOST_ROWS_SHOWN
            if more > 0:
                self.stderr.write(f"And {more:,} more.")
            self.stderr.write(f"Refused: {report['faulty_rows']:,} rows are to be corrected. Nothing was imported.")
            transaction.set_rollback(True)
            running.forget_files(row.pk, [running.MAIN])
            sys.exit(1)
        if dry:
            self.stdout.write("A dry run: nothing was changed.")
            return
        applied(row, actor=COMMAND, tell=lambda said: self.stdout.write(f"  {said}"))
        self.stdout.write(f"Imported. It can be undone on the page /imports/{row.pk}/")

    def tell(self, report: dict[str, Any]) -> None:
        """What was found."""
        self.stdout.write(f"{report['seen']:,} rows read, {report['passed_over']:,} of them not ours.")
        for what, counts in report["totals"].items():
            said = ", ".join(f"{number:,} {did}" for did, number in counts.items() if number)
            self.stdout.write(f"  {what}: {said}")
        for number, did, what, name, detail in report["will"]:
            if did != "same":
                self.stdout.write(f"  Row {number}: {did} {what} {name}{f' ({detail})' if detail else ''}")
        for said in report["notes"]:
            self.stdout.write(f"  {said}")

    def chosen(self, options: dict[str, Any]) -> Options:
        """The options as the words say them. Raises Problem."""
        school = site = None
        if urn := options.get("school"):
            school = School.objects.filter(urn=urn).first()
            former = SchoolUrn.objects.select_related("school").filter(urn=urn).first()
            school = school or (former.school if former else None)
            if school is None:
                raise Problem("no_school", f"There is no school with the URN {urn} here.")
        if name := options.get("site"):
            sites = list(Site.objects.filter(school=school)) if school else []
            site = next((each for each in sites if each.name.lower() == name.lower()), None)
            if site is None:
                raise Problem("no_site", f"There is no site {name!r} at {school}. There are: {', '.join(map(str, sites))}.")
        beside = {name: read(options[name]) for name in (LINKS, GROUPS) if options.get(name)}
        return Options(today(), school, site, frozenset(options.get("ticks") or ()), options.get("trust") or "", beside)


def read(path: Path) -> bytes:
    """A file's bytes. Raises Problem."""
    try:
        return path.read_bytes()
    except OSError as wrong:
        raise Problem("unreadable", f"{path} cannot be read: {wrong.strerror}.") from wrong
