"""What must always hold, said by every app in its `invariants.py` and asked by `manage.py verify`.

An app adds to it by a list called INVARIANTS. Each is read-only and answers its faults one sentence each. For every table
of evidence (core/evidence.py) there is one more, made here: its rows are what the audit chain says of them.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.db import transaction

from backend.core import audit, comparing, guards, heads, malware, opening, pictures, salts
from backend.core.evidence import Evidence, all_evidence
from backend.core.files import path_of
from backend.core.models import Act, AuditEntry, FileScan, StoredFile
from backend.core.snapshot import snapshot
from backend.core.walking import Patience, back_to, begun, broken, one_by_one, spelled

CHUNK = 2000
FEW = 500
PIECE = 1024 * 1024
NEVER = dt.datetime(1, 1, 1, tzinfo=dt.UTC)  # what stands for a moment that cannot be read

Tick = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Invariant:
    """Something that must hold. `faults(tick)` yields a sentence for each breach and calls `tick(n)` as it looks at n rows.

    `total` answers how many rows there are to look at, for the progress bar. `table` names the table of evidence, if it is
    about one.
    """

    key: str
    says: str
    total: Callable[[], int]
    faults: Callable[[Tick], Iterable[str]]
    table: str = ""


def all_invariants() -> list[Invariant]:
    """Those of every installed app of ours, the lowest app's first: the chain, then its tables, then all the others."""
    found: list[Invariant] = []
    for app in apps.get_app_configs():
        if app.name.startswith("backend.") and find_spec(f"{app.name}.invariants"):
            found += import_module(f"{app.name}.invariants").INVARIANTS
    return [found[0], *map(of_evidence, all_evidence()), *found[1:]]


def of_evidence(evidence: Evidence) -> Invariant:
    """That the rows of a table are what the chain says of them."""
    return Invariant(
        f"evidence-{evidence.subject}",
        f"All {evidence.plural} are what the audit chain says of them.",
        evidence.model._base_manager.count,
        lambda tick: comparing.faults(evidence, tick),
        evidence.model._meta.label,
    )


def asked(invariant: Invariant, tick: Tick) -> Iterator[str]:
    """Its faults, in a snapshot of its own. That it could not be asked to its end is one of them."""
    why = ""
    try:
        with snapshot():
            try:
                yield from invariant.faults(tick)
            except Exception as wrong:
                why = spelled(wrong)
            if broken():
                transaction.set_rollback(True)
    except Exception as wrong:
        why = why or spelled(wrong)
    if why:
        yield f"this could not be looked at to its end: {why}"


def chain_faults(tick: Tick) -> Iterator[str]:
    """Walk the audit chain from its first entry. An entry that cannot be read is a fault, and the walk goes on."""
    reached = [0]
    point = begun()

    def walked() -> Iterator[AuditEntry]:
        try:
            for entry in AuditEntry.objects.order_by("number").iterator(chunk_size=CHUNK):
                tick(1)
                yield walkable(entry)
                reached[0] = entry.number
            return
        except Exception:  # told below, where it can be told which entry it is
            tick(0)
        back_to(point)
        for entry in entries_carefully(reached[0]):
            tick(1)
            yield walkable(entry)

    yield from audit.faults(walked())


def entries_carefully(past: int) -> Iterator[AuditEntry]:
    """The entries after a number, few at a time; of one that cannot be read, its number and its hash alone."""

    def bare(number: int, _wrong: Exception) -> AuditEntry:
        hash = AuditEntry.objects.filter(pk=number).values_list("hash", flat=True).first()
        return AuditEntry(number=number, hash=str(hash or ""))

    patience = Patience()
    while numbers := list(AuditEntry.objects.filter(pk__gt=past).order_by("pk").values_list("pk", flat=True)[:FEW]):
        yield from one_by_one(numbers, lambda few: AuditEntry.objects.filter(pk__in=few).order_by("pk"), bare, patience)
        past = numbers[-1]


def walkable(entry: Any) -> AuditEntry:
    """The entry, with a moment and a hash that can be spelled: where it has none, its own hash is not right any more."""
    if not isinstance(entry.at, dt.datetime):
        entry.at = NEVER
    if not isinstance(entry.hash, str):
        entry.hash = ""
    walked: AuditEntry = entry
    return walked


