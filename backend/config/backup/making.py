"""Making a backup: the database at one moment, every file it names and all others, the published heads."""

import json
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

import psycopg
from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone

from backend.config.backup import stored
from backend.config.backup.archive import Writer
from backend.config.backup.moment import ASIDE, Moment, head, moment, tables
from backend.config.backup.programs import Where, programs_for, where
from backend.config.backup.sealing import Sink, recipients, sealed, whole_or_nothing
from backend.core.files import path_of
from backend.core.problems import Problem

Tell = Callable[[str, int], None]
"""Told how far it is: the part, and how much more of it is done (bytes of the database, files by number)."""
CHUNK: Final = 1000
PASSING: Final = "exports/"  # lists made into files for somebody: gone in a day, made again on asking


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was written: where, its size in bytes and SHA-256 as it lies there, seconds taken, what is in it.

    `faults` says what was already wrong with the installation (a kept file that is gone, or holds other bytes).
    """

    id: uuid.UUID
    path: Path
    size: int
    sha256: str
    seconds: float
    header: dict[str, Any]
    files: int
    faults: list[str]


def heads_file() -> Path:
    """The append-only file of published chain heads."""
    return Path(settings.HEADS_FILE)


def published_heads(now: Moment) -> bytes | None:
    """What that file holds, but for heads published since `now`: entry by entry the file and the database then agree.

    Read within the moment of the database, so that every head which that tells of has its line already.
    """
    newest = (head(now.database, tables(now.database)) or {}).get("number", 0)
    try:
        lines = heads_file().read_bytes().splitlines(keepends=True)
    except FileNotFoundError:
        return None
    return b"".join(line for line in lines if number_in(line) <= newest)


def number_in(line: bytes) -> int:
    """The entry that a line names; 0 for one that cannot be read, which goes along as it is."""
    try:
        return int(json.loads(line)["number"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return 0


def recipients_or_refusal(given: Sequence[str], *, plain: bool) -> list[str]:
    """To whom a file is encrypted: those named, else those of the settings. Raises Problem when it would lie open unasked."""
    to = list(given) or ([] if plain else list(settings.BACKUP_RECIPIENTS))
    if not to and not plain and not settings.BACKUP_UNENCRYPTED:
        raise Problem(
            "unencrypted",
            "A backup holds everything, and it would not be encrypted. Set SITEWARD_BACKUP_RECIPIENTS (manage.py backup key "
            "FILE makes a key), or say --unencrypted.",
        )
    recipients(to)
    return to


def create(target: Path, *, to: Sequence[str] = (), plain: bool = False, tell: Tell = lambda _part, _more: None) -> Made:
    """Write a backup to `target`, which appears only when it is whole. Work goes on meanwhile.

    `to`: age recipients; `plain`: not encrypted, on purpose. Raises Problem; then nothing is left behind.
    """
    to, started = recipients_or_refusal(to, plain=plain), time.monotonic()
    base = where()
    with whole_or_nothing(target) as file, moment(base) as now:
        header, heads = header_of(now), published_heads(now)
        sink = Sink(file)
        with sealed(sink, to) as stream:
            writer = Writer(stream, header)
            try:
                with dumped(base, now, header["postgres"]) as dump:
                    writer.database(dump, lambda more: tell("database", more))
                faults = write_files(writer, now.database, tell)
                if heads is not None:
                    writer.heads(heads)
                writer.close(faults)
            except BaseException:
                writer.abandon()
                raise
    seconds = round(time.monotonic() - started, 1)
    count = writer.tally.files.count
    return Made(uuid.UUID(header["id"]), target, sink.size, sink.sha256, seconds, header, count, faults)


def header_of(now: Moment) -> dict[str, Any]:
    """What the archive says of itself before anything else."""
    return {
        "id": str(uuid.uuid4()),
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "siteward": settings.SITEWARD_VERSION,
        **now.facts(),
    }


@contextmanager
def dumped(base: Where, now: Moment, server: int) -> Iterator[IO[bytes]]:
    """pg_dump's output at this moment. Raises Problem with its own words when it fails."""
    command = [
        programs_for(server).path("pg_dump"), "--format=custom", "--compress=3", f"--snapshot={now.snapshot}", "--no-owner",
        "--no-privileges", "--lock-wait-timeout=60000", f"--exclude-schema={ASIDE}*",
    ]  # fmt: skip
    with tempfile.TemporaryFile() as words:
        process = subprocess.Popen(command, env=base.environment(), stdout=subprocess.PIPE, stderr=words)  # noqa: S603
        assert process.stdout
        try:
            yield process.stdout
        except BaseException:
            process.kill()
            raise
        finally:
            process.stdout.close()
            process.wait()
        if process.returncode:
            words.seek(0)
            raise Problem("pg_dump", f"pg_dump failed: {words.read().decode(errors='replace').strip()[:1000]}")


def write_files(writer: Writer, database: "psycopg.Connection[Any]", tell: Tell) -> list[str]:
    """Every file that the moment names, then every other one; answers what is wrong with the first."""
    faults = []
    for name in named(database):
        fault = write_file(writer, name)
        tell("files", 1)
        faults += [fault] if fault else []
    for name in unnamed(database):
        write_file(writer, name)  # one that has gone since was no evidence, or has been finished meanwhile
        tell("files", 1)
    return faults


def named(database: "psycopg.Connection[Any]") -> Iterator[str]:
    """Where the evidence lies that the moment's rows name."""
    with database.cursor(name="stored_files") as cursor:
        cursor.itersize = CHUNK
        cursor.execute('SELECT sha256 FROM core_storedfile ORDER BY sha256 COLLATE "C"')
        for (sha256,) in cursor:
            yield path_of(sha256)


def unnamed(database: "psycopg.Connection[Any]") -> Iterator[str]:
    """All other files: pieces still arriving, copies for showing, kinds that came later than this line; no lists on their way."""
    chunk: list[str] = []
    for name in stored.names():
        if name.startswith(PASSING):
            continue
        if not name.startswith(stored.KEPT):
            yield name
            continue
        chunk.append(name)
        if len(chunk) == CHUNK:
            yield from without_row(database, chunk)
            chunk = []
    yield from without_row(database, chunk)


def without_row(database: "psycopg.Connection[Any]", names: Sequence[str]) -> list[str]:
    """Those kept files that no row of the moment names: they came after it."""
    hashes = [name.rpartition("/")[2] for name in names]
    found = database.execute("SELECT sha256 FROM core_storedfile WHERE sha256 = ANY(%s)", [hashes]).fetchall()
    known = {path_of(sha256) for (sha256,) in found}
    return [name for name in names if name not in known]


def write_file(writer: Writer, name: str) -> str | None:
    """Write one file; answers what is wrong with it: gone, or not the bytes that its name says."""
    try:
        size = default_storage.size(name)
        file = default_storage.open(name)
    except FileNotFoundError:
        return f"{name} is missing"
    with file:
        sha256 = writer.file(name, size, file)
    return None if stored.is_named_for(name, sha256) else f"{name} holds other bytes than when it was received"
