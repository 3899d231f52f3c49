"""Counting by the calendar, as the oracle does it: every slot a plain list of its days. Rule numbers are the spec's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.rules.oracle_days import ONE_DAY, Days, Pauses, each_day, is_paused, plus


@dataclass(frozen=True)
class Slot:
    """One slot: its days' bounds, and from when to when a completion serves it (all inclusive)."""

    first: date
    last: date
    due_on: date
    opens: date
    closes: date


def slots(rule: Mapping[str, Any], days: Days, starts_on: date, horizon: date) -> list[Slot]:
    """All slots that exist and begin by `horizon`, oldest first, paused or not."""
    if rule["calendar"] == "before-term-start":
        return _before_terms(rule, days, starts_on)
    found = []
    for group in _groups(rule, days, starts_on, horizon):
        # Rule 2: owed by its last open day on or after starts_on; a slot without one does not exist.
        candidates = [day for day in group if day >= starts_on and days.is_open(day)]
        if candidates:
            found.append(_slot(rule, group[0], group[-1], candidates[-1]))
    return found


def _slot(rule: Mapping[str, Any], first: date, last: date, due_on: date) -> Slot:
    # Rule 4: from early_days before the first day to late_days after due_on, or to its own last day if later.
    opens = first - rule["early_days"] * ONE_DAY
    return Slot(first, last, due_on, opens, max(due_on + rule["late_days"] * ONE_DAY, last))


def _groups(rule: Mapping[str, Any], days: Days, starts_on: date, horizon: date) -> list[list[date]]:
    # Rule 1. Periods before the one that holds starts_on could only give slots without a due_on, so none is listed.
    every = rule["every"]
    if rule["unit"] == "day":
        open_days = [day for day in each_day(starts_on, horizon) if days.is_open(day)]
        return _whole([[day] for day in open_days], every)
    if rule["unit"] == "term":
        return _whole([each_day(first, last) for first, last in days.terms if last >= starts_on], every)
    groups: list[list[date]] = []
    number = 0
    while True:
        first = _bounds(rule["unit"], starts_on, number * every)
        following = _bounds(rule["unit"], starts_on, (number + 1) * every)
        if first > horizon:
            return groups
        groups.append(each_day(first, following - ONE_DAY))
        number += 1


def _whole(periods: list[list[date]], every: int) -> list[list[date]]:
    # Rule 1: n periods make one slot; a group that the calendar does not complete is no slot.
    starts = range(0, len(periods) - every + 1, every)
    # Reading 4: the days of the periods, not those between them.
    return [[day for period in periods[start : start + every] for day in period] for start in starts]


def _bounds(unit: str, starts_on: date, number: int) -> date:
    # Rule 1: the first day of the period `number` periods after the one that holds starts_on.
    if unit == "week":
        return starts_on - starts_on.weekday() * ONE_DAY + 7 * number * ONE_DAY
    if unit == "month":
        return plus(starts_on.replace(day=1), number, "month")
    return plus(starts_on, number, "year")


def _before_terms(rule: Mapping[str, Any], days: Days, starts_on: date) -> list[Slot]:
    # Rule 2, last sentence.
    found = []
    for first, _last in days.terms:
        due_on = first - ONE_DAY
        while not days.is_open(due_on):
            due_on -= ONE_DAY
        if due_on >= starts_on:
            found.append(_slot(rule, due_on - 14 * ONE_DAY, first - ONE_DAY, due_on))
    return found


@dataclass(frozen=True)
class ByCalendar:
    """What the completions left of the slots, without regard to today."""

    unserved: list[Slot]
    last_done: date | None
    late_days: int
    warn_days: int
    counts_from: date
    pauses: Pauses

    @classmethod
    def read(cls, rule: Mapping[str, Any], days: Days, starts_on: date, done: list[date], pauses: Pauses,
             horizon: date) -> ByCalendar:  # fmt: skip
        """Serve the slots with the completions, in the order of their days."""
        # Rule 3: a slot whose due_on is a paused day is not owed (reading 3: nor can it be served).
        owed = [slot for slot in slots(rule, days, starts_on, horizon) if not is_paused(pauses, slot.due_on)]
        earliest = plus(starts_on, -rule["every"], rule["unit"])
        unserved = list(owed)
        for day in sorted(set(done)):  # Rule 4: all completions of one day are one
            if day < earliest:  # Rule 4: earlier than one interval before starts_on does not count
                continue
            open_for_it = [slot for slot in unserved if slot.opens <= day <= slot.closes]
            if open_for_it:  # Rule 4: serves the oldest, and only one
                unserved.remove(open_for_it[0])
        return cls(unserved, max(done, default=None), rule["late_days"], rule["warn_days"], earliest, pauses)

    def lapses(self, today: date) -> list[date]:
        """Rule 5: a slot that closed unserved has lapsed, for ever."""
        return [slot.due_on for slot in self.unserved if slot.closes < today]

    def due_on(self, today: date) -> date | None:
        """Rule 5: that of the oldest slot neither served nor closed; None when the calendar knows none."""
        return next((slot.due_on for slot in self.unserved if slot.closes >= today), None)

    def overdue_since(self, today: date) -> date | None:
        """What an unpaused day would say: rule 7 first, then rule 6."""
        for slot in self.unserved:
            # Rule 7: lapsed (the day after it closed) since the last completion
            if slot.closes < today and (self.last_done is None or slot.closes + ONE_DAY > self.last_done):
                return slot.due_on
        for slot in self.unserved:
            # Rule 6: past due_on + late_days, not closed
            if slot.due_on + self.late_days * ONE_DAY < today <= slot.closes:
                return slot.due_on
        return None

    def soon_from(self, today: date) -> date | None:
        """due_on less warn_days, but never before a completion would count."""
        slot = next((slot for slot in self.unserved if slot.closes >= today), None)
        if slot is None:
            return None
        floor = max(slot.opens, self.counts_from, self.last_done + ONE_DAY if self.last_done else slot.opens)
        return max(slot.due_on - self.warn_days * ONE_DAY, floor)
