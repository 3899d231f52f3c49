"""What operations refer to: plans, places, assets, forms, people, read in a few queries for a whole push."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Final

from django.db.models import Model, Q

from backend.assets.models import Asset, AssetType, Tag
from backend.checks.models import CheckRecord, CheckRevision, Plan
from backend.maintenance.models import Defect, WorkOrder
from backend.sync.bodies import Ref
from backend.trust.models import Building, Site, Space

Keys = Collection[Any]


def plans(keys: Keys) -> Iterable[Plan]:
    """Plans, locked in the order of their ids as reckoning locks them: so two pushes cannot block each other."""
    return Plan.objects.select_for_update().filter(pk__in=keys).order_by("pk")


def revisions(keys: Keys) -> Iterable[CheckRevision]:
    """Check revisions by (code, number)."""
    wanted = Q()
    for code, number in keys:
        wanted |= Q(check_type_id=code, number=number)
    return CheckRevision.objects.filter(wanted)


def by_id(model: type[Model]) -> Callable[[Keys], Iterable[Any]]:
    """Reads rows of a model by their ids."""
    return lambda keys: model._default_manager.filter(pk__in=keys)


READ: Final[Mapping[str, Callable[[Keys], Iterable[Any]]]] = {
    "plan": plans,
    "record": by_id(CheckRecord),
    "work_order": by_id(WorkOrder),
    "defect": by_id(Defect),
    "asset": by_id(Asset),
    "space": by_id(Space),
    "building": by_id(Building),
    "site": by_id(Site),
    "type": by_id(AssetType),
    "revision": revisions,
    "tag": by_id(Tag),
}
"""How each sort of thing is read. What a thing brings with it (below) comes later in this order; the locks come first."""
BRINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "plan": ("asset", "building", "site"),
    "work_order": ("defect", "site"),
    "defect": ("site", "asset"),
    "asset": ("space", "building", "site", "type"),
    "space": ("building",),
    "building": ("site",),
}


class Referents:
    """What the operations at hand refer to, as found in the database or made by an operation before."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, Any], Any] = {}

    def load(self, refs: Iterable[Ref]) -> None:
        """Read what is referred to and what it brings with it: one query for each sort of thing, one object for each thing.

        What is not there stays unknown.
        """
        wanted: dict[str, set[Any]] = defaultdict(set)
        for ref in refs:
            wanted[ref.sort].add(ref.key)
        fresh: list[tuple[str, Any]] = []
        for sort, read in READ.items():
            keys = {key for key in wanted[sort] if (sort, key) not in self.found}
            for each in read(keys) if keys else ():
                self.found[sort, key_of(sort, each)] = each
                fresh.append((sort, each))
                for name in BRINGS.get(sort, ()):
                    wanted[name].add(getattr(each, f"{name}_id"))
            for name in BRINGS.get(sort, ()):
                wanted[name].discard(None)
        for sort, each in fresh:
            for name in BRINGS.get(sort, ()):
                key = getattr(each, f"{name}_id")
                setattr(each, name, self.found[name, key] if key else None)

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
