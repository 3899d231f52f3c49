"""Rounds: made, changed, put in order, ended; and who stands in while somebody is away."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from backend.checks.evidence import COVERS, ROUNDS
from backend.checks.models import Cover, Plan, Round
from backend.core import audit
from backend.core.problems import Forbidden, NotFound, Problem
from backend.hr.absences import absence_managed, absences_seen
from backend.hr.models import Absence
from backend.trust import permits
from backend.trust.models import Person, Site
from backend.trust.scope import may, reach, require

MOST_STOPS: Final = 500
WEEKDAYS: Final = range(1, 8)


def sound_stops(site: Site, stops: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    """The stops, each once. Raises Problem for too many, and for checks that are not this site's."""
    once = list(dict.fromkeys(stops))
    if len(once) > MOST_STOPS:
        raise Problem("too_many", f"A round has at most {MOST_STOPS} checks.", fields={"stops": "Make two rounds of it."})
    known = set(Plan.objects.filter(pk__in=once, site=site).values_list("pk", flat=True))
    if len(known) != len(once):
        raise Problem(
            "not_found", "Some of these checks are not this site's.", status=404, fields={"stops": "Choose this site's."}
        )
    return once


def sound(round: Round) -> None:
    """Raise Problem naming what of a round cannot be."""
    wrong = {}
    if not round.name.strip():
        wrong["name"] = "Give the round a name."
    if round.often not in Round.Often.values:
        wrong["often"] = "Choose how often it is walked."
    if any(day not in WEEKDAYS for day in round.days):
        wrong["days"] = "Choose days of the week."
    if round.person is not None and not may(round.person, permits.CHECK_RECORD, round.site):
        wrong["person"] = f"{round.person.name} does not do checks at {round.site.name}."
    if wrong:
        raise Problem("invalid", "Some of this needs correcting.", fields=wrong)


def keep(round: Round, actor: Person, kind: str) -> Round:
    """Save a round and enter it. Raises Problem when another of that name is walked at the site."""
    sound(round)
    round.changed_at = timezone.now()
    try:
        with transaction.atomic():
            round.save()
    except IntegrityError as taken:
        wrong = "There is a round of this name at the site already."
        raise Problem("name_taken", wrong, status=409, fields={"name": wrong}) from taken
    audit.append([ROUNDS.fact(round, actor.pk, actor.name, kind=kind)])
    return round


@transaction.atomic
def make_round(
    *,
    site: Site,
    name: str,
    often: str,
    stops: Sequence[uuid.UUID],
    actor: Person,
    days: Sequence[int] = (),
    person: Person | None = None,
) -> Round:
    """Make a round: checks of one site in the order of the walk, on these weekdays (Monday is 1), by somebody or nobody yet."""
    require(actor, permits.PLAN_CHANGE, site, "arrange rounds")
    made = Round(site=site, name=name.strip()[:120], often=often, days=sorted(set(days)), person=person)
    made.stops = sound_stops(site, stops)
    return keep(made, actor, "round")


@transaction.atomic
def change_round(round: Round, *, actor: Person, **changed: Any) -> Round:
    """Change a round: `name`, `often`, `days`, `person`, `stops`, whichever are given."""
    require(actor, permits.PLAN_CHANGE, round.site, "arrange rounds")
    held = Round.objects.select_related("site", "person").select_for_update(of=("self",)).get(pk=round.pk)
    if held.ended_at is not None:
        raise Problem("ended", "That round is walked no more. Make a new one.", status=409)
    for name in ("often", "person"):
        setattr(held, name, changed.get(name, getattr(held, name)))
    held.name = str(changed.get("name", held.name)).strip()[:120]
    held.days = sorted(set(changed.get("days", held.days)))
    if "days" in changed and not held.days and held.often in ("day", "week", "month"):
        wrong = "Choose at least one day: without one the round never comes."
        raise Problem("invalid", wrong, fields={"days": wrong})
    if "stops" in changed:
        held.stops = sound_stops(held.site, changed["stops"])
    held.sequence += 1
    return keep(held, actor, "round")


@transaction.atomic
def end_round(round: Round, *, actor: Person) -> Round:
    """Walk a round no more. Its checks stay owed; it may be done twice."""
    require(actor, permits.PLAN_CHANGE, round.site, "arrange rounds")
    held = Round.objects.select_for_update().get(pk=round.pk)
    if held.ended_at is None:
        held.ended_at = held.changed_at = timezone.now()
        held.sequence += 1
        held.save()
        audit.append([ROUNDS.fact(held, actor.pk, actor.name, kind="round-ended")])
    return held


@transaction.atomic
def set_cover(
    *, absence: Absence, stand_in: Person | None, actor: Person, site: Site | None = None, round: Round | None = None
) -> Cover | None:
    """Say who stands in during an absence: for a round, for a site, or for everything; None for nobody.

    Raises Problem for somebody who does no checks there, or is away themselves on one of the days.
    """
    if not absences_seen(actor).filter(pk=absence.pk).exists():
        raise NotFound("That absence")
    if not absence_managed(actor).filter(pk=absence.person_id).exists():
        raise Forbidden("Your role does not let you say who stands in. Ask your site manager or business manager.")
    if absence.cancelled_at is not None:
        raise Problem("cancelled", "That absence was taken back.", status=409)
    if stand_in is not None:
        may_stand_in(absence, stand_in, round.site if round else site)
    before = Cover.objects.select_for_update().filter(absence=absence, site=site, round=round).first()
    facts = []
    if before is not None:
        facts.append(COVERS.removal(before, actor.pk, actor.name))
        before.delete()
    made = None
    if stand_in is not None:
        made = Cover.objects.create(absence=absence, person=stand_in, site=site, round=round, made_at=timezone.now())
        facts.append(COVERS.fact(made, actor.pk, actor.name))
    audit.append(facts)
    return made


def may_stand_in(absence: Absence, stand_in: Person, site: Site | None) -> None:
    """Raise Problem for somebody who cannot stand in: the absent one, one who does no checks there, one who is away too."""
    if stand_in.pk == absence.person_id:
        wrong = "Somebody cannot stand in for themselves."
    elif (site and not may(stand_in, permits.CHECK_RECORD, site)) or reach(stand_in, permits.CHECK_RECORD).nowhere():
        wrong = f"{stand_in.name} does not do checks{f' at {site.name}' if site else ''}."
    elif Absence.objects.within(absence.first_day, absence.last_day).filter(person=stand_in).exists():
        wrong = f"{stand_in.name} is away on some of these days too."
    else:
        return
    raise Problem("cannot_stand_in", wrong, fields={"stand_in": wrong})


def due_days(round: Round, first: dt.date, last: dt.date) -> list[dt.date]:
    """The days on which a round is to be walked between two days: its weekdays; a monthly one on the month's first such day.
    Rounds walked less often name no days."""
    if round.often not in ("day", "week", "month"):
        return []
    span = [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]
    days = [day for day in span if day.isoweekday() in round.days]
    return [day for day in days if day.day <= 7 and day.isoweekday() == min(round.days)] if round.often == "month" else days
