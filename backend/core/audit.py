"""The audit chain's first form: append-only entries, each with the hash of the one before.

The chain's order is one for the whole trust, so appending takes one lock, held to the transaction's end: append last.
"""

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from backend.core.models import AuditEntry
from backend.core.sets import copy_in

CHAIN_LOCK = 7_405_601  # any fixed number: the name of the chain's advisory lock
GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Fact:
    """What is to be entered: `kind` ("record", "lapse", "import" …), `subject` ("record:<id>") and its canonical content."""

    kind: str
    subject: str
    content: Any
    actor_id: uuid.UUID | None = None
    actor_name: str = ""


def canonical(content: Any) -> bytes:
    """The one spelling of a JSON value: sorted keys, no spaces, UTF-8, dates and ids as text."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str).encode()


def digest(content: Any) -> str:
    """SHA-256 of the canonical form, in hex."""
    return hashlib.sha256(canonical(content)).hexdigest()


def link(previous: str, number: int, at: dt.datetime, fact: Fact, content_hash: str) -> str:
    """The hash of an entry: over the entry before and everything the entry says."""
    said = [
        previous,
        number,
        at.isoformat(),
        str(fact.actor_id or ""),
        fact.actor_name,
        fact.kind,
        fact.subject,
        content_hash,
    ]
    return hashlib.sha256(canonical(said)).hexdigest()


@transaction.atomic
def append(facts: Sequence[Fact], *, at: dt.datetime | None = None) -> list[AuditEntry]:
    """Enter the facts, in order, as the chain's newest entries and answer them. Serialised by one lock until commit."""
    if not facts:
        return []
    now = (at or timezone.now()).astimezone(dt.UTC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
        cursor.execute("SELECT number, hash FROM core_auditentry ORDER BY number DESC LIMIT 1")
        number, previous = cursor.fetchone() or (0, GENESIS)
    entries = []
    for fact in facts:
        number, content_hash = number + 1, digest(fact.content)
        entry = AuditEntry(
            number=number,
            at=now,
            actor_id=fact.actor_id,
            actor_name=fact.actor_name,
            kind=fact.kind,
            subject=fact.subject,
            content_hash=content_hash,
            previous=previous,
            hash=link(previous, number, now, fact, content_hash),
        )
        previous = entry.hash
        entries.append(entry)
    copy_in(entries)
    return entries


def faults(entries: Iterable[AuditEntry]) -> Iterable[str]:
    """Walk the chain from its first entry and say, one sentence each, where it does not hold."""
    number, previous = 0, GENESIS
    for entry in entries:
        fact = Fact(entry.kind, entry.subject, None, entry.actor_id, entry.actor_name)
        if entry.number != number + 1:
            yield f"entries {number + 1} to {entry.number - 1} are missing"
        if entry.previous != previous:
            yield f"entry {entry.number} does not follow from the entry before it"
        if entry.hash != link(entry.previous, entry.number, entry.at, fact, entry.content_hash):
            yield f"entry {entry.number} was changed"
        number, previous = entry.number, entry.hash
