"""Putting an export of a whole trust into an empty installation: one transaction, committed when all of it has been compared."""

import contextlib
import hashlib
import json
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import psycopg
from django.conf import settings
from psycopg import sql

from backend.config.backup import stored
from backend.config.backup.archive import checked
from backend.config.backup.exporting import FORMAT, MANIFEST, columns, spell_openly
from backend.config.backup.making import Tell, heads_file
from backend.config.backup.moment import count, head, migrations, tables
from backend.config.backup.programs import Where
from backend.config.backup.restoring import begun, filled, swap_heads, unfinished_file
from backend.config.backup.sealing import opened
from backend.core.problems import Problem

KEPT_HERE: Final = "django_migrations"  # compared, not replaced
JSON: Final = ("json", "jsonb")
ENABLE: Final = {"O": "ENABLE TRIGGER", "A": "ENABLE ALWAYS TRIGGER", "R": "ENABLE REPLICA TRIGGER"}
TRIGGERS: Final = """
    SELECT c.relname, t.tgname, t.tgenabled::text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT t.tgisinternal AND n.nspname = 'public' ORDER BY 1, 2
"""
SEQUENCES: Final = """
    SELECT a.attname, pg_get_serial_sequence(%s, a.attname) FROM pg_attribute a
    WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped
"""


def restore(path: Path, *, to: Where, identity: str = "", tell: Tell = lambda _part, _more: None) -> dict[str, Any]:
    """Put an export into this installation, which must have been migrated and hold nothing else; answers its manifest.

    Raises Problem when the file is not whole, the versions differ, or something is here already; then nothing was changed.
    """
    full = filled(to)
    if full:
        raise Problem(
            "not_empty",
            f"This installation holds data already ({', '.join(full[:3])}). An export goes into an empty one: a new database, "
            "manage.py migrate, and nothing else.",
        )
    with unsealed(path, identity) as archive, to.connect() as database:
        manifest = read_manifest(archive)
        check_versions(manifest, database)
        with begun(path), database.transaction():
            load(archive, manifest, database, tell)
            put_files(archive, manifest, tell)
            compare(manifest, database)
            heads = "heads" in archive.namelist()
            if heads:
                heads_file().parent.mkdir(parents=True, exist_ok=True)
                heads_file().with_suffix(".restored").write_bytes(archive.read("heads"))
    swap_heads(keep="", there=heads)
    unfinished_file().unlink(missing_ok=True)
    with to.connect(autocommit=True) as database:
        database.execute("ANALYZE")
    return manifest


@contextlib.contextmanager
def unsealed(path: Path, identity: str) -> Iterator[zipfile.ZipFile]:
    """The ZIP inside, decrypted to a temporary file first when it is encrypted. Raises Problem when it is none."""
    try:
        if path.is_file() and zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                yield archive
            return
        with tempfile.TemporaryFile(dir=settings.VAR) as plain:
            with opened(path, identity) as stream:
                shutil.copyfileobj(stream, plain, stored.PIECE)
            with zipfile.ZipFile(plain) as archive:
                yield archive
    except (zipfile.BadZipFile, EOFError, NotImplementedError, zlib.error) as wrong:
        raise Problem("damaged", f"{path} is no whole export: {wrong}. Nothing was changed.") from wrong


def read_manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    """The manifest. Raises Problem when this is no export, or of a form that is not known here."""
    try:
        manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
    except (KeyError, ValueError, OSError, RuntimeError, EOFError, zipfile.BadZipFile, zlib.error) as wrong:
        raise Problem("not_an_export", "This is no export of Siteward: its manifest is missing or damaged.") from wrong
    shape = {"siteward": str, "migrations": list, "tables": dict}
    if not isinstance(manifest, dict) or not all(isinstance(manifest.get(name), kind) for name, kind in shape.items()):
        raise Problem("not_an_export", "This is no export of Siteward: its manifest is not of the form that it should be.")
    if manifest.get("format") != FORMAT:
        raise Problem("version", f"This export has form {manifest.get('format')}; this Siteward reads form {FORMAT}.")
    return manifest


def check_versions(manifest: dict[str, Any], database: "psycopg.Connection[Any]") -> None:
    """Raise Problem unless the tables here are those of the export, column for column."""
    here = tables(database)
    mine = {(app, name) for app, name in migrations(database, here)}
    theirs = {(app, name) for app, name in manifest["migrations"]}
    if mine != theirs:
        app, name = sorted(mine ^ theirs)[0]
        lacks = "here" if (app, name) in theirs else "in the export"
        raise Problem(
            "version",
            f"The export was made by Siteward {manifest['siteward']}; here is {settings.SITEWARD_VERSION}, and the tables differ "
            f"({app} {name} is not {lacks}). Install that version, run migrate, restore, then upgrade.",
        )
    for table, said in manifest["tables"].items():
        names = [name for name, _, _ in columns(database, table)] if table in here else []
        if names != [each["name"] for each in said["columns"]]:
            raise Problem("version", f"The columns of {table} are not those of the export. Install the export's version.")


