"""What operations refer to: plans, places, assets, forms, people, read in a few queries for a whole push."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Final

from django.db.models import Q

from backend.assets.models import Asset, AssetType, Tag
from backend.checks.models import CheckRecord, CheckRevision, Plan
from backend.maintenance.models import Defect, WorkOrder
from backend.sync.bodies import Ref
from backend.trust.models import Building, Person, Site, Space

Keys = Collection[Any]


def plans(keys: Keys) -> Iterable[Plan]:
    """Plans, locked in the order of their ids as reckoning locks them: so two pushes cannot block each other."""
    rows = Plan.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    return rows.select_related("site", "building", "asset__building", "check_type")


def revisions(keys: Keys) -> Iterable[CheckRevision]:
    """Check revisions by (code, number)."""
    wanted = Q()
    for code, number in keys:
        wanted |= Q(check_type_id=code, number=number)
    return CheckRevision.objects.filter(wanted).select_related("check_type")


READ: Final[Mapping[str, Callable[[Keys], Iterable[Any]]]] = {
    "plan": plans,
    "revision": revisions,
    "site": lambda keys: Site.objects.filter(pk__in=keys),
    "building": lambda keys: Building.objects.filter(pk__in=keys).select_related("site"),
    "space": lambda keys: Space.objects.filter(pk__in=keys).select_related("building__site"),
    "asset": lambda keys: Asset.objects.filter(pk__in=keys).select_related("site", "building", "space", "type", "parent"),
    "type": lambda keys: AssetType.objects.filter(pk__in=keys),
    "tag": lambda keys: Tag.objects.filter(pk__in=keys),
    "defect": lambda keys: Defect.objects.filter(pk__in=keys).select_related("site"),
    "work_order": lambda keys: WorkOrder.objects.filter(pk__in=keys).select_related("site", "defect__site"),
    "record": lambda keys: CheckRecord.objects.filter(pk__in=keys).select_related("plan"),
    "person": lambda keys: Person.objects.filter(pk__in=keys),
}


class Referents:
    """What the operations at hand refer to, as found in the database or made by an operation before."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, Any], Any] = {}

    def load(self, refs: Iterable[Ref]) -> None:
        """Read what is referred to: one query for each sort of thing. What is not there stays unknown."""
        wanted: dict[str, set[Any]] = defaultdict(set)
        for ref in refs:
            if (ref.sort, ref.key) not in self.found:
                wanted[ref.sort].add(ref.key)
        for sort in READ:  # plans first: their locks come before every other
            for each in READ[sort](wanted[sort]) if wanted[sort] else ():
                self.found[sort, key_of(sort, each)] = each

    def get(self, sort: str, key: Any) -> Any:
        """The thing, or None when there is none (or `key` is None)."""
        return self.found.get((sort, key))

    def add(self, sort: str, key: uuid.UUID, made: Any) -> None:
        """Something that an operation has just made."""
        self.found[sort, key] = made

    def reload(self, refs: Iterable[Ref]) -> None:
        """Read these anew: an action that was taken back leaves what it had changed on the objects."""
        known = [ref for ref in refs if ref.sort in ("asset", "work_order", "defect") and (ref.sort, ref.key) in self.found]
        for ref in known:
            del self.found[ref.sort, ref.key]
        self.load(known)

    def missing(self, refs: Iterable[Ref]) -> list[Ref]:
        """Those that are not there."""
        return [ref for ref in refs if (ref.sort, ref.key) not in self.found]


def key_of(sort: str, each: Any) -> Any:
    """By what operations name it."""
    return (each.check_type_id, each.number) if sort == "revision" else each.pk
