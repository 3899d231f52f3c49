"""What lies ahead: every date that a plan will owe up to a day, when each is done by the day it is owed.

The dates are those that completing on time, over and over, would give; `tests/rules` completes and compares. It goes on from
what a plan keeps, so no records are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from backend.rules.days import SchoolDays
from backend.rules.due.by_calendar import Owing
from backend.rules.due.from_completion import Owed, dates_of
from backend.rules.due.interval import add, as_date, within_reach
from backend.rules.due.pauses import FOREVER, Pause, pauses_of
from backend.rules.due.rule import Clock, Counts, Rule
from backend.rules.due.slots import slots_since
from backend.rules.due.status import StoredDates


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One date ahead. `do_on` is the day on which it is expected to be done: `due_on`, or today when that has passed.

    Work counts for it from `counts_from`; `last_on` is the last day on which it is not late; `sure` is whether it hangs on
    no work that is still to come.
    """

    due_on: date
    do_on: date
    counts_from: date
    last_on: date
    sure: bool


def ahead(
    rule: Rule,
    days: SchoolDays,
    starts_on: date,
    stored: StoredDates,
    last_on: date | None,
    paused: Sequence[Pause],
    today: date,
    until: date,
) -> tuple[Occurrence, ...]:
    """The occurrences that are to be done from `today` up to `until`, oldest first. `stored` and `last_on` (the last day on
    which it was done) are what the plan keeps. None while it is paused without a known end."""
    if stored.due_on is None or stored.overdue_from is None:
        return ()
    follow = _by_calendar if rule.counts is Counts.CALENDAR else _from_completion
    found = []
    for each in follow(rule, days, starts_on, stored, last_on, paused, today):
        if each.do_on > until:
            break
        found.append(each)
    return tuple(found)


def _by_calendar(
    rule: Rule,
    days: SchoolDays,
    starts_on: date,
    stored: StoredDates,
    last_on: date | None,
    paused: Sequence[Pause],
    today: date,
) -> Iterator[Occurrence]:
    """The slot that is open or next, and those after it. One that its day finds closed lapses and is not to be done any more."""
    assert stored.due_on
    slots, now, first = slots_since(rule, days, starts_on, stored.due_on), today.toordinal(), stored.due_on.toordinal()
    index = 0
    while (slot := slots.get(index)) is not None and slot.due < first:
        index += 1
    done = last_on.toordinal() if last_on else 0
    owing, sure = Owing.at(index, slots, pauses_of(paused), done), True
    owing.pass_to(now)
    while (slot := owing.slot) is not None:
        do_on = max(slot.due, now, done + 1)
        counts_from = min(max(slot.opens, done + 1), do_on)
        yield Occurrence(as_date(slot.due), as_date(do_on), as_date(counts_from), as_date(slot.late_from - 1), sure)
        owing.complete(do_on)
        done, sure = do_on, False


def _from_completion(
    rule: Rule,
    days: SchoolDays,
    starts_on: date,
    stored: StoredDates,
    last_on: date | None,
    paused: Sequence[Pause],
    today: date,
) -> Iterator[Occurrence]:
    """The date owed now, and those to which doing each on its day leads."""
    assert stored.due_on and stored.overdue_from
    dates, pauses = dates_of(rule, days, starts_on), pauses_of(paused)
    due, late_from = stored.due_on.toordinal(), stored.overdue_from.toordinal()
    done = last_on.toordinal() if last_on else 0
    # The anniversary is the date before it was brought forward: what is tolerated counts from there (rule 6).
    anniversary = late_from - 1 - rule.tolerance if last_on else None
    before = Owed(due, late_from, done + 1, done or None, due, anniversary)
    day, sure = today.toordinal(), True
    while True:
        do_on = pauses.first_unpaused(max(before.due, day))
        if do_on == FOREVER:
            return
        counts_from = min(max(before.counts_from, 1), do_on)
        yield Occurrence(as_date(before.due), as_date(do_on), as_date(counts_from), as_date(before.late_from - 1), sure)
        following = dates.after((within_reach(do_on), None), before)
        if following is None or following.due <= do_on:
            return
        before, day, sure = following, do_on + 1, False


def latest_lawful(rule: Rule, stored: StoredDates, last_on: date | None) -> date | None:
    """The last day that the law allows for what is owed now: under a legal clock the day before it is overdue; else the
    ceiling that the rule names, counted from the last completion. None where no law sets one."""
    if stored.overdue_from is None:
        return None
    if rule.clock is Clock.LEGAL:
        return as_date(stored.overdue_from.toordinal() - 1)
    if rule.maximum is not None and rule.counts is Counts.COMPLETION and last_on is not None:
        return as_date(add(last_on.toordinal(), rule.maximum))
    return None
