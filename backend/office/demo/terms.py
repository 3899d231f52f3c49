"""Term templates worked out around a day: two academic years past, this one and the next."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Any

from dateutil.easter import easter

from backend.core.problems import Problem
from backend.trust.actions import NewMark, NewTerm
from backend.trust.models import CalendarMark

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
FIRST_MONTH = 8  # an academic year runs from August
ON_A_DATE = re.compile(r"(?:(?P<weekday>\w{3}) on or (?P<way>after|before) )?(?P<day>\d{1,2}) (?P<month>\w{3})\w*")
BY_EASTER = re.compile(r"easter (?P<days>[+-]\d+)")


def day_in(words: str, year: int) -> dt.date:
    """The day that a template's words mean in the academic year that begins in `year`. Raises Problem for other words."""
    if found := BY_EASTER.fullmatch(words):
        return easter(year + 1) + dt.timedelta(days=int(found["days"]))
    found = ON_A_DATE.fullmatch(words)
    if not found or found["month"].lower() not in MONTHS:
        raise Problem("fixtures", f"fixtures/demo/calendar.yaml: {words!r} is not a day that the loader understands")
    month = MONTHS.index(found["month"].lower()) + 1
    day = dt.date(year if month >= FIRST_MONTH else year + 1, month, int(found["day"]))
    if not found["weekday"]:
        return day
    step = dt.timedelta(days=1 if found["way"] == "after" else -1)
    while day.weekday() != DAYS.index(found["weekday"].lower()):
        day += step
    return day


def academic_years(today: dt.date) -> range:
    """The first calendar years of the academic years that are worked out."""
    this = today.year if today.month >= FIRST_MONTH else today.year - 1
    return range(this - 2, this + 2)


def calendar_of(template: Mapping[str, Any], today: dt.date, *, club: bool) -> tuple[list[NewTerm], list[NewMark]]:
    """The terms and the days that differ, from two academic years ago to the end of the next."""
    terms: list[NewTerm] = []
    marks: list[NewMark] = []
    for year in academic_years(today):
        for each in template["terms"]:
            first, last = day_in(each["first"], year), day_in(each["last"], year)
            terms.append(NewTerm(f"{each['name']} {first.year}", first, last))
        marks += marks_of(template, year, club=club)
    return terms, marks


def marks_of(template: Mapping[str, Any], year: int, *, club: bool) -> Iterator[NewMark]:
    """The days that differ in one academic year."""
    kinds = CalendarMark.Kind
    lists = [(kinds.HALF_TERM, "half_terms"), (kinds.CLOSURE, "closures")] + ([(kinds.OCCUPIED, "club")] if club else [])
    for kind, name in lists:
        for each in template[name]:
            first = day_in(each["first"], year)
            last = day_in(each["last"], year) if "last" in each else first + dt.timedelta(days=each["days"] - 1)
            yield NewMark(kind.value, first, last, each.get("note", ""))
    for words in template["inset"]:
        day = day_in(words, year)
        yield NewMark(kinds.INSET.value, day, day, "INSET day")
