"""What is known of the chain's salts when they are gone or another stands in their place.

The chain covers contents with their salts, so the newest salt of a row is compared with the row. Those before are covered by
digests, which every publication of the chain's head enters; and who erases a person says which salts were destroyed, by a
digest of each, of which the salt cannot be worked out.
"""

import hashlib
from collections.abc import Iterator
from typing import Any, Final

from backend.core.models import Act, AuditEntry, Salt

ERASED: Final = "person-erased"
PUBLISHED: Final = "head-published"
CHUNK: Final = 5000


def proof(number: int, salt: str) -> str:
    """What stays of a salt: SHA-256 (hex) of its entry's number and the salt, which is 256 bits of chance."""
    return hashlib.sha256(f"{number}:{salt}".encode()).hexdigest()


def destroy(subjects: list[str]) -> dict[str, str]:
    """Delete the salts of all entries of these subjects; answers what stays of each, by its entry's number (as JSON keys are).

    The caller enters that as `salts` of an act of the kind ERASED, in the same transaction.
    """
    rows = Salt.objects.filter(entry__in=AuditEntry.objects.filter(subject__in=subjects).values("number"))
    kept = {str(row.entry): proof(row.entry, row.salt) for row in rows}
    rows.delete()
    return kept


def destroyed() -> dict[int, str]:
    """What stays of every salt that was rightly destroyed, by its entry's number."""
    said = Act.objects.filter(kind=ERASED).values_list("said__salts", flat=True)
    return {int(number): mark for each in said if each for number, mark in each.items()}


def marks(first: int, last: int) -> Iterator[tuple[int, str]]:
    """(number, what stays of its salt) of the entries after `first` up to `last`: of those that are there or were destroyed."""
    gone = sorted((number, mark) for number, mark in destroyed().items() if first < number <= last)
    rows = Salt.objects.filter(entry__gt=first, entry__lte=last).order_by("entry").values_list("entry", "salt")
    at = 0
    for number, salt in rows.iterator(chunk_size=CHUNK):
        while at < len(gone) and gone[at][0] < number:
            yield gone[at]
            at += 1
        yield number, proof(number, salt)
    yield from gone[at:]


def digest(first: int, last: int) -> str:
    """SHA-256 (hex) over all salts of the entries after `first` up to `last`."""
    said = hashlib.sha256()
    for number, mark in marks(first, last):
        said.update(f"{number}:{mark}\n".encode())
    return said.hexdigest()


def to_publish(newest: int) -> dict[str, Any]:
    """What a publication enters of the salts: up to which entry, from which on, and their digest."""
    last = Act.objects.filter(kind=PUBLISHED, said__has_key="salts").order_by("-at", "-pk").values_list("said", flat=True).first()
    first = int(last["salts"]["to"]) if last else 0
    return {"after": first, "to": newest, "digest": digest(first, newest)}


def faults(tick: Any) -> Iterator[str]:
    """One sentence for each publication whose salts are no longer what they were."""
    reached = 0
    acts = Act.objects.filter(kind=PUBLISHED, said__has_key="salts").order_by("at", "pk").values_list("said__salts", flat=True)
    for said in acts:
        tick(1)
        first, last = int(said["after"]), int(said["to"])
        if first != reached:
            yield f"a publication covers the salts after entry {first}; the one before it covered those up to {reached}"
        if digest(first, last) != said["digest"]:
            yield f"salts of the entries {first + 1} to {last} are not those that were published: changed, gone or slipped in"
        reached = last


def published() -> int:
    """How many publications cover salts."""
    return Act.objects.filter(kind=PUBLISHED, said__has_key="salts").count()
