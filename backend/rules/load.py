"""The work of weeks to come against the hours there are, and moves that even it out within what the law and the rules allow.

Pure: minutes and dates in, minutes and dates out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

WEEK: Final = timedelta(days=7)
WORKING_DAYS: Final = 5
LONGEST_EARLY_DAYS: Final = 28  # more than four weeks early costs more in extra rounds than an even week is worth


@dataclass(frozen=True, slots=True)
class Job:
    """One check on one day. `key` names it; it counts from `earliest` to `latest` (days). `minutes` None: not known.

    `fixed`: it is booked, or done so often that moving it means nothing.
    """

    key: str
    day: date
    due_on: date
    earliest: date
    latest: date
    minutes: int | None
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody's time for checks: minutes in a week (0: not known), whether they work in the school holidays, days away."""

    minutes: int
    in_holidays: bool = True
    away: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Week:
    """A week from Monday. `minutes` owed, `unknown` checks of unknown length, `there` minutes there are (None: not known)."""

    monday: date
    minutes: int
    jobs: int
    unknown: int
    there: int | None
    holiday: bool = False

    @property
    def over(self) -> int:
        """Minutes more than there are; 0 when it fits or nothing is known."""
        return 0 if self.there is None else max(0, self.minutes - self.there)


@dataclass(frozen=True, slots=True)
class Move:
    """A job to be done on another day, with the minutes of both weeks before and after."""

    job: Job
    to: date
    from_before: int
    from_after: int
    to_before: int
    to_after: int


def monday_of(day: date) -> date:
    """The Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def mondays(first: date, count: int) -> list[date]:
    """So many Mondays from the week of `first`."""
    return [monday_of(first) + WEEK * number for number in range(count)]


def minutes_there(
    monday: date, staff: Iterable[Staff], *, term: Callable[[date], bool], works: Callable[[date], bool]
) -> int | None:
    """The minutes that these people have for checks in a week: a fifth of each one's week for every weekday that is no bank
    holiday or closure, on which they are not away, and on which pupils are there unless they work in the holidays too.
    None when nobody's hours are known."""
    known = [each for each in staff if each.minutes > 0]
    if not known:
        return None
    days = [monday + timedelta(days=number) for number in range(WORKING_DAYS)]
    days = [day for day in days if works(day)]
    total = 0
    for each in known:
        worked = sum(1 for day in days if day not in each.away and (each.in_holidays or term(day)))
        total += each.minutes * worked // WORKING_DAYS
    return total


def weeks(jobs: Sequence[Job], there: Mapping[date, int | None], holidays: frozenset[date] = frozenset()) -> list[Week]:
    """The weeks of `there` (Monday -> minutes there are), each with what is to be done in it; `holidays` are Mondays."""
    found = {monday: Week(monday, 0, 0, 0, minutes, monday in holidays) for monday, minutes in there.items()}
    for job in jobs:
        week = found.get(monday_of(job.day))
        if week is not None:
            found[week.monday] = replace(
                week,
                minutes=week.minutes + (job.minutes or 0),
                jobs=week.jobs + 1,
                unknown=week.unknown + (job.minutes is None),
            )
    return [found[monday] for monday in sorted(found)]


def proposals(
    jobs: Sequence[Job], there: Mapping[date, int | None], today: date, can: Callable[[date], bool], most: int = 40
) -> list[Move]:
    """Moves out of overloaded weeks, the longest jobs first, each to a day on which it still counts and is not late, in a
    week that has room for it. Earlier is tried before later. `can` says whether the school can be worked in on a day."""
    load = {week.monday: week.minutes for week in weeks(jobs, there)}
    by_day: dict[date, int] = {}
    for job in jobs:
        by_day[job.day] = by_day.get(job.day, 0) + (job.minutes or 0)
    found: list[Move] = []
    for monday in sorted(load):
        limit = there.get(monday)
        if limit is None:
            continue
        for job in _movable(jobs, monday):
            if load[monday] <= limit or len(found) >= most:
                break
            to = _room_for(job, load, by_day, there, today, can)
            if to is None:
                continue
            minutes, other = job.minutes or 0, monday_of(to)
            found.append(Move(job, to, load[monday], load[monday] - minutes, load[other], load[other] + minutes))
            load[monday] -= minutes
            load[other] += minutes
            by_day[job.day] -= minutes
            by_day[to] = by_day.get(to, 0) + minutes
    return found


def moved(jobs: Sequence[Job], moves: Iterable[Move]) -> list[Job]:
    """The jobs as they would lie after these moves."""
    to = {move.job.key: move.to for move in moves}
    return [replace(job, day=to[job.key]) if job.key in to else job for job in jobs]


def _movable(jobs: Sequence[Job], monday: date) -> list[Job]:
    """The jobs of a week that can go elsewhere, the longest first."""
    here = [job for job in jobs if not job.fixed and job.minutes and monday_of(job.day) == monday]
    return sorted(here, key=lambda job: (-(job.minutes or 0), job.day, job.key))


def _room_for(
    job: Job,
    load: Mapping[date, int],
    by_day: Mapping[date, int],
    there: Mapping[date, int | None],
    today: date,
    can: Callable[[date], bool],
) -> date | None:
    """The nearest day in another week that has room, in the week and on the day (a fifth of the week; one long job may stand
    alone): earlier ones first. Never before it counts, never after it would be late."""
    monday = monday_of(job.day)
    lowest = max(job.earliest, today, job.due_on - timedelta(days=LONGEST_EARLY_DAYS))
    earlier = [monday - timedelta(days=number) for number in range(1, (monday - lowest).days + 1)]
    later = [monday + WEEK + timedelta(days=number) for number in range((job.latest - monday - WEEK).days + 1)]
    for day in [*earlier, *later]:
        other = monday_of(day)
        limit = there.get(other)
        if limit is None or other not in load or not can(day):
            continue
        minutes, before = job.minutes or 0, by_day.get(day, 0)
        if load[other] + minutes <= limit and (before == 0 or before + minutes <= limit / WORKING_DAYS):
            return day
    return None
