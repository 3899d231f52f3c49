"""What must hold of what phones sent; asked by `manage.py verify`."""

from collections.abc import Iterator, Sequence

from django.db.models import Exists, OuterRef

from backend.checks.models import CheckRecord
from backend.core.invariants import CHUNK, Invariant, Tick
from backend.sync.envelope import read_json, read_op
from backend.sync.models import Op


def word_faults(tick: Tick) -> Iterator[str]:
    """Every operation is word for word what arrived: its digest is that of what is kept."""
    rows = Op.objects.exclude(code="malformed").values_list("pk", "digest", "sent")
    for pk, digest, sent in rows.iterator(chunk_size=CHUNK):
        tick(1)
        if read_op(0, read_json(sent.encode())).digest != digest:
            yield f"operation {pk} is not what arrived"


def effect_faults(tick: Tick) -> Iterator[str]:
    """An operation is applied exactly when its record is there."""
    checks = Op.objects.filter(kind="check_done")
    there = CheckRecord.objects.filter(pk=OuterRef("pk"))
    for pk in checks.filter(~Exists(there), outcome=Op.Outcome.APPLIED).values_list("pk", flat=True).iterator():
        yield f"operation {pk} is said to be applied, and its record is not there"
    for pk in checks.filter(Exists(there), outcome=Op.Outcome.HELD).values_list("pk", flat=True).iterator():
        yield f"operation {pk} is said to be held, and its record is there"
    tick(checks.count())


INVARIANTS: Sequence[Invariant] = [
    Invariant("op-words", "Every operation is kept word for word.", Op.objects.count, word_faults),
    Invariant(
        "op-effects", "A check that was sent is applied exactly when its record is there.", Op.objects.count, effect_faults
    ),
]
