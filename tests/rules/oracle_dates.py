"""Counting from completion, as the oracle does it: one completion after another. Rule numbers are the spec's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from tests.rules.oracle_days import ONE_DAY, Days, Pauses, each_day, is_paused, plus


@dataclass(frozen=True)
class Owed:
    """One date owed: `unmoved` before it was moved, `due_on` after, `tolerated` the last day that is not overdue."""

    unmoved: date
    due_on: date
    tolerated: date
    is_anniversary: bool
    done: date | None


@dataclass(frozen=True)
class Reader:
    """The rule, the days and the start, for reading completions one at a time."""

    rule: Mapping[str, Any]
    days: Days
    starts_on: date

    def never_done(self) -> Owed:
        """Rule 1: owed by starts_on, or the first open day after it when it is closed."""
        due_on = self.days.first_open_from(self.starts_on) or self.starts_on  # reading 10
        tolerated = due_on + self.rule["late_days"] * ONE_DAY
        return Owed(self.starts_on, due_on, tolerated, False, None)  # Rule 4: starts_on is no anniversary

    def soon_from(self, owed: Owed) -> date:
        """due_on less warn_days, but never before a completion would count (reading 9): tried day by day."""
        day: date = owed.due_on - self.rule["warn_days"] * ONE_DAY
        if owed.done is not None:
            day = max(day, owed.done + ONE_DAY)
        while self.after(owed, day, None) is None:
            day += ONE_DAY
        return day

    def leads_to(self, done: date, counted: date, stated: date | None) -> tuple[date, date | None]:
        """Rules 2 and 3: the date that a completion leads to, unmoved, and its ceiling."""
        computed = plus(counted, self.rule["every"], self.rule["unit"])
        ceiling = None
        if self.rule["maximum"]:  # the real completion plus maximum
            ceiling = plus(done, *self.rule["maximum"])
        elif self.rule["clock"] == "legal":  # or under a legal clock the day counted plus the interval
            ceiling = computed
        led = computed if stated is None else stated
        return (led if ceiling is None else min(led, ceiling)), ceiling

    def after(self, before: Owed, done: date, stated: date | None) -> Owed | None:
        """What is owed after a completion, or None when it does not count."""
        counted = done
        # Rule 4: from early_days before due_on up to it is counted as done on the anniversary
        window = timedelta(days=self.rule["early_days"])
        keeps = self.rule["keeps_anniversary"] and before.is_anniversary
        if keeps and before.due_on - window <= done <= before.due_on:
            counted = before.unmoved
        led, ceiling = self.leads_to(done, counted, stated)
        due_on = self.moved(led, ceiling, done)
        if due_on < self.starts_on:  # Rule 7
            return None if done < self.starts_on else replace(self.never_done(), done=done)
        # Rule 6: tolerated until the date it was brought forward from, and late_days. Rule 3: not past the ceiling.
        tolerated = max(led, due_on) + self.rule["late_days"] * ONE_DAY
        anniversary = max(led, due_on)  # reading 11
        return Owed(anniversary, due_on, tolerated if ceiling is None else min(tolerated, ceiling), True, done)

    def moved(self, led: date, ceiling: date | None, done: date) -> date:
        """Rule 5: a closed day is brought forward, or stands, or is put back."""
        if self.days.is_open(led):
            return led
        not_before = max(self.starts_on, done + ONE_DAY)
        earlier = [day for day in each_day(not_before, led - ONE_DAY) if self.days.is_open(day)]
        if earlier:
            return earlier[-1]
        return led if ceiling is not None else self.days.first_open_from(led) or led  # reading 10


@dataclass(frozen=True)
class FromCompletion:
    """What is owed after all completions, and the lapses before the last of them, without regard to today."""

    owed: Owed
    past_lapses: list[date]
    first_soon: date
    pauses: Pauses

    @classmethod
    def read(cls, rule: Mapping[str, Any], days: Days, starts_on: date, done: list[tuple[date, date | None]],
             pauses: Pauses) -> FromCompletion:  # fmt: skip
        """Take the completions in the order of their days."""
        reader = Reader(rule, days, starts_on)
        owed, lapses = reader.never_done(), []
        for day in sorted({day for day, _ in done}):
            # Rule 3: of several dates stated on one day the earliest
            stated = min((next_on for on, next_on in done if on == day and next_on is not None), default=None)
            following = reader.after(owed, day, stated)
            if following is None:
                continue
            lapse = lapses_on(owed, pauses)
            if lapse is not None and lapse <= day:
                lapses.append(owed.due_on)
            owed = following
        return cls(owed, lapses, reader.soon_from(owed), pauses)

    def overdue_since(self, today: date) -> date | None:
        """What an unpaused day would say."""
        return self.owed.due_on if self.owed.tolerated < today else None

    def lapses(self, today: date) -> list[date]:
        """Rule 8: one for each due_on that was not met."""
        lapse = lapses_on(self.owed, self.pauses)
        now = [self.owed.due_on] if lapse is not None and lapse <= today else []
        return self.past_lapses + now

    def due_on(self, today: date) -> date:
        """The same on every day: the date does not roll."""
        return self.owed.due_on

    def soon_from(self, today: date) -> date:
        """due_on less warn_days, but never before a completion would count."""
        return self.first_soon


def lapses_on(owed: Owed, pauses: Pauses) -> date | None:
    """Rule 8: the first unpaused day after the tolerance; None when none is in sight."""
    day = owed.tolerated + ONE_DAY
    while is_paused(pauses, day):
        if any(first <= day and last is None for first, last in pauses):
            return None
        day += ONE_DAY
    return day
