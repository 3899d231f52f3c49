"""A register of 10,000 rows: read, tried and applied through the same steps as the page and the command."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from django.db import transaction

from backend.core.days import today
from backend.office.setting_up.importing import applied
from backend.office.setting_up.kinds import KINDS
from backend.trust.actions import System
from backend.trust.imports import running
from backend.trust.imports.kinds import Options
from tests.bench.measure import Bench
from tests.bench.reading import home_site

ROWS = 10_000
HEAD = ("Type", "Name", "Building", "Space", "Make", "Model", "Serial", "Installed", "Status")
KINDS_OF_ASSET = ("Fire extinguisher", "Fire alarm panel", "Emergency light or exit sign", "Fire blanket")
BENCH = System("bench")


class Undone(Exception):  # noqa: N818  not a fault
    """Ends the transaction, so that each measured import finds the estate as the one before did."""


def table(rows: int = ROWS) -> bytes:
    """A register of so many rows, with places to be made."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    for number in range(rows):
        kind = KINDS_OF_ASSET[number % len(KINDS_OF_ASSET)]
        place = (f"Bench block {number % 12}", f"Room {number % 300}")
        made = f"{number % 28 + 1:02}/{number % 12 + 1:02}/{2005 + number % 19}"
        writer.writerow([kind, f"{kind} {number}", *place, "Chubb", "FX6", f"BENCH-{number}", made, "In use"])
    return out.getvalue().encode()


def register(size: dict[str, int]) -> Iterator[Bench]:
    """10,000 rows of a register, from the file's bytes to the committed chain (rolled back at the end)."""
    kind, site, content = KINDS["assets"], home_site(), table()
    options = Options(today(), site.school, site, frozenset({"make-places"}))

    def whole(_prepared: Any) -> None:
        try:
            with transaction.atomic():
                row = running.begin(kind=kind, content=content, options=options, actor=BENCH, file_name="register.csv")
                plan = running.trial(row, kind=kind, actor=BENCH)
                assert plan is not None and not plan.table.faults
                applied(row, actor=BENCH)
                raise Undone
        except Undone:
            pass

    yield Bench("import", whole, n=3, size={**size, "rows": ROWS})
