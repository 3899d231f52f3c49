"""The whole of a trust in an open form, so that it can leave: a ZIP of JSON Lines and files that any program can read.

The form is described in docker/BACKUP.md and, for whoever finds the file, in the README.txt inside it.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

import psycopg
from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone
from psycopg import sql

from backend.config.backup import stored
from backend.config.backup.making import Tell, published_heads, recipients_or_refusal
from backend.config.backup.moment import Moment, moment
from backend.config.backup.programs import where
from backend.config.backup.sealing import Sink, sealed, whole_or_nothing

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
LEFT_OUT: Final = {
    "django_session": "who is signed in at the moment: of use to nobody but a thief",
    "trust_session": "who is signed in at the moment, and where: of use to nobody but a thief",
    "socialaccount_socialtoken": "keys to people's accounts elsewhere",
    "django_q_ormq": "jobs waiting: signed with this installation's key, made anew by the other",
    "django_q_task": "results of past jobs",
}
"""Tables that an export leaves out, and why. Every other table is in it, whichever app it belongs to."""
COLUMNS: Final = """
    SELECT a.attname, format_type(a.atttypid, NULL), a.attnotnull FROM pg_attribute a
    WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attnum
"""
FORMS: Final = {
    "uuid": "UUID", "boolean": "true or false", "jsonb": "JSON", "json": "JSON", "date": "date, YYYY-MM-DD",
    "timestamp with time zone": "moment, ISO 8601 in UTC", "time without time zone": "time of day, HH:MM:SS",
    "interval": "duration, ISO 8601", "bytea": "bytes, \\\\x and hexadecimal",
    "daterange": "days from, up to and without: [YYYY-MM-DD,YYYY-MM-DD)",
    "smallint": "whole number", "integer": "whole number", "bigint": "whole number",
    "numeric": "decimal number", "double precision": "number", "real": "number",
}  # fmt: skip
README: Final = """This is the whole of a trust's data from Siteward, to take away.

manifest.json   what is here: version, tables with their columns, rows and SHA-256, files, the audit chain's newest entry
tables/*.jsonl  one file for each table; a line is a row as a JSON object, UTF-8. Missing values are null. Dates and times are
                ISO 8601, times in UTC; what each column holds is in the manifest
files/          every file under its name; below files/kept/ the name is the SHA-256 of the bytes
heads           the audit chain's heads that were published, if any were

It can be put into an empty installation of the same version: manage.py trust_export restore FILE
"""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: where, bytes as it lies there, the manifest."""

    path: Path
    size: int
    manifest: dict[str, Any]


def export(target: Path, *, to: Sequence[str] = (), plain: bool = False, tell: Tell = lambda _part, _more: None) -> Exported:
    """Write everything of this installation to `target`, which appears only when it is whole. Work goes on meanwhile.

    `to`: age recipients, for whom the ZIP is encrypted as a whole. Raises Problem; then nothing is left behind.
    """
    to = recipients_or_refusal(to, plain=plain)
    with whole_or_nothing(target) as file, moment(where()) as now:
        heads, sink = published_heads(now), Sink(file)
        with sealed(sink, to) as stream, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
            if heads is not None:
                archive.writestr("heads", heads)
            manifest = write(archive, now, tell)
    return Exported(target, sink.size, manifest)


def write(archive: zipfile.ZipFile, now: Moment, tell: Tell) -> dict[str, Any]:
    """All parts in their order, the manifest last; answers it."""
    archive.writestr("README.txt", README)
    facts = now.facts()
    spell_openly(now.database)
    held = {name: write_table(archive, now.database, name, tell) for name in facts["tables"] if name not in LEFT_OUT}
    manifest = {
        "format": FORMAT,
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "siteward": settings.SITEWARD_VERSION,
        "head": facts["head"],
        "migrations": facts["migrations"],
        "left_out": LEFT_OUT,
        "tables": held,
        "files": write_files(archive, tell),
    }
    archive.writestr(MANIFEST, json.dumps(manifest, indent=1, ensure_ascii=False))
    return manifest


def spell_openly(database: "psycopg.Connection[Any]") -> None:
    """Have this transaction spell moments in UTC and durations as ISO 8601 has it."""
    database.execute("SET LOCAL timezone = 'UTC'")
    database.execute("SET LOCAL intervalstyle = 'iso_8601'")
    database.execute("SET LOCAL extra_float_digits = 1")


def columns(database: "psycopg.Connection[Any]", table: str) -> list[tuple[str, str, bool]]:
    """A table's columns in their order: name, PostgreSQL's type, whether it must be given. Reckoned ones are not among them."""
    quoted = sql.Identifier("public", table).as_string(database)
    return [(str(name), str(kind), bool(needed)) for name, kind, needed in database.execute(COLUMNS, [quoted])]


def form(kind: str) -> str:
    """What a column holds, in open words."""
    if kind.endswith("[]"):
        return f"list of {form(kind[:-2])}"
    return FORMS.get(kind, "text")


def write_table(archive: zipfile.ZipFile, database: "psycopg.Connection[Any]", table: str, tell: Tell) -> dict[str, Any]:
    """One table as JSON Lines, in the order of its first column; answers its entry in the manifest."""
    found, rows, said = columns(database, table), 0, hashlib.sha256()
    query = sql.SQL("COPY (SELECT row_to_json(r) FROM (SELECT {} FROM public.{} ORDER BY 1) r) TO STDOUT").format(
        sql.SQL(", ").join(sql.Identifier(name) for name, _, _ in found), sql.Identifier(table)
    )
    with member(archive, f"tables/{table}.jsonl") as out, database.cursor() as cursor, cursor.copy(query) as copy:
        for (line,) in copy.rows():
            spelled = f"{line}\n".encode()
            said.update(spelled)
            out.write(spelled)
            rows += 1
            tell("database", len(spelled))
    described = [{"name": name, "holds": form(kind)} for name, kind, _ in found]
    return {"rows": rows, "sha256": said.hexdigest(), "columns": described}


@contextmanager
def member(archive: zipfile.ZipFile, name: str) -> Iterator[IO[bytes]]:
    """A member of the ZIP to write into; its size need not be known before."""
    with archive.open(name, "w", force_zip64=True) as out:
        yield out


def write_files(archive: zipfile.ZipFile, tell: Tell) -> dict[str, Any]:
    """Every file there is; answers how many, how many bytes, and one hash over their names and hashes."""
    count, size, said = 0, 0, hashlib.sha256()
    for name in stored.names():
        try:
            file = default_storage.open(name)
        except FileNotFoundError:
            continue  # a piece that has arrived whole meanwhile
        own = hashlib.sha256()
        with file, member(archive, f"files/{name}") as out:
            for piece in stored.pieces(file):
                own.update(piece)
                out.write(piece)
                size += len(piece)
        said.update(f"{own.hexdigest()} {name}\n".encode())
        count += 1
        tell("files", 1)
    return {"count": count, "bytes": size, "sha256": said.hexdigest()}
