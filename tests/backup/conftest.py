"""A small installation with work in it, and empty databases to put backups into."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.utils import timezone
from psycopg import sql

from backend.checks.actions import publish_library
from backend.checks.models import CheckType
from backend.config import settings as configured
from backend.config.backup.programs import Where, where
from backend.core import audit, files, heads
from tests.conftest import make_world
from tests.sync.phone import Phone, check_done
from tests.sync.pictures import jpeg

ROOT = Path(__file__).resolve().parents[2]
FOLDER = "django.core.files.storage.FileSystemStorage"


@dataclass
class Installation:
    """Where an installation keeps itself."""

    var: Path
    files: Path
    published: bytes = b""

    @property
    def heads(self) -> Path:
        """Its file of published heads."""
        return self.var / "heads.jsonl"

    def storages(self) -> dict[str, object]:
        """Django's setting for its files and its backups."""
        return {
            **configured.STORAGES,
            "default": {"BACKEND": FOLDER, "OPTIONS": {"location": self.files}},
            "backups": {"BACKEND": FOLDER, "OPTIONS": {"location": self.var / "backups"}},
        }

    def env(self, database: str) -> dict[str, str]:
        """The environment of a command over it."""
        given = connection.settings_dict
        told = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "SITEWARD"))}
        told |= {"SITEWARD_DATABASE": database, "SITEWARD_VAR": str(self.var), "SITEWARD_FILES": str(self.files)}
        told |= {"SITEWARD_HEADS_FILE": str(self.heads)}
        address = f"postgres:///{database}?host={given['HOST']}&user={given['USER']}"
        return {**told, "DATABASE_URL": os.environ.get("DATABASE_URL") or address}

    def start(self, database: str, *words: str) -> "subprocess.Popen[bytes]":
        """Start one of its commands."""
        command = [sys.executable, "manage.py", *words]
        return subprocess.Popen(
            command, cwd=ROOT, env=self.env(database), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
        )


@contextlib.contextmanager
def at(place: Installation) -> Iterator[Installation]:
    """This process as a process of that installation."""
    place.var.mkdir(exist_ok=True)
    with override_settings(VAR=place.var, STORAGES=place.storages(), HEADS_FILE=str(place.heads)):
        yield place


@pytest.fixture(scope="module")
def source(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Installation]:
    """Two schools with checks done from a phone, a photo kept, another arriving, heads published. Committed, and only read."""
    folder = tmp_path_factory.mktemp("source")
    place = Installation(folder / "var", folder / "files")
    with django_db_blocker.unblock(), at(place):
        assert connection.settings_dict["NAME"].startswith("test_"), "tests marked django_db alone have a database made"
        if not CheckType.objects.exists():
            publish_library(actor="tests")
        world = make_world()
        phone = Phone(world.caretaker)
        assert phone.register().status_code in (200, 201)
        plan = world.plan()
        for _ in range(5):
            assert phone.push_one(phone.op("check_done", check_done(plan)))["outcome"] == "applied"
        kept = files.keep(jpeg(300, 200), "image/jpeg")
        content = jpeg(640, 480)
        files.receive(
            owner="person:1", sha256="f" * 64, offset=0, length=len(content), content_type="image/jpeg", piece=content[:1000]
        )
        files.put(f"shown/{kept.pk[:2]}/{kept.pk}-small.jpg", b"a copy for showing")
        audit.append([audit.Fact("test", "test:1", {"it": "happened"})])
        place.published = f"{heads.line_of(audit.head(), timezone.now())}\n".encode()
        connection.commit()
        yield place
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture(autouse=True)
def at_the_source(source, django_db_blocker) -> Iterator[None]:
    """Every test begins as a process of the source installation."""
    with django_db_blocker.unblock(), at(source):
        source.heads.write_bytes(source.published)
        yield


@pytest.fixture
def target(tmp_path) -> Installation:
    """Another installation, with nothing in it."""
    place = Installation(tmp_path / "var", tmp_path / "files")
    place.var.mkdir()
    return place


@pytest.fixture
def empty(source) -> Iterator[Where]:
    """An empty database of its own beside the source's."""
    here = where()
    name = f"{here.params['dbname']}_restored"
    with here.connect(autocommit=True) as database:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        database.execute(drop)
        database.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield Where({**here.params, "dbname": name})
        database.execute(drop)


def contents(place: Where, schema: str = "public") -> dict[str, str]:
    """Every table there and a digest of all it holds."""
    found = {}
    with place.connect() as database:
        names = database.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema]).fetchall()
        for (name,) in names:
            digest = sql.SQL("SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {} t")
            row = database.execute(digest.format(sql.Identifier(schema, name))).fetchone()
            assert row
            found[str(name)] = str(row[0])
    return found


def all_files(place: Installation) -> dict[str, bytes]:
    """Every file of an installation."""
    return {str(path.relative_to(place.files)): path.read_bytes() for path in place.files.rglob("*") if path.is_file()}


def refused(database: "psycopg.Connection[tuple[object, ...]]", words: str) -> bool:
    """Whether the database refuses a statement."""
    try:
        with database.transaction():
            database.execute(words.encode())
    except psycopg.Error:
        return True
    return False


__all__ = ["all_files", "at", "contents", "default_storage", "refused"]
