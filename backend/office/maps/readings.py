"""Readings over time: each outlet, cylinder or gauge against its limits, and whether it drifts towards one."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from backend.assets.models import Asset
from backend.checks.models import CheckRecord, CheckType
from backend.core.templatetags.words import counted
from backend.office.maps.charts import Chart, Value, line_chart, spark
from backend.rules.answer_words import with_unit
from backend.rules.drift import Drift, drift
from backend.trust.models import Person

MONTH: Final = 30.44
MOST_RECORDS: Final = 20_000
FEWEST_DRAWN: Final = 3
NOT_READ: Final = frozenset({"count", "points", "miles"})
"""Units of what is counted, not read off something."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question for a number: its check, its words, its unit and limits (None: no limit)."""

    check: str
    key: str
    title: str
    label: str
    unit: str
    low: float | None
    high: float | None
    names_asset: tuple[str, ...]

    def outside(self, value: float) -> bool:
        """Whether a value is outside the limits."""
        return (self.low is not None and value < self.low) or (self.high is not None and value > self.high)


@dataclass(slots=True)
class Series:
    """The readings of one thing, by one question, oldest first: (day, value, record)."""

    of: Asked
    thing: str
    asset: uuid.UUID | None
    readings: list[tuple[dt.date, float, str]] = field(default_factory=list)
    drifting: Drift | None = None

    @property
    def last(self) -> float:
        """The newest value."""
        return self.readings[-1][1]

    @property
    def outside(self) -> int:
        """How many were outside the limits."""
        return sum(self.of.outside(value) for _, value, _ in self.readings)

    @property
    def rank(self) -> tuple[Any, ...]:
        """The worst first: outside now, then soon to be, then outside before."""
        meets = self.drifting.meets_on if self.drifting and self.drifting.meets_on else dt.date.max
        few = len(self.readings) < FEWEST_DRAWN
        return not self.of.outside(self.last), meets, -self.outside, few, self.of.label, self.thing

    def sentence(self, today: dt.date) -> str:
        """How it stands and moves, in words."""
        said = [f"Last {with_unit(self.last, self.of.unit)}"]
        if self.of.outside(self.last):
            said[0] += ", outside its limit"
        if self.outside:
            said.append(f"{self.outside} of {counted(len(self.readings), 'reading')} outside the limit")
        said.append(moving(self.drifting, self.of.unit, today))
        return ". ".join(said) + "."

    @property
    def spark(self) -> str:
        """A small line of it."""
        return spark([value for _, value, _ in self.readings])

    def chart(self, today: dt.date) -> Chart | None:
        """Its picture: the readings, the limits, those outside them marked. None for one or two: the table says it better."""
        if len(self.readings) < FEWEST_DRAWN:
            return None
        of = self.of
        values = [
            Value(day, value, f"/records/{record}/", f"{day:%d %b %Y}: {with_unit(value, of.unit)}", of.outside(value))
            for day, value, record in self.readings
        ]
        limits = [(limit, f"{word} {with_unit(limit, of.unit)}") for limit, word in ((of.low, "at least"), (of.high, "at most"))
                  if limit is not None]  # fmt: skip
        return line_chart(f"{self.thing}: {of.label}", self.sentence(today), values, limits=limits, marks=len(values) <= 60)


def moving(found: Drift | None, unit: str, today: dt.date) -> str:
    """A drift in words: "Rising 0.8 °C a year; reaches 20 °C in about 14 months"."""
    if found is None:
        return "Too few readings to tell a trend"
    if found.steady:
        return "Steady"
    size = abs(found.per_year)
    amount = with_unit(float(f"{size:.1f}" if size >= 0.1 else f"{size:.1g}"), unit)
    said = f"{'Rising' if found.per_year > 0 else 'Falling'} {amount} a year"
    if found.meets_on and found.limit is not None:
        months = round((found.meets_on - today).days / MONTH)
        when = f"in about {counted(months, 'month')}" if months >= 1 else "within a month"
        said += f"; reaches {with_unit(found.limit, unit)} {when}"
    return said


