"""What must hold of the trust: what was removed of places and assets was made by an import that was undone."""

from collections.abc import Iterator
from typing import Final

from backend.core.audit import REMOVED
from backend.core.invariants import Invariant, Tick
from backend.core.models import AuditEntry
from backend.trust.models import ImportTrace
from backend.trust.ways_in import SECOND_STEPS

BY_UNDOING: Final = ("school", "site", "building", "space", "asset", "school-urn")
"""Subjects of which rows go by undoing an import, and in no other way."""


def removals() -> int:
    """How many entries there are to look at."""
    return AuditEntry.objects.filter(kind=REMOVED).count()


def removed_by_undoing(tick: Tick) -> Iterator[str]:
    """Each removal of a place or an asset is of something that an import made which was undone."""
    undone: set[str] = set()
    for steps in ImportTrace.objects.filter(of__undone_at__isnull=False).values_list("steps", flat=True).iterator(chunk_size=50):
        undone.update(f"{each['what']}:{each['id']}" for each in steps if each["did"] == "made")
    gone = AuditEntry.objects.filter(kind=REMOVED).order_by("number").values_list("number", "subject")
    for number, subject in gone.iterator(chunk_size=2000):
        tick(1)
        if subject.partition(":")[0] in BY_UNDOING and subject not in undone:
            yield f"entry {number} says that {subject} was removed, and no import that made it was undone"


INVARIANTS = [
    SECOND_STEPS,
    Invariant(
        "removed-by-undoing",
        "Places and assets are only ever removed by undoing the import that made them.",
        removals,
        removed_by_undoing,
    ),
]
