"""Term dates of schools: a row for each term, half term, INSET day and closure."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field
from itertools import pairwise
from typing import Any, ClassVar, Final

from backend.core.problems import Problem
from backend.trust import permits
from backend.trust.actions import Actor, NewMark, NewTerm, require_school, set_calendar
from backend.trust.imports.cells import day, folded, of_length, one_of, suggested
from backend.trust.imports.kinds import CHANGED, NEW, SAME, Kind, Options, Plan, Tell, Trace
from backend.trust.imports.named import by_word, with_former
from backend.trust.imports.tables import Column, Row, Table
from backend.trust.models import School

TERM: Final = "term"
KINDS: Final = {
    "Term": TERM, "Autumn": TERM, "Spring": TERM, "Summer": TERM, "Autumn term": TERM, "Spring term": TERM, "Summer term": TERM,
    "Half term": "half-term", "Half-term holiday": "half-term",
    "INSET": "inset", "INSET day": "inset", "Training day": "inset", "Staff training": "inset",
    "Closed": "closure", "Closure": "closure", "Holiday": "closure",
    "Occupied": "occupied", "Occupied outside term": "occupied", "Holiday club": "occupied", "Lettings": "occupied",
}  # fmt: skip
NAMED: Final = one_of(KINDS, "kind of day")
OFFERED: Final = ("Term", "Half term", "INSET", "Closed", "Occupied")
LONGEST_TERM: Final = dt.timedelta(days=140)


@dataclass(slots=True)
class Year:
    """A school's calendar as it would be."""

    school: School
    row: int
    terms: list[tuple[Row, NewTerm]] = field(default_factory=list)
    marks: list[NewMark] = field(default_factory=list)


def kind_of_day(text: str) -> str:
    """The kind of a span, also as calendars write it: "Spring 2027", "INSET day 2", "Easter holiday". Raises Wrong."""
    words = re.findall(r"[a-z]+", text.lower())
    said = " ".join(words)
    if len({*words} & {"autumn", "spring", "summer"}) == 1 and not {*words} - {"autumn", "spring", "summer", "term"}:
        return TERM
    if "half term" in said:
        return "half-term"
    if {"inset", "training"} & {*words}:
        return "inset"
    if {*words} & {"christmas", "easter", "summer"} and {*words} & {"holiday", "holidays", "break"}:
        return "closure"
    return str(NAMED(text))


def same(text: str) -> str:
    """A school's name or URN, looked up later."""
    return text


class Terms(Kind):
    """School calendars. Rows replace what lies between their first and last day; other years stay."""

    key: ClassVar[str] = "terms"
    title: ClassVar[str] = "Term dates"
    lead: ClassVar[str] = (
        "A row for each term, half term, INSET day and closure. What is between the first and the last day of a school's rows "
        "is replaced by them; other years stay as they are."
    )
    permit: ClassVar[str] = permits.SITE_CHANGE
    where: ClassVar[str] = "maybe"
    doing: ClassVar[str] = "change the calendar"

    def columns(self, options: Options) -> Sequence[Column]:
        """The columns; the school's only matters when none was chosen."""
        return (
            Column("school", "School", same, aliases=("URN", "School name", "Academy"), required=options.school is None,
                   help="the school's name or URN", example="Oakfield Primary Academy"),
            Column("kind", "What", kind_of_day, required=True, offers=OFFERED,
                   example="Term",
                   aliases=("Kind", "Type", "Period", "Event", "Term"), help="Term, Half term, INSET, Closed or Occupied"),
            Column("name", "Name", of_length(60), aliases=("Term name", "Note", "Description"),
                   example="Autumn"),
            Column("first", "First day", day, aliases=("Start", "Start date", "From", "Begins", "Date"), required=True,
                   help="the first day", example="02/09/2026"),
            Column("last", "Last day", day, aliases=("End", "End date", "To", "Until", "Ends", "Finish"),
                   help="the last day; for a single day it may be left empty", example="18/12/2026"),
        )  # fmt: skip

    def require(self, actor: Actor, options: Options) -> None:
        """At the school chosen; else at each that is named, when the rows are planned."""
        if options.school:
            require_school(actor, self.permit, options.school, self.doing)

    def plan(self, table: Table, options: Options, actor: Actor) -> Plan:
        """Each school's calendar as it would be."""
        plan = Plan(table)
        years: dict[Any, Year] = {}
        schools = Named(actor, options.school)
        table.offered["school"] = [each.name for each in schools.schools]
        for row in table.sound():
            school = schools.of(table, row)
            if school is None:
                continue
            first, last = row["first"], row["last"] or row["first"]
            year = years.setdefault(school.pk, Year(school, row.number))
            if last < first:
                table.wrong(row, "last", f"It ends on {last:%d/%m/%Y}, before it begins on {first:%d/%m/%Y}. Check both.")
            elif row["kind"] == TERM and last == first and row["last"] is None:
                table.wrong(row, "last", "Nothing is written here. Write the term's last day.")
            elif row["kind"] == TERM and last - first > LONGEST_TERM:
                table.wrong(row, "last", f"A term of {(last - first).days} days is too long. Check the years.")
            elif row["kind"] == TERM:
                named = row["name"] or (row.said["kind"] if folded(row.said["kind"]) != TERM else season(first))
                year.terms.append((row, NewTerm(named[:60], first, last)))
            else:
                year.marks.append(NewMark(row["kind"], first, last, row["name"] or ""))
        for year in years.values():
            self.judge(plan, year)
        return plan

    def judge(self, plan: Plan, year: Year) -> None:
        """Faults between rows; what would change."""
        ordered = sorted(year.terms, key=lambda each: each[1].first_day)
        for (_, earlier), (row, later) in pairwise(ordered):
            if later.first_day <= earlier.last_day:
                said = f"{later.name} begins before {earlier.name} ends ({earlier.last_day:%d/%m/%Y}). Check both."
                plan.table.wrong(row, "first", said)
        terms, marks = merged(year)
        before = now_of(year.school)
        after = as_plain(terms, marks)
        did = SAME if before == after else (CHANGED if before["terms"] else NEW)
        detail = f"{len(year.terms)} terms, {len(year.marks)} other spans"
        plan.add(year.row, did, "school calendar", str(year.school), detail)
        if did != SAME:
            plan.work.append((year.row, year.school, terms, marks))

    def apply(self, plan: Plan, options: Options, actor: Actor, trace: Trace, tell: Tell) -> None:
        """Set each calendar. Who calls reckons the schools' plans afterwards."""
        for row, school, terms, marks in plan.work:
            before = now_of(school)
            set_calendar(school=school, terms=terms, marks=marks, actor=actor)
            trace.other(row, "calendar", school=str(school.pk), before=before, after=as_plain(terms, marks))

    def hindrance(self, step: Mapping[str, Any]) -> tuple[str, str] | None:
        """A calendar that was changed since is not put back."""
        school = School.objects.get(pk=step["school"])
        return None if now_of(school) == step["after"] else (str(school), "its calendar was changed since.")

    def undo(self, step: Mapping[str, Any], actor: Actor) -> None:
        """Put the calendar back as it was."""
        school = School.objects.get(pk=step["school"])
        was = step["before"]
        set_calendar(
            school=school,
            terms=[NewTerm(name, of_iso(first), of_iso(last)) for name, first, last in was["terms"]],
            marks=[NewMark(kind, of_iso(first), of_iso(last), note) for kind, first, last, note in was["marks"]],
            actor=actor,
        )


