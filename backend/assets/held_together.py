"""What must hold of assets and their parts: at one site, in no circle, and where their last move put them."""

import uuid
from collections.abc import Iterator

from django.db.models import F

from backend.assets.models import PLACED, Asset, AssetChange
from backend.core.invariants import Invariant, Tick
from backend.core.models import AuditEntry


def parts() -> int:
    """How many assets are part of another."""
    return Asset.objects.exclude(parent=None).count()


def whole_faults(tick: Tick) -> Iterator[str]:
    """A part is at the site of its whole, and nothing is part of itself."""
    rows = Asset.objects.exclude(parent=None)
    for pk in rows.exclude(site=F("parent__site")).values_list("pk", flat=True):
        yield f"asset {pk} is at another site than what it is part of"
    above: dict[uuid.UUID, uuid.UUID | None] = dict(rows.values_list("pk", "parent_id"))
    sound: set[uuid.UUID] = set()
    for pk in above:
        tick(1)
        walked: list[uuid.UUID] = []
        here: uuid.UUID | None = pk
        while here in above and here not in sound and here not in walked:
            walked.append(here)
            here = above[here]
        if here in walked:
            yield f"asset {here} is part of itself: its parts go in a circle"
        sound.update(walked)


def moves() -> int:
    """How many moves are kept."""
    return AssetChange.objects.filter(kind=AssetChange.Kind.MOVED).count()


def move_faults(tick: Tick) -> Iterator[str]:
    """An asset stands where its last move put it, unless an import that had moved it was undone since."""
    rows = AssetChange.objects.filter(kind=AssetChange.Kind.MOVED).order_by("asset_id", "-made_at", "-id")
    columns = ("made_at", "after", "asset_id", "asset__building_id", "asset__space_id")
    for row in rows.distinct("asset_id").values(*columns).iterator():
        tick(1)
        stands = {name: row[f"asset__{name}"] and str(row[f"asset__{name}"]) for name in PLACED}
        astray = [name for name in PLACED if name in row["after"] and row["after"][name] != stands[name]]
        if not astray:
            continue
        undone = AuditEntry.objects.filter(subject=f"asset:{row['asset_id']}", kind="import-undone", at__gte=row["made_at"])
        if not undone.exists():
            yield f"asset {row['asset_id']} stands elsewhere than where its last move put it"


HELD_TOGETHER = [
    Invariant("parts-hold-together", "A part is at the site of its whole, and in no circle.", parts, whole_faults),
    Invariant("moves-agree", "An asset stands where its last move put it.", moves, move_faults),
]
