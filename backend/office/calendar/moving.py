"""Accepting the moves that the year ahead proposes: they become bookings, all of them or none."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection

from django.db import transaction

from backend.checks.actions import NewBooking, book
from backend.checks.models import Round
from backend.office.calendar.permitted import books_at
from backend.office.calendar.year import Year
from backend.rules import load
from backend.trust import permits
from backend.trust.models import Person, School, Site
from backend.trust.scope import may, require

ALL = "all"
NOTE = "Moved so that the week fits."


def key_of(move: load.Move) -> str:
    """What a move is named by: the check, the day that it is owed on, the day to do it on."""
    return f"{move.job.key}:{move.to}"


@transaction.atomic
def accept_moves(found: Year, wanted: Collection[str], *, person: Person, today: dt.date) -> int:
    """Book the moves named (or "all") that are still proposed; answers how many. Raises Problem, and none is booked then."""
    visits: dict[tuple[uuid.UUID, dt.date], list[load.Move]] = defaultdict(list)
    for move in found.moves():
        if ALL in wanted or key_of(move) in wanted:
            visits[found.plan_of(move.job).site_id, move.to].append(move)
    if not visits:
        require_any(person, found.school)
    walkers = walked_by({found.plan_of(move.job).pk for each in visits.values() for move in each})
    for (_, to), theirs in sorted(visits.items(), key=lambda item: (item[0][1], str(item[0][0]))):
        plans = [found.plan_of(move.job) for move in theirs]
        owed_on = {plan.pk: move.job.due_on for plan, move in zip(plans, theirs, strict=True)}
        names = {walkers.get(plan.pk) for plan in plans}
        who = names.pop() if len(names) == 1 else None
        book(NewBooking(plans[0].site, plans, to, owed_on=owed_on, note=NOTE, person=who), actor=person, today=today)
    return sum(map(len, visits.values()))


def walked_by(plans: Collection[uuid.UUID]) -> dict[uuid.UUID, Person]:
    """On whose round each of these plans is, where it is on somebody's. One query."""
    rounds = Round.objects.filter(stops__overlap=list(plans), ended_at=None).exclude(person=None).select_related("person")
    return {stop: each.person for each in rounds.order_by("-name", "-pk") for stop in each.stops if each.person and stop in plans}


def require_any(person: Person, school: School, permit: str = "") -> None:
    """Refuse who may book (or holds the permit) at none of the school's sites."""
    sites = list(Site.objects.visible_to(person).filter(school=school))
    if sites and not any(may(person, permit, site) if permit else books_at(person, site) for site in sites):
        require(person, permits.PLAN_CHANGE, sites[0], "plan checks")
