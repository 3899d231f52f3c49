"""Days as the oracle sees them: asked one at a time, never computed cleverly. Not for use outside the tests."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

ONE_DAY = timedelta(days=1)
FAR = 3700  # days: ten years is as far as an open day is looked for

Pauses = list[tuple[date, date | None]]


def as_date(value: Any) -> date:
    """A date from a case, quoted or not."""
    return value if isinstance(value, date) else date.fromisoformat(str(value))


@dataclass(frozen=True)
class Days:
    """A school calendar read under one rule's `calendar` word."""

    kind: str
    season: frozenset[int]
    terms: tuple[tuple[date, date], ...]
    half_terms: tuple[tuple[date, date], ...]
    inset: frozenset[date]
    closures: frozenset[date]
    bank_holidays: frozenset[date]
    occupied: frozenset[date]

    @classmethod
    def read(cls, rule: Mapping[str, Any], school: Mapping[str, Any]) -> Days:
        """From the `rule` and the `calendar` of a case; a list left out is empty."""

        def spans(name: str) -> tuple[tuple[date, date], ...]:
            return tuple(sorted((as_date(first), as_date(last)) for first, last in school.get(name) or []))

        def days(name: str) -> frozenset[date]:
            found: list[date] = []
            for entry in school.get(name) or []:  # a day, or a span of days (reading 18)
                first, last = entry if isinstance(entry, list | tuple) else (entry, entry)
                found += each_day(as_date(first), as_date(last))
            return frozenset(found)

        season = frozenset(rule.get("season") or [])
        lists = days("inset"), days("closures"), days("bank_holidays"), days("occupied")
        return cls(rule["calendar"], season, spans("terms"), spans("half_terms"), *lists)

    def is_open(self, day: date) -> bool:
        """The paragraph 'Open means', a sentence a line."""
        monday_to_friday = day.weekday() < 5
        bank_holiday = day in self.bank_holidays
        closure = day in self.closures
        if self.kind == "year-round":  # every day
            return True
        if self.kind == "seasonal":  # every day of its months
            return day.month in self.season
        if self.kind == "before-term-start":  # every Monday to Friday that is no bank holiday
            return monday_to_friday and not bank_holiday
        if self.kind == "when-occupied":  # Mon-Fri, no bank holiday, no closure day, plus extra occupied days
            return (monday_to_friday and not bank_holiday and not closure) or day in self.occupied
        # term-time and once-per-term: Mon-Fri inside a term, no half term, INSET day, closure or bank holiday
        in_term = any(first <= day <= last for first, last in self.terms)
        half_term = any(first <= day <= last for first, last in self.half_terms)
        shut = half_term or day in self.inset or closure or bank_holiday
        return monday_to_friday and in_term and not shut

    def first_open_from(self, day: date) -> date | None:
        """The first open day on or after `day`, or None when the calendar knows none."""
        return next((d for d in (day + number * ONE_DAY for number in range(FAR)) if self.is_open(d)), None)


def each_day(first: date, last: date) -> list[date]:
    """Every day from `first` to `last`, both included."""
    return [first + number * ONE_DAY for number in range((last - first).days + 1)]


def plus(day: date, number: int, unit: str) -> date:
    """`day` and `number` units (which may be negative); months and years are clipped to the month's last day."""
    if unit == "day":
        return day + number * ONE_DAY
    if unit == "week":
        return day + 7 * number * ONE_DAY
    months = {"month": 1, "term": 4, "year": 12}[unit] * number  # a term as four months: reading 6 in oracle.py
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def read_pauses(case: Mapping[str, Any]) -> Pauses:
    """The paused spans of a case; an end of None is not yet known."""
    pairs = [tuple(pair) for pair in case.get("paused") or []]
    return [(as_date(first), None if last is None else as_date(last)) for first, last in pairs]


def is_paused(pauses: Pauses, day: date) -> bool:
    """Rule 3: spans include both days; no end means not yet known."""
    return any(first <= day and (last is None or day <= last) for first, last in pauses)
