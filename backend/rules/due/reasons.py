"""Why a plan stands as it does: the reasons as data, and as one plain sentence that page, phone and API show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from backend.rules.days import SchoolDays
from backend.rules.due import by_calendar, notes
from backend.rules.due.done import Done, days_done, in_order, until
from backend.rules.due.from_completion import dates_of
from backend.rules.due.interval import Interval, Unit, add, as_date
from backend.rules.due.pauses import FOREVER, Pause, pauses_of
from backend.rules.due.rule import Counts, Rule
from backend.rules.due.slots import Slot, slots_of
from backend.rules.due.standing import State, state
from backend.rules.due.status import Status
from backend.rules.due.words import counted, day_and_month, full_day, listed, month, short_day

INTERVALS_LOOKED_BACK = 6
MONTHS_OF_LAPSES = 12

Reason = dict[str, Any]


@dataclass(frozen=True)
class Explanation:
    """`reasons` are dicts with a `code` and ISO dates, in the order in which `sentence` gives them."""

    sentence: str
    reasons: list[Reason] = field(default_factory=list)


@dataclass(frozen=True)
class _Facts:
    rule: Rule
    days: SchoolDays
    starts_on: date
    done: list[Done]
    paused: tuple[Pause, ...]
    today: date
    state: State


def explain(
    rule: Rule, days: SchoolDays, starts_on: date, done: Iterable[Done], paused: Iterable[Pause], today: date
) -> Explanation:
    """Why the plan stands as it does on `today`, in one sentence such as "Due by Fri 27 Nov 2026: weekly, last done
    Tue 17 Nov; the week of 26 Oct was closed; 1 week missed (9 Nov)." and as data."""
    known, spans = until(done, today), tuple(paused)
    facts = _Facts(rule, days, starts_on, known, spans, today, state(rule, days, starts_on, known, spans, today))
    head_words, head = _head(facts)
    said = [_how_often_and_last(facts)]
    said += _from_completion(facts) if rule.counts is Counts.COMPLETION else _by_calendar(facts)
    said += [(_as_clause(note), {"code": "note", "text": note}) for note in facts.state.notes]
    return Explanation(f"{head_words}: {'; '.join(words for words, _ in said)}.", [*head, *(reason for _, reason in said)])


def _head(facts: _Facts) -> tuple[str, list[Reason]]:
    standing, reasons = facts.state, []
    words = "Nothing owed"
    if standing.due_on is not None:
        words = f"Due by {full_day(standing.due_on)}"
    reasons.append({"code": "due", "due_on": _iso(standing.due_on), "status": standing.status.value})
    if standing.overdue_since is not None:
        reasons.append({"code": "overdue", "since": _iso(standing.overdue_since)})
        if standing.overdue_since != standing.due_on:
            words = f"Overdue since {full_day(standing.overdue_since)}, {words[0].lower()}{words[1:]}"
        elif standing.status is Status.OVERDUE:
            words = f"Overdue since {full_day(standing.overdue_since)}"
    span = pauses_of(facts.paused).span_at(facts.today.toordinal())
    if span is not None:
        first, last = as_date(span[0]), None if span[1] == FOREVER else as_date(span[1])
        reasons.append({"code": "paused", "from": _iso(first), "to": _iso(last)})
        how_long = f"since {short_day(first, facts.today)}" if last is None else f"until {full_day(last)}"
        words = f"Paused {how_long}, {words[0].lower()}{words[1:]}"
    return words, reasons


def _how_often_and_last(facts: _Facts) -> tuple[str, Reason]:
    often = facts.rule.in_words()
    reason: Reason = {"code": "interval", "words": often, "rule": facts.rule.as_mapping(), "last_done": None}
    if facts.done:
        last = max(completion.on for completion in facts.done)
        reason["last_done"] = _iso(last)
        return f"{often}, last done {short_day(last, facts.today)}", reason
    reason["starts_on"] = _iso(facts.starts_on)
    started = "starts" if facts.starts_on > facts.today else "not done since it began on"
    return f"{often}, {started} {short_day(facts.starts_on, facts.today)}", reason


