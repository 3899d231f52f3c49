"""What ties a pack's rows to the audit chain: each row's content as it was entered, and the entry that covers it."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from backend.core import audit
from backend.core.comparing import salt_of
from backend.core.evidence import FILES, Evidence, evidence_of
from backend.core.models import AuditEntry, StoredFile

CHUNK: Final = 2000


@dataclass(slots=True)
class Proof:
    """Subject -> its line of content, and its entry's number, hash and hash of content; the entries, a line each."""

    contents: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[Any]] = field(default_factory=dict)
    entries: list[str] = field(default_factory=list)

    @property
    def root(self) -> str:
        """One hash over all rows: SHA-256 of a line for each: subject, number and hash of its entry, hash of its content."""
        return rows_root(self.rows)


def rows_root(rows: dict[str, list[Any]]) -> str:
    """The one hash over all rows."""
    said = hashlib.sha256()
    for subject in sorted(rows):
        said.update(" ".join([subject, *map(str, rows[subject])]).encode() + b"\n")
    return said.hexdigest()


def proved(rows: Iterable[Any], files: Iterable[str]) -> Proof:
    """The proof of all these rows, and of the files held by these hashes. Within one snapshot."""
    proof = Proof()
    by_table: dict[str, list[Any]] = {}
    kinds: dict[type[Any], Evidence] = {}
    for row in rows:
        kind = type(row)
        if kind not in kinds:
            kinds[kind] = evidence_of(kind)
        by_table.setdefault(kinds[kind].subject, []).append(row)
    by_table[FILES.subject] = list(StoredFile.objects.filter(pk__in=sorted(set(files))).order_by("pk"))
    tables = {each.subject: each for each in [*kinds.values(), FILES]}
    for subject, found in by_table.items():
        evidence = tables[subject]
        for start in range(0, len(found), CHUNK):
            add(proof, evidence, found[start : start + CHUNK])
    proof.entries.sort(key=lambda line: int(json.loads(line)[1]))
    return proof


def add(proof: Proof, evidence: Evidence, rows: list[Any]) -> None:
    """Add some rows of one table."""
    entries = newest([f"{evidence.subject}:{row.pk}" for row in rows])
    before = hashes_before([number for number, *_ in entries.values()])
    for row in rows:
        subject = f"{evidence.subject}:{row.pk}"
        if subject not in entries:
            continue  # never entered: `verify` tells of it, and the pack's checker that it is not proved
        number, salt, at, actor, *rest = entries[subject]
        content = audit.canonical(evidence.content(row)).decode()
        proof.contents[subject] = json.dumps({"subject": subject, "salt": salt, "content": content}, ensure_ascii=False)
        proof.rows[subject] = [number, rest[-1], hashlib.sha256(salt.encode() + content.encode()).hexdigest()]
        line = [before.get(number - 1, audit.GENESIS), number, audit.moment(at), str(actor) if actor else None, *rest]
        proof.entries.append(json.dumps(line, ensure_ascii=False))


def newest(subjects: list[str]) -> dict[str, tuple[Any, ...]]:
    """Subject -> its newest entry: number, salt, moment, actor, number of the name, part, kind, subject, both hashes."""
    columns = ("number", "salt", "at", "actor_id", "named_id", "system", "kind", "subject", "content_hash", "hash")
    rows = AuditEntry.objects.filter(subject__in=subjects).order_by("number").annotate(salt=salt_of("number"))
    found: dict[str, tuple[Any, ...]] = {}
    for number, salt, *rest in rows.values_list(*columns):
        found[rest[5]] = (number, salt or "", *rest)
    return {subject: each for subject, each in found.items() if each[6] != audit.REMOVED}


def hashes_before(numbers: list[int]) -> dict[int, str]:
    """The hashes of the entries just before these."""
    wanted = [number - 1 for number in numbers]
    return dict(AuditEntry.objects.filter(number__in=wanted).values_list("number", "hash"))


def content_lines(proof: Proof) -> Iterator[str]:
    """Every row's content, a line each."""
    yield from (proof.contents[subject] for subject in sorted(proof.contents))
