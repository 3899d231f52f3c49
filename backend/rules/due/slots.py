"""The slots of a rule that counts by the calendar: which days make one slot, and by when each is owed.

`DUE_ENGINE.md`, "Counting by the calendar", rules 1, 2 and 4. Days are ordinals throughout.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache
from itertools import islice
from threading import Lock
from typing import NamedTuple

from backend.rules.days import CalendarKind, Opening, SchoolDays
from backend.rules.due.interval import LAST_ORDINAL, Unit, add, add_months, within_reach
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


class Slots:
    """The slots of one rule at one school from one start, worked out once and only as far as anybody asks."""

    def __init__(self, rule: Rule, days: SchoolDays, start: int) -> None:
        self._rule = rule
        self._periods = _SOURCES[rule.unit](rule, days, days.opening(rule.calendar, rule.season), start)
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


def _days(rule: Rule, _days: SchoolDays, opening: Opening, start: int) -> Iterator[Period]:
    """Groups of open days, from the first open day; one that the calendar does not complete is no slot."""
    day = opening.first_from(start)
    while day is not None:
        first = day
        for _ in range(rule.every - 1):
            day = opening.first_from(day + 1)
            if day is None:
                return
        yield first, day, day
        day = opening.first_from(day + 1)


def _weeks(rule: Rule, _days: SchoolDays, opening: Opening, start: int) -> Iterator[Period]:
    """Monday to Sunday, grouped from the week that holds `start`."""
    length = 7 * rule.every
    for first in range(start - (start - 1) % 7, opening.ends + 1, length):
        last = within_reach(first + length - 1)
        yield first, last, opening.last_between(max(first, start), last)


def _months(rule: Rule, _days: SchoolDays, opening: Opening, start: int) -> Iterator[Period]:
    """Calendar months, grouped from the month that holds `start`."""
    first = date.fromordinal(start).replace(day=1).toordinal()
    return _between(lambda number: add_months(first, rule.every * number), opening, start)


def _years(rule: Rule, _days: SchoolDays, opening: Opening, start: int) -> Iterator[Period]:
    """From one anniversary of `start` to the day before the next; each is counted from `start`, so none creeps."""
    return _between(lambda number: add_months(start, 12 * rule.every * number), opening, start)


def _between(begin: Callable[[int], int], opening: Opening, start: int) -> Iterator[Period]:
    number = 0
    first = begin(0)
    while first <= opening.ends and first < LAST_ORDINAL:
        number += 1
        following = begin(number)
        yield first, following - 1, opening.last_between(max(first, start), following - 1)
        first = following


def _terms(rule: Rule, days: SchoolDays, opening: Opening, start: int) -> Iterator[Period]:
    """Terms as given, grouped from the first that ends on or after `start`; an incomplete group is no slot.

    The holidays between the terms of a group are none of its days. A before-term-start slot is owed by the last open
    day before the term and runs from fourteen days before that to the day before the term.
    """
    terms = iter(sorted((f.toordinal(), last.toordinal()) for f, last in days.terms if last.toordinal() >= start))
    while len(group := list(islice(terms, rule.every))) == rule.every:
        if rule.calendar is CalendarKind.BEFORE_TERM_START:
            last = within_reach(group[0][0] - 1)
            due = opening.last_between(start, last)
            yield within_reach((last if due is None else due) - BEFORE_TERM_DAYS), last, due
        else:
            dues = (opening.last_between(max(first, start), last) for first, last in reversed(group))
            yield group[0][0], group[-1][1], next((due for due in dues if due is not None), None)


_SOURCES: dict[Unit, Callable[[Rule, SchoolDays, Opening, int], Iterator[Period]]] = {
    Unit.DAY: _days,
    Unit.WEEK: _weeks,
    Unit.MONTH: _months,
    Unit.YEAR: _years,
    Unit.TERM: _terms,
}