def _by_calendar(facts: _Facts) -> list[tuple[str, Reason]]:
    slots = slots_of(facts.rule, facts.days, facts.starts_on)
    owing = by_calendar.after(slots, days_done(facts.done), pauses_of(facts.paused))
    owing.pass_to(facts.today.toordinal())
    said = []
    recent = add(facts.today.toordinal(), facts.rule.interval, -INTERVALS_LOOKED_BACK)
    until_then = facts.today.toordinal() if owing.slot is None else owing.slot.first
    closed = [first for first, last in slots.closed if last >= recent and first <= until_then]
    if closed and facts.rule.unit is not Unit.DAY:
        said.append(_closed(facts, closed))
    since = add(facts.today.toordinal(), Interval(MONTHS_OF_LAPSES, Unit.MONTH), -1)
    missed = [slot for slot in owing.missed if slot.due >= since]
    if missed:
        said.append(_missed(facts, missed))
    return said


def _closed(facts: _Facts, closed: list[int]) -> tuple[str, Reason]:
    noun, names = _period_noun(facts.rule), [_period_name(facts, first, first) for first in closed]
    reason = {"code": "closed", "unit": facts.rule.unit.value, "from": [_iso(as_date(first)) for first in closed]}
    if len(closed) == 1:
        return f"the {noun} of {names[0]} was closed", reason
    return f"{counted(len(closed), noun)} were closed ({listed(names)})", reason


def _missed(facts: _Facts, missed: list[Slot]) -> tuple[str, Reason]:
    names = [_period_name(facts, slot.first, slot.due) for slot in missed]
    reason = {"code": "missed", "count": len(missed), "due_on": [_iso(as_date(slot.due)) for slot in missed]}
    return f"{counted(len(missed), _period_noun(facts.rule))} missed ({listed(names)})", reason


def _from_completion(facts: _Facts) -> list[tuple[str, Reason]]:
    dates, done = dates_of(facts.rule, facts.days, facts.starts_on), in_order(facts.done)
    owed = dates.last(done)
    said: list[tuple[str, Reason]] = []
    if owed.counted_as is not None:
        day = as_date(owed.counted_as)
        said.append(
            (f"counted as done on its anniversary, {short_day(day, facts.today)}",
             {"code": "anniversary", "counted_as": _iso(day)})
        )  # fmt: skip
    if owed.stated is not None and not notes.stated_too_late(owed):
        day = as_date(owed.stated)
        said.append((f"the report states {full_day(day)}", {"code": "stated", "stated_next": _iso(day)}))
    if owed.before_moving != owed.due:
        day, way = as_date(owed.before_moving), "brought forward" if owed.before_moving > owed.due else "put back"
        said.append((f"{way} from {short_day(day, facts.today)}, which is closed", {"code": "moved", "from": _iso(day)}))
    since = add(facts.today.toordinal(), Interval(MONTHS_OF_LAPSES, Unit.MONTH), -1)
    late = [day for day in facts.state.lapses if day.toordinal() >= since]
    if late:
        names = [short_day(day, facts.today) for day in late]
        reason = {"code": "missed", "count": len(late), "due_on": [_iso(day) for day in late]}
        said.append((f"{counted(len(late), 'date')} missed ({listed(names)})", reason))
    return said


def _period_noun(rule: Rule) -> str:
    return rule.unit.value if rule.every == 1 else "slot"


def _period_name(facts: _Facts, first: int, due: int) -> str:
    """What people call the period: a week by its Monday, a month by its name, the rest by the day it was owed."""
    if facts.rule.every == 1 and facts.rule.unit is Unit.WEEK:
        return day_and_month(as_date(first), facts.today)
    if facts.rule.every == 1 and facts.rule.unit is Unit.MONTH:
        return month(as_date(first), facts.today)
    return day_and_month(as_date(due), facts.today)


def _as_clause(note: str) -> str:
    return note[0].lower() + note[1:].removesuffix(".")


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
