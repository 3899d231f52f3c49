"""How some part of the estate stands: the counts, the worst of what is wrong, and the sentence that answers first."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet

from backend.checks.models import Plan
from backend.checks.queries.compliance import Cell, Counts
from backend.checks.queries.walks import OUTSIDE
from backend.core.days import today
from backend.core.models import status_case
from backend.core.templatetags.words import age, counted, day
from backend.maintenance.models import Defect, barred
from backend.office.queries.chosen import first_of
from backend.rules.due import Status
from backend.trust.models import Person, School

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
        parts = [f"{self.place}: {counts.proved:,} of {counted(running, 'check')} in date."]
        if counts.overdue:
            parts.append(f"{counts.overdue:,} overdue{self.the_worst(today)}.")
        elif counts.due:
            parts.append(f"None overdue; {counts.due:,} due now.")
        else:
            parts.append("Nothing is overdue.")
        return " ".join(parts)

    @property
    def also(self) -> str:
        """What else is wrong, whatever is in date: what stands below the answer."""
        return " ".join(also_wrong(self.counts))

    def the_worst(self, today: dt.date) -> str:
        """ "; the worst is …, 12 days"."""
        plan = self.worst[0] if self.worst else None
        if plan is None or plan.due_on is None:
            return ""
        where = plan.asset or plan.building or plan.site
        title = plan.check_type.title
        return f"; the worst is {title[0].lower() + title[1:]} ({where}), {age((today - plan.due_on).days)}"


def also_wrong(counts: Counts) -> list[str]:
    """What else is wrong, whatever is in date, in sentences: reports that were not satisfactory, what is not proved, things
    marked unsafe."""
    said = []
    if number := counts.unsatisfactory:
        said.append(f"{counted(number, 'report')} {'is' if number == 1 else 'are'} unsatisfactory.")
    if number := counts.unproved:
        said.append(f"{number:,} not proved: nothing is recorded of {'it' if number == 1 else 'them'} yet.")
    if number := counts.unsafe:
        said.append(f"{counted(number, 'thing')} {'is' if number == 1 else 'are'} marked unsafe.")
    return said


def unplanned(person: Person, cells: Sequence[Cell]) -> str:
    """Schools at which no check is planned, in a sentence; "" where each has some. One query."""
    planned = {cell.site.school.pk for cell in cells if cell.counts.plans}
    schools = dict(School.objects.visible_to(person).order_by("name").values_list("pk", "name"))
    names = [name for pk, name in schools.items() if pk not in planned]
    if not names or not planned:
        return ""
    said = f"{len(names)} schools" if len(names) > 2 else " and ".join(names)
    return f"No checks are planned at {said} yet, so nothing is known there."


def summed(cells: Sequence[Cell]) -> Counts:
    """The counts of some cells together."""
    total = Counts()
    for cell in cells:
        total.add(cell.counts)
    return total


def plans_with_place(rows: QuerySet[Plan]) -> QuerySet[Plan]:
    """Plans with everything that a row shows of them; `barred` is whether their asset is marked unsafe today."""
    rows = rows.select_related("check_type", "site__school", "building", "asset__building", "asset__space")
    return rows.annotate(barred=Exists(Defect.objects.filter(barred(today()), asset=OuterRef("asset_id"))))


def worst_overdue(person: Person, today: dt.date, **place: Any) -> list[Plan]:
    """What is overdue, by how bad it would be and then by how long: the first few. `place` filters plans."""
    late = Plan.objects.visible_to(person).filter(**place).standing(Status.OVERDUE, today)
    by_risk = (F("check_type__weight").desc(), "due_on", "pk")
    return list(first_of(late.order_by(*by_risk), SHOWN, plans_with_place(Plan.objects.order_by(*by_risk))))


def owed_now(person: Person, today: dt.date, **place: Any) -> list[Plan]:
    """What is overdue, due or due soon, most urgent first: the first few. The wording says whose work it is."""
    owed = Plan.objects.visible_to(person).filter(active=True, soon_from__lte=today, **place)
    owed = owed.alias(status_now=status_case(today)).exclude(status_now="paused")
    rows = plans_with_place(owed).select_related("check_type__current")
    return list(rows.order_by("due_on", F("check_type__weight").desc(), "pk")[: SHOWN * 2])


def next_owed(person: Person, today: dt.date) -> Plan | None:
    """The next check that will be owed, when nothing is now."""
    ahead = Plan.objects.visible_to(person).filter(active=True, due_on__gte=today)
    ahead = ahead.alias(status_now=status_case(today)).exclude(status_now="paused")
    return plans_with_place(ahead).order_by("due_on", "pk").first()


def unsafe_now(person: Person, **place: Any) -> list[Defect]:
    """Open problems because of which something must not be used."""
    rows = Defect.objects.visible_to(person).barring(today()).filter(**place)
    return list(rows.select_related("site__school", "building", "space", "asset").order_by("found_on", "pk")[:50])


def standing(person: Person, cells: Sequence[Cell], place: str, today: dt.date, **where: Any) -> Standing:
    """How a place stands, from its compliance cells; `where` filters plans and problems alike (`site`, `site__school`)."""
    counts = summed(cells)
    late = worst_overdue(person, today, **where) if counts.overdue else []
    return Standing(place, counts, late, unsafe_now(person, **where) if counts.defects_open else [])


def for_outside(plan: Plan) -> bool:
    """Whether an outside specialist does it (`check_type.current` loaded)."""
    revision = plan.check_type.current
    return revision is not None and revision.content.get("competence", {}).get("level") == OUTSIDE


def first_to_do(owed: Sequence[Plan], places: str, upcoming: Plan | None) -> str:
    """A caretaker's answer: what to do next, their own work before what an outside specialist comes for."""
    if owed:
        plan = next((each for each in owed if not for_outside(each)), owed[0])
        where = plan.asset or plan.building or plan.site
        return f"Next at {places}: {plan.check_type.title}, {where}."
    if upcoming:
        return f"Nothing needs doing at {places} now. Next: {upcoming.check_type.title}, by {day(upcoming.due_on)}."
    return f"No checks are planned at {places} yet."
