"""The audit chain: append-only entries, each with the hash of the one before. See EVIDENCE.md beside this file.

The chain's order is one for the whole trust, so appending takes one lock, held to the transaction's end: append last.
It holds no name: who acted stands in it by id, and contents that speak of people are salted (see Salt and ActorName).
"""

import datetime as dt
import hashlib
import secrets
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, NamedTuple

import msgspec
from django.db import connection, transaction
from django.utils import timezone

from backend.core.days import LONDON
from backend.core.models import ActorName, AuditEntry, Salt
from backend.core.reading import answered, listed
from backend.core.sets import copy_in

CHAIN_LOCK: Final = 7_405_601  # any fixed number: the name of the chain's advisory lock
GENESIS: Final = "0" * 64
NEWEST: Final = (
    "(SELECT number, hash, NULL::uuid FROM core_auditentry ORDER BY number DESC LIMIT 1)"
    " UNION ALL SELECT id, name, actor_id FROM core_actorname WHERE actor_id = ANY(%s::uuid[])"
)
REMOVED: Final = "removed"
"""The kind of an entry that says: the row of this subject is gone, rightly (replaced, expired, erased)."""

_encode = msgspec.json.Encoder(order="deterministic").encode


@dataclass(frozen=True, slots=True)
class Fact:
    """What is to be entered: `kind` ("record", "asset-change" …), `subject` ("record:<id>") and the row's content.

    Made by an app's evidence (`RECORDS.fact(row, …)`). With an `actor_id`, `actor_name` is a person's name and is kept
    beside the chain; without, it names the part of Siteward that acted. `salted`: the content speaks of a person.
    """

    kind: str
    subject: str
    content: Any
    actor_id: uuid.UUID | None = None
    actor_name: str = ""
    salted: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """The chain's newest entry: its number (0: the chain is empty), hash and moment."""

    number: int
    hash: str
    at: dt.datetime | None

    def words(self) -> str:
        """For the foot of what is printed: with it anybody can show later that nothing before was changed."""
        when = f" of {self.at.astimezone(LONDON):%a %-d %b %Y %H:%M}" if self.at else ""
        return f"Audit chain: entry {self.number}{when}, {self.hash}"


class Entered(NamedTuple):
    """An entry as it was just made: the columns of AuditEntry, in the order in which they are added."""

    number: int
    at: dt.datetime
    actor_id: uuid.UUID | None
    named_id: int | None
    system: str
    kind: str
    subject: str
    content_hash: str
    hash: str


def canonical(content: Any) -> bytes:
    """The one spelling of a content: JSON with sorted keys, no spaces, UTF-8. Contents are plain (see evidence.plain)."""
    return _encode(content)


def digest(content: Any, salt: str = "") -> str:
    """SHA-256 (hex) of the salt, when there is one, and the canonical form."""
    return hashlib.sha256(salt.encode() + _encode(content)).hexdigest()


@lru_cache(maxsize=1024)
def moment(at: dt.datetime) -> str:
    """A moment as the chain spells it: UTC, microseconds. Remembered: most stand in several rows of one action."""
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")


def link(previous: str, entry: AuditEntry, at: str) -> str:
    """The hash of an entry: SHA-256 over the hash before and everything the entry says, a line each (none holds a line's end)."""
    named = "" if entry.named_id is None else entry.named_id
    actor = "" if entry.actor_id is None else str(entry.actor_id)
    return linked(previous, entry.number, at, actor, named, entry.system, entry.kind, entry.subject, entry.content_hash)


def linked(previous: str, *said: str | int) -> str:
    """The same from what the entry says, in its order: number, moment, actor, name, system, kind, subject, content."""
    return hashlib.sha256("\n".join([previous, *map(str, said), ""]).encode()).hexdigest()


def head() -> Head:
    """The chain's newest entry, as committed now. One query."""
    row = AuditEntry.objects.order_by("-number").values_list("number", "hash", "at").first()
    return Head(*row) if row else Head(0, GENESIS, None)


