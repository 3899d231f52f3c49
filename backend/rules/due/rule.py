"""A rule: how often something is owed, what it counts by, and how strictly. See `DUE_ENGINE.md`, "A rule"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, Self, TypeVar

from backend.rules.days import CalendarKind
from backend.rules.due.interval import Interval, Unit

LONGEST_WARNING_DAYS = 28
MOST_WINDOW_DAYS = 3660  # ten years: beyond that a window is a slip of the finger
# A hundred years of each: what is owed less often than that is not a rule.
_MOST = {Unit.DAY: 36_525, Unit.WEEK: 5_200, Unit.MONTH: 1_200, Unit.TERM: 300, Unit.YEAR: 100}
_NOMINAL_DAYS = {Unit.DAY: 1, Unit.WEEK: 7, Unit.MONTH: 30, Unit.TERM: 90, Unit.YEAR: 365}
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip

Choice = TypeVar("Choice", bound=StrEnum)


class RuleRefused(ValueError):  # noqa: N818 - what happened, in the field's words
    """A rule that cannot be: the message names the field, says what is wrong and what would do."""


class Counts(StrEnum):
    """Owed once in each slot of the calendar, or again so long after the last time."""

    CALENDAR = "calendar"
    COMPLETION = "completion"


class Clock(StrEnum):
    """Whether lateness is ever tolerated: never under `legal`."""

    LEGAL = "legal"
    STANDARD = "standard"
    RISK_BASED = "risk-based"


@dataclass(frozen=True)
class Rule:
    """An interval with its clock, its windows (in days) and its calendar. Raises RuleRefused when it cannot be.

    `warn_days` None means the default, see `warns`; `season` is months 1 to 12; `maximum` the legal ceiling.
    """

    every: int
    unit: Unit
    counts: Counts
    clock: Clock
    calendar: CalendarKind
    early_days: int = 0
    late_days: int = 0
    warn_days: int | None = None
    season: tuple[int, ...] = field(default=())
    keeps_anniversary: bool = False
    maximum: Interval | None = None

    def __post_init__(self) -> None:
        _set(self, "unit", _one_of(Unit, self.unit, "unit"))
        _set(self, "counts", _one_of(Counts, self.counts, "counts"))
        _set(self, "clock", _one_of(Clock, self.clock, "clock"))
        _set(self, "calendar", _one_of(CalendarKind, self.calendar, "calendar"))
        _set(self, "season", _read_season(self.season))
        _set(self, "maximum", _read_maximum(self.maximum))
        _whole_number(self.every, "every", 1, _MOST[self.unit])
        _whole_number(self.early_days, "early_days", 0, MOST_WINDOW_DAYS)
        _whole_number(self.late_days, "late_days", 0, MOST_WINDOW_DAYS)
        if self.warn_days is not None:
            _whole_number(self.warn_days, "warn_days", 0, MOST_WINDOW_DAYS)
        if not isinstance(self.keeps_anniversary, bool):
            raise RuleRefused(f"keeps_anniversary: must be true or false, not {self.keeps_anniversary!r}")
        _refuse_contradictions(self)

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Self:
        """Read a rule in the form of the case files and the library. Raises RuleRefused, also for unknown keys.

        `every`, `unit`, `counts`, `clock` and `calendar` must be there; an optional field given as null is its default.
        """
        if not isinstance(mapping, Mapping):
            raise RuleRefused("the rule must be a mapping of every, unit, counts, clock, calendar and so on")
        known = cls.__dataclass_fields__
        for key in mapping:
            if key not in known:
                raise RuleRefused(f"{key}: unknown field (known: {', '.join(known)})")
        for key in ("every", "unit", "counts", "clock", "calendar"):
            if mapping.get(key) is None:
                raise RuleRefused(f"{key}: missing")
        return cls(**{key: value for key, value in mapping.items() if value is not None})

    def as_mapping(self) -> dict[str, Any]:
        """The rule as plain data (JSON, YAML), without the fields left at their default; `from_mapping` reads it."""
        found: dict[str, Any] = {
            "every": self.every, "unit": self.unit.value, "counts": self.counts.value, "clock": self.clock.value,
            "calendar": self.calendar.value,
        }  # fmt: skip
        for name in ("early_days", "late_days", "warn_days", "keeps_anniversary"):
            if getattr(self, name) != type(self).__dataclass_fields__[name].default:
                found[name] = getattr(self, name)
        if self.season:
            found["season"] = list(self.season)
        if self.maximum is not None:
            found["maximum"] = {"every": self.maximum.every, "unit": self.maximum.unit.value}
        return found

    def in_words(self) -> str:
        """How often, in plain words: "weekly", "every 6 months", "once a term", "monthly from October to March"."""
        if self.calendar is CalendarKind.BEFORE_TERM_START:
            return "before each term"
        once = {Unit.DAY: "daily", Unit.WEEK: "weekly", Unit.MONTH: "monthly", Unit.TERM: "once a term"}
        words = f"every {self.every} {self.unit}s" if self.every > 1 else once.get(self.unit, "yearly")
        return f"{words} {_season_in_words(self.season)}" if self.season else words

    @cached_property
    def _hash(self) -> int:
        return hash(tuple(getattr(self, name) for name in self.__dataclass_fields__))

    def __hash__(self) -> int:
        """Worked out once: a rule is looked up thousands of times."""
        return self._hash

    @cached_property
    def interval(self) -> Interval:
        """`every` and `unit` in one."""
        return Interval(self.every, self.unit)

    @cached_property
    def tolerance(self) -> int:
        """Days of lateness tolerated: `late_days`, but none under a legal clock."""
        return 0 if self.clock is Clock.LEGAL else self.late_days

    @cached_property
    def warns(self) -> int:
        """Days before `due_on` when it shows as due soon: `warn_days`, or a third of the interval, at most 28."""
        if self.warn_days is not None:
            return self.warn_days
        return min(LONGEST_WARNING_DAYS, self.every * _NOMINAL_DAYS[self.unit] // 3)


def _set(rule: Rule, name: str, value: object) -> None:
    object.__setattr__(rule, name, value)  # the class is frozen: this is its own reading of what it was given


def _one_of(choices: type[Choice], value: object, field_name: str) -> Choice:
    try:
        return choices(str(value))
    except ValueError as wrong:
        raise RuleRefused(f"{field_name}: {value!r} is not one of {', '.join(choices)}") from wrong


def _whole_number(value: object, field_name: str, lowest: int, highest: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
        raise RuleRefused(f"{field_name}: must be a whole number from {lowest} to {highest}, not {value!r}")
    return value


def _read_season(value: object) -> tuple[int, ...]:
    if not isinstance(value, list | tuple):
        raise RuleRefused(f"season: must be a list of months (1 to 12), not {value!r}")
    return tuple(sorted({_read_month(month) for month in value}))


def _read_month(value: object) -> int:
    if isinstance(value, str) and value.strip()[:3].lower() in _MONTH_NAMES:
        name = value.strip().lower()
        if any(month.lower() == name or month[:3].lower() == name for month in _MONTHS):
            return _MONTH_NAMES.index(name[:3]) + 1
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 12:
        raise RuleRefused(f"season: {value!r} is not a month (1 to 12)")
    return value


def _read_maximum(value: object) -> Interval | None:
    if value is None:
        return None
    if isinstance(value, Interval):
        value = {"every": value.every, "unit": value.unit}
    if not isinstance(value, Mapping) or set(value) != {"every", "unit"}:
        raise RuleRefused(f"maximum: must hold every and unit, such as {{every: 14, unit: month}}, not {value!r}")
    unit = _one_of(Unit, value["unit"], "maximum.unit")
    return Interval(_whole_number(value["every"], "maximum.every", 1, _MOST[unit]), unit)


def _refuse_contradictions(rule: Rule) -> None:
    if rule.counts is Counts.COMPLETION:
        if rule.unit is Unit.TERM:
            raise RuleRefused("unit: a term has no length to count from a completion; use counts: calendar, or months")
        if rule.maximum is not None and rule.maximum.unit is Unit.TERM:
            raise RuleRefused("maximum.unit: a term has no length to count from a completion; use months")
    termly = rule.calendar in (CalendarKind.ONCE_PER_TERM, CalendarKind.BEFORE_TERM_START)
    if termly and (rule.every, rule.unit, rule.counts) != (1, Unit.TERM, Counts.CALENDAR):
        raise RuleRefused(f"calendar: {rule.calendar} goes with every: 1, unit: term, counts: calendar only")
    if rule.calendar is CalendarKind.SEASONAL and not rule.season:
        raise RuleRefused("season: a seasonal rule needs its months, such as [10, 11, 12, 1, 2, 3]")
    if rule.season and rule.calendar is not CalendarKind.SEASONAL:
        raise RuleRefused(f"season: goes with calendar: seasonal only, not with {rule.calendar}")


def _season_in_words(season: tuple[int, ...]) -> str:
    """ "from October to March" for months that follow one another (round the year's end too), else their names."""
    if len(season) == 12:
        return "all year"
    starts = [month for month in season if (month - 2) % 12 + 1 not in season]
    if len(starts) > 1 or len(season) == 1:
        return "in " + ", ".join(_MONTHS[month - 1] for month in season)
    ends = (starts[0] + len(season) - 2) % 12
    return f"from {_MONTHS[starts[0] - 1]} to {_MONTHS[ends]}"
