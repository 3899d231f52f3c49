"""`manage.py verify`: every invariant of every app. Exit 0 only when all hold."""

import json
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from backend.core.invariants import Invariant, all_invariants

MOST_TOLD = 1000
MOST_SHOWN = 20


class Command(BaseCommand):
    """Look at everything that must hold, and say what does not."""

    help = "Check that every invariant holds: the audit chain, records, files, dates. Changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The command's options."""
        parser.add_argument("--json", action="store_true", help="the answer as JSON")

    def handle(self, **options: Any) -> None:
        """Ask each invariant in a snapshot of its own; exit 1 when one does not hold."""
        answers = []
        with progress_bar(hidden=options["json"] or not self.stdout.isatty()) as bar:
            for each in all_invariants():
                answers.append(answer := ask(each, bar))
                if not options["json"]:
                    self.tell(each, answer)
        faults = sum(answer["fault_count"] for answer in answers)
        if options["json"]:
            self.stdout.write(json.dumps({"ok": not faults, "invariants": answers}, indent=1, ensure_ascii=False))
        elif faults:
            self.stdout.write(f"{len(answers)} invariants looked at, {faults} {'fault' if faults == 1 else 'faults'} found.")
        else:
            self.stdout.write(f"All {len(answers)} invariants hold.")
        if faults:
            sys.exit(1)

    def tell(self, invariant: Invariant, answer: dict[str, Any]) -> None:
        """One invariant's answer as lines."""
        word = "FAULT" if answer["fault_count"] else "holds"
        self.stdout.write(f"  {word}  {invariant.says} ({answer['checked']:,} looked at, {answer['seconds']} s)")
        for fault in answer["faults"][:MOST_SHOWN]:
            self.stdout.write(f"         {fault}")
        if answer["fault_count"] > MOST_SHOWN:
            self.stdout.write(f"         and {answer['fault_count'] - MOST_SHOWN} more")


@contextmanager
def progress_bar(*, hidden: bool) -> Iterator[Progress]:
    """A bar on a terminal, nothing elsewhere."""
    columns = (TextColumn("  {task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=hidden) as bar:
        yield bar


@contextmanager
def snapshot() -> Iterator[None]:
    """One unchanging view of the database, so that work arriving meanwhile is no fault. Nothing can be written in it."""
    nested = connection.in_atomic_block  # inside a test's own transaction: it is a snapshot enough
    with transaction.atomic():
        if not nested:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def ask(invariant: Invariant, bar: Progress) -> dict[str, Any]:
    """Whether it holds: its key, how many rows were looked at, its faults (the first thousand) and the seconds taken."""
    started, checked, count, faults = time.monotonic(), 0, 0, []
    with snapshot():
        task = bar.add_task(invariant.key, total=invariant.total())

        def tick(number: int) -> None:
            nonlocal checked
            checked += number
            bar.advance(task, number)

        for fault in invariant.faults(tick):
            count += 1
            if count <= MOST_TOLD:
                faults.append(fault)
        bar.remove_task(task)
    seconds = round(time.monotonic() - started, 1)
    return {"key": invariant.key, "says": invariant.says, "ok": not count, "checked": checked, "fault_count": count,
            "faults": faults, "seconds": seconds}  # fmt: skip