@transaction.atomic(savepoint=False)
def append(facts: Sequence[Fact], *, at: dt.datetime | None = None) -> list[Entered]:
    """Enter the facts, in order, as the chain's newest entries and answer theirs. Serialised by one lock until commit.

    Hashes of contents are made before the lock is taken. Three statements, one more when somebody acts for the first time.
    """
    if not facts:
        return []
    prepared = [(fact, *sealed(fact)) for fact in facts]
    now = (at or timezone.now()).astimezone(dt.UTC)
    actors = {fact.actor_id for fact in facts if fact.actor_id}
    number, previous, names = start(actors)
    new = [ActorName(actor_id=pair[0], name=pair[1]) for pair in unknown(facts, names)]
    if new:
        ActorName.objects.bulk_create(new)
        names |= {(each.actor_id, each.name): each.pk for each in new}
        prepared = [(fact, *sealed(fact)) for fact in map(name_fact, new)] + prepared
    spelled, entries, salts = moment(now), [], []
    actor_ids: dict[uuid.UUID | None, str] = {None: "", **{actor: str(actor) for actor in actors}}
    for fact, content_hash, salt in prepared:
        number += 1
        actor, kind, subject = fact.actor_id, fact.kind, fact.subject
        system = "" if actor else fact.actor_name[:80]
        named = names[actor, fact.actor_name] if actor else None
        name = "" if named is None else named
        previous = linked(previous, number, spelled, actor_ids[actor], name, system, kind, subject, content_hash)
        entries.append(Entered(number, now, actor, named, system, kind, subject, content_hash, previous))
        if salt:
            salts.append(Salt(entry=number, salt=salt))
    write(entries)
    copy_in(salts)
    return entries[len(new) :]


def write(entries: Sequence[Entered]) -> None:
    """Add the entries by COPY: on the way of every record that arrives, half of what copy_in takes."""
    statement = f"COPY core_auditentry ({', '.join(Entered._fields)}) FROM STDIN"
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
        for entry in entries:
            copy.write_row(entry)


def sealed(fact: Fact) -> tuple[str, str]:
    """The hash of a fact's content, and its salt ("" when it needs none). Raises ValueError for a line's end in a name."""
    if "\n" in fact.subject or "\n" in fact.kind or (fact.actor_id is None and "\n" in fact.actor_name):
        raise ValueError("No line's end may stand in what an entry of the chain is about.")
    salt = secrets.token_hex(32) if fact.salted else ""
    return digest(fact.content, salt), salt


def start(actors: Iterable[uuid.UUID]) -> tuple[int, str, dict[tuple[uuid.UUID, str], int]]:
    """Take the chain's lock, then read its newest number and hash, and the names that those who act are known by."""
    # two statements: what is read in the one that waits for the lock would be older than the lock
    answered("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
    number, previous, names = 0, GENESIS, {}
    for id, text, actor_id in answered(NEWEST, [listed(actors)]):
        if actor_id is None:
            number, previous = id, text
        else:
            names[actor_id, text] = id
    return number, previous, names


def unknown(facts: Sequence[Fact], names: dict[tuple[uuid.UUID, str], int]) -> list[tuple[uuid.UUID, str]]:
    """Who acts under a name that is not kept yet, each once."""
    pairs = {(fact.actor_id, fact.actor_name): None for fact in facts if fact.actor_id}
    return [pair for pair in pairs if pair not in names]


def name_content(row: ActorName) -> dict[str, Any]:
    """What the chain covers of an actor's name."""
    return {"id": row.pk, "actor_id": str(row.actor_id), "name": row.name}


def name_fact(row: ActorName) -> Fact:
    """The entry of an actor's name, made as it is first used."""
    return Fact("actor-name", f"actor-name:{row.pk}", name_content(row), salted=True)


def faults(entries: Iterable[AuditEntry], newest: list[Head] | None = None) -> Iterator[str]:
    """Walk the chain from its first entry and say, one sentence each, where it does not hold.

    The last entry walked is put into `newest`, when a list is given.
    """
    number, previous, last = 0, GENESIS, None
    for entry in entries:
        if entry.number != number + 1:
            yield f"entries {number + 1} to {entry.number - 1} are missing"
        if entry.hash != link(previous, entry, moment(entry.at)):
            yield f"entry {entry.number} was changed, or does not follow from the entry before it"
        number, previous, last = entry.number, entry.hash, entry.at
    if newest is not None:
        newest.append(Head(number, previous, last))
