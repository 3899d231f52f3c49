"""Completions as the engine takes them: in order of the day they were really done, however they arrived."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

Completion = tuple[int, int | None]
"""The day it was done, and the earliest date stated on its reports, in ordinals."""


class Done(NamedTuple):
    """A completion: the day it was really done, and the next date that its report states, if any."""

    on: date
    stated_next: date | None = None


def until(done: Iterable[Done], today: date) -> list[Done]:
    """The completions up to `today`, included."""
    return [completion for completion in done if completion.on <= today]


def days_done(done: Iterable[Done]) -> list[int]:
    """The days of completions, in order; all completions of one day are one."""
    return sorted({completion.on.toordinal() for completion in done})


def in_order(done: Iterable[Done]) -> list[Completion]:
    """The completions in order, one for each day, with the earliest date stated on that day."""
    by_day: dict[int, int | None] = {}
    for completion in done:
        day = completion.on.toordinal()
        stated = None if completion.stated_next is None else completion.stated_next.toordinal()
        known = by_day.get(day)
        by_day[day] = known if stated is None else stated if known is None else min(known, stated)
    return sorted(by_day.items(), key=lambda item: item[0])
