"""Every write about people at work. It begins with competence: who may be relied on for which kinds of check."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from backend.core import audit
from backend.core.problems import Forbidden, Problem
from backend.hr.models import Competence
from backend.trust import permits
from backend.trust.actions import Actor, System, fact
from backend.trust.models import Person
from backend.trust.scope import reach


@dataclass(frozen=True, slots=True)
class NewCompetence:
    """A certificate, course or briefing: `covers` names check codes or whole disciplines; `expires_on` is its last day."""

    person: Person
    name: str
    covers: Sequence[str]
    held_from: dt.date
    expires_on: dt.date | None = None
    awarded_by: str = ""


@transaction.atomic
def add_competences(*, news: Sequence[NewCompetence], actor: Actor) -> list[Competence]:
    """Keep what people are proved able to do. Raises Problem for one that is not sound; then none is kept."""
    for new in news:
        require_person(actor, new.person)
        if not new.name.strip():
            raise Problem("name_missing", "Say what the competence is called.", fields={"name": "Write its name."})
        if not new.covers:
            raise Problem("covers_nothing", "Say which checks it covers.", fields={"covers": "Choose at least one."})
        if new.expires_on and new.expires_on < new.held_from:
            raise Problem("dates", "It cannot expire before it was awarded.", fields={"expires_on": "Put this right."})
    made = Competence.objects.bulk_create(
        [
            Competence(
                person=new.person,
                name=new.name.strip()[:160],
                covers=list(new.covers),
                awarded_by=new.awarded_by[:120],
                held_from=new.held_from,
                expires_on=new.expires_on,
            )
            for new in news
        ],
        batch_size=1000,
    )
    audit.append([fact("competence", each, actor) for each in made])
    return made


def add_competence(
    *,
    person: Person,
    name: str,
    covers: Sequence[str],
    held_from: dt.date,
    actor: Actor,
    expires_on: dt.date | None = None,
    awarded_by: str = "",
) -> Competence:
    """Keep one competence. See add_competences."""
    new = NewCompetence(person, name, covers, held_from, expires_on, awarded_by)
    return add_competences(news=[new], actor=actor)[0]


def require_person(actor: Actor, person: Person) -> None:
    """Refuse who may not manage this person: people are managed trust-wide, or where they are appointed."""
    if isinstance(actor, System):
        return
    held = reach(actor, permits.PEOPLE_MANAGE)
    schools = set(person.appointments.values_list("school_id", flat=True))
    if not (held.everywhere or held.schools & schools):
        raise Forbidden("Your role does not let you manage people's competence here. Ask your HR officer.")