def load(archive: zipfile.ZipFile, manifest: dict[str, Any], database: "psycopg.Connection[Any]", tell: Tell) -> None:
    """Every table's rows. Triggers rest meanwhile: they guard what people do, and these rows were guarded once."""
    spell_openly(database)
    resting = [row for row in database.execute(TRIGGERS).fetchall() if row[2] in ENABLE]
    database.execute("SET CONSTRAINTS ALL DEFERRED")
    for table, trigger, _ in resting:
        alter(database, table, "DISABLE TRIGGER", trigger)
    database.execute("CREATE TEMP TABLE incoming (line json) ON COMMIT DROP")
    names = [name for name in manifest["tables"] if name != KEPT_HERE]
    for table in names:
        database.execute(sql.SQL("DELETE FROM public.{}").format(sql.Identifier(table)))
    for table in names:
        load_table(archive, table, manifest["tables"][table], database, tell)
        set_sequences(table, database)
    database.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table, trigger, state in resting:
        alter(database, table, ENABLE[state], trigger)


def alter(database: "psycopg.Connection[Any]", table: str, what: str, trigger: str) -> None:
    """Let a trigger rest, or wake it as it was."""
    words = sql.SQL("ALTER TABLE public.{} " + what + " {}")
    database.execute(words.format(sql.Identifier(table), sql.Identifier(trigger)))


def load_table(
    archive: zipfile.ZipFile, table: str, said: dict[str, Any], database: "psycopg.Connection[Any]", tell: Tell
) -> None:
    """One table's rows, compared with the manifest. Raises Problem when they are not what it says."""
    own, rows = hashlib.sha256(), 0
    with (
        archive.open(f"tables/{table}.jsonl") as lines,
        database.cursor() as cursor,
        cursor.copy("COPY incoming FROM STDIN") as copy,
    ):
        for line in lines:
            own.update(line)
            rows += 1
            copy.write_row((line.decode(),))
            tell("database", len(line))
    if (rows, own.hexdigest()) != (said["rows"], said["sha256"]):
        raise Problem("damaged", f"The table {table} in the export is not what its manifest says. Nothing was changed.")
    found = columns(database, table)
    # a JSON column that must be given may hold JSON's own null, which is something else than no value
    taken = [
        sql.SQL("(i.line->{})::{}").format(sql.Literal(name), sql.SQL(kind))
        if needed and kind in JSON
        else sql.SQL("r.{}").format(sql.Identifier(name))
        for name, kind, needed in found
    ]
    database.execute(
        sql.SQL(
            "INSERT INTO public.{table} ({names}) OVERRIDING SYSTEM VALUE SELECT {taken} "
            "FROM incoming i, json_populate_record(NULL::public.{table}, i.line) r"
        ).format(
            table=sql.Identifier(table),
            names=sql.SQL(", ").join(sql.Identifier(name) for name, _, _ in found),
            taken=sql.SQL(", ").join(taken),
        )
    )
    database.execute("TRUNCATE incoming")


def set_sequences(table: str, database: "psycopg.Connection[Any]") -> None:
    """Let numbers that the database gives go on after the largest one used."""
    quoted = sql.Identifier("public", table).as_string(database)
    for column, sequence in database.execute(SEQUENCES, [quoted, quoted]).fetchall():
        if sequence:
            words = sql.SQL("SELECT setval({}, coalesce(max({}), 0) + 1, false) FROM public.{}")
            database.execute(words.format(sql.Literal(sequence), sql.Identifier(column), sql.Identifier(table)))


def put_files(archive: zipfile.ZipFile, manifest: dict[str, Any], tell: Tell) -> None:
    """Every file. Raises Problem when they are not what the manifest says."""
    files, size, said = 0, 0, hashlib.sha256()
    for info in archive.infolist():
        if not info.filename.startswith("files/"):
            continue
        name = checked(info.filename.removeprefix("files/"))
        with archive.open(info) as file:
            length, sha256 = stored.put_back(name, file)
        said.update(f"{sha256} {name}\n".encode())
        files, size = files + 1, size + length
        tell("files", 1)
    if {"count": files, "bytes": size, "sha256": said.hexdigest()} != manifest["files"]:
        raise Problem("damaged", "The files in the export are not what its manifest says. Nothing was changed.")


def compare(manifest: dict[str, Any], database: "psycopg.Connection[Any]") -> None:
    """Raise Problem unless every table counts and the chain ends as the manifest says."""
    wrong = [name for name, said in manifest["tables"].items() if count(database, name) != said["rows"]]
    newest = head(database, manifest["tables"])
    if wrong or newest != manifest["head"]:
        what = ", ".join(wrong) or "the audit chain's end"
        raise Problem("damaged", f"After loading, {what} is not what the export says. Nothing was changed.")
