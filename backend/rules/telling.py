"""When people are told of what waits: what is worth a letter, who hears next when nothing happens, and on which days.

One place for the schedules. Dates and hours are those of London, and come from whoever asks.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

SITE_MANAGER, SBM, LEAD, HEAD, CFO = "site-manager", "sbm", "estates-lead", "headteacher", "cfo"
WEEK: Final = 7  # days after which what has not changed is said again, all together
LIFE_SAFETY: Final = 5
SEEN_AT_MOST: Final = 28  # days for which "I have seen this" stops the next step; of life safety, a week
SEEN_LIFE_SAFETY: Final = 7
FIRST_HOUR, LAST_HOUR = 8, 16  # the hours of an open day in which a school is taken to be occupied


@dataclass(frozen=True, slots=True)
class Step:
    """After so long (days; for what is unsafe, occupied hours), these roles at the place are told."""

    after: int
    roles: tuple[str, ...]


CHECK: Final[Mapping[int, tuple[Step, ...]]] = {
    5: (Step(1, (SITE_MANAGER,)), Step(3, (SBM,)), Step(7, (LEAD,)), Step(14, (HEAD, CFO))),
    4: (Step(3, (SITE_MANAGER,)), Step(7, (SBM,)), Step(14, (LEAD,)), Step(28, (HEAD, CFO))),
    3: (Step(7, (SITE_MANAGER,)), Step(14, (SBM,)), Step(28, (LEAD,))),
    2: (Step(14, (SITE_MANAGER,)), Step(28, (SBM,))),
    1: (Step(28, (SITE_MANAGER,)),),
}
"""A check that is overdue, by what could happen if nobody does it; days since it became overdue, that day being the first."""
DEFECT: Final = (Step(1, (SITE_MANAGER,)), Step(5, (SBM,)), Step(10, (LEAD,)), Step(20, (HEAD,)))
"""A problem past the day by which it was to be put right; days since."""
UNSAFE: Final = (Step(0, (SITE_MANAGER, HEAD)), Step(4, (SBM,)), Step(8, (LEAD,)), Step(24, (CFO,)))
"""Something unsafe that nobody has made safe; hours in which the school was open since it was reported."""
QUIET_DAYS: Final = 5  # open days without a record after which a site has gone quiet


def reached(ladder: Sequence[Step], age: int) -> int:
    """How many steps of a ladder have been reached at an age. It never falls as the age grows."""
    return sum(each.after <= age for each in ladder)


def check_ladder(weight: int) -> tuple[Step, ...]:
    """The ladder of an overdue check of some weight (1 to 5; others count as the nearest)."""
    return CHECK[min(5, max(1, weight))]


def occupied_hours(since: dt.datetime, until: dt.datetime, is_open: Callable[[dt.date], bool], *, enough: int = 200) -> int:
    """Whole hours from `since` to `until` (both London) that lie in the occupied hours of open days; it stops at `enough`."""
    total, day = dt.timedelta(), since.date()
    while day <= until.date() and total < dt.timedelta(hours=enough):
        if is_open(day):
            first = max(since, dt.datetime.combine(day, dt.time(FIRST_HOUR), since.tzinfo))
            last = min(until, dt.datetime.combine(day, dt.time(LAST_HOUR), since.tzinfo))
            total += max(last - first, dt.timedelta())
        day += dt.timedelta(days=1)
    return int(total.total_seconds() // 3600)


def stage(due_on: dt.date | None, today: dt.date) -> int:
    """How far a thing has come: 2 past its day, 1 on its day, 0 before it or without one. More is worse."""
    if due_on is None or due_on > today:
        return 0
    return 1 if due_on == today else 2


def fresh(now: Mapping[str, int], before: Mapping[str, int]) -> frozenset[str]:
    """The keys that are new or worse than when they were last told: key -> stage, today and then."""
    return frozenset(key for key, how in now.items() if key not in before or how > before[key])


def worth_a_letter(now: Mapping[str, int], before: Mapping[str, int], last: dt.date | None, today: dt.date) -> bool:
    """Whether a digest is sent: something is new or worse, or something waits and a week has gone since the last."""
    return bool(now) and (last is None or bool(fresh(now, before)) or (today - last).days >= WEEK)


def is_quiet(hour: int, quiet_from: int, quiet_until: int) -> bool:
    """Whether an hour (0 to 23) lies in the quiet hours, which may go past midnight. Equal ends: there are none."""
    if quiet_from <= quiet_until:
        return quiet_from <= hour < quiet_until
    return hour >= quiet_from or hour < quiet_until


def latest_seen(weight: int, today: dt.date) -> dt.date:
    """The last day for which "I have seen this, it will be done by" may stop the next step."""
    return today + dt.timedelta(days=SEEN_LIFE_SAFETY if weight >= LIFE_SAFETY else SEEN_AT_MOST)


def may_snooze(weight: int, due_on: dt.date | None, until: dt.date) -> bool:
    """Whether a thing may be put off to a day: what guards lives not past the day that the law gives it."""
    return weight < LIFE_SAFETY or due_on is None or until <= due_on


def open_days_before(today: dt.date, number: int, is_open: Callable[[dt.date], bool]) -> dt.date | None:
    """The first of the last so many open days before `today`; None when a year has fewer."""
    day, found = today, 0
    for _ in range(366):
        day -= dt.timedelta(days=1)
        found += is_open(day)
        if found == number:
            return day
    return None
