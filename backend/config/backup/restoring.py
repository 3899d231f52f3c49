"""Putting a backup back: one transaction for the database, which is committed only when every file and count has been checked.

Until that moment whatever was there stays and serves; a restore that is killed has changed nothing and can be begun again.
"""

import contextlib
import json
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from django.conf import settings
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from backend.config.backup import stored
from backend.config.backup.archive import Reader
from backend.config.backup.making import Tell, heads_file
from backend.config.backup.moment import ASIDE, tables
from backend.config.backup.programs import Programs, Where, programs_for, server_major
from backend.config.backup.sealing import opened
from backend.core.problems import Problem

OF_DJANGO: Final = frozenset({"django_migrations", "django_content_type", "auth_permission", "django_q_schedule", "django_site"})
NEWER: Final = b"SET transaction_timeout = 0;"  # servers before 17 do not know it, newer programs write it all the same
FIRST: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back: the backup's header, how many files, and where the old tables were kept aside, if there were any."""

    header: dict[str, Any]
    files: int
    aside: str


def unfinished_file() -> Path:
    """The note that a restore is going on here, or was cut off."""
    return Path(settings.VAR) / "restoring.json"


def unfinished() -> str | None:
    """One sentence when a restore was begun here and did not end; None otherwise."""
    try:
        said = json.loads(unfinished_file().read_text())
    except (OSError, ValueError):
        return None
    return f"A restore of {said['file']} was begun at {said['began']} and did not end. Run it again: manage.py backup restore."


@contextlib.contextmanager
def begun(path: Path) -> Iterator[None]:
    """Keep the note while a restore goes on; a refusal, which changed nothing, takes it away. What ends well does so later."""
    unfinished_file().write_text(json.dumps({"file": str(path), "began": timezone.now().isoformat(timespec="seconds")}))
    try:
        yield
    except Problem:
        unfinished_file().unlink(missing_ok=True)
        raise


def filled(where: Where) -> list[str]:
    """The tables that hold somebody's work; empty for a database that was only just made, or only migrated."""
    with where.connect() as database:
        return [name for name, rows in tables(database).items() if rows and name not in OF_DJANGO]


def check_known(header: dict[str, Any]) -> None:
    """Raise Problem when the backup was made by a later Siteward than this one."""
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    known = set(loader.disk_migrations) | {(app, name) for each in loader.disk_migrations.values() for app, name in each.replaces}
    strange = [f"{app} {name}" for app, name in header["migrations"] if (app, name) not in known]
    if strange:
        raise Problem(
            "later_version",
            f"This backup was made by Siteward {header['siteward']}, which knows {strange[0]}; this one "
            f"({settings.SITEWARD_VERSION}) does not. Install that version or a later one, and restore there.",
        )


def restore(
    path: Path, *, to: Where, replace: bool = False, identity: str = "", tell: Tell = lambda _part, _more: None
) -> Restored:
    """Put a backup into this installation: its database, its files, its published heads.

    Refuses, with Problem, over an installation that holds something, unless `replace`: then the old tables are kept aside in a
    schema of their own. Files are only ever added.
    """
    full = filled(to)
    if full and not replace:
        raise Problem(
            "not_empty",
            f"This installation holds data already ({len(full)} tables, {full[0]} among them). Restore into an empty one; or say "
            "--replace, which keeps the old tables aside.",
        )
    with opened(path, identity) as stream:
        reader = Reader(stream)
        check_known(reader.header)
        aside = f"{ASIDE}{timezone.now():%Y%m%d_%H%M%S}"
        with begun(path), loading(to, aside, keep=bool(full), made_on=reader.header["postgres"]) as load:
            heads = reader.read(load.database, lambda name, file: put(name, file, tell))
            load.check(reader.header)
            if heads is not None:
                fresh = heads_file().with_suffix(".restored")
                fresh.parent.mkdir(parents=True, exist_ok=True)
                fresh.write_bytes(heads)
            load.commit()
    swap_heads(keep=aside if full else "", there=heads is not None)
    unfinished_file().unlink(missing_ok=True)
    return Restored(reader.header, reader.tally.files.count, aside if full else "")


def put(name: str, file: IO[bytes], tell: Tell) -> tuple[int, str]:
    """Put one file back."""
    found = stored.put_back(name, file)
    tell("files", 1)
    return found


def swap_heads(*, keep: str, there: bool) -> None:
    """The backup's heads in place of those here, which are kept aside."""
    here = heads_file()
    if keep and here.is_file():
        here.rename(here.with_name(f"{here.name}.{keep}"))
    if there:
        here.with_suffix(".restored").replace(here)