def questions(discipline: str = "") -> dict[str, list[Asked]]:
    """Check -> what numbers it reads off something, by the library as it stands. One query."""
    found: dict[str, list[Asked]] = {}
    checks = CheckType.objects.select_related("current").filter(**({"discipline": discipline} if discipline else {}))
    for check in checks:
        asked = check.current.questions() if check.current else []
        refs = tuple(each["key"] for each in asked if each["type"] == "asset-ref")
        for each in asked:
            if each["type"] == "number" and each.get("unit") not in NOT_READ:
                low, high = limits_of(each.get("pass") or {})
                one = Asked(check.pk, each["key"], check.title, each["label"], each.get("unit") or "", low, high, refs)
                found.setdefault(check.pk, []).append(one)
    return found


def limits_of(rule: dict[str, Any]) -> tuple[float | None, float | None]:
    """The lowest and the highest value that pass."""
    if "between" in rule:
        return rule["between"][0], rule["between"][1]
    return rule.get("at_least"), rule.get("at_most")


def readings(
    person: Person, *, since: dt.date, today: dt.date, discipline: str = "", limited: bool = True, **where: Any
) -> list[Series]:
    """The readings of a site or an asset (`where` filters records) since a day, the worst first. Three queries.

    `limited`: only what has a limit. The newest 20,000 records are read.
    """
    asked = {
        check: [each for each in found if not limited or each.low is not None or each.high is not None]
        for check, found in questions(discipline).items()
    }
    rows = CheckRecord.objects.visible_to(person).filter(correction=None, done_on__gte=since, **where)
    rows = rows.filter(check_type__in=[check for check, found in asked.items() if found])
    columns = ("id", "check_type_id", "asset_id", "site__name", "done_on", "answers")
    newest = list(rows.order_by("-done_at").values_list(*columns)[:MOST_RECORDS])
    return in_series(reversed(newest), asked, today)


def in_series(rows: Iterable[tuple[Any, ...]], asked: dict[str, list[Asked]], today: dt.date) -> list[Series]:
    """Records put into series, named by what was read off. One query."""
    found: dict[tuple[Any, ...], Series] = {}
    for pk, check, asset, site, day, answers in rows:
        for one in asked[check]:
            value = answers.get(one.key)
            if isinstance(value, int | float) and not isinstance(value, bool):
                thing = next((answers[key] for key in one.names_asset if answers.get(key)), None) or asset
                key = (check, one.key, str(thing or site))
                series = found.setdefault(key, Series(one, site, uuid.UUID(str(thing)) if thing else None))
                series.readings.append((day, float(value), str(pk)))
    names = dict(Asset.objects.filter(pk__in={each.asset for each in found.values() if each.asset}).values_list("pk", "name"))
    for each in found.values():
        each.thing = names.get(each.asset, each.thing) if each.asset else each.thing
        plain = [(day, value) for day, value, _ in each.readings]
        each.drifting = drift(plain, low=each.of.low, high=each.of.high, today=today)
    return sorted(found.values(), key=lambda each: each.rank)


def worst_by_month(series: Sequence[Series], today: dt.date) -> list[Series]:
    """For each question that is asked of several things: the worst reading of each month at the place as a whole."""
    groups: dict[Asked, list[Series]] = {}
    for each in series:
        groups.setdefault(each.of, []).append(each)
    made = []
    for asked, members in groups.items():
        if len(members) < 2 or (asked.low is None) == (asked.high is None):
            continue
        months: dict[dt.date, tuple[float, dt.date, str]] = {}
        worse = max if asked.high is not None else min
        for each in members:
            for day, value, record in each.readings:
                first = day.replace(day=1)
                there = months.get(first)
                months[first] = worse(there, (value, day, record)) if there else (value, day, record)
        whole = Series(asked, f"Worst of {len(members)}, each month", None)
        if len(months) < FEWEST_DRAWN:
            continue
        whole.readings = [(day, value, record) for _, (value, day, record) in sorted(months.items())]
        whole.drifting = drift([(d, v) for d, v, _ in whole.readings], low=asked.low, high=asked.high, today=today)
        made.append(whole)
    return sorted(made, key=lambda each: each.rank)
