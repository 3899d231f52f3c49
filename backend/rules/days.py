"""School calendars as data: terms, half terms, INSET, closures, bank holidays, occupied days, and which days are open.

Pure dates: no database, no clock. `DUE_ENGINE.md`, "A rule", says what open means under each calendar.
"""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property, lru_cache
from importlib import import_module
from itertools import pairwise
from typing import Any, Self

Span = tuple[date, date]
DayOrSpan = date | Span

LAST_ORDINAL = date.max.toordinal()
LONGEST_SPAN_DAYS = 366 * 200
SATURDAY = 5

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class CalendarRefused(ValueError):  # noqa: N818 - what happened, in the field's words
    """A school calendar that cannot be: the message says what is wrong and where."""


class CalendarKind(StrEnum):
    """Which days count for a rule."""

    YEAR_ROUND = "year-round"
    WHEN_OCCUPIED = "when-occupied"
    TERM_TIME = "term-time"
    ONCE_PER_TERM = "once-per-term"
    BEFORE_TERM_START = "before-term-start"
    SEASONAL = "seasonal"


@dataclass(frozen=True)
class Opening:
    """The open days of one school under one calendar, in ordinals (`date.toordinal`).

    No day before `begins` or after `ends` is open.
    """

    begins: int
    ends: int
    is_open: Callable[[int], bool]

    def last_between(self, lowest: int, highest: int) -> int | None:
        """The last open day from `lowest` to `highest`, both included; None when there is none."""
        day = min(highest, self.ends)
        lowest = max(lowest, self.begins)
        while day >= lowest:
            if self.is_open(day):
                return day
            day -= 1
        return None

    def first_from(self, lowest: int) -> int | None:
        """The first open day on or after `lowest`; None when the calendar knows none."""
        day = max(lowest, self.begins)
        while day <= self.ends:
            if self.is_open(day):
                return day
            day += 1
        return None


