"""`manage.py verify`: the chain, every row of evidence, every file, every invariant of every app. Exit 0 only when all hold."""

import json
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from backend.core import audit, comparing, heads, signing
from backend.core.invariants import Invariant, all_invariants, asked, of_one, one
from backend.core.problems import Problem

MOST_TOLD = 1000
MOST_SHOWN = 20
FORM = "siteward-verify-1"
REMOVALS = "removals"


class Command(BaseCommand):
    """Look at everything that must hold, and say what does not."""

    help = "Check the audit chain, every row of evidence, files and all other invariants, and sign a report. Changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The command's options."""
        parser.add_argument("--json", action="store_true", help="the signed report as JSON")
        parser.add_argument("--report", type=Path, metavar="FILE", help="write the signed report to a file too")

    def handle(self, **options: Any) -> None:
        """Ask each invariant in a snapshot of its own; exit 1 when one does not hold."""
        answers = []
        with progress_bar(hidden=options["json"] or not self.stdout.isatty()) as bar:
            head, gone = heads.newest_head(), dict[str, int]()
            for each in [*all_invariants(), counting(gone)]:
                answer = ask(each, bar)
                if each.key == REMOVALS and answer["ok"]:
                    continue  # it says nothing of its own
                answers.append(answer)
                if not options["json"]:
                    self.tell(each, answer)
        report = report_of(head, answers, gone)
        try:
            report = signing.signed(report)
        except Problem as problem:
            self.stderr.write(f"The report bears no signature. {problem.detail}")
        if options["report"]:
            options["report"].write_text(json.dumps(report, indent=1, ensure_ascii=False, sort_keys=True) + "\n")
        if options["json"]:
            self.stdout.write(json.dumps(report, indent=1, ensure_ascii=False))
        else:
            self.sum_up(report, head)
        if report["fault_count"]:
            sys.exit(1)

    def tell(self, invariant: Invariant, answer: dict[str, Any]) -> None:
        """One invariant's answer as lines."""
        word = "FAULT" if answer["fault_count"] else "holds"
        seconds = answer["milliseconds"] / 1000
        self.stdout.write(f"  {word}  {invariant.says} ({answer['checked']:,} looked at, {seconds:.1f} s)")
        for fault in answer["faults"][:MOST_SHOWN]:
            self.stdout.write(f"         {fault}")
        if answer["fault_count"] > MOST_SHOWN:
            self.stdout.write(f"         and {answer['fault_count'] - MOST_SHOWN} more")

    def sum_up(self, report: dict[str, Any], head: audit.Head) -> None:
        """The last lines: what was found, the chain's head, and who signs."""
        count, faults = len(report["invariants"]), report["fault_count"]
        if faults:
            self.stdout.write(f"{count} invariants looked at, {faults} {'fault' if faults == 1 else 'faults'} found.")
        else:
            self.stdout.write(f"All {count} invariants hold.")
        gone = ", ".join(f"{count:,} of {table}" for table, count in report["removals"].items())
        self.stdout.write(f"Rows that were removed, by the chain: {gone or 'none'}.")
        self.stdout.write(head.words())
        if "signature" in report:
            self.stdout.write(f"Signed {report['made_at']}, key {report['public_key']}, signature {report['signature']}")


def report_of(head: audit.Head, answers: list[dict[str, Any]], removals: dict[str, int]) -> dict[str, Any]:
    """The report, not yet signed: text, whole numbers, yes and no only. `removals`: rows that the chain says went, by table."""
    faults = sum(answer["fault_count"] for answer in answers)
    return {
        "form": FORM,
        "made_at": audit.moment(timezone.now()),
        "version": settings.SITEWARD_VERSION,
        "ok": not faults,
        "head": {"number": head.number, "hash": head.hash, "at": audit.moment(head.at) if head.at else None},
        "evidence": {answer["table"]: answer["checked"] for answer in answers if answer["table"]},
        "removals": removals,
        "fault_count": faults,
        "invariants": answers,
    }


@contextmanager
def progress_bar(*, hidden: bool) -> Iterator[Progress]:
    """A bar on a terminal, nothing elsewhere."""
    columns = (TextColumn("  {task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=hidden) as bar:
        yield bar


def counting(gone: dict[str, int]) -> Invariant:
    """What fills `gone` with how many rows were removed, by table."""

    def count() -> Iterator[str]:
        gone.update(comparing.removals())
        yield from ()

    return Invariant(REMOVALS, "The rows that were removed, by the chain, can be counted.", one, of_one(count))


def size_of(invariant: Invariant) -> int | None:
    """How many rows there are to look at; None when even that cannot be told."""
    try:
        with transaction.atomic():
            return invariant.total()
    except Exception:  # asking it says why
        return None


def ask(invariant: Invariant, bar: Progress) -> dict[str, Any]:
    """Whether it holds: its key, how many rows were looked at, its faults (the first thousand) and the time taken."""
    started, checked, count, faults = time.monotonic(), 0, 0, []
    task = bar.add_task(invariant.key, total=size_of(invariant))

    def tick(number: int) -> None:
        nonlocal checked
        checked += number
        bar.advance(task, number)

    for fault in asked(invariant, tick):
        count += 1
        if count <= MOST_TOLD:
            faults.append(fault)
    bar.remove_task(task)
    milliseconds = round((time.monotonic() - started) * 1000)
    return {"key": invariant.key, "says": invariant.says, "table": invariant.table, "ok": not count, "checked": checked,
            "fault_count": count, "faults": faults, "milliseconds": milliseconds}  # fmt: skip
