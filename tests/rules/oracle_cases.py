"""Random cases in the form of DUE_ENGINE.md, crowded around the days on which an answer can turn."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.rules.oracle import answer, read_rule
from tests.rules.oracle_days import ONE_DAY, Days, as_date, plus
from tests.rules.oracle_slots import slots

Case = dict[str, Any]
FIRST = date(2026, 7, 1)
COUNTS = {"day": 5, "week": 5, "month": 7, "term": 3, "year": 2}
HOW_MANY = st.sampled_from([2, 3, 1, 4, 5, 2, 3, 0])
SMALL = st.sampled_from([0, 0, 0, 1, 2, 3, 5, 7, 10, 14, 31])
NUDGE = st.sampled_from([-8, -7, -3, -2, -1, -1, 0, 0, 0, 0, 1, 1, 2, 3, 7, 8])
STARTS = [date(2026, 8, 31), date(2026, 9, 1), date(2026, 10, 31), date(2026, 12, 18), date(2027, 1, 31)]
LEAPS = [date(2027, 3, 27), date(2024, 2, 29), date(2028, 2, 29), date(2026, 12, 31)]


@st.composite
def schools(draw: st.DrawFn) -> dict[str, Any]:
    """A school calendar of up to six terms of any length, with odd closed days in and out of them."""
    terms, half_terms = [], []
    day = FIRST + timedelta(days=draw(st.integers(0, 80)))
    for _ in range(draw(st.sampled_from([0, 1, 3, 4, 5, 6, 6, 6]))):
        last = day + timedelta(days=draw(st.sampled_from([4, 20, 45, 72, 100, 100])))
        terms.append([day, last])
        if (last - day).days > 30 and draw(st.booleans()):
            half = day + timedelta(days=draw(st.integers(5, 25)))
            half_terms.append([half, half + timedelta(days=draw(st.integers(0, 11)))])
        day = last + timedelta(days=draw(st.sampled_from([1, 3, 10, 17, 40])))
    edges = [edge + ONE_DAY * shift for term in terms for edge in term for shift in (-3, -2, -1, 0, 1, 2)]
    anywhere = st.integers(0, 500).map(lambda number: FIRST + timedelta(days=number))
    odd = st.lists(st.one_of(anywhere, st.sampled_from(edges or [FIRST])), max_size=6, unique=True)
    names = ("inset", "closures", "bank_holidays", "occupied")
    closed_from = FIRST + timedelta(days=draw(st.integers(40, 300)))
    found: dict[str, Any] = {"terms": terms, "half_terms": half_terms} | {name: draw(odd) for name in names}
    if draw(st.booleans()):
        found["closures"].append([closed_from, closed_from + timedelta(days=draw(st.integers(0, 14)))])
    return found


@st.composite
def rules(draw: st.DrawFn) -> dict[str, Any]:
    """A rule that the text allows."""
    counts = draw(st.sampled_from(["calendar", "completion"]))
    calendars = ["when-occupied", "term-time", "year-round", "seasonal", "when-occupied", "term-time", "year-round"]
    if counts == "calendar":
        calendars += ["once-per-term", "before-term-start"]
    kind = draw(st.sampled_from(calendars))
    units = ["week", "month", "day", "week", "month", "year"] + (["term"] if counts == "calendar" else [])
    unit = "term" if kind in ("once-per-term", "before-term-start") else draw(st.sampled_from(units))
    every = 1 if kind in ("once-per-term", "before-term-start") else draw(st.integers(1, COUNTS[unit]))
    clock = draw(st.sampled_from(["legal", "standard", "risk-based"]))
    rule: dict[str, Any] = {"every": every, "unit": unit, "counts": counts, "clock": clock, "calendar": kind}
    if kind == "seasonal":
        rule["season"] = sorted(draw(st.sets(st.integers(1, 12), min_size=1, max_size=6)))
    for name in ("early_days", "late_days"):
        if draw(st.booleans()):
            rule[name] = draw(SMALL)
    if draw(st.sampled_from([False, False, True])):
        rule["warn_days"] = draw(st.sampled_from([0, 1, 3, 7, 20, 60]))
    if counts == "completion":
        rule["keeps_anniversary"] = draw(st.booleans())
        if draw(st.sampled_from([False, True])):
            rule["maximum"] = {"every": every + draw(st.integers(0, 2)), "unit": unit}
    return rule


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A whole case without expectations: the completions, pauses and today fall near the turning days."""
    case: Case = {"rule": draw(rules()), "calendar": draw(schools()), "done": [], "paused": []}
    edges = [edge for term in case["calendar"]["terms"] for edge in term]
    near = st.sampled_from(STARTS + LEAPS + edges[:8] * 2).flatmap(lambda day: NUDGE.map(lambda by: day + timedelta(days=by)))
    case["starts_on"] = draw(near)
    fill = _by_calendar if case["rule"]["counts"] == "calendar" else _from_completion
    turning = fill(draw, case)
    for _ in range(draw(st.integers(0, 2))):
        case["paused"].append(draw(_pause(turning)))
    last = max((as_date(entry["on"] if isinstance(entry, dict) else entry) for entry in case["done"]), default=None)
    later = [day for day in turning if last is None or day >= last] or [last or case["starts_on"]]
    case["today"] = max(_near(draw, later), last or date.min)
    return case


