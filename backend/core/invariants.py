"""What must always hold, said by every app in its `invariants.py` and asked by `manage.py verify`.

An app adds to it by a list called INVARIANTS. Each is read-only and answers its faults one sentence each.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.core.files.storage import default_storage

from backend.core import audit
from backend.core.files import path_of
from backend.core.models import AuditEntry, StoredFile

CHUNK = 2000
PIECE = 1024 * 1024

Tick = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Invariant:
    """Something that must hold. `faults(tick)` yields a sentence for each breach and calls `tick(n)` as it looks at n rows.

    `total` answers how many rows there are to look at, for the progress bar.
    """

    key: str
    says: str
    total: Callable[[], int]
    faults: Callable[[Tick], Iterable[str]]


def all_invariants() -> list[Invariant]:
    """Those of every installed app of ours, the lowest app's first."""
    found: list[Invariant] = []
    for app in apps.get_app_configs():
        if app.name.startswith("backend.") and find_spec(f"{app.name}.invariants"):
            found += import_module(f"{app.name}.invariants").INVARIANTS
    return found


def chain_faults(tick: Tick) -> Iterator[str]:
    """Walk the audit chain from its first entry."""

    def walked() -> Iterator[AuditEntry]:
        for entry in AuditEntry.objects.order_by("number").iterator(chunk_size=CHUNK):
            tick(1)
            yield entry

    yield from audit.faults(walked())


def file_faults(tick: Tick) -> Iterator[str]:
    """Read every file that the server says it holds and compare its bytes with its name."""
    for stored in StoredFile.objects.order_by("pk").iterator(chunk_size=CHUNK):
        tick(1)
        try:
            size, sha256 = read_through(path_of(stored.sha256))
        except OSError as wrong:
            yield f"file {stored.sha256} cannot be read: {wrong.strerror or wrong}"
            continue
        if sha256 != stored.sha256:
            yield f"file {stored.sha256} holds other bytes than when it was received"
        elif size != stored.size:
            yield f"file {stored.sha256} is {size} bytes long, {stored.size} were received"


def read_through(name: str) -> tuple[int, str]:
    """Size and SHA-256 (hex) of a stored file. Raises OSError when it cannot be read."""
    size, said = 0, hashlib.sha256()
    with default_storage.open(name, "rb") as file:
        while piece := file.read(PIECE):
            size += len(piece)
            said.update(piece)
    return size, said.hexdigest()


INVARIANTS = [
    Invariant(
        "audit-chain",
        "Every entry of the audit chain follows from the one before it.",
        AuditEntry.objects.count,
        chain_faults,
    ),
    Invariant("files", "Every file held has the bytes it was received with.", StoredFile.objects.count, file_faults),
]
