"""Who acts, whether they may, and how what they did enters the audit chain."""

from dataclasses import dataclass
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import models

from backend.core import audit
from backend.core.evidence import evidence_of
from backend.core.problems import Forbidden, NotFound, Problem
from backend.trust.models import Person, School, Site
from backend.trust.scope import reach, require


@dataclass(frozen=True, slots=True)
class System:
    """A named part of Siteward that acts without a person (an import, the demo's loader). It is asked for no permit."""

    name: str


Actor = Person | System
Row = TypeVar("Row", bound=models.Model)


def fact(kind: str, row: models.Model, actor: Actor) -> audit.Fact:
    """The entry of a row as it is now, by whoever acted (core/evidence.py says what of it the chain covers)."""
    actor_id = actor.pk if isinstance(actor, Person) else None
    return evidence_of(row._meta.model).fact(row, actor_id, actor.name, kind=kind)


def gone(row: models.Model, actor: Actor) -> audit.Fact:
    """The entry that says that a row is rightly gone. Make it before the row is deleted."""
    actor_id = actor.pk if isinstance(actor, Person) else None
    return evidence_of(row._meta.model).removal(row, actor_id, actor.name)


def checked(row: Row) -> Row:
    """The row, if it is sound. Raises Problem naming the fields that are not."""
    try:
        row.full_clean()
    except ValidationError as wrong:
        raise Problem("invalid", "Some of this needs correcting.", fields=wrong.message_dict) from wrong
    return row


def require_trust(actor: Actor, permit: str, doing: str) -> None:
    """Refuse a person who does not hold the permit for the whole trust. `doing` completes "Your role does not let you …"."""
    if isinstance(actor, Person) and not reach(actor, permit).everywhere:
        raise Forbidden(f"Your role does not let you {doing}. Ask your trust's estates lead or administrator.")


def require_school(actor: Actor, permit: str, school: School, doing: str) -> None:
    """Refuse a person who does not hold the permit for the whole school: 404 for a stranger, 403 for a colleague."""
    if isinstance(actor, System):
        return
    held = reach(actor, permit)
    if held.everywhere or school.pk in held.schools:
        return
    if not School.objects.visible_to(actor).filter(pk=school.pk).exists():
        raise NotFound("That school")
    raise Forbidden(f"Your role does not let you {doing} for this school.")


def require_site(actor: Actor, permit: str, site: Site, doing: str) -> None:
    """As scope.require, for whoever acts."""
    if isinstance(actor, Person):
        require(actor, permit, site, doing)
