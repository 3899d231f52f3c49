"""The table that is checked in: one line for each address, method and sort of row, one column for each who asks."""

import csv
import io
from pathlib import Path

from tests.matrix.columns import COLUMNS
from tests.matrix.declared import lines

PATH = Path(__file__).with_name("permissions.csv")
HEAD = ("route", "method", "asked", "whose row")


def cells() -> int:
    """How many cells there are."""
    return len(lines()) * len(COLUMNS)


def text() -> str:
    """The table as it follows from the declarations."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*HEAD, *(column.name for column in COLUMNS)])
    for line in lines():
        writer.writerow(["/" + line.route, *line.key[1:], *(line.says(column) for column in COLUMNS)])
    return out.getvalue()


def kept() -> str:
    """The table as it is checked in."""
    return PATH.read_text(encoding="utf-8") if PATH.exists() else ""


def write() -> None:
    """Write it anew."""
    PATH.write_text(text(), encoding="utf-8")
