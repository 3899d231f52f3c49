"""A backup is whole or it is none, and what is put back is what was there."""

import io
import os
import random
import resource
import signal
import time

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.db import connection
from psycopg import sql

from backend.config.backup.archive import Reader
from backend.config.backup.making import create
from backend.config.backup.moment import tables
from backend.config.backup.programs import programs_for, where
from backend.config.backup.restoring import restore, unfinished
from backend.config.backup.sealing import opened
from backend.core import files
from backend.core.models import AuditEntry, StoredFile
from backend.core.problems import Problem
from tests.backup.conftest import all_files, at, contents, refused

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("backup")]


def read_whole(path, identity=""):
    """Read a backup to its end as a restore does, and throw it away."""

    def file(_name, source):
        import hashlib

        content = source.read()
        return len(content), hashlib.sha256(content).hexdigest()

    def drain(pieces):
        for _ in pieces:
            pass

    with opened(path, str(identity)) as stream:
        reader = Reader(stream)
        reader.read(drain, file)
    return reader


@pytest.fixture
def key(tmp_path):
    """A key pair: the file with the secret half, and the public half."""
    import pyrage

    identity = pyrage.x25519.Identity.generate()
    path = tmp_path / "secret.key"
    path.write_text(f"# a key\n{identity}\n")
    return path, str(identity.to_public())


def test_what_is_put_back_is_what_was_there_in_every_table_and_every_file(source, target, empty, tmp_path):
    made = create(tmp_path / "a.backup")
    assert not made.faults
    with at(target):
        done = restore(made.path, to=empty)
        assert unfinished() is None
    assert contents(empty) == contents(where())
    assert all_files(target) == all_files(source)
    assert target.heads.read_bytes() == source.heads.read_bytes()
    newest = AuditEntry.objects.latest("number")
    assert done.header["head"] == {"number": newest.number, "hash": newest.hash}
    with empty.connect() as database:
        assert refused(database, "UPDATE core_auditentry SET kind = 'other'")
        assert refused(database, "TRUNCATE core_auditentry")


def test_every_table_of_every_app_is_in_it_and_what_came_later_is_taken_unasked(target, empty, tmp_path):
    with where().connect() as database:
        database.execute("CREATE TABLE later_app_thing (id int PRIMARY KEY, said text)")
        database.execute("INSERT INTO later_app_thing VALUES (1, 'of an app that this test does not know')")
    files.put("drawings/of/a-later-kind.dwg", b"lines")
    try:
        made = create(tmp_path / "a.backup")
        ours = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed}
        assert ours <= set(made.header["tables"])
        with at(target):
            restore(made.path, to=empty)
            assert files.read("drawings/of/a-later-kind.dwg") == b"lines"
        with empty.connect() as database:
            assert tables(database)["later_app_thing"] == 1
    finally:
        with where().connect() as database:
            database.execute("DROP TABLE later_app_thing")
        default_storage.delete("drawings/of/a-later-kind.dwg")


def test_an_encrypted_backup_opens_with_its_key_alone(target, empty, tmp_path, key):
    secret, public = key
    made = create(tmp_path / "a.backup", to=[public])
    assert b"siteward-backup.json" not in made.path.read_bytes()
    other = tmp_path / "other.key"
    import pyrage

    other.write_text(str(pyrage.x25519.Identity.generate()))
    with at(target):
        for identity, words in ((other, "does not fit"), ("", "Name the file"), (tmp_path / "none", "cannot be read")):
            with pytest.raises(Problem, match=words):
                restore(made.path, to=empty, identity=str(identity))
        restore(made.path, to=empty, identity=str(secret))
    assert contents(empty) == contents(where())


def test_outside_the_demo_nothing_is_written_open_unasked(settings, tmp_path):
    settings.BACKUP_UNENCRYPTED = False
    with pytest.raises(Problem, match="SITEWARD_BACKUP_RECIPIENTS"):
        create(tmp_path / "a.backup")
    settings.BACKUP_RECIPIENTS = ["age1nonsense"]
    with pytest.raises(Problem, match="age1nonsense"):
        create(tmp_path / "a.backup")
    assert not list(tmp_path.iterdir())
    assert create(tmp_path / "a.backup", plain=True).size


def test_a_backup_cut_short_anywhere_is_none(tmp_path, key):
    secret, public = key
    for to in ([], [public]):
        whole = create(tmp_path / "whole.backup", to=to).path.read_bytes()
        cut = tmp_path / "cut.backup"
        last = len(whole) if to else len(whole.rstrip(b"\0")) - 1  # a tar ends in noughts, which hold nothing
        for end in [0, 1, 511, 512, 1024, last - 1, *(random.randrange(last) for _ in range(25))]:
            cut.write_bytes(whole[:end])
            with pytest.raises(Problem):
                read_whole(cut, secret)


def test_a_backup_with_any_byte_changed_is_none(tmp_path, key):
    secret, public = key
    whole = create(tmp_path / "whole.backup", to=[public]).path.read_bytes()
    changed = tmp_path / "changed.backup"
    for _ in range(25):
        spoiled = bytearray(whole)
        spoiled[random.randrange(len(whole))] ^= 1 << random.randrange(8)
        changed.write_bytes(spoiled)
        with pytest.raises(Problem):
            read_whole(changed, secret)


