"""What operations refer to: plans, places, assets, forms, people, read in a few queries for a whole push."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from django.db.models import Model

from backend.assets.models import Asset, AssetType, Tag
from backend.checks.models import CheckRecord, CheckRevision, Plan
from backend.checks.revisions import published
from backend.core.reading import rows_by_key
from backend.maintenance.models import Defect, WorkOrder
from backend.sync.bodies import Ref
from backend.trust.models import Building, Site, Space

Keys = Collection[Any]


def plans(keys: Keys) -> Iterable[Plan]:
    """Plans, locked in the order of their ids as reckoning locks them: so two pushes cannot block each other."""
    return rows_by_key(Plan, keys, locked=True)


def revisions(keys: Keys) -> Iterable[CheckRevision]:
    """Check revisions by (code, number)."""
    return [each for each in published({code for code, _ in keys}) if (each.check_type_id, each.number) in keys]


def by_id(model: type[Model]) -> Callable[[Keys], Iterable[Any]]:
    """Reads rows of a model by their ids."""
    return lambda keys: rows_by_key(model, keys)


def assets_checked(keys: Keys) -> Iterable[Asset]:
    """Assets as far as a check that was done on them asks: which, where, and whether they are in use."""
    return rows_by_key(Asset, keys, only=("id", "name", "status", "site", "building"))


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

Brought = Mapping[str, Sequence[tuple[str, str]]]
BROUGHT: Final[Brought] = {sort: [(name, f"{name}_id") for name in BRINGS.get(sort, ())] for sort in READ}
READ_FOR_CHECKS: Final = {**READ, "asset": assets_checked}
BROUGHT_FOR_CHECKS: Final[Brought] = {**BROUGHT, "asset": [("building", "building_id"), ("site", "site_id")]}


class Referents:
    """What the operations at hand refer to, as found in the database or made by an operation before.

    `for_checks`: all of them are checks that were done, which ask little of an asset.
    """

    def __init__(self, *, for_checks: bool = False) -> None:
        self.found: dict[tuple[str, Any], Any] = {}
        self.read, self.brought = (READ_FOR_CHECKS, BROUGHT_FOR_CHECKS) if for_checks else (READ, BROUGHT)

    def load(self, refs: Iterable[Ref]) -> None:
        """Read what is referred to and what it brings with it: one query for each sort of thing, one object for each thing.

        What is not there stays unknown.
        """
        wanted: dict[str, set[Any]] = defaultdict(set)
        for sort, key in refs:
            wanted[sort].add(key)
        fresh: list[tuple[str, Any]] = []
        for sort, read in self.read.items():
            keys = {key for key in wanted[sort] if (sort, key) not in self.found}
            brought = self.brought[sort]
            for each in read(keys) if keys else ():
                self.found[sort, key_of(sort, each)] = each
                fresh.append((sort, each))
                for name, key_name in brought:
                    wanted[name].add(each.__dict__[key_name])
            for name, _ in brought:
                wanted[name].discard(None)
        for sort, each in fresh:
            for name, key_name in self.brought[sort]:
                key = each.__dict__[key_name]
                each._state.fields_cache[name] = self.found[name, key] if key else None

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
        found = self.found
        return [ref for ref in refs if ref not in found]


def key_of(sort: str, each: Any) -> Any:
    """By what operations name it."""
    return (each.check_type_id, each.number) if sort == "revision" else each.__dict__[each._meta.pk.attname]
