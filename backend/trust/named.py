"""The rows that a body names by id, as far as the asker may know of them; a stranger's look as if they did not exist."""

import uuid
from typing import Any, TypeVar

from django.db import models

from backend.core.problems import Problem
from backend.trust import permits
from backend.trust.models import Building, Person, Site, Space
from backend.trust.scope import SitedQuerySet

Row = TypeVar("Row", bound=models.Model)


def named(rows: SitedQuerySet[Row], person: Person, field: str, pk: uuid.UUID, *, permit: str = permits.ESTATE_VIEW) -> Row:
    """The row of that id at a place where the asker sees the estate or holds `permit`. Raises Problem (404) naming the field."""
    found = rows.visible_to(person).filter(pk=pk).first()
    if found is None and permit != permits.ESTATE_VIEW:
        found = rows.visible_to(person, permit).filter(pk=pk).first()
    if found is None:
        raise nowhere(rows.model, field)
    return found


def nowhere(model: type[models.Model], field: str) -> Problem:
    """The refusal (404) of a row that does not exist, or that the asker may not know of."""
    what = str(model._meta.verbose_name)
    wrong = {field: f"There is no {what} with this id at a school that you work with."}
    detail = f"That {what} does not exist, or it belongs to a school you do not work with."
    return Problem("not_found", detail, status=404, fields=wrong)


def named_place(sent: dict[str, Any], person: Person, *, permit: str = permits.ESTATE_VIEW) -> dict[str, Any]:
    """The site, building and space that a body names, those of them that it names; null stays None."""
    found: dict[str, Any] = {}
    kinds: dict[str, Any] = {
        "site": Site.objects.select_related("school"),
        "building": Building.objects.select_related("site"),
        "space": Space.objects.select_related("building"),
    }
    for field, rows in kinds.items():
        if field in sent:
            pk = sent[field]
            found[field] = None if pk is None else named(rows, person, field, pk, permit=permit)
    return found