@dataclass(frozen=True)
class SchoolDays:
    """One school's calendar. Everything may be empty: a school whose terms nobody has entered yet still works.

    `terms` are (first day, last day); the others hold single dates or (first, last) pairs, both days included.
    """

    terms: tuple[Span, ...] = ()
    half_terms: tuple[DayOrSpan, ...] = ()
    inset: tuple[DayOrSpan, ...] = ()
    closures: tuple[DayOrSpan, ...] = ()
    bank_holidays: tuple[DayOrSpan, ...] = ()
    occupied: tuple[DayOrSpan, ...] = ()

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any] | None) -> Self:
        """Read a calendar in the form of the case files; dates may be `date` or ISO text.

        Raises CalendarRefused for unknown keys, dates that are none, spans that end before they begin, and terms
        that overlap.
        """
        if mapping is None:
            return cls()
        if not isinstance(mapping, Mapping):
            raise CalendarRefused("the calendar must be a mapping of terms, half_terms, inset and so on")
        known = tuple(cls.__dataclass_fields__)
        for key in mapping:
            if key not in known:
                raise CalendarRefused(f"calendar: unknown key '{key}' (known: {', '.join(known)})")
        terms = tuple(sorted(_read_span(item, "terms") for item in _read_list(mapping, "terms")))
        for (_, ends), (begins, _) in pairwise(terms):
            if begins <= ends:
                raise CalendarRefused(f"terms: the term from {begins} begins before the one before it ends ({ends})")
        rest = {key: tuple(_read_day_or_span(item, key) for item in _read_list(mapping, key)) for key in known[1:]}
        return cls(terms=terms, **rest)

    @cached_property
    def _hash(self) -> int:
        return hash((self.terms, self.half_terms, self.inset, self.closures, self.bank_holidays, self.occupied))

    def __hash__(self) -> int:
        """Worked out once: a calendar is looked up thousands of times."""
        return self._hash

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of everything that the calendar says, in whatever order it was entered."""
        said = [sorted(map(str, getattr(self, name))) for name in self.__dataclass_fields__]
        return hashlib.sha256(repr(said).encode()).hexdigest()

    def is_open(self, day: date, calendar_kind: str, season: tuple[int, ...] = ()) -> bool:
        """Whether `day` counts under `calendar_kind`; `season` is the months (1-12) of a seasonal one."""
        return self.opening(calendar_kind, season).is_open(day.toordinal())

    def last_open_day(self, first: date, last: date, calendar_kind: str, season: tuple[int, ...] = ()) -> date | None:
        """The last open day from `first` to `last`, both included; None when there is none."""
        found = self.opening(calendar_kind, season).last_between(first.toordinal(), last.toordinal())
        return None if found is None else date.fromordinal(found)

    def first_open_day(self, first: date, calendar_kind: str, season: tuple[int, ...] = ()) -> date | None:
        """The first open day on or after `first`; None when the calendar knows none."""
        found = self.opening(calendar_kind, season).first_from(first.toordinal())
        return None if found is None else date.fromordinal(found)

    def opening(self, calendar_kind: str, season: tuple[int, ...] = ()) -> Opening:
        """The open days under one calendar, remembered per school. Raises CalendarRefused for an unknown kind."""
        known = self._openings.get((calendar_kind, season))
        if known is not None:
            return known
        try:
            kind = CalendarKind(calendar_kind)
        except ValueError as wrong:
            kinds = ", ".join(CalendarKind)
            raise CalendarRefused(f"calendar: '{calendar_kind}' is not one of {kinds}") from wrong
        opening = self._openings[calendar_kind, season] = _opening(self, kind, tuple(season))
        return opening

    @cached_property
    def _openings(self) -> dict[tuple[str, tuple[int, ...]], Opening]:
        """Those asked for before: asked for at every plan."""
        return {}

    @property
    def known_until(self) -> date | None:
        """The last day of the last term entered; None while no term is."""
        return max((last for _, last in self.terms), default=None)


@lru_cache(maxsize=512)
def _opening(days: SchoolDays, kind: CalendarKind, season: tuple[int, ...]) -> Opening:
    if kind is CalendarKind.YEAR_ROUND:
        return Opening(1, LAST_ORDINAL, lambda _day: True)
    if kind is CalendarKind.SEASONAL:
        return Opening(1, LAST_ORDINAL, lambda day: date.fromordinal(day).month in season)
    holidays = _ordinals(days.bank_holidays)
    if kind is CalendarKind.BEFORE_TERM_START:
        return Opening(1, LAST_ORDINAL, lambda day: (day - 1) % 7 < SATURDAY and day not in holidays)
    shut = holidays | _ordinals(days.closures)
    if kind is CalendarKind.WHEN_OCCUPIED:
        lettings = _ordinals(days.occupied)
        return Opening(1, LAST_ORDINAL, lambda day: ((day - 1) % 7 < SATURDAY and day not in shut) or day in lettings)
    shut = shut | _ordinals(days.half_terms) | _ordinals(days.inset)
    taught = frozenset(day for day in _ordinals(days.terms) if (day - 1) % 7 < SATURDAY and day not in shut)
    return Opening(min(taught, default=1), max(taught, default=0), taught.__contains__)


def _ordinals(entries: Iterable[DayOrSpan]) -> frozenset[int]:
    """Every day of single dates and spans; a span that ends before it begins holds none."""
    found: set[int] = set()
    for entry in entries:
        first, last = (entry, entry) if isinstance(entry, date) else entry
        found.update(range(first.toordinal(), last.toordinal() + 1))
    return frozenset(found)


def read_day(value: object, where: str) -> date:
    """A date from a `date` or ISO text (YYYY-MM-DD). Raises ValueError that names `where`."""
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str) and _ISO_DAY.fullmatch(value.strip()):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            pass
    raise ValueError(f"{where}: {value!r} is not a date (write it as 2026-09-01)")


def _read_list(mapping: Mapping[str, Any], key: str) -> list[Any]:
    value = mapping.get(key)
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        raise CalendarRefused(f"{key}: must be a list of dates, not {value!r}")
    return list(value)


def _read_day_or_span(item: object, key: str) -> DayOrSpan:
    if isinstance(item, list | tuple):
        return _read_span(item, key)
    try:
        return read_day(item, key)
    except ValueError as wrong:
        raise CalendarRefused(str(wrong)) from wrong


def _read_span(item: object, key: str) -> Span:
    if not isinstance(item, list | tuple) or len(item) != 2:
        raise CalendarRefused(f"{key}: {item!r} is not a pair of dates [first day, last day]")
    try:
        first, last = read_day(item[0], key), read_day(item[1], key)
    except ValueError as wrong:
        raise CalendarRefused(str(wrong)) from wrong
    if last < first:
        raise CalendarRefused(f"{key}: {first} to {last} ends before it begins")
    if (last - first).days > LONGEST_SPAN_DAYS:
        raise CalendarRefused(f"{key}: {first} to {last} is longer than two hundred years")
    return first, last


@lru_cache(maxsize=64)
def england_bank_holidays(first_year: int, last_year: int) -> tuple[date, ...]:
    """England's bank holidays of these years, in order, as GOV.UK publishes them.

    Source: https://www.gov.uk/bank-holidays, from the copy bundled with the govuk-bank-holidays package; never the
    network. Years that the copy does not reach yet give no days: see `england_bank_holidays_known_until`.
    """
    return tuple(day for day in _published_bank_holidays() if first_year <= day.year <= last_year)


def england_bank_holidays_known_until() -> date | None:
    """The last bank holiday that the bundled copy knows; a calendar beyond that year lacks them."""
    return max(_published_bank_holidays(), default=None)


@lru_cache(maxsize=1)
def _published_bank_holidays() -> tuple[date, ...]:
    package = import_module("govuk_bank_holidays.bank_holidays")  # it imports requests: only when asked
    source = package.BankHolidays(use_cached_holidays=True)
    published = source.get_holidays(division=source.ENGLAND_AND_WALES)
    return tuple(sorted({holiday["date"] for holiday in published}))
