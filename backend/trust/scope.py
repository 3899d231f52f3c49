"""Whose rows: which schools and sites a person's appointments reach. Every list, count, picker and export asks here."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, Self, TypeVar

from django.db import models
from django.db.models import Q

from backend.core.days import today
from backend.core.problems import Forbidden, NotFound
from backend.trust import permits


class Held(Protocol):
    """An appointment, as far as scope is concerned."""

    role: str
    school_id: uuid.UUID | None
    site_id: uuid.UUID | None


class Appointed(Protocol):
    """Anybody who may hold appointments (a Person)."""

    def appointments_on(self, day: dt.date) -> Sequence[Any]:
        """The appointments in force on a day."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a permit reaches for somebody: the whole trust, or these schools and these single sites."""

    everywhere: bool
    schools: frozenset[uuid.UUID]
    sites: frozenset[uuid.UUID]

    def nowhere(self) -> bool:
        """Whether there is nothing that this permit reaches."""
        return not (self.everywhere or self.schools or self.sites)

    def covers(self, site_id: uuid.UUID, school_id: uuid.UUID) -> bool:
        """Whether a site of a school lies within reach."""
        return self.everywhere or school_id in self.schools or site_id in self.sites

    def covers_school(self, school_id: uuid.UUID | None) -> bool:
        """Whether the whole of a school lies within reach; None is the trust itself, which only who sees everything reaches."""
        return self.everywhere or school_id in self.schools


class Place(Protocol):
    """A site, as far as scope is concerned."""

    id: Any
    school_id: Any


def reach(person: Appointed, permit: str, day: dt.date | None = None) -> Reach:
    """Where `person` holds `permit` on `day` (today unless said). Nowhere, when they came with a token that leaves it out."""
    limit = getattr(person, "limited_to", None)
    if not hasattr(person, "appointments_on") or (limit is not None and permit not in limit):
        return Reach(False, frozenset(), frozenset())
    roles = permits.roles_with(permit)
    held = [each for each in person.appointments_on(day or today()) if each.role in roles]
    return Reach(
        everywhere=any(each.school_id is None and each.site_id is None for each in held),
        schools=frozenset(each.school_id for each in held if each.school_id),
        sites=frozenset(each.site_id for each in held if each.site_id),
    )


Rows = TypeVar("Rows", bound=models.QuerySet[Any])


def in_scope(rows: Rows, person: Appointed, permit: str, *, school: str, site: str) -> Rows:
    """`rows` cut down to where the permit reaches; `school` and `site` are the paths to their ids."""
    found = reach(person, permit)
    if found.everywhere:
        return rows
    if found.nowhere():
        return rows.none()
    wanted = Q()
    if found.schools:
        wanted |= Q(**{f"{school}__in": found.schools})
    if found.sites:
        wanted |= Q(**{f"{site}__in": found.sites})
    rows = rows.filter(wanted)
    return rows.distinct() if "__" in site and site.split("__")[0].endswith("s") else rows


Row_co = TypeVar("Row_co", bound=models.Model, covariant=True)


class SitedQuerySet(models.QuerySet[Row_co]):
    """Rows that belong to a site: the base of every list of the estate."""

    site_path: ClassVar[str] = "site_id"
    school_path: ClassVar[str] = "site__school_id"

    def visible_to(self, person: Appointed, permit: str = permits.ESTATE_VIEW) -> Self:
        """The rows that `person` may know of: those at sites where they hold `permit`."""
        return in_scope(self, person, permit, school=self.school_path, site=self.site_path)

    def get_visible(self, person: Appointed, **wanted: Any) -> Row_co:
        """The one row, or NotFound: for a stranger it looks the same as if it did not exist."""
        found = self.visible_to(person).filter(**wanted).first()
        if found is None:
            raise NotFound("That " + str(self.model._meta.verbose_name))
        return found


def may(person: Appointed, permit: str, site: Place) -> bool:
    """Whether `person` holds `permit` at `site` today."""
    return reach(person, permit).covers(site.id, site.school_id)


def require(person: Appointed, permit: str, site: Place, doing: str) -> None:
    """Refuse unless `person` holds `permit` at `site`: 404 for a stranger to the site, 403 for a colleague.

    `doing` completes "Your role does not let you …".
    """
    if may(person, permit, site):
        return
    if not may(person, permits.ESTATE_VIEW, site):
        raise NotFound("That site")
    raise Forbidden(f"Your role does not let you {doing} here. Ask your site manager.")
