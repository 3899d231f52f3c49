"""Words of the estate for the office's pages."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import template

from backend.checks.models import Lapse
from backend.core.days import today
from backend.core.templatetags.words import counted, day, plain, sentence_case
from backend.office.queries import misses
from backend.office.queries.library import discipline_title

register = template.Library()


@register.filter
def discipline(key: str) -> str:
    """The title of a discipline: "water-hygiene" as "Water hygiene"."""
    return discipline_title(key)


@register.filter
def as_miss(lapse: Lapse) -> misses.Miss:
    """A missed check with what was said about it; its notes must be loaded."""
    return misses.as_miss(lapse)


@register.filter
def reason_words(reason: Mapping[str, Any]) -> str:
    """One of the engine's reasons (a dict with a `code` and ISO dates) as a sentence."""
    tell = TELLERS.get(str(reason.get("code")))
    return tell(reason) if tell else sentence_case(plain(reason.get("code", "")))


def on(iso: str | None) -> str:
    """An ISO date in words."""
    return day(dt.date.fromisoformat(iso)) if iso else "not known"


@register.filter
def iso_day(iso: str) -> str:
    """An ISO date, as JSON keeps it, in words."""
    return on(iso)


def days_in_words(dates: Sequence[str]) -> str:
    """Dates one after the other: the newest six, and how many more."""
    shown = ", ".join(on(each) for each in dates[-6:])
    return shown if len(dates) <= 6 else f"{shown} and {len(dates) - 6} before"


def interval(reason: Mapping[str, Any]) -> str:
    """How often, and when it was last done."""
    often = sentence_case(str(reason.get("words", "")))
    if reason.get("last_done"):
        return f"{often}; last done {on(reason['last_done'])}."
    return f"{often}; not done since the plan began on {on(reason.get('starts_on'))}."


def paused(reason: Mapping[str, Any]) -> str:
    """Since when, and until when if that is known."""
    until = f" until {on(reason['to'])}" if reason.get("to") else "; no end is set"
    return f"Paused from {on(reason.get('from'))}{until}."


def missed(reason: Mapping[str, Any]) -> str:
    """How many were missed, and when they were due."""
    number = counted(int(reason.get("count", 0)), "miss|misses")
    return f"{number} in the last 12 months: {days_in_words(reason.get('due_on', []))}."


TELLERS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "due": lambda r: f"Due by {on(r['due_on'])}." if r.get("due_on") else "Nothing is owed.",
    "overdue": lambda r: f"Overdue since {on(r.get('since'))}.",
    "paused": paused,
    "interval": interval,
    "closed": lambda r: f"The school was closed in these periods, so nothing was owed: {days_in_words(r.get('from', []))}.",
    "missed": missed,
    "anniversary": lambda r: f"Done early, so it counts from its anniversary, {on(r.get('counted_as'))}.",
    "stated": lambda r: f"The report itself states {on(r.get('stated_next'))}.",
    "moved": lambda r: f"Moved from {on(r.get('from'))}, when the school is closed.",
    "note": lambda r: str(r.get("text", "")),
}


@register.filter
def bare(plan: Any) -> bool:
    """Whether a plan is in date by its date alone: nothing is recorded of it."""
    return plan.last_done_on is None and str(plan.status(today())) in {"in-date", "due-soon"}


@register.filter
def status_in(plan: Any, filters: Any) -> str:
    """How a plan stands in a list of plans, which may be of a past day."""
    return str(filters.status_of(plan))


@register.filter
def skew(milliseconds: int) -> str:
    """How a device's clock stood to ours: "4 seconds fast"."""
    seconds = round(abs(milliseconds) / 1000)
    if seconds == 0:
        return "its clock was right"
    way = "fast" if milliseconds > 0 else "slow"
    return f"its clock was {counted(seconds, 'second') if seconds < 120 else counted(round(seconds / 60), 'minute')} {way}"
