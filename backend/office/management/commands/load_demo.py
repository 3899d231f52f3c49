"""`manage.py load_demo`: the invented trust, at any size."""

import time
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from backend.core.days import today
from backend.core.problems import Problem
from backend.office.demo.loading import Loaded, load


class Command(BaseCommand):
    """Load the invented trust."""

    help = "Load an invented trust with a year of history, for trying Siteward out. A second run changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How large, and which."""
        parser.add_argument("--schools", type=int, default=12, help="how many schools (12)")
        parser.add_argument("--assets", type=int, help="how many assets in all (500 a school)")
        parser.add_argument("--seed", type=int, default=1, help="another number gives other chances (1)")
        parser.add_argument("--no-history", action="store_true", help="no records: quick, for measuring")

    def handle(self, **options: Any) -> None:
        """Load, with a bar on a terminal and a line for each step elsewhere. Problems are plain sentences."""
        started = time.monotonic()
        teller: Bar | Lines = Bar() if self.stdout.isatty() else Lines(self.stdout.write)
        try:
            with teller:
                loaded = load(
                    schools=options["schools"],
                    assets=options["assets"],
                    seed=options["seed"],
                    history=not options["no_history"],
                    today=today(),
                    tell=teller,
                )
        except Problem as problem:
            raise CommandError(problem.detail) from problem
        self.stdout.write(said(loaded, time.monotonic() - started))


def said(loaded: Loaded, seconds: float) -> str:
    """What there is, in one line."""
    what = (
        f"{loaded.schools} schools, {loaded.assets:,} assets, {loaded.plans:,} plans, "
        f"{loaded.records:,} records, {loaded.lapses:,} missed"
    )
    if loaded.already:
        return f"The invented trust is here already ({what}). Nothing was changed."
    return f"The invented trust is loaded: {what} ({seconds:.0f} s)."


class Bar:
    """A progress bar for a terminal."""

    def __init__(self) -> None:
        columns = (TextColumn("  {task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self.progress = Progress(*columns, console=Console())
        self.task: TaskID | None = None

    def __enter__(self) -> "Bar":
        self.progress.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self.progress.stop()

    def step(self, title: str, total: int) -> None:
        """A new step begins, of so many parts."""
        self.task = self.progress.add_task(title, total=total)

    def part(self) -> None:
        """One part of it is done."""
        if self.task is not None:
            self.progress.advance(self.task)


class Lines:
    """A line for each step, and one for each quarter of a long one."""

    def __init__(self, write: Callable[[str], Any]) -> None:
        self.write, self.title, self.total, self.count = write, "", 1, 0

    def __enter__(self) -> "Lines":
        return self

    def __exit__(self, *failure: object) -> None:
        """Nothing to put away."""

    def step(self, title: str, total: int) -> None:
        """A new step begins, of so many parts."""
        self.title, self.total, self.count = title, total, 0
        self.write(f"  {title}")

    def part(self) -> None:
        """One part of it is done."""
        self.count += 1
        if self.total > 3 and self.count * 4 // self.total > (self.count - 1) * 4 // self.total:
            self.write(f"    {self.count} of {self.total}")