def test_a_file_that_is_no_backup_is_said_to_be_none(tmp_path, target, empty):
    for content in (b"", b"hello", b"\0" * 20_000, b"PK\3\4" + b"x" * 5000):
        (tmp_path / "no.backup").write_bytes(content)
        with at(target), pytest.raises(Problem, match="no backup"):
            restore(tmp_path / "no.backup", to=empty)
    with pytest.raises(Problem, match="cannot be read"):
        restore(tmp_path / "absent.backup", to=empty)


def test_over_an_installation_that_holds_something_nothing_is_put_unless_told_and_the_old_is_kept(target, empty, tmp_path):
    made = create(tmp_path / "a.backup")
    with at(target):
        restore(made.path, to=empty)
        with empty.connect() as database:
            database.execute("UPDATE trust_trust SET name = 'Renamed since'")
        before = contents(empty)
        with pytest.raises(Problem, match="--replace"):
            restore(made.path, to=empty)
        assert contents(empty) == before
        done = restore(made.path, to=empty, replace=True)
    assert contents(empty) == contents(where())
    assert contents(empty, done.aside)["trust_trust"] == before["trust_trust"]
    assert target.heads.with_name(f"{target.heads.name}.{done.aside}").exists()
    again = create(tmp_path / "b.backup")
    assert list(again.header["tables"]) == list(made.header["tables"])


def test_a_backup_of_a_later_version_is_refused(target, empty, tmp_path):
    with where().connect() as database:
        database.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('trust', '9999_from_the_future', now())")
    try:
        made = create(tmp_path / "a.backup")
    finally:
        with where().connect() as database:
            database.execute("DELETE FROM django_migrations WHERE name = '9999_from_the_future'")
    with at(target), pytest.raises(Problem, match="9999_from_the_future"):
        restore(made.path, to=empty)


def test_a_full_disk_is_said_in_words_and_leaves_no_half_file(tmp_path):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, before[1]))
    try:
        with pytest.raises(Problem, match="disk is full"):
            create(tmp_path / "a.backup")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not list(tmp_path.iterdir())


def test_what_was_already_wrong_is_said_and_the_rest_is_saved_all_the_same(source, tmp_path):
    path = source.files / files.path_of(StoredFile.objects.latest("received_at").pk)
    good = path.read_bytes()
    try:
        path.write_bytes(good[:-1] + b"?")
        assert "other bytes" in create(tmp_path / "a.backup").faults[0]
        path.unlink()
        assert "missing" in create(tmp_path / "b.backup").faults[0]
    finally:
        path.write_bytes(good)


def test_a_server_newer_than_every_program_is_told_with_what_to_install():
    with pytest.raises(Problem, match="postgresql-client-99"):
        programs_for(99)


def test_behind_a_pool_the_way_to_the_server_itself_must_be_known(settings):
    settings.POOLED = True
    with pytest.raises(Problem, match="SITEWARD_DIRECT_DATABASE_URL"):
        where()
    settings.DIRECT_DATABASE_URL = "postgres://someone:secret@db.example:5433/trust"
    assert where().params == {
        "dbname": "trust", "user": "someone", "password": "secret", "host": "db.example", "port": "5433",
    }  # fmt: skip


def wait_for(seen, process, seconds=60):
    """Wait until something is to be seen, or the process has ended."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None and not seen():
        time.sleep(0.002)


@pytest.mark.slow
def test_a_backup_killed_at_any_moment_leaves_none(source, tmp_path):
    path = tmp_path / "a.backup"
    name = connection.settings_dict["NAME"]
    for _ in range(4):
        process = source.start(name, "backup", "create", str(path))
        wait_for(lambda: list(tmp_path.glob(".a.backup*")), process)
        time.sleep(random.random() * 0.4)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if path.exists():
            read_whole(path)
            path.unlink()
    assert create(path).size
    assert [each.name for each in tmp_path.iterdir()] == ["a.backup"]


@pytest.mark.slow
def test_a_restore_killed_at_any_moment_changes_nothing_says_so_and_can_be_begun_again(source, target, empty, tmp_path):
    made = create(tmp_path / "a.backup")
    for _ in range(4):
        process = target.start(empty.params["dbname"], "backup", "restore", str(made.path))
        wait_for((target.var / "restoring.json").exists, process)
        time.sleep(random.random() * 0.5)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        time.sleep(0.2)
        with at(target):
            cut = unfinished()
        found = contents(empty)
        assert found in ({}, contents(where()))
        if not found:
            assert cut is None or "Run it again" in cut
        else:
            with empty.connect(autocommit=True) as database:
                database.execute(sql.SQL("DROP SCHEMA public CASCADE"))
                database.execute("CREATE SCHEMA public")
    with at(target):
        restore(made.path, to=empty)
        assert unfinished() is None
    assert contents(empty) == contents(where())
    assert all_files(target) == all_files(source)


def test_a_name_that_leaves_its_folder_is_refused():
    from backend.config.backup.archive import checked

    for name in ("/etc/passwd", "kept/../../x", "..", "a\\b"):
        with pytest.raises(Problem):
            checked(name)
    assert checked("kept/aa/..b") == "kept/aa/..b"


def test_reading_makes_up_a_file_that_ends_early():
    from backend.config.backup.archive import Reading

    read = Reading(io.BytesIO(b"abc"), 5)
    assert read.read(10) + read.read(10) == b"abc\0\0"
