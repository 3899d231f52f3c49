"""How some part of the estate stands: the counts, the worst of what is wrong, and the sentence that answers first."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet

from backend.checks.models import Plan
from backend.checks.queries.compliance import Cell, Counts
from backend.core.models import status_case
from backend.core.templatetags.words import age, counted, day
from backend.maintenance.models import Defect
from backend.trust.models import Person

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Standing:
    """The counts of a place (or of everything somebody sees) and the worst of what is overdue there."""

    place: str
    counts: Counts
    worst: Sequence[Plan]
    unsafe: Sequence[Defect]

    def sentence(self, today: dt.date) -> str:
        """The answer: "Oakfield: 214 of 231 checks in date. 3 overdue; the worst is the passenger lift examination, 12 days."."""
        counts = self.counts
        running = counts.plans - counts.paused
        if not counts.plans:
            return f"{self.place}: no checks are planned yet, so nothing is known."
        parts = [f"{self.place}: {counts.satisfied:,} of {counted(running, 'check')} in date."]
        if counts.overdue:
            parts.append(f"{counts.overdue:,} overdue{self.the_worst(today)}.")
        elif counts.due:
            parts.append(f"None overdue; {counts.due:,} due now.")
        else:
            parts.append("Nothing is overdue.")
        return " ".join([*parts, *also_wrong(counts)])

    def the_worst(self, today: dt.date) -> str:
        """ "; the worst is …, 12 days"."""
        plan = self.worst[0] if self.worst else None
        if plan is None or plan.due_on is None:
            return ""
        where = plan.asset or plan.building or plan.site
        title = plan.check_type.title
        return f"; the worst is {title[0].lower() + title[1:]} ({where}), {age((today - plan.due_on).days)}"


def also_wrong(counts: Counts) -> list[str]:
    """What else is wrong, whatever is in date, in sentences: reports that were not satisfactory, things marked unsafe."""
    said = []
    if number := counts.unsatisfactory:
        said.append(f"{counted(number, 'report')} {'is' if number == 1 else 'are'} unsatisfactory.")
    if number := counts.unsafe:
        said.append(f"{counted(number, 'thing')} {'is' if number == 1 else 'are'} marked unsafe.")
    return said


def summed(cells: Sequence[Cell]) -> Counts:
    """The counts of some cells together."""
    total = Counts()
    for cell in cells:
        total.add(cell.counts)
    return total


def plans_with_place(rows: QuerySet[Plan]) -> QuerySet[Plan]:
    """Plans with everything that a row shows of them."""
    return rows.select_related("check_type", "site__school", "building", "asset__building", "asset__space")


def worst_overdue(person: Person, today: dt.date, **place: Any) -> list[Plan]:
    """What is overdue, by how bad it would be and then by how long: the first few. `place` filters plans."""
    late = Plan.objects.visible_to(person).filter(active=True, overdue_from__lte=today, **place)
    late = late.alias(status_now=status_case(today)).filter(status_now="overdue")
    return list(plans_with_place(late).order_by(F("check_type__weight").desc(), "due_on", "pk")[:SHOWN])


def owed_now(person: Person, today: dt.date, **place: Any) -> list[Plan]:
    """What is overdue, due or due soon, most urgent first: the first few."""
    owed = Plan.objects.visible_to(person).filter(active=True, soon_from__lte=today, **place)
    owed = owed.alias(status_now=status_case(today)).exclude(status_now="paused")
    return list(plans_with_place(owed).order_by("due_on", F("check_type__weight").desc(), "pk")[: SHOWN * 2])


def next_owed(person: Person, today: dt.date) -> Plan | None:
    """The next check that will be owed, when nothing is now."""
    ahead = Plan.objects.visible_to(person).filter(active=True, due_on__gte=today)
    ahead = ahead.alias(status_now=status_case(today)).exclude(status_now="paused")
    return plans_with_place(ahead).order_by("due_on", "pk").first()


def unsafe_now(person: Person, **place: Any) -> list[Defect]:
    """Open problems marked unsafe."""
    rows = Defect.objects.visible_to(person).filter(status=Defect.Status.OPEN, unsafe=True, **place)
    return list(rows.select_related("site__school", "building", "space", "asset").order_by("found_on", "pk")[:50])


def standing(person: Person, cells: Sequence[Cell], place: str, today: dt.date, **where: Any) -> Standing:
    """How a place stands, from its compliance cells; `where` filters plans and problems alike (`site`, `site__school`)."""
    counts = summed(cells)
    late = worst_overdue(person, today, **where) if counts.overdue else []
    return Standing(place, counts, late, unsafe_now(person, **where) if counts.defects_open else [])


def first_to_do(owed: Sequence[Plan], places: str, upcoming: Plan | None) -> str:
    """A caretaker's answer: what to do next."""
    if owed:
        plan = owed[0]
        where = plan.asset or plan.building or plan.site
        return f"Next at {places}: {plan.check_type.title}, {where}."
    if upcoming:
        return f"Nothing needs doing at {places} now. Next: {upcoming.check_type.title}, by {day(upcoming.due_on)}."
    return f"No checks are planned at {places} yet."