def of_one(faults: Callable[[], Iterable[str]]) -> Callable[[Tick], Iterator[str]]:
    """Faults that are found by one question."""

    def answered(tick: Tick) -> Iterator[str]:
        yield from faults()
        tick(1)

    return answered


def file_faults(tick: Tick) -> Iterator[str]:
    """Read every file that the server says it holds and compare its bytes with its name."""
    for sha256, size in StoredFile.objects.order_by("pk").values_list("pk", "size").iterator(chunk_size=CHUNK):
        tick(1)
        wrong = fault_of_file(path_of(sha256), sha256, size)
        if wrong:
            yield f"file {sha256} {wrong}"


def fault_of_file(name: str, sha256: str, size: int) -> str:
    """What is wrong with a stored file that was `size` bytes long; "" when nothing is. Nothing is read beyond that size."""
    try:
        found, said = read_through(name, size)
    except opening.NotRegular:
        return "is not a regular file: something else was put in its place"
    except Exception as wrong:
        return f"cannot be read: {getattr(wrong, 'strerror', None) or spelled(wrong)}"
    if found > size:
        return f"holds other bytes than when it was received: more than the {size} that came"
    return "" if said == sha256 else "holds other bytes than when it was received"


def copy_faults(tick: Tick) -> Iterator[str]:
    """The copies of pictures that pages show are those that Siteward drew."""
    for sha256, drawn in sorted(pictures.all_drawn().items()):
        tick(1)
        for size, (said, length) in sorted(drawn.items()):
            wrong = fault_of_file(pictures.shown_path(sha256, size), said, length)
            if wrong:
                what = wrong.replace("when it was received", "were drawn").replace("that came", "drawn")
                yield f"the {size} copy for showing of file {sha256} {what}. {pictures.MEND}"


def scan_faults(tick: Tick) -> Iterator[str]:
    """What a file's verdict says of malware is what the newest act about it says; without an act, nothing was found."""
    acts = Act.objects.filter(kind__in=malware.VERDICTS).order_by("at", "pk").values_list("about", "kind", "said")
    told = {
        about.removeprefix("file:"): str(said.get("found")) if kind == malware.SEALED else ""
        for about, kind, said in acts.iterator(chunk_size=CHUNK)
    }
    found = dict(FileScan.objects.exclude(found="").values_list("pk", "found"))
    for sha256 in sorted(found.keys() - told.keys()):
        yield f"file {sha256} is sealed for {found[sha256]!r}, and no act of the audit chain says that it was found"
    for sha256, said in sorted(told.items()):
        if found.get(sha256, "") != said:
            here = f"is sealed for {found[sha256]!r}" if sha256 in found else "is not sealed"
            yield f"file {sha256} {here}; the newest act of the audit chain says " + (f"{said!r}" if said else "that it is clean")
    tick(FileScan.objects.count())


def read_through(name: str, size: int) -> tuple[int, str]:
    """Size and SHA-256 (hex) of a stored file, of which at most a byte more than `size` is read. Raises OSError."""
    found, said = 0, hashlib.sha256()
    with opening.stored(name) as file:
        while piece := file.read(min(PIECE, size + 1 - found)):
            found += len(piece)
            said.update(piece)
    return found, said.hexdigest()


def one() -> int:
    """One question is asked."""
    return 1


INVARIANTS: list[Any] = [
    Invariant(
        "audit-chain",
        "Every entry of the audit chain follows from the one before it.",
        AuditEntry.objects.count,
        chain_faults,
    ),
    Invariant(
        "chain-subjects", "Every entry of the audit chain is about a row of evidence.", one, of_one(comparing.unknown_subjects)
    ),
    Invariant(
        "chain-heads",
        "Every head that was published is in the chain, and has its line in the file of heads.",
        heads.lines_kept,
        heads.faults_of_published,
    ),
    Invariant(
        "evidence-guards", "The triggers that guard evidence are as they were made, and on.", one, of_one(guards.unguarded)
    ),
    Invariant("files", "Every file held has the bytes it was received with.", StoredFile.objects.count, file_faults),
    Invariant(
        "shown-copies", "The copies of pictures that pages show are those that were drawn.", pictures.count_drawn, copy_faults
    ),
    Invariant(
        "salts",
        "The salts of earlier entries are those of when heads were published.",
        salts.published,
        salts.faults,
    ),
    Invariant("file-scans", "Every file is sealed for malware by an act of the chain.", FileScan.objects.count, scan_faults),
]
