"""Noting who is away, and how much of a week somebody has for checks. Dates only: no reason is asked for."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from backend.core import audit
from backend.core.problems import Forbidden, NotFound, Problem
from backend.hr.absences import absence_managed, absences_seen
from backend.hr.evidence import ABSENCES, WORKING_WEEKS
from backend.hr.models import Absence, WorkingWeek
from backend.trust.models import Person
from backend.trust.queries import colleagues

LONGEST = dt.timedelta(days=366)
MINUTES_IN_A_WEEK = 60 * 60  # sixty hours: more than anybody works


def require_managed(actor: Person, person: Person, doing: str) -> None:
    """Refuse who is neither that person nor manages their absences: 404 for a stranger, 403 for a colleague."""
    if actor.pk == person.pk or absence_managed(actor).filter(pk=person.pk).exists():
        return
    if not colleagues(actor).filter(pk=person.pk).exists():
        raise NotFound("That person")
    raise Forbidden(f"Your role does not let you {doing} for somebody else. Ask your site manager or business manager.")


@transaction.atomic
def note_absence(*, person: Person, first_day: dt.date, last_day: dt.date, actor: Person, today: dt.date) -> Absence:
    """Note that `person` is away from the first day to the last, both included. Anybody may note their own.

    Raises Problem for days that end before they begin, lie more than a year off, or are noted already.
    """
    require_managed(actor, person, "say who is away")
    if last_day < first_day:
        raise Problem("dates", "It ends before it begins.", fields={"last_day": "Choose the last day away, or the same day."})
    if last_day - first_day > LONGEST or abs(first_day - today) > LONGEST:
        raise Problem("too_far", "That is more than a year.", fields={"first_day": "Choose days within a year of today."})
    Person.objects.select_for_update().get(pk=person.pk)
    if before := Absence.objects.within(first_day, last_day).filter(person=person).first():
        said = f"{before.first_day:%-d %b %Y} to {before.last_day:%-d %b %Y} is noted already. Take that back first."
        raise Problem("noted_already", said, status=409, fields={"first_day": said})
    absence = Absence.objects.create(
        person=person, first_day=first_day, last_day=last_day, noted_at=timezone.now(), noted_by=actor
    )
    audit.append([ABSENCES.fact(absence, actor.pk, actor.name)])
    return absence


@transaction.atomic
def cancel_absence(*, absence: Absence, actor: Person) -> Absence:
    """Take an absence back: they are here after all. May be done twice. Raises NotFound for one that is not theirs to know."""
    if not absences_seen(actor).filter(pk=absence.pk).exists():
        raise NotFound("That absence")
    require_managed(actor, absence.person, "say who is away")
    absence = Absence.objects.select_for_update().select_related("person").get(pk=absence.pk)
    if absence.cancelled_at is None:
        absence.cancelled_at = timezone.now()
        absence.save(update_fields=["cancelled_at"])
        audit.append([ABSENCES.fact(absence, actor.pk, actor.name, kind="absence-cancelled")])
    return absence


@transaction.atomic
def set_working_week(*, person: Person, minutes: int, in_holidays: bool, actor: Person) -> WorkingWeek:
    """Say how many minutes a week somebody has for checks (0: not known) and whether they work in the school holidays."""
    if not absence_managed(actor).filter(pk=person.pk).exists():
        if not colleagues(actor).filter(pk=person.pk).exists():
            raise NotFound("That person")
        raise Forbidden("Your role does not let you set anybody's hours. Ask your site manager or business manager.")
    if not 0 <= minutes <= MINUTES_IN_A_WEEK:
        raise Problem("minutes", "Write 0 to 60 hours a week.", fields={"hours": "Write 0 to 60 hours a week."})
    week, _ = WorkingWeek.objects.update_or_create(person=person, defaults={"minutes": minutes, "in_holidays": in_holidays})
    audit.append([WORKING_WEEKS.fact(week, actor.pk, actor.name)])
    return week
