"""When each check was done in the year past: on the day, early, late or not at all, by the school's habits.

The dates only; the engine judges them afterwards like anybody's. Firms come once to a site and see to all of a kind.
"""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from backend.office.demo.fixtures import Habits
from backend.rules.days import SchoolDays
from backend.rules.due import Counts, Rule, Unit, Window, windows
from backend.rules.due.interval import add

YEAR = dt.timedelta(days=365)
DAY = dt.timedelta(days=1)
NOMINAL = {Unit.DAY: 1, Unit.WEEK: 7, Unit.MONTH: 30, Unit.TERM: 120, Unit.YEAR: 365}


@dataclass(frozen=True, slots=True)
class Visit:
    """A day on which a check was done, and the next date that its report states."""

    on: dt.date
    stated_next: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """When a plan starts, and when it was done."""

    starts_on: dt.date
    visits: tuple[Visit, ...]


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the dates of one check at one place depend on; `overdue` is how many days it is past its date today."""

    rule: Rule
    days: SchoolDays
    habits: Habits
    today: dt.date
    overdue: int | None = None
    states_next: bool = False
    installed_on: dt.date | None = None


def past_of(about: Circumstances, throw: random.Random) -> Past:
    """A year of one check."""
    about = let_go(about, throw)
    if about.rule.counts is Counts.COMPLETION:
        return from_completion(about, throw)
    return by_calendar(about, throw)


def let_go(about: Circumstances, throw: random.Random) -> Circumstances:
    """Some schools are behind with some checks just now."""
    if about.overdue is not None or throw.random() >= about.habits.overdue:
        return about
    days = {Unit.DAY: throw.randint(2, 5), Unit.WEEK: throw.randint(8, 24)}.get(about.rule.unit, throw.randint(3, 60))
    return Circumstances(about.rule, about.days, about.habits, about.today, days, about.states_next, about.installed_on)


def moved(day: dt.date, rule: Rule, times: int) -> dt.date:
    """A day so many intervals on or back."""
    return dt.date.fromordinal(add(day.toordinal(), rule.interval, times))


def from_completion(about: Circumstances, throw: random.Random) -> Past:
    """Backwards from the date that is owed next: each visit a little before the date that the one before it gave."""
    rule, today = about.rule, about.today
    begins = today - YEAR
    length = (moved(today, rule, 1) - today).days
    owed = today - about.overdue * DAY if about.overdue is not None else today + throw.randint(1, max(1, length - 2)) * DAY
    last = min(moved(owed, rule, -1), today - DAY)
    stated = owed if about.overdue is not None and about.states_next else None
    while stated and moved(last, rule, 1) < stated:  # 31 August less six months is 28 February, and that leads to 28 August
        last += DAY
    visits = [Visit(last, stated)]
    while visits[-1].on > begins:
        day, early = visits[-1].on, throw.randint(0, min(12, max(0, length // 8)))
        if throw.random() < about.habits.late and day - begins > 60 * DAY and length > 40:
            early = -throw.randint(2, 25)
        visits.append(Visit(moved(day + early * DAY, rule, -1)))
    visits.reverse()
    installed = about.installed_on
    if installed is None or visits[0].on >= installed:
        return Past(begins, tuple(visits))
    since = tuple(visit for visit in visits if visit.on >= installed)
    return Past(since[0].on if since else max(moved(installed, rule, 1), today + DAY), since)


def by_calendar(about: Circumstances, throw: random.Random) -> Past:
    """A day in each slot, unless it was missed; the present slot only when its day has come."""
    rule, today = about.rule, about.today
    starts_on = first_day(about, throw)
    slots = windows_from(rule, about.days, starts_on, today)
    closed = [slot for slot in slots if slot.closes_on is not None and slot.closes_on < today]
    weekday = throw.randint(0, 4)
    visits = []
    for slot in slots:
        if about.overdue is not None and slot.due_on >= today - about.overdue * DAY:
            break
        sure = not closed or slot.due_on >= closed[-1].due_on  # the last one that closed was done: nothing is late now
        if throw.random() < about.habits.miss and not sure:
            continue
        day = day_in(slot, starts_on, about, throw, weekday)
        if day < today:
            visits.append(Visit(day))
    return Past(starts_on, tuple(visits))


def first_day(about: Circumstances, throw: random.Random) -> dt.date:
    """When a plan that counts by the calendar starts: a year ago, with the longer slots out of step with one another."""
    rule, begins = about.rule, about.today - YEAR
    if rule.unit is Unit.YEAR and rule.every > 1:
        return max(about.installed_on or begins, moved(about.today, rule, -1) + 90 * DAY)
    if rule.unit is Unit.YEAR:
        return begins - throw.randint(20, 330) * DAY
    if rule.unit is Unit.MONTH:
        back = throw.randint(0, rule.every - 1)
        month = begins.year * 12 + begins.month - 1 - back
        return dt.date(month // 12, month % 12 + 1, 1)
    return begins


@lru_cache(maxsize=4096)
def windows_from(rule: Rule, days: SchoolDays, starts_on: dt.date, today: dt.date) -> tuple[Window, ...]:
    """The slots from the plan's start up to and with today's."""
    count = (today - starts_on).days // (rule.every * NOMINAL[rule.unit]) + 3
    found = windows(rule, days, starts_on, (), (), starts_on, count)
    return tuple(slot for slot in found if slot.counts_from <= today)


def day_in(slot: Window, starts_on: dt.date, about: Circumstances, throw: random.Random, weekday: int) -> dt.date:
    """The day in a slot on which it was done."""
    lowest, due = max(slot.counts_from, starts_on), slot.due_on
    closes = slot.closes_on or due
    if closes > due and closes < about.today and throw.random() < about.habits.late:
        return due + throw.randint(1, (closes - due).days) * DAY
    if about.rule.unit is Unit.DAY:
        return due
    if about.rule.unit is Unit.WEEK:
        day = due - due.weekday() * DAY + weekday * DAY
        return day if lowest <= day <= due else due
    length = (due - lowest).days
    day = lowest + int(length * throw.betavariate(2, 2)) * DAY
    while day > lowest and not about.days.is_open(day, "when-occupied"):
        day -= DAY
    return day


def school_days_back(days: SchoolDays, today: dt.date) -> Sequence[dt.date]:
    """The days with pupils in the year past."""
    return [day for n in range(364, 0, -1) if days.is_open(day := today - n * DAY, "term-time")]
