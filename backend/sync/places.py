"""Where something held belongs: the office of the school it is about looks at it, not only the trust's."""

import json
import uuid
from collections.abc import Iterable, Sequence
from typing import Any, Final

from backend.assets.models import Asset
from backend.checks.models import CheckRecord, Plan
from backend.core.days import today
from backend.maintenance.models import Defect, WorkOrder
from backend.sync.models import Op
from backend.trust.models import Appointment, Building, Site, Space

# The most telling first. Each is a model whose rows say their site, and the path to it.
TELLING: Final[Sequence[tuple[Any, str]]] = (
    (Plan, "site_id"),
    (Asset, "site_id"),
    (Defect, "site_id"),
    (WorkOrder, "site_id"),
    (Space, "building__site_id"),
    (Building, "site_id"),
    (Site, "id"),
    (CheckRecord, "site_id"),
)
MOST_IDS = 200


def give_places(rows: Iterable[Op]) -> None:
    """Set the site of held operations that have none: what they name says it, else where their sender works.

    No query when there are none; at most ten otherwise, however many.
    """
    lost = [row for row in rows if row.outcome == Op.Outcome.HELD and row.site_id is None]
    if not lost:
        return
    named = {row.pk: ids_in(row.sent) for row in lost}
    found = sites_of({each for ids in named.values() for each in ids})
    for row in lost:
        row.site_id = next((found[each] for each in named[row.pk] if each in found), None) or workplace(row)
        if row.site_id:
            Op.objects.filter(pk=row.pk).update(site_id=row.site_id)


def ids_in(text: str) -> list[uuid.UUID]:
    """Every id that an operation's body names, in its order; at most 200."""
    try:
        body = json.loads(text).get("body")
    except (ValueError, RecursionError, AttributeError):
        return []
    found: list[uuid.UUID] = []
    waiting = [body]
    while waiting and len(found) < MOST_IDS:
        each = waiting.pop()
        if isinstance(each, dict):
            waiting += reversed(list(each.values()))
        elif isinstance(each, list):
            waiting += reversed(each)
        elif isinstance(each, str) and len(each) == 36:
            try:
                found.append(uuid.UUID(each))
            except ValueError:
                continue
    return found


def sites_of(ids: set[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """Id -> site, for those ids that are rows of ours with a place."""
    found: dict[uuid.UUID, uuid.UUID] = {}
    for model, path in TELLING:
        left = ids - found.keys()
        if left:
            found |= dict(model.objects.filter(pk__in=left).values_list("pk", path))
    return found


def workplace(row: Op) -> uuid.UUID | None:
    """A site where whoever sent it works; None for somebody of the whole trust, or nobody that we know."""
    try:
        people = {uuid.UUID(row.author_id)}
    except ValueError:
        people = set()
    people |= {row.pusher_id} if row.pusher_id else set()
    for each in Appointment.objects.in_force(today()).filter(person__in=people).order_by("starts_on"):
        if each.site_id:
            return each.site_id
        if each.school_id:
            return Site.objects.filter(school_id=each.school_id).values_list("pk", flat=True).first()
    return None