@st.composite
def _pause(draw: st.DrawFn, turning: list[date]) -> list[date | None]:
    first = _near(draw, turning)
    length = draw(st.sampled_from([0, 0, 0, 1, 1, 2, 6, 6, 30, None]))
    return [first, None if length is None else first + timedelta(days=length)]


def _near(draw: st.DrawFn, days: list[date]) -> date:
    return draw(st.sampled_from(days)) + timedelta(days=draw(NUDGE))


def _by_calendar(draw: st.DrawFn, case: Case) -> list[date]:
    # The turning days of the first slots; completions near some of them.
    rule, starts_on = read_rule(case["rule"]), case["starts_on"]
    days = Days.read(rule, case["calendar"])
    until = plus(starts_on, 6 * rule["every"], rule["unit"])
    found = slots(rule, days, starts_on, until)[:8]
    late, warn = timedelta(days=rule["late_days"]), timedelta(days=rule["warn_days"])
    turning = [day for slot in found for day in (slot.opens, slot.first, slot.due_on, slot.closes, slot.last)]
    turning += [slot.due_on + sign * by for slot in found for sign, by in ((1, late), (-1, warn))]
    turning += [starts_on, plus(starts_on, -rule["every"], rule["unit"]), starts_on - 7 * ONE_DAY]
    case["done"] = [_near(draw, turning) for _ in range(draw(HOW_MANY))]
    return turning


def _from_completion(draw: st.DrawFn, case: Case) -> list[date]:
    # Each completion near the date that the ones before led to, or a little before the start.
    rule, starts_on = read_rule(case["rule"]), case["starts_on"]
    turning = [starts_on, plus(starts_on, -rule["every"], rule["unit"])]
    latest = None
    for _ in range(draw(HOW_MANY)):
        on = _near(draw, turning if latest is None else [latest, turning[-1], turning[-1]])
        stated = None
        if draw(st.sampled_from([False, False, True])):
            next_date = plus(on, rule["every"], rule["unit"]) + timedelta(days=5 * draw(NUDGE))
            stated = max(next_date, on + ONE_DAY)
        case["done"].append(on if stated is None else {"on": on, "stated_next": stated})
        latest = on
        due_on = answer({**case, "today": on})["due_on"] or on
        early, late = rule["early_days"] * ONE_DAY, rule["late_days"] * ONE_DAY
        turning += [due_on + late, due_on - early, stated or due_on, due_on]
    return turning
