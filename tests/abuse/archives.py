"""The doors by which whole archives come back: backups, exports of a trust, published heads, evidence on another machine.

They are opened here as their commands open them, up to the database: what is put into one is tests/backup's matter.
"""

import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.utils import timezone

from backend.config.backup.archive import Reader, Writer
from backend.config.backup.exporting import FORMAT, MANIFEST, columns
from backend.config.backup.importing import check_versions, read_manifest, unsealed
from backend.config.backup.making import header_of
from backend.config.backup.moment import migrations, moment, tables
from backend.config.backup.programs import where
from backend.config.backup.sealing import opened
from backend.core import exporting, heads
from backend.core.problems import Problem
from backend.core.standalone import check_export
from tests.conftest import World


def written(content: bytes, name: str) -> Path:
    """The bytes as a file, which stays until the folder for temporary files is tidied."""
    folder = Path(tempfile.mkdtemp(prefix="abuse-"))
    (folder / name).write_bytes(content)
    return folder / name


def backup(_world: World) -> bytes:
    """A backup of next to nothing, not encrypted."""
    out = io.BytesIO()
    with moment(where()) as now:
        writer = Writer(out, header_of(now))
        writer.database(io.BytesIO(b"not really a dump"), lambda _size: None)
        writer.file("kept/ab/cd/" + "ab" * 32, 3, io.BytesIO(b"abc"))
        writer.close([])
    return out.getvalue()


def open_backup(_world: World, content: bytes) -> Any:
    """Read a backup from its beginning to its end, as `verify` and `restore` do."""

    def database(pieces: Iterable[bytes]) -> None:
        for _piece in pieces:
            pass

    def file(_name: str, stream: IO[bytes]) -> tuple[int, str]:
        data = stream.read()
        return len(data), hashlib.sha256(data).hexdigest()

    with opened(written(content, "backup")) as stream:
        return Reader(stream).read(database, file)


def trust_export(_world: World) -> bytes:
    """The outside of an export of a trust: a manifest that fits the tables here."""
    out = io.BytesIO()
    with where().connect() as database, zipfile.ZipFile(out, "w") as archive:
        here = tables(database)
        told = {table: {"columns": [{"name": name} for name, _, _ in columns(database, table)]} for table in here}
        said = {"format": FORMAT, "siteward": "0", "migrations": migrations(database, here), "tables": told}
        archive.writestr(MANIFEST, json.dumps(said))
    return out.getvalue()


def open_trust_export(_world: World, content: bytes) -> Any:
    """Read an export's manifest and compare it with the tables here."""
    with unsealed(written(content, "export.zip"), "") as archive, where().connect() as database:
        manifest = read_manifest(archive)
        check_versions(manifest, database)
        return manifest


def evidence(_world: World) -> bytes:
    """An export of the evidence."""
    path = written(b"", "evidence.zip")
    path.unlink()
    exporting.export(path, exporting.Scope(trust="Test Trust"))
    return path.read_bytes()


def check_evidence(_world: World, content: bytes) -> int:
    """Check it as on another machine: 0 holds, 1 faults, 2 it is no export; each with words."""
    said = io.StringIO()
    code = check_export.main([str(written(content, "evidence.zip"))], out=said)
    assert said.getvalue().strip()
    if code:
        raise Problem("evidence", said.getvalue())
    return code


def published(_world: World) -> bytes:
    """A file of published heads: one day's."""
    assert heads.publish(timezone.now())
    return Path(settings.HEADS_FILE).read_bytes()
