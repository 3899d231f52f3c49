"""Which backups are kept: the last of each of so many days, weeks and months. Pure: no disk, no clock."""

import datetime as dt
from collections.abc import Callable, Hashable, Mapping
from typing import Final

DAYS: Final = 7
WEEKS: Final = 5
MONTHS: Final = 12


def kept(made: Mapping[str, dt.datetime]) -> set[str]:
    """Of backups (name -> when it was made), the names of those to keep; the newest is always among them.

    Counted over the days, weeks and months for which there is a backup, so that a month without any loses none of the old ones.
    """
    newest_first = sorted(made, key=lambda name: made[name], reverse=True)
    rules: tuple[tuple[int, Callable[[dt.datetime], Hashable]], ...] = (
        (DAYS, lambda at: at.date()),
        (WEEKS, lambda at: at.isocalendar()[:2]),
        (MONTHS, lambda at: (at.year, at.month)),
    )
    keep: set[str] = set()
    for most, span in rules:
        seen: set[Hashable] = set()
        for name in newest_first:
            if span(made[name]) not in seen and len(seen) < most:
                seen.add(span(made[name]))
                keep.add(name)
    return keep
