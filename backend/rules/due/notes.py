"""What an answer must say beside its dates: a stated date that was too late, a calendar that ends."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from backend.rules.days import CalendarKind, Opening, SchoolDays
from backend.rules.due.from_completion import Owed
from backend.rules.due.interval import Unit, as_date
from backend.rules.due.pauses import FOREVER, Pause, pauses_of
from backend.rules.due.rule import Rule
from backend.rules.due.words import full_day


def on_date(owed: Owed, opening: Opening) -> tuple[str, ...]:
    """Notes on a date that counts from completion."""
    found = []
    if stated_too_late(owed) and owed.stated is not None and owed.ceiling is not None:
        stated, ceiling = full_day(as_date(owed.stated)), full_day(as_date(owed.ceiling))
        found.append(f"The report states {stated}, which is later than the limit: {ceiling} is used instead.")
    if not opening.is_open(owed.due) and opening.last_between(1, owed.due) is None:
        found.append("The calendar knows no open day yet: enter the school's terms.")
    return tuple(found)


def stated_too_late(owed: Owed) -> bool:
    """Whether the report stated a date past the ceiling (rule 3)."""
    return owed.stated is not None and owed.ceiling is not None and owed.stated > owed.ceiling


def nothing_owed(rule: Rule, days: SchoolDays, paused: Iterable[Pause]) -> tuple[str, ...]:
    """Why a rule that counts by the calendar owes nothing now or later."""
    if calendar_needed(rule) and (ends := days.known_until) is None:
        return ("No terms are entered for this school: nothing can be owed until they are.",)
    if calendar_needed(rule) and ends is not None and not _paused_for_ever(paused, ends):
        return (f"The calendar ends on {full_day(ends)}: enter the terms after it.",)
    return ("Paused with no end: nothing is owed until it is taken up again.",)


def calendar_needed(rule: Rule) -> bool:
    """Whether the rule's slots come from the terms, so that they end where the terms entered end."""
    terms_only = (CalendarKind.TERM_TIME, CalendarKind.ONCE_PER_TERM, CalendarKind.BEFORE_TERM_START)
    return rule.unit is Unit.TERM or rule.calendar in terms_only


def _paused_for_ever(paused: Iterable[Pause], ends: date) -> bool:
    """Whether a pause without an end begins before the calendar ends."""
    span = pauses_of(paused).span_at(ends.toordinal())
    return span is not None and span[1] == FOREVER