class Load:
    """psql with a transaction open, into which a dump is played."""

    def __init__(self, psql: "subprocess.Popen[bytes]", programs: Programs, words: IO[bytes], server: int) -> None:
        assert psql.stdin and psql.stdout
        self.psql, self.programs, self.words, self.server = psql, programs, words, server
        self.into, self.out = psql.stdin, psql.stdout

    def say(self, script: str) -> None:
        """Send psql some lines. Raises Problem when it has stopped."""
        try:
            self.into.write(script.encode())
            self.into.flush()
        except BrokenPipeError:
            self.fail()

    def fail(self) -> None:
        """Raise Problem with what psql and pg_restore said."""
        self.psql.wait()
        self.words.seek(0)
        said = self.words.read().decode(errors="replace").strip()[-1500:]
        raise Problem("restore", f"The database did not take the backup, and nothing was changed. It said: {said}")

    def answered(self, mark: str) -> list[str]:
        """What psql prints up to a mark that it was told to print."""
        self.say(f"\\echo {mark}\n")
        lines: list[str] = []
        for line in self.out:
            text = line.decode().rstrip("\n")
            if text == mark:
                return lines
            lines.append(text)
        self.fail()
        return []

    def database(self, pieces: Iterable[bytes]) -> None:
        """Play the dump into the transaction."""
        command = [self.programs.path("pg_restore"), "--no-owner", "--no-privileges", "--file=-"]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.words)  # noqa: S603
        assert process.stdin and process.stdout
        source = process.stdout
        thread = threading.Thread(target=self.play, args=(source,), daemon=True)
        thread.start()
        try:
            for piece in pieces:
                process.stdin.write(piece)
        except BrokenPipeError:
            pass  # told below
        finally:
            with contextlib.suppress(BrokenPipeError):
                process.stdin.close()
            thread.join()
            code = process.wait()
        if code:
            self.into.close()
            self.fail()
        self.answered("siteward-loaded")

    def play(self, source: IO[bytes]) -> None:
        """Hand on what pg_restore writes."""
        first = source.read(FIRST)
        if self.server < 17:
            first = first.replace(NEWER, b"")
        try:
            while first:
                self.into.write(first)
                first = source.read(FIRST)
            self.into.flush()
        except (BrokenPipeError, ValueError):
            source.close()  # psql has stopped: database() finds out

    def check(self, header: dict[str, Any]) -> None:
        """Count every table inside the transaction. Raises Problem when one differs from the backup's own word."""
        self.say("SET search_path = public;\n")
        for name in header["tables"]:
            quoted = name.replace('"', '""')
            words = name.replace("'", "''")
            self.say(f"SELECT '{words}', count(*) FROM public.\"{quoted}\";\n")  # noqa: S608  quoted above
        lines = [line for line in self.answered("siteward-counted") if "|" in line]
        found = {name: int(rows) for name, _, rows in (line.rpartition("|") for line in lines)}
        wrong = [name for name, rows in header["tables"].items() if found.get(name) != rows]
        if wrong:
            raise Problem("damaged", f"The backup does not hold what it says: {', '.join(wrong)}. Nothing was changed.")

    def commit(self) -> None:
        """Make it so."""
        self.say("COMMIT;\n")
        self.answered("siteward-committed")
        self.say("ANALYZE;\n")
        self.answered("siteward-analysed")


@contextlib.contextmanager
def loading(to: Where, aside: str, *, keep: bool, made_on: int) -> Iterator[Load]:
    """A transaction in which the old tables have been moved aside (and dropped when they were empty) and room was made.

    `made_on`: the version of the server that the backup is from; an older pg_restore could not read it.
    """
    with to.connect() as database:
        server = server_major(database)
    programs = programs_for(max(server, made_on))
    command = [programs.path("psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]
    with tempfile.TemporaryFile() as words:
        process = subprocess.Popen(  # noqa: S603
            command, env=to.environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=words
        )
        load = Load(process, programs, words, server)
        try:
            load.say(
                "BEGIN;\nSET LOCAL client_min_messages = warning;\nSET LOCAL idle_in_transaction_session_timeout = 0;\n"
                f"SET LOCAL lock_timeout = '60s';\nALTER SCHEMA public RENAME TO {aside};\n"
                + ("" if keep else f"DROP SCHEMA {aside} CASCADE;\n")
                + "CREATE SCHEMA public AUTHORIZATION pg_database_owner;\nGRANT USAGE ON SCHEMA public TO PUBLIC;\n"
            )
            yield load
        finally:
            with contextlib.suppress(BrokenPipeError, ValueError):
                load.into.close()  # without COMMIT the server forgets it all
            load.out.close()
            process.wait()
