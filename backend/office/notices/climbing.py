"""Up the line when nothing happens: who hears next of an overdue check, a problem past its day, something unsafe.

Each step is told once to each person; an answer "seen, done by" stops the next step until its day. Where nobody at a place
holds a step's role, the next roles up hear in their stead.
"""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from backend.checks.models import Plan
from backend.checks.waiting_due import one
from backend.core.days import LONDON
from backend.core.templatetags.words import age
from backend.maintenance.models import Defect
from backend.maintenance.models.defects import Stage
from backend.office.models import Notice, TakenOn
from backend.office.notices.people import People
from backend.office.notices.telling import Said, found_unsafe, wants
from backend.rules import telling
from backend.rules.due import Status
from backend.rules.telling import LIFE_SAFETY, Step, check_ladder, occupied_hours, reached
from backend.trust.models import Person

UPWARDS: Final = (telling.SITE_MANAGER, telling.SBM, telling.LEAD, telling.HEAD, telling.CFO)


def stopped(today: dt.date) -> frozenset[str]:
    """The keys of which somebody said that it is done by a day that has not passed. One query."""
    rows = TakenOn.objects.filter(act=TakenOn.Act.SEEN, until__gte=today)
    return frozenset(rows.values_list("key", flat=True))


def told_at(people: People, site_id: uuid.UUID, school_id: uuid.UUID, step: Step) -> list[Person]:
    """Who hears at a step: its roles at the place, or the next role up that anybody holds there.

    For who is away, who stands in hears; where nobody does, the next role up too, so that a step never ends in an empty office.
    """
    above = [(role,) for role in UPWARDS[1 + max(UPWARDS.index(role) for role in step.roles) :]]
    found = [some for roles in (step.roles, *above) if (some := people.at(site_id, school_id, roles))]
    first = next(((some, here) for some in found if (here := people.here(some, site_id))), None)
    return list(dict.fromkeys([*found[0], *first[1]])) if first else (found[0] if found else [])


def climbed(
    people: People, said: Said, school_id: uuid.UUID, ladder: Sequence[Step], age: int, now: dt.datetime
) -> Iterator[Notice]:
    """The notices of every step that a thing has reached; those told before are left out when they are kept."""
    assert said.site_id
    urgent = said.weight >= LIFE_SAFETY
    for number, step in enumerate(ladder[: reached(ladder, age)]):
        for person in told_at(people, said.site_id, school_id, step):
            if urgent or wants(people, person, "step"):
                yield replace(said, step=number).to(person, now)


def climb(people: People, now: dt.datetime) -> Iterator[Notice]:
    """Every step reached now: of checks and problems on days that are open there, of what is unsafe always. Five queries."""
    today = now.astimezone(LONDON).date()
    quiet = stopped(today)
    for defect, said in found_unsafe(now):
        school = defect.site.school_id
        since = defect.reported_at.astimezone(LONDON)
        open_hours = occupied_hours(since, now.astimezone(LONDON), partial(people.is_open, school))
        age = 0 if said.key in quiet else open_hours
        yield from climbed(people, said, school, telling.UNSAFE, age, now)
    for row, said, ladder, days in (*late_checks(today), *late_problems(today)):
        if said.key not in quiet and people.is_open(row.site.school_id, today):
            yield from climbed(people, said, row.site.school_id, ladder, days, now)


Late = tuple[Plan | Defect, Said, Sequence[Step], int]


def late_checks(today: dt.date) -> Iterator[Late]:
    """Overdue checks, with their ladder and for how many days they have been overdue. One query."""
    rows = Plan.objects.all().standing(Status.OVERDUE, today).select_related("check_type", "site", "building", "asset")
    for plan in rows.order_by("pk"):
        assert plan.overdue_from
        item = one(plan, today)
        said = Said(
            sort=Notice.Sort.STEP, key=item.key, kind="check", weight=item.weight, words=item.words, path=item.path,
            due_on=item.due_on, site_id=item.site_id, together=item.together, together_path=item.together_path,
        )  # fmt: skip
        yield plan, said, check_ladder(item.weight), (today - plan.overdue_from).days + 1


def late_problems(today: dt.date) -> Iterator[Late]:
    """Open problems past the day by which they were to be put right, with the days since. One query."""
    rows = Defect.objects.filter(status=Defect.Status.OPEN, target_on__lt=today).exclude(stage=Stage.ACCEPTED)
    for each in rows.select_related("site").order_by("pk"):
        assert each.target_on
        days = (today - each.target_on).days
        said = Said(
            sort=Notice.Sort.STEP, key=f"defect:{each.pk}:late", kind="defect", weight=4 if each.severity == "high" else 3,
            words=f"Past its day by {age(days)} at {each.site}: {each.summary[:200]}", path=f"/problems/{each.pk}/",
            due_on=each.target_on, site_id=each.site_id,
        )  # fmt: skip
        yield each, said, telling.DEFECT, days


def told_of(person: Person, keys: Mapping[str, int]) -> dict[str, int]:
    """How far each of these things had come when somebody was last told of it: key -> stage. One query."""
    rows = Notice.objects.filter(person=person, key__in=list(keys)).order_by("key", "-day", "-stage").distinct("key")
    return dict(rows.values_list("key", "stage"))
