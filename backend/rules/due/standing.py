"""The questions that a plan asks: what is owed, how it stands, what lapsed, when work counts.

Every function takes the same facts: `rule`; `days`, the school's calendar; `starts_on`, the first day of the plan;
`done`, its completions in any order; `paused`, (first, last or None) spans with both days included. `today` is the day
asked about: completions after it are left out, so a past day shows what stood then (the caller refuses completions in
the future).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from backend.rules.days import SchoolDays
from backend.rules.due import by_calendar, notes
from backend.rules.due.done import Completion, Done, days_done, in_order, until
from backend.rules.due.from_completion import Owed, dates_of
from backend.rules.due.interval import Unit, as_date, within_reach
from backend.rules.due.pauses import Pause, pauses_of
from backend.rules.due.rule import Counts, Rule
from backend.rules.due.slots import slots_of
from backend.rules.due.status import NOTHING_OWED, Status, StoredDates, status_on

DAYS_OF_DAILY_WINDOWS = 31
DAYS_OF_LATER_WINDOWS = 62


@dataclass(frozen=True)
class State:
    """All that a plan can be asked on one day. `stored` is what the plan keeps; the rest is read from the facts."""

    due_on: date | None
    status: Status
    overdue_since: date | None
    lapses: tuple[date, ...]
    stored: StoredDates
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Window:
    """When a completion counts for one slot or date. `closes_on` is None where nothing closes (from completion)."""

    counts_from: date
    due_on: date
    overdue_from: date
    closes_on: date | None


def stored_dates(rule: Rule, days: SchoolDays, starts_on: date, done: Iterable[Done], paused: Iterable[Pause]) -> StoredDates:
    """The three dates that a plan keeps after these completions; they do not depend on today."""
    if rule.counts is Counts.COMPLETION:
        return stored_date(rule, dates_of(rule, days, starts_on).last(in_order(done)))
    owing = by_calendar.after(slots_of(rule, days, starts_on), days_done(done), pauses_of(paused))
    return stored_slot(rule, owing)


def state(rule: Rule, days: SchoolDays, starts_on: date, done: Iterable[Done], paused: Iterable[Pause], today: date) -> State:
    """Everything about a plan on `today`."""
    known, spans = until(done, today), tuple(paused)
    if rule.counts is Counts.COMPLETION:
        dates, finished = dates_of(rule, days, starts_on), in_order(known)
        owed = dates.last(finished)
        stored = stored_date(rule, owed)
        due_on: date | None = as_date(owed.due)
        lapsed = dates.lapses(finished, pauses_of(spans), today.toordinal())
        said = notes.on_date(owed, dates.opening)
    else:
        owing = by_calendar.after(slots_of(rule, days, starts_on), days_done(known), pauses_of(spans))
        stored = stored_slot(rule, owing)
        owing.pass_to(today.toordinal())
        due_on = None if owing.slot is None else as_date(owing.slot.due)
        lapsed = owing.lapses()
        said = () if owing.slot is not None else notes.nothing_owed(rule, days, spans)
    return State(
        due_on=due_on,
        status=status_on(stored, spans, today),
        overdue_since=stored.due_on if _became_overdue(stored, spans, today) else None,
        lapses=tuple(as_date(day) for day in lapsed),
        stored=stored,
        notes=said,
    )


def lapses(
    rule: Rule, days: SchoolDays, starts_on: date, done: Iterable[Done], paused: Iterable[Pause], today: date
) -> tuple[date, ...]:
    """The `due_on` of every slot that closed unserved, or date not met in time, before `today`; oldest first."""
    known, spans = until(done, today), pauses_of(paused)
    if rule.counts is Counts.COMPLETION:
        found = dates_of(rule, days, starts_on).lapses(in_order(known), spans, today.toordinal())
        return tuple(as_date(day) for day in found)
    owing = by_calendar.after(slots_of(rule, days, starts_on), days_done(known), spans)
    owing.pass_to(today.toordinal())
    return tuple(as_date(day) for day in owing.lapses())


def windows(
    rule: Rule,
    days: SchoolDays,
    starts_on: date,
    done: Iterable[Done],
    paused: Iterable[Pause],
    today: date,
    count: int = 8,
) -> tuple[Window, ...]:
    """The next `count` windows that are still to be served, for a phone that works out no dates itself.

    Rules in days give a month's worth (31 days) where that is more. From completion only the first is sure; those
    after it, for the next two months, take it that each is done on the day it is owed. A phone shows the first that
    it has not served.
    """
    known, day = until(done, today), today.toordinal()
    if rule.counts is Counts.COMPLETION:
        expected = _dates_ahead(rule, days, starts_on, in_order(known), day)
        return tuple(_window(date.counts_from, date.due, date.late_from, None) for date in islice(expected, count))
    owing = by_calendar.after(slots_of(rule, days, starts_on), days_done(known), pauses_of(paused))
    owing.pass_to(day)
    found: list[Window] = []
    for slot in owing.ahead():
        if len(found) >= count and (rule.unit is not Unit.DAY or slot.due >= day + DAYS_OF_DAILY_WINDOWS):
            break
        found.append(_window(owing.counts_from(slot), slot.due, slot.late_from, slot.closes))
    return tuple(found)


def would_count(rule: Rule, days: SchoolDays, starts_on: date, done: Iterable[Done], paused: Iterable[Pause], on: date) -> bool:
    """Whether a further completion on that day would change anything: serve a slot, restart the interval, or clear
    an overdue that stands since an earlier slot lapsed. A second one on the same day never does."""
    known = list(done)
    if any(completion.on == on for completion in known):
        return False
    if rule.counts is Counts.COMPLETION:
        return _leads_to_a_date(rule, days, starts_on, known, on)
    slots, spans = slots_of(rule, days, starts_on), pauses_of(paused)
    if on.toordinal() < slots.earliest:
        return False
    before = by_calendar.after(slots, days_done(known), spans)
    if before.slot is not None and before.slot.closes < on.toordinal():
        return True
    return by_calendar.after(slots, days_done([*known, Done(on)]), spans).served > before.served


def _leads_to_a_date(rule: Rule, days: SchoolDays, starts_on: date, known: Sequence[Done], on: date) -> bool:
    if on >= starts_on:
        return True
    dates, day = dates_of(rule, days, starts_on), on.toordinal()
    before = dates.last(in_order(until(known, on)))
    return dates.after((day, None), before) is not None


def _dates_ahead(rule: Rule, days: SchoolDays, starts_on: date, done: Sequence[Completion], today: int) -> Iterator[Owed]:
    dates = dates_of(rule, days, starts_on)
    owed: Owed | None = dates.last(done)
    while owed is not None:
        yield owed
        owed = dates.after((within_reach(max(owed.due, today)), None), owed)
        if owed is None or owed.due > today + DAYS_OF_LATER_WINDOWS:
            return


def _window(counts_from: int, due: int, late_from: int, closes: int | None) -> Window:
    return Window(as_date(counts_from), as_date(due), as_date(late_from), None if closes is None else as_date(closes))


def _became_overdue(stored: StoredDates, paused: Iterable[Pause], today: date) -> bool:
    """Whether it has been overdue on some day up to `today`: an unpaused one, since a pause hides what passes in it."""
    if stored.overdue_from is None:
        return False
    return pauses_of(paused).first_unpaused(stored.overdue_from.toordinal()) <= today.toordinal()


def stored_slot(rule: Rule, owing: by_calendar.Owing) -> StoredDates:
    """The dates of the slot owed now."""
    slot = owing.slot
    if slot is None:
        return NOTHING_OWED
    soon_from = max(slot.due - rule.warns, owing.counts_from(slot))
    return StoredDates(as_date(slot.due), as_date(slot.late_from), as_date(soon_from))


def stored_date(rule: Rule, owed: Owed) -> StoredDates:
    """The dates of what is owed after the last completion."""
    soon_from = max(owed.due - rule.warns, owed.counts_from)
    return StoredDates(as_date(owed.due), as_date(owed.late_from), as_date(soon_from))
