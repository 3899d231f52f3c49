"""The slots of a rule that counts by the calendar: which days make one slot, and by when each is owed.

`DUE_ENGINE.md`, "Counting by the calendar", rules 1, 2 and 4. Days are ordinals throughout.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache
from itertools import islice
from threading import Lock
from typing import NamedTuple

from backend.rules.days import CalendarKind, Opening, SchoolDays
from backend.rules.due.interval import LAST_ORDINAL, Unit, add, add_months, months_between, within_reach
from backend.rules.due.rule import Rule

BEFORE_TERM_DAYS = 14

Period = tuple[int, int, int | None]
"""First day, last day and last open day on or after the plan's start; None when it has no such day."""


class Slot(NamedTuple):
    """One slot, in ordinals: its own days, by when it is owed, and from when to when a completion serves it."""

    first: int
    last: int
    due: int
    opens: int
    closes: int
    late_from: int
    """The first day on which it is past its tolerance."""


class Asked(NamedTuple):
    """From where periods are counted, and the day (not before that) before whose period none is asked for. In ordinals."""

    start: int
    since: int


class Slots:
    """The slots of one rule at one school from one start, worked out once and only as far as anybody asks."""

    def __init__(self, rule: Rule, days: SchoolDays, start: int, since: int = 0) -> None:
        """`since`: slots that ended before this day may be left out."""
        self._rule = rule
        self._periods = _SOURCES[rule.unit](rule, days, days.opening(rule.calendar, rule.season), Asked(start, max(start, since)))
        self._known: list[Slot] = []
        self._lock = Lock()
        self.closed: list[tuple[int, int]] = []
        """Periods without an open day, as far as worked out: they are no slots."""
        self.earliest = add(start, rule.interval, -1)
        """Completions before this day do not count."""

    def get(self, index: int) -> Slot | None:
        """The slot at `index`, oldest first; None where the calendar knows no more."""
        if index >= len(self._known):
            self._work_out(index)
        return self._known[index] if index < len(self._known) else None

    def owed_by(self, due: int) -> int | None:
        """The index of the one slot that is owed by `due`; None where there is none, or two are owed by the same day."""
        while not self._known or self._known[-1].due <= due:
            if self.get(len(self._known)) is None:
                break
        index = bisect_left(self._known, due, key=lambda slot: slot.due)
        found = [slot.due for slot in self._known[index : index + 2]]
        return index if found[:1] == [due] and found[1:] != [due] else None

    def _work_out(self, index: int) -> None:
        with self._lock:
            while len(self._known) <= index:
                period = next(self._periods, None)
                if period is None:
                    return
                first, last, due = period
                if due is None:
                    self.closed.append((first, last))
                else:
                    self._known.append(self._slot(first, last, due))

    def _slot(self, first: int, last: int, due: int) -> Slot:
        tolerated = due + self._rule.tolerance
        opens = max(first - self._rule.early_days, self.earliest)
        return Slot(first, last, due, opens, max(tolerated, last), within_reach(tolerated + 1))


@lru_cache(maxsize=512)
def slots_of(rule: Rule, days: SchoolDays, starts_on: date) -> Slots:
    """The slots of `rule` at the school with these `days`, from `starts_on`; remembered."""
    return Slots(rule, days, starts_on.toordinal())


@lru_cache(maxsize=512)
def slots_since(rule: Rule, days: SchoolDays, starts_on: date, since: date) -> Slots:
    """The same without most of those that ended before `since`: for a plan of many years that goes on from what it keeps."""
    return Slots(rule, days, starts_on.toordinal(), since.toordinal())


def _days(rule: Rule, _days: SchoolDays, opening: Opening, asked: Asked) -> Iterator[Period]:
    """Groups of open days, from the first open day; one that the calendar does not complete is no slot."""
    day = opening.first_from(asked.since if rule.every == 1 else asked.start)
    while day is not None:
        first = day
        for _ in range(rule.every - 1):
            day = opening.first_from(day + 1)
            if day is None:
                return
        yield first, day, day
        day = opening.first_from(day + 1)


def _weeks(rule: Rule, _days: SchoolDays, opening: Opening, asked: Asked) -> Iterator[Period]:
    """Monday to Sunday, grouped from the week that holds the start."""
    length, start = 7 * rule.every, asked.start
    monday = start - (start - 1) % 7
    for first in range(monday + (asked.since - monday) // length * length, opening.ends + 1, length):
        last = within_reach(first + length - 1)
        yield first, last, opening.last_between(max(first, start), last)


def _months(rule: Rule, _days: SchoolDays, opening: Opening, asked: Asked) -> Iterator[Period]:
    """Calendar months, grouped from the month that holds the start."""
    return _between(date.fromordinal(asked.start).replace(day=1).toordinal(), rule.every, opening, asked)


def _years(rule: Rule, _days: SchoolDays, opening: Opening, asked: Asked) -> Iterator[Period]:
    """From one anniversary of the start to the day before the next; each is counted from the start, so none creeps."""
    return _between(asked.start, 12 * rule.every, opening, asked)


def _between(begins: int, months: int, opening: Opening, asked: Asked) -> Iterator[Period]:
    """Spans of so many months, the first of which begins on a day."""
    number = months_between(begins, asked.since) // months
    first = add_months(begins, months * number)
    while first <= opening.ends and first < LAST_ORDINAL:
        number += 1
        following = add_months(begins, months * number)
        yield first, following - 1, opening.last_between(max(first, asked.start), following - 1)
        first = following


def _terms(rule: Rule, days: SchoolDays, opening: Opening, asked: Asked) -> Iterator[Period]:
    """Terms as given, grouped from the first that ends on or after `start`; an incomplete group is no slot.

    The holidays between the terms of a group are none of its days. A before-term-start slot is owed by the last open
    day before the term and runs from fourteen days before that to the day before the term.
    """
    start = asked.start
    terms = iter(sorted((f.toordinal(), last.toordinal()) for f, last in days.terms if last.toordinal() >= start))
    while len(group := list(islice(terms, rule.every))) == rule.every:
        if rule.calendar is CalendarKind.BEFORE_TERM_START:
            last = within_reach(group[0][0] - 1)
            due = opening.last_between(start, last)
            yield within_reach((last if due is None else due) - BEFORE_TERM_DAYS), last, due
        else:
            dues = (opening.last_between(max(first, start), last) for first, last in reversed(group))
            yield group[0][0], group[-1][1], next((due for due in dues if due is not None), None)


_SOURCES: dict[Unit, Callable[[Rule, SchoolDays, Opening, Asked], Iterator[Period]]] = {
    Unit.DAY: _days,
    Unit.WEEK: _weeks,
    Unit.MONTH: _months,
    Unit.YEAR: _years,
    Unit.TERM: _terms,
}
