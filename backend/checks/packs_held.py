"""What must hold of evidence packs: the file is there with the bytes that were sealed, and the chain's head was that."""

import hashlib
from collections.abc import Iterator

from django.db.models import Exists, OuterRef

from backend.checks.actions.packs import path_of
from backend.checks.models import EvidencePack
from backend.core import opening
from backend.core.days import today
from backend.core.invariants import Invariant, Tick
from backend.core.models import AuditEntry


def pack_file_faults(tick: Tick) -> Iterator[str]:
    """Every pack whose period is not over has its file, with the bytes that were sealed."""
    for pack in EvidencePack.objects.filter(kept_until__gte=today()).order_by("pk").iterator():
        try:
            with opening.stored(path_of(pack.sha256)) as file:
                said = hashlib.sha256()
                while piece := file.read(1024 * 1024):
                    said.update(piece)
            if said.hexdigest() != pack.sha256:
                yield f"the file of evidence pack {pack.pk} holds other bytes than were sealed"
        except OSError:
            yield f"the file of evidence pack {pack.pk} is missing"
        tick(1)


def pack_head_faults(tick: Tick) -> Iterator[str]:
    """The head of the chain that each pack names stands in the chain, before the pack's own entry."""
    named = AuditEntry.objects.filter(number=OuterRef("head_number"), hash=OuterRef("head_hash"))
    rows = EvidencePack.objects.exclude(head_number=0)
    for pk in rows.filter(~Exists(named)).values_list("pk", flat=True):
        yield f"evidence pack {pk} names a head that is not in the chain"
    tick(rows.count())


PACKS = [
    Invariant("pack-files", "Every evidence pack's file is the one sealed.", EvidencePack.objects.count, pack_file_faults),
    Invariant("pack-heads", "The chain's head that a pack names is in the chain.", EvidencePack.objects.count, pack_head_faults),
]
