"""`manage.py backup create|verify|restore FILE`: all of an installation in one file, proved, and put back."""

import contextlib
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyrage
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from rich.console import Console
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from backend.config.backup import making, proving, restoring, runs, scheduled
from backend.config.backup.making import Tell
from backend.config.backup.moment import head
from backend.config.backup.programs import Where, where
from backend.core.problems import Problem


class Command(BaseCommand):
    """Make, prove and put back backups."""

    help = "Backups: one file with the database, every file and the published heads. See docker/BACKUP.md."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do, to which file."""
        doing = parser.add_subparsers(dest="what", required=True)
        make = doing.add_parser("create", help="write a backup to FILE, while everything goes on")
        make.add_argument("file", type=Path)
        make.add_argument("--recipient", action="append", default=[], help="age1…: who can open it (SITEWARD_BACKUP_RECIPIENTS)")
        make.add_argument("--unencrypted", action="store_true", help="leave it open, on purpose")
        prove = doing.add_parser("verify", help="restore FILE aside, ask every invariant there, throw it away")
        back = doing.add_parser("restore", help="put FILE into this installation, which must be empty")
        back.add_argument("--replace", action="store_true", help="over what is here; the old tables are kept aside")
        for each in (prove, back):
            each.add_argument("file", type=Path)
            each.add_argument("--identity", default="", help="file with the age secret key (SITEWARD_BACKUP_IDENTITY_FILE)")
        key = doing.add_parser("key", help="make a key pair: the secret half goes to FILE")
        key.add_argument("file", type=Path)
        doing.add_parser("run", help="what the nightly job does, now")
        doing.add_parser("prove-newest", help="what the weekly job does, now")
        doing.add_parser("status", help="the latest backup; exit 1 when all is not well")

    def handle(self, **options: Any) -> None:
        """Do it. A refusal is one plain sentence and exit 1."""
        try:
            getattr(self, f"do_{options['what'].replace('-', '_')}")(options)
        except Problem as problem:
            raise CommandError(problem.detail) from problem

    def do_create(self, options: dict[str, Any]) -> None:
        """Make a backup."""
        path: Path = options["file"]
        try:
            with progress() as tell:
                made = making.create(path, to=options["recipient"], plain=options["unencrypted"], tell=tell)
        except Problem as problem:
            runs.note_failed(runs.place_of(path), str(problem.detail), scheduled=False)
            raise
        runs.note_made(made, runs.place_of(path), scheduled=False)
        rows = sum(made.header["tables"].values())
        self.stdout.write(
            f"{path}: {made.size:,} bytes in {made.seconds} s. {len(made.header['tables'])} tables, {rows:,} rows, "
            f"{made.files:,} files; audit chain at {spoken(made.header['head'])}."
        )
        self.stdout.write(f"SHA-256 {made.sha256}")
        if made.faults:
            self.stderr.write("\n".join(["The backup is whole, but this was already wrong:", *made.faults[:20]]))
            sys.exit(1)

    def do_verify(self, options: dict[str, Any]) -> None:
        """Prove a backup."""
        proof = proving.prove(options["file"], identity=options["identity"])
        runs.note_proved(proof, runs.place_of(options["file"]))
        for fault in proof.faults[:50]:
            self.stdout.write(f"  FAULT  {fault}")
        made = f"made {proof.header['made_at']} by Siteward {proof.header['siteward']}"
        if not proof.sound:
            raise CommandError(f"{options['file']} ({made}) is NOT sound: {len(proof.faults)} faults.")
        self.stdout.write(
            f"{options['file']} ({made}) is sound: restored aside in {proof.seconds} s, {proof.asked} invariants hold, "
            f"audit chain at {spoken(proof.header['head'])}."
        )

    def do_restore(self, options: dict[str, Any]) -> None:
        """Put a backup back."""
        started, target = time.monotonic(), where()
        self.stdout.write(f"Restoring {options['file']}. Web and worker should be stopped; nothing changes before the end.")
        connection.close()
        with progress() as tell:
            done = restoring.restore(
                options["file"], to=target, replace=options["replace"], identity=options["identity"], tell=tell
            )
        bring_up_to_date(target, done.header)
        seconds = time.monotonic() - started
        self.stdout.write(
            f"Restored in {seconds:.0f} s: {sum(done.header['tables'].values()):,} rows, {done.files:,} files, audit chain at "
            f"{spoken(done.header['head'])}, as the backup says. Now: manage.py verify, then start Siteward."
        )
        if done.aside:
            self.stdout.write(
                f"What was here before is kept in the schema {done.aside}. When it is no longer wanted: "
                f"DROP SCHEMA {done.aside} CASCADE;"
            )

    def do_key(self, options: dict[str, Any]) -> None:
        """Make a key pair."""
        identity = pyrage.x25519.Identity.generate()
        try:
            with options["file"].open("x") as file:
                options["file"].chmod(0o600)
                file.write(f"# public key: {identity.to_public()}\n{identity}\n")
        except OSError as wrong:
            raise CommandError(f"{options['file']} cannot be written: {wrong.strerror}.") from wrong
        self.stdout.write(f"SITEWARD_BACKUP_RECIPIENTS={identity.to_public()}")
        self.stderr.write(f"Keep {options['file']} somewhere else than the server, twice. Without it no backup can be opened.")

    def do_run(self, _options: dict[str, Any]) -> None:
        """The nightly job."""
        with scheduled.alone() as free:
            self.stdout.write(scheduled.back_up() if free else "Another backup is being made or proved here.")

    def do_prove_newest(self, _options: dict[str, Any]) -> None:
        """The weekly job."""
        with scheduled.alone() as free:
            self.stdout.write(scheduled.prove_newest() if free else "Another backup is being made or proved here.")

    def do_status(self, _options: dict[str, Any]) -> None:
        """How the backups are."""
        if cut := restoring.unfinished():
            raise CommandError(cut)
        last = runs.last_backup()
        if last is None:
            raise CommandError("No backup was ever made.")
        proved = f"proved {last.verified_at:%a %d %b %Y %H:%M} UTC" if last.verified_at else "never proved"
        self.stdout.write(f"{last.file}, {last.at:%a %d %b %Y %H:%M} UTC, {last.size:,} bytes, {proved}.")
        if not last.ok:
            raise CommandError(f"Not well: {last.says}")


def spoken(newest: dict[str, Any] | None) -> str:
    """A chain head in words."""
    return f"entry {newest['number']:,} ({newest['hash'][:12]}…)" if newest else "no entry"


def bring_up_to_date(target: Where, header: dict[str, Any]) -> None:
    """Look that the chain ends where the backup says, then bring tables of an earlier version up to this one.

    Raises Problem when it does not end there.
    """
    with target.connect() as database:
        newest = head(database, header["tables"])
    if newest != header["head"]:
        raise Problem("chain", f"The audit chain ends at {spoken(newest)}, and the backup says {spoken(header['head'])}.")
    connection.close()
    ContentType.objects.clear_cache()
    call_command("migrate", verbosity=0)


@contextlib.contextmanager
def progress() -> Iterator[Tell]:
    """Bytes of the database and files by number, on a terminal."""
    done = {"database": 0, "files": 0}
    columns = (TextColumn("  {task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("")

        def tell(part: str, more: int) -> None:
            done[part] += more
            bar.update(task, description=f"database {done['database'] >> 20} MB, {done['files']:,} files")

        yield tell
