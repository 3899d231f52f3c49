"""What a plan stores, and the status that is read from it: three dates, the pauses and the day, nothing else.

The same comparisons are made in SQL and on the phone; they must agree on every day.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from backend.rules.due.pauses import Pause


class Status(StrEnum):
    """How a plan stands on a day."""

    IN_DATE = "in-date"
    DUE_SOON = "due-soon"
    DUE = "due"
    OVERDUE = "overdue"
    PAUSED = "paused"


class StoredDates(NamedTuple):
    """The dates that a plan keeps, all None when nothing is owed.

    They are those of the oldest slot or date that was unserved when the last completion was made, so they do not
    change as time passes, and a lapse that has been sealed since makes no difference to them.
    """

    due_on: date | None
    overdue_from: date | None
    """The first day after the tolerance."""
    soon_from: date | None
    """The first day on which it shows as due soon."""


NOTHING_OWED = StoredDates(None, None, None)
ONE_OFF_WARNING: Final = timedelta(days=28)


def once(due_on: date) -> StoredDates:
    """The dates of a duty that is owed once, by a day, while it is not done."""
    return StoredDates(due_on, due_on + timedelta(days=1), due_on - ONE_OFF_WARNING)


def status_on(stored: tuple[date | None, date | None, date | None], paused: Iterable[Pause], today: date) -> Status:
    """The status on `today` from what is stored (due_on, overdue_from, soon_from) and the pauses alone."""
    if any(first <= today and (last is None or today <= last) for first, last in paused):
        return Status.PAUSED
    due_on, overdue_from, soon_from = stored
    if overdue_from is not None and today >= overdue_from:
        return Status.OVERDUE
    if due_on is not None and today > due_on:
        return Status.DUE
    if soon_from is not None and today >= soon_from:
        return Status.DUE_SOON
    return Status.IN_DATE