class Named:
    """Finds the schools that rows name, as far as the actor may change their places."""

    def __init__(self, actor: Actor, chosen: School | None) -> None:
        self.chosen, self.actor = chosen, actor
        rows = School.objects.all() if not hasattr(actor, "appointments_on") else School.objects.visible_to(actor)
        self.schools = list(with_former(rows))
        self.by_word = by_word(self.schools)
        self.allowed: dict[Any, str] = {}

    def of(self, table: Table, row: Row, permit: str = permits.SITE_CHANGE) -> School | None:
        """The school of a row; None, with the fault noted, when there is none or it is not theirs to change."""
        said = row["school"]
        school = self.chosen if said is None else self.by_word.get(folded(said))
        if school is None:
            hint = suggested(said or "", [each.name for each in self.schools])
            table.wrong(row, "school", f"There is no school “{said}” here.{hint}", word=True)
            return None
        if self.chosen and school.pk != self.chosen.pk:
            table.wrong(
                row, "school", f"This is a row of {school}, and {self.chosen} was chosen. Take it out, or choose no school."
            )
            return None
        if school.pk not in self.allowed:
            self.allowed[school.pk] = ""
            try:
                require_school(self.actor, permit, school, "change this")
            except Problem as problem:
                self.allowed[school.pk] = problem.detail
        if self.allowed[school.pk]:
            table.wrong(row, "school", self.allowed[school.pk])
            return None
        return school


def season(first: dt.date) -> str:
    """What a term is called that begins then."""
    return "Autumn" if first.month >= 8 else "Spring" if first.month <= 3 else "Summer"


def of_iso(text: str) -> dt.date:
    """A day as it is kept."""
    return dt.date.fromisoformat(text)


def now_of(school: School) -> dict[str, list[list[str]]]:
    """A school's calendar as it stands, made plain."""
    terms = [NewTerm(each.name, each.first_day, each.last_day) for each in school.terms.all()]
    marks = [NewMark(each.kind, each.first_day, each.last_day, each.note) for each in school.calendar_marks.all()]
    return as_plain(terms, marks)


def as_plain(terms: Sequence[NewTerm], marks: Sequence[NewMark]) -> dict[str, list[list[str]]]:
    """A calendar as it is compared and kept."""

    def plain(each: NewTerm | NewMark) -> list[str]:
        return [value.isoformat() if isinstance(value, dt.date) else str(value) for value in astuple(each)]

    return {"terms": sorted(map(plain, terms), key=lambda each: each[1]), "marks": sorted(map(plain, marks))}


def merged(year: Year) -> tuple[list[NewTerm], list[NewMark]]:
    """The calendar as it would be: these rows, and what there is before their first day and after their last."""
    terms = [each for _, each in year.terms]
    spans: list[NewTerm | NewMark] = [*terms, *year.marks]
    first = min(each.first_day for each in spans) if spans else dt.date.max
    last = max(each.last_day for each in spans) if spans else dt.date.min
    school = year.school
    for term in school.terms.all():
        if term.last_day < first or term.first_day > last:
            terms.append(NewTerm(term.name, term.first_day, term.last_day))
    marks = list(dict.fromkeys(year.marks))
    for mark in school.calendar_marks.all():
        if mark.last_day < first or mark.first_day > last:
            marks.append(NewMark(mark.kind, mark.first_day, mark.last_day, mark.note))
    return terms, marks
