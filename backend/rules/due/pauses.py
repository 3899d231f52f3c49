"""Pauses: spans, both days included, in which nothing is overdue. No end means not yet known."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from backend.rules.due.interval import LAST_ORDINAL

Pause = tuple[date, date | None]

FOREVER = LAST_ORDINAL + 1


class Pauses:
    """The paused spans of one plan in ordinals, sorted, with those that touch made one."""

    def __init__(self, spans: Iterable[Pause]) -> None:
        self._begins: list[int] = []
        self._ends: list[int] = []
        ordinals = ((first.toordinal(), FOREVER if last is None else last.toordinal()) for first, last in spans)
        for first, last in sorted(ordinals):
            if last < first:
                continue
            if self._ends and first <= self._ends[-1] + 1:
                self._ends[-1] = max(self._ends[-1], last)
            else:
                self._begins.append(first)
                self._ends.append(last)

    def hold(self, day: int) -> bool:
        """Whether `day` is a paused day."""
        return bool(self._begins) and self._end_of(day) is not None

    def hold_for_ever(self, day: int) -> bool:
        """Whether `day` lies in a pause whose end is not yet known."""
        return bool(self._begins) and self._end_of(day) == FOREVER

    def first_unpaused(self, day: int) -> int:
        """The first day on or after `day` that is not paused; FOREVER while the end is not known."""
        end = self._end_of(day)
        return day if end is None else min(end + 1, FOREVER)

    def span_at(self, day: int) -> tuple[int, int] | None:
        """First and last ordinal of the pause that holds `day` (last is FOREVER when not known); None when unpaused."""
        end = self._end_of(day)
        return None if end is None else (self._begins[bisect_right(self._begins, day) - 1], end)

    def _end_of(self, day: int) -> int | None:
        index = bisect_right(self._begins, day) - 1
        if index < 0 or self._ends[index] < day:
            return None
        return self._ends[index]


_NONE = Pauses(())


def pauses_of(spans: Iterable[Pause]) -> Pauses:
    """The pauses of a plan from its (first, last or None) pairs; the same pairs give the same object."""
    pairs = tuple((first, last) for first, last in spans)
    return _remembered(pairs) if pairs else _NONE


@lru_cache(maxsize=2048)
def _remembered(pairs: tuple[Pause, ...]) -> Pauses:
    return Pauses(pairs)
