"""Going on from what a plan keeps, without its history: what reckoning anew would give, or None where that cannot be told.

It can be told when the rule, the calendar and the pauses are those by which the kept dates were reckoned (`basis`), and
every fresh completion lies after all those before. Then what was settled before stays settled, and only what was owed when
the last completion was made, and what follows, has to be looked at. `tests/rules` draws histories and compares both ways.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import msgspec

from backend.rules.days import SchoolDays
from backend.rules.due.by_calendar import Owing
from backend.rules.due.done import Done, days_done, in_order
from backend.rules.due.from_completion import dates_of
from backend.rules.due.interval import as_date
from backend.rules.due.pauses import Pause, pauses_of
from backend.rules.due.rule import Counts, Rule
from backend.rules.due.slots import slots_since
from backend.rules.due.standing import stored_date, stored_slot
from backend.rules.due.status import StoredDates

ENGINE = 1  # raise it when the engine answers otherwise than before: every plan is then reckoned anew when it is next touched


class Kept(NamedTuple):
    """What a plan keeps of its past: its dates, the day of its last completion, and the day up to which it was reckoned."""

    stored: StoredDates
    last_on: date | None
    reckoned_to: date


class Further(NamedTuple):
    """How a plan goes on: its dates, and the lapses owed by `first` or later; those owed before stay as they are."""

    stored: StoredDates
    first: date
    lapses: tuple[date, ...]


def basis(rule: Mapping[str, Any], days: SchoolDays, starts_on: date, paused: Iterable[Pause], engine: int = ENGINE) -> str:
    """A digest (32 hex digits) of everything that a plan's dates depend on, but for its completions."""
    said = [engine, rule, days.digest, starts_on, sorted(paused, key=str)]
    return hashlib.sha256(msgspec.json.encode(said, order="sorted")).hexdigest()[:32]


def go_on(
    rule: Rule,
    days: SchoolDays,
    starts_on: date,
    kept: Kept,
    fresh: Iterable[Done],
    paused: Sequence[Pause],
    sealed: Collection[date],
    today: date,
) -> Further | None:
    """How a plan stands on `today` after `fresh` completions, from what it keeps. None: its whole history must be asked.

    `sealed` are the dates of all lapses ever sealed on it. The rule, the calendar, the start and the pauses must be those
    by which `kept` was reckoned.
    """
    last_on, new = kept.last_on, list(fresh)
    if kept.stored.due_on is None or today < kept.reckoned_to or any(each.on > today for each in new):
        return None
    if last_on is not None:
        if last_on > kept.reckoned_to or any(each.on < last_on for each in new):
            return None
        again = [each for each in new if each.on == last_on]
        if rule.counts is Counts.COMPLETION and any(each.stated_next for each in again):
            return None  # the earliest date stated on a day counts: that of the day's other reports is not known here
        new = [each for each in new if each.on > last_on]
    further = _by_calendar if rule.counts is Counts.CALENDAR else _from_completion
    return further(rule, days, starts_on, kept, new, paused, sealed, today)


def _by_calendar(
    rule: Rule,
    days: SchoolDays,
    starts_on: date,
    kept: Kept,
    new: Sequence[Done],
    paused: Sequence[Pause],
    _: object,
    today: date,
) -> Further | None:
    """Walk on from the slot that the kept dates are those of."""
    assert kept.stored.due_on
    slots = slots_since(rule, days, starts_on, kept.stored.due_on)
    index = slots.owed_by(kept.stored.due_on.toordinal())
    if index is None:
        return None
    owing = Owing.at(index, slots, pauses_of(paused), kept.last_on.toordinal() if kept.last_on else 0)
    for day in days_done(new):
        owing.complete(day)
    stored = stored_slot(rule, owing)
    owing.pass_to(today.toordinal())
    return Further(stored, kept.stored.due_on, tuple(as_date(day) for day in owing.lapses()))


def _from_completion(
    rule: Rule,
    days: SchoolDays,
    starts_on: date,
    kept: Kept,
    new: Sequence[Done],
    paused: Sequence[Pause],
    sealed: Collection[date],
    today: date,
) -> Further | None:
    """Follow the dates that the fresh completions lead to. A kept anniversary hangs on the whole chain."""
    due_on, overdue_from, _ = kept.stored
    if rule.keeps_anniversary or due_on is None or overdue_from is None or overdue_from == date.max:
        return None
    dates, pauses = dates_of(rule, days, starts_on), pauses_of(paused)
    due, late_from, last = due_on.toordinal(), overdue_from.toordinal(), None
    owed, lapsed = {due}, set()
    for completion in in_order(new):
        following = dates.after(completion)
        if following is not None:
            if pauses.first_unpaused(late_from) <= completion[0]:
                lapsed.add(due)
            due, late_from, last = following.due, following.late_from, following
            owed.add(due)
    if pauses.first_unpaused(late_from) <= today.toordinal():
        lapsed.add(due)
    first = as_date(min(owed))
    if any(day >= first for day in sealed):
        return None  # sealed for one of these, or for an earlier one owed by the same day: only the whole chain tells
    stored = kept.stored if last is None else stored_date(rule, last)
    return Further(stored, first, tuple(as_date(day) for day in sorted(lapsed)))
