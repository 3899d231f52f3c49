"""Whether a check may be booked for a day: what refuses it, and what is only said. Pure: no database, no clock.

The clocks are those of the due engine (`DUE_ENGINE.md`): a legal maximum knows no grace; a standard is judged on the pattern;
a risk-based interval is the trust's own choice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from backend.rules.due.rule import Clock
from backend.rules.due.words import short_day

FURTHEST_DAYS: Final = 800  # a booking more than two years ahead is a slip of the finger


class Weight(StrEnum):
    """What a remark does: refuses, refuses unless a reason is given, or only warns."""

    REFUSED = "refused"
    NEEDS_REASON = "needs-reason"
    WARNED = "warned"


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to say about a booking: a short `code` for programs, a sentence for people."""

    weight: Weight
    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Owed:
    """What is known of the check: by when it is owed, from when work counts, the last day without being late, and the last
    day that the law allows (None where no law sets one)."""

    due_on: date
    counts_from: date
    last_on: date
    lawful_to: date | None
    clock: Clock


@dataclass(frozen=True, slots=True)
class Doer:
    """Who is to do it: a person or a firm, by name; whether they are away that day, and who stands in; what papers a firm lacks
    on that day, in sentences; whether it may be given work."""

    name: str = ""
    away: bool = False
    stands_in: str = ""
    firm: bool = False
    lacks: tuple[str, ...] = ()
    active: bool = True


@dataclass(frozen=True, slots=True)
class Days:
    """The day asked for, today, and whether the school is open on the day (None: its calendar is not known)."""

    day: date
    today: date
    is_open: bool | None = None


def remarks_on_check(owed: Owed, days: Days) -> list[Remark]:
    """What there is to say of one check on that day, gravest first."""
    return list(_of_lateness(owed, days)) + list(_of_earliness(owed, days))


def remarks_on_day(days: Days, doer: Doer) -> list[Remark]:
    """What there is to say of the day and of who is to come, whatever the checks."""
    return [*_of_day(days), *_of_doer(doer)]


def is_late(owed: Owed, day: date) -> bool:
    """Whether work on the day would be late by the check's own clock."""
    return day > owed.last_on or (owed.lawful_to is not None and day > owed.lawful_to)


def refused(remarks: list[Remark], reason: str) -> list[Remark]:
    """Those that stand in the way, given why nothing earlier can be had."""
    return [
        each for each in remarks if each.weight is Weight.REFUSED or (each.weight is Weight.NEEDS_REASON and not reason.strip())
    ]


def _of_lateness(owed: Owed, days: Days) -> Iterator[Remark]:
    day, lawful = days.day, owed.lawful_to
    if lawful is not None and day > lawful:
        said = short_day(lawful, days.today)
        if lawful < days.today:
            yield Remark(
                Weight.WARNED,
                "overdue_already",
                f"It was owed by law by {said}, so it is late already: choose the first day there is.",
            )
        else:
            words = f"The law wants it done by {said}. Choose an earlier day, or say why nothing earlier can be had."
            yield Remark(Weight.NEEDS_REASON, "after_legal_maximum", words)
    elif day > owed.last_on:
        said = short_day(owed.last_on, days.today)
        yield Remark(Weight.WARNED, "late", f"It would be overdue from the day after {said}.")
    elif day > owed.due_on:
        yield Remark(
            Weight.WARNED, "after_due", f"It is owed by {short_day(owed.due_on, days.today)}; this is within what is tolerated."
        )


def _of_earliness(owed: Owed, days: Days) -> Iterator[Remark]:
    if days.day < owed.counts_from:
        first, due = short_day(owed.counts_from, days.today), short_day(owed.due_on, days.today)
        yield Remark(Weight.WARNED, "too_early", f"Work before {first} does not count for what is owed by {due}.")


def _of_day(days: Days) -> Iterator[Remark]:
    if days.day < days.today:
        yield Remark(Weight.REFUSED, "in_the_past", "That day has passed. Record what was done instead of booking it.")
    if days.day > days.today + timedelta(days=FURTHEST_DAYS):
        yield Remark(Weight.REFUSED, "too_far", "That is more than two years ahead. Check the year.")
    if days.is_open is False:
        yield Remark(Weight.WARNED, "closed", "The school is closed that day: somebody has to let them in.")


def _of_doer(doer: Doer) -> Iterator[Remark]:
    if doer.away:
        instead = f" {doer.stands_in} stands in." if doer.stands_in else " Nobody stands in."
        yield Remark(Weight.WARNED, "away", f"{doer.name} is away that day.{instead}")
    if doer.firm and not doer.active:
        yield Remark(Weight.REFUSED, "not_active", f"{doer.name} is no longer given work. Choose another firm.")
    if doer.active and doer.lacks:
        yield Remark(Weight.WARNED, "papers", f"{doer.name}, on that day: {' '.join(doer.lacks)}")
