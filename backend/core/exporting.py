"""An export of the evidence that can be checked on another machine, without Siteward and without trust in this one.

A ZIP of the chain's entries, the canonical content of every row, hashes of files, the published heads, a signed manifest, and
the program that checks them all (standalone/check_export.py). Streamed: no table is held in memory.
"""

import datetime as dt
import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from backend.core import audit, heads, signing
from backend.core.comparing import salt_of
from backend.core.evidence import Evidence, all_evidence
from backend.core.models import AuditEntry, StoredFile

FORM: Final = "siteward-evidence-1"
CHECKER: Final = Path(__file__).parent / "standalone" / "check_export.py"
CHUNK: Final = 2000
READ_ME: Final = """Evidence of {trust}
{scope}

To check it, on any machine with Python 3.8 or later:

    python3 check_export.py {name} --key KEY

KEY is the public key of this Siteward installation, as you have it from elsewhere than this file. Without it nothing shows who
signed. With --head FILE, a head of the chain that reached you by e-mail before is compared too. With --files FOLDER, the photos
and documents: FOLDER is the installation's folder of files (var/files, or what SITEWARD_FILES or the S3 bucket names) or a copy
of it, and each one must be there.

Take check_export.py from Siteward's own source if you do not want to trust the copy in here: it is the same file.

manifest.json     what this is, the chain's head, the SHA-256 of every part, the signature
entries.jsonl     the audit chain: number, moment, who acted (id, number of the name), part of Siteward, kind, subject,
                  hash of the content, hash of the entry
contents.jsonl    every row: its subject, the entry that speaks of it, its salt if any, its content
files.sha256      the files held, by the SHA-256 of their bytes
heads.jsonl       the chain's heads as they were published day by day

It shows that nothing was changed since it was entered. It cannot show that what was entered was true.
"""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is to go out: one school's rows (its id) or all; entries since a moment or all; people's rows or not."""

    trust: str
    school_id: Any = None
    school_name: str = ""
    since: dt.datetime | None = None
    people: bool = False

    def words(self) -> str:
        """The scope in a sentence."""
        where = f"the rows of {self.school_name}" if self.school_name else "every row"
        when = f" entered since {audit.moment(self.since)[:10]}" if self.since else ""
        return f"{where}{when}, {'with' if self.people else 'without'} what is kept about people"


class Part:
    """A member of the archive while it is written: counts its lines and hashes its bytes."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self.name, self.count, self.said = name, 0, hashlib.sha256()
        self.file = archive.open(name, "w", force_zip64=True)

    def fill(self, lines: Iterable[str]) -> "Part":
        """Write all lines and close it."""
        with self.file as file:
            for line in lines:
                data = f"{line}\n".encode()
                file.write(data)
                self.said.update(data)
                self.count += 1
        return self


def export(path: Path, scope: Scope) -> dict[str, Any]:
    """Write the export; answers its manifest. Call it within one snapshot. Raises Problem without a signing key, OSError."""
    head, first = audit.head(), first_entry(scope)
    before = AuditEntry.objects.filter(number=first - 1).values_list("hash", flat=True).first()
    told = [each for each in all_evidence() if scope.people or not each.salted]
    tables: dict[str, int] = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        parts = [
            Part(archive, "README.txt").fill([READ_ME.format(trust=scope.trust, scope=scope.words(), name=path.name)]),
            Part(archive, "check_export.py").fill(CHECKER.read_text().splitlines()),
            Part(archive, "entries.jsonl").fill(entry_lines(first, head.number)),
            Part(archive, "contents.jsonl").fill(content_lines(told, scope, first, tables)),
            Part(archive, "files.sha256").fill(f"{name}  {name}" for name in StoredFile.objects.values_list("pk", flat=True)),
            Part(archive, "heads.jsonl").fill(head_lines(head.number)),
        ]
        manifest = signing.signed(
            {
                "form": FORM,
                "made_at": audit.moment(timezone.now()),
                "version": settings.SITEWARD_VERSION,
                "trust": scope.trust,
                "scope": scope.words(),
                "whole": scope.school_id is None and scope.since is None,
                "withheld": sorted(each.subject for each in all_evidence() if each not in told),
                "first": first,
                "previous": before or audit.GENESIS,
                "head": {"number": head.number, "hash": head.hash},
                "tables": tables,
                "members": {part.name: part.said.hexdigest() for part in parts},
            }
        )
        archive.writestr("manifest.json", json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False))
    return manifest


def first_entry(scope: Scope) -> int:
    """The number of the first entry that goes out."""
    if scope.since is None:
        return 1
    found = AuditEntry.objects.filter(at__gte=scope.since).order_by("number").values_list("number", flat=True).first()
    return found or audit.head().number + 1


def entry_lines(first: int, last: int) -> Iterator[str]:
    """The chain's entries, a line each, as the checker hashes them."""
    columns = ("number", "at", "actor_id", "named_id", "system", "kind", "subject", "content_hash", "hash")
    rows = AuditEntry.objects.filter(number__gte=first, number__lte=last).order_by("number").values_list(*columns)
    for number, at, actor, *rest in rows.iterator(chunk_size=CHUNK):
        yield json.dumps([number, audit.moment(at), str(actor) if actor else None, *rest], ensure_ascii=False)


def content_lines(told: Iterable[Evidence], scope: Scope, first: int, tables: dict[str, int]) -> Iterator[str]:
    """Every row in scope, with the entry that speaks of it as it is now. Counts the rows of each table into `tables`."""
    for evidence in told:
        rows = evidence.model._base_manager.all()
        if scope.school_id and evidence.school:
            paths = (evidence.school,) if isinstance(evidence.school, str) else evidence.school
            rows = rows.filter(reduce(or_, (Q(**{path: scope.school_id}) for path in paths)))
        count = 0
        for chunk in chunks(rows.order_by("pk")):
            entries = newest_entries([f"{evidence.subject}:{row.pk}" for row in chunk])
            for row in chunk:
                subject = f"{evidence.subject}:{row.pk}"
                number, salt = entries.get(subject, (0, ""))
                if number >= first:
                    count += 1
                    content = audit.canonical(evidence.content(row)).decode()
                    yield json.dumps({"subject": subject, "entry": number, "salt": salt, "content": content}, ensure_ascii=False)
        tables[evidence.model._meta.label] = count


def chunks(rows: Any) -> Iterator[list[Any]]:
    """The rows, two thousand at a time, by a server-side cursor."""
    chunk: list[Any] = []
    for row in rows.iterator(chunk_size=CHUNK):
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    yield chunk


def newest_entries(subjects: list[str]) -> dict[str, tuple[int, str]]:
    """Subject -> number and salt of its newest entry."""
    rows = AuditEntry.objects.filter(subject__in=subjects).order_by("number").annotate(salt=salt_of("number"))
    return {subject: (number, salt or "") for subject, number, salt in rows.values_list("subject", "number", "salt")}


def head_lines(newest: int) -> Iterator[str]:
    """The heads that were published, up to the newest entry that goes out."""
    for said in heads.lines(Path(settings.HEADS_FILE)):
        if int(said.get("number", 0)) <= newest:
            yield json.dumps(said, sort_keys=True)
