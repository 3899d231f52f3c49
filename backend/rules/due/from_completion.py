"""Counting from completion: the date that each completion leads to, and which of them lapsed.

`DUE_ENGINE.md`, "Counting from completion", rules 1 to 8. Days are ordinals throughout.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property, lru_cache
from typing import NamedTuple

from backend.rules.days import Opening, SchoolDays
from backend.rules.due.done import Completion
from backend.rules.due.interval import Interval, add, within_reach
from backend.rules.due.pauses import Pauses
from backend.rules.due.rule import Clock, Rule

FURTHEST_LOOK_BACK_DAYS = 400


class Owed(NamedTuple):
    """One date, in ordinals: when owed, from when past its tolerance, and how it came about."""

    due: int
    late_from: int
    counts_from: int
    """The first day on which a completion would count."""
    done_on: int | None
    """The completion it follows; None when never done."""
    before_moving: int
    """The date before rule 5 brought it forward or put it back to an open day."""
    anniversary: int | None
    """The date an early completion may keep; None when `starts_on` is what is owed."""
    stated: int | None = None
    ceiling: int | None = None
    counted_as: int | None = None
    """The anniversary as which the completion was counted, when it kept one."""


class Dates:
    """The dates of one rule at one school from one start."""

    def __init__(self, rule: Rule, days: SchoolDays, start: int) -> None:
        self._rule = rule
        self._start = start
        self.opening = days.opening(rule.calendar, rule.season)
        due = self.opening.first_from(start)
        due = start if due is None else due  # nothing known to be open: better owed on a closed day than forgotten
        self._at_first = Owed(due, within_reach(due + rule.tolerance + 1), 1, None, start, None)

    @cached_property
    def never_done(self) -> Owed:
        """What is owed before the first completion. Its first counting day takes a walk, so it is worked out when asked for."""
        return self._at_first._replace(counts_from=self._first_counting_day())

    def after(self, completion: Completion, before: Owed | None = None) -> Owed | None:
        """The date that `completion` leads to, when `before` was owed; None when it does not count (rule 7).

        What was owed before matters only to a rule that keeps its anniversary.
        """
        rule, (done_on, stated) = self._rule, completion
        kept = _anniversary_kept(rule, done_on, before)
        wanted, due, ceiling = self._due(done_on, stated, kept)
        if due < self._start:
            if done_on < self._start:
                return None
            return self._at_first._replace(counts_from=within_reach(done_on + 1), done_on=done_on, stated=stated)
        tolerated = max(wanted, due) + rule.tolerance  # rule 6: until the date it was brought forward from has passed
        if ceiling is not None:
            tolerated = min(tolerated, ceiling)
        anniversary = max(wanted, due)  # one put back to an open day was not brought forward: it is its own
        return Owed(
            due, within_reach(tolerated + 1), self._counts_from(done_on, due), done_on, wanted, anniversary, stated, ceiling,
            kept,
        )  # fmt: skip

    def _due(self, done_on: int, stated: int | None, kept: int | None) -> tuple[int, int, int | None]:
        """The date that a completion asks for, the open day that it comes to, and what it may not pass."""
        computed = add(done_on if kept is None else kept, self._rule.interval)
        ceiling = _ceiling(self._rule, done_on, computed)
        wanted = computed if stated is None else stated
        if ceiling is not None:
            wanted = min(wanted, ceiling)
        return wanted, _on_an_open_day(self.opening, wanted, max(self._start, done_on + 1), ceiling), ceiling

    def _counts_from(self, done_on: int, due: int) -> int:
        """The first day after `done_on` on which work would count: before the start not every day does (rule 7)."""
        if done_on + 1 >= self._start:
            return within_reach(done_on + 1)
        first = self.never_done.counts_from
        if self._rule.keeps_anniversary:
            first = min(first, due - self._rule.early_days)
        return within_reach(max(done_on + 1, first))

    def each(self, done: Sequence[Completion]) -> Iterator[Owed]:
        """What was owed at first, then after each completion that counts; `done` in order, one for each day."""
        owed = self.never_done
        yield owed
        for completion in done:
            following = self.after(completion, owed)
            if following is not None:
                owed = following
                yield owed

    def last(self, done: Sequence[Completion]) -> Owed:
        """What is owed after all of `done`. Only a kept anniversary needs the whole chain."""
        if not self._rule.keeps_anniversary:
            for completion in reversed(done):
                owed = self.after(completion)
                if owed is not None:
                    return owed
            return self.never_done
        *_, owed = self.each(done)
        return owed

    def lapses(self, done: Sequence[Completion], pauses: Pauses, today: int) -> list[int]:
        """The dates, in order, that were not met by the first unpaused day after their tolerance (rule 8)."""
        chain = list(self.each(done))
        ends = [owed.done_on or today for owed in chain[1:]] + [today]
        return sorted({owed.due for owed, end in zip(chain, ends, strict=True) if pauses.first_unpaused(owed.late_from) <= end})

    def _first_counting_day(self) -> int:
        """The first completion before `starts_on` that would lead to a date not before it (rule 7)."""
        day = add(self._start, self._rule.interval, -1)
        lowest = day - FURTHEST_LOOK_BACK_DAYS
        while day > max(1, lowest) and self._leads_on(day - 1):
            day -= 1
        while day < self._start and not self._leads_on(day):
            day += 1
        return day

    def _leads_on(self, day: int) -> bool:
        """Whether a first completion on this day, before the start, would count."""
        return self._due(day, None, None)[1] >= self._start


@lru_cache(maxsize=1024)
def dates_of(rule: Rule, days: SchoolDays, starts_on: date) -> Dates:
    """The dates of `rule` at the school with these `days`, from `starts_on`; remembered."""
    return Dates(rule, days, starts_on.toordinal())


def _anniversary_kept(rule: Rule, done_on: int, before: Owed | None) -> int | None:
    """The anniversary as which an early completion counts (rule 4); None when it counts on its own day."""
    if not rule.keeps_anniversary or before is None or before.anniversary is None:
        return None
    return before.anniversary if before.due - rule.early_days <= done_on <= before.due else None


def _ceiling(rule: Rule, done_on: int, computed: int) -> int | None:
    """The date that nothing may pass (rule 3); None when there is none."""
    if rule.maximum is not None:
        return add(done_on, Interval(*rule.maximum))
    return computed if rule.clock is Clock.LEGAL else None


def _on_an_open_day(opening: Opening, wanted: int, lowest: int, ceiling: int | None) -> int:
    """The date, off a closed day: forward, but not before `lowest`; failing that it stands under a ceiling (rule 5)."""
    if opening.is_open(wanted):
        return wanted
    earlier = opening.last_between(lowest, wanted - 1)
    if earlier is not None:
        return earlier
    if ceiling is not None:
        return wanted
    later = opening.first_from(wanted + 1)
    return wanted if later is None else later
