"""Last-done dates from a spreadsheet: the one that the proposal hands out, filled in. Every mistake is said with its row."""

import datetime as dt
from collections.abc import Collection
from typing import Final

from backend.core.problems import Problem
from backend.core.sheets import clean, lines_of
from backend.core.templatetags.words import counted
from backend.rules.applying import Key
from backend.trust.imports.cells import Wrong, is_nothing
from backend.trust.imports.cells import day as read_day

MOST: Final = 20


def dates_of(content: bytes, known: Collection[Key], today: dt.date) -> dict[Key, dt.date]:
    """When each check was last done, by its key. Empty cells are left out. Raises Problem naming the rows that are wrong."""
    found: dict[Key, dt.date] = {}
    wrong: dict[str, str] = {}
    place: tuple[int, int] | None = None
    for line in lines_of(content):
        cells = [clean(cell) for cell in line.cells]
        if place is None:
            place = columns(cells)
            continue
        key_at, day_at = place
        text = cells[day_at] if len(cells) > day_at else ""
        key = Key.read(cells[key_at]) if len(cells) > key_at else None
        if is_nothing(text):
            continue
        if key is None:
            wrong[f"row {line.number}"] = f"Row {line.number}: there is a date, and its “Key” is gone or changed. Take it anew."
            continue
        if key not in known:
            continue  # it is planned meanwhile, or another part of the proposal
        try:
            found[key] = past_day(text, today)
        except Wrong as said:
            wrong[f"row {line.number}"] = f"Row {line.number}: {said}"
    if place is None:
        raise Problem(
            "columns", "The file needs the columns “Key” and “Last done”. Take the spreadsheet that this page hands out."
        )
    if wrong:
        raise Problem(
            "dates",
            f"{counted(len(wrong), 'row')} of the file {'needs' if len(wrong) == 1 else 'need'} correcting.",
            fields=dict(list(wrong.items())[:MOST]),
        )
    return found


def columns(cells: list[str]) -> tuple[int, int] | None:
    """Where the key and the date stand, if this is the heading."""
    names = [cell.lower() for cell in cells]
    last = next((at for at, name in enumerate(names) if name.startswith("last done")), None)
    return (names.index("key"), last) if "key" in names and last is not None else None


def past_day(text: str, today: dt.date) -> dt.date:
    """A day of the past in any of the ways in which people write one. Raises Wrong."""
    found = read_day(text)
    if found > today:
        raise Wrong(f"“{text[:30]}” is ahead. Write the day when it was last done.")
    if found < dt.date(1980, 1, 1):
        raise Wrong(f"“{text[:30]}” is long ago. Check the year.")
    return found
