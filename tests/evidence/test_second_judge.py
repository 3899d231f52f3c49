"""What a second judge did to the history, and to what guards it: each is found, and hides nothing beside it."""

import datetime as dt
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from backend.checks.actions import record_check
from backend.checks.models import CheckRecord
from backend.core import audit, guards, heads, pictures, signing
from backend.core.days import today
from backend.core.files import keep, path_of
from backend.core.invariants import all_invariants
from backend.core.models import AuditEntry, Salt, StoredFile
from backend.core.standalone import check_export
from backend.hr.actions import erase_person
from backend.trust.actions.accounts import change_password, keep_password
from backend.trust.actions.acting import System
from backend.trust.actions.factors import new_codes, remove_factor
from backend.trust.evidence import PEOPLE
from backend.trust.models import Person
from tests.checks.work import work
from tests.conftest import PASSWORD
from tests.evidence.entering import enter_missing
from tests.evidence.test_ways_round import behind_the_triggers
from tests.sync.conftest import own_files  # noqa: F401
from tests.sync.pictures import jpeg
from tests.trust.test_factors import code_of, with_app


def verified() -> tuple[int, dict[str, list[str]], dict[str, Any]]:
    """`manage.py verify`: its exit code, its faults by invariant, its report."""
    out, code = io.StringIO(), 0
    try:
        call_command("verify", "--json", stdout=out)
    except SystemExit as end:
        code = int(end.code or 0)
    report = json.loads(out.getvalue())
    assert signing.is_signed(report) and report["ok"] == (code == 0)
    return code, {each["key"]: each["faults"] for each in report["invariants"] if each["faults"]}, report


@pytest.fixture
def three(world, settings, tmp_path, own_files) -> list[CheckRecord]:  # noqa: F811
    """Three records in the chain, its head published."""
    settings.HEADS_FILE = str(tmp_path / "heads.jsonl")
    for day in (2, 1, 0):
        record_check(work(world.plan(), world.caretaker, today() - dt.timedelta(days=day), {"interfaces": "fail"}))
    enter_missing()
    assert heads.publish(timezone.now())
    assert verified()[0] == 0
    return list(CheckRecord.objects.order_by("pk"))


# --- what Python cannot read ---

DEEP = "(repeat('[', 5000) || repeat(']', 5000))::jsonb"


@pytest.mark.parametrize(
    "damage",
    [
        "done_on = 'infinity'",
        "received_at = '0044-03-15 12:00 BC'",
        "received_at = '-infinity'",
        f"answers = {DEEP}",
        f"answers = jsonb_build_object('interfaces', {DEEP})",
    ],
)
def test_a_value_that_python_cannot_hold_is_named_and_hides_no_other(three, damage):
    first, second, third = (each.pk for each in three)
    behind_the_triggers(
        f"UPDATE checks_checkrecord SET {damage} WHERE id = '{second}'",
        f"UPDATE checks_checkrecord SET reason = 'Another' WHERE id IN ('{first}', '{third}')",
    )
    code, found, report = verified()
    assert code == 1 and report["fault_count"] >= 3
    assert f"record:{second} cannot be read" in found["evidence-record"][1]
    assert [each.split()[0] for each in found["evidence-record"]] == [f"record:{each}" for each in (first, second, third)]
    assert {"evidence-guards", "files"} <= {each["key"] for each in report["invariants"]}


def test_a_row_slipped_in_with_such_a_value_shows(three):
    columns = ", ".join(f'"{each.column}"' for each in CheckRecord._meta.concrete_fields if each.column not in ("id", "done_on"))
    behind_the_triggers(
        f"INSERT INTO checks_checkrecord (id, done_on, {columns})"
        f" SELECT gen_random_uuid(), 'infinity', {columns} FROM checks_checkrecord LIMIT 1"
    )
    [said] = verified()[1]["evidence-record"]
    assert "cannot be read" in said and "no entry" in said


@pytest.mark.parametrize("moment", ["infinity", "0044-03-15 12:00 BC"])
@pytest.mark.parametrize("which", ["min", "max"])
def test_an_entry_of_the_chain_that_cannot_be_read_is_named_and_the_walk_goes_on(three, moment, which):
    end = AuditEntry.objects.order_by("number" if which == "min" else "-number").first()
    assert end
    number = end.number
    other = AuditEntry.objects.all()[5].number
    behind_the_triggers(
        f"UPDATE core_auditentry SET at = '{moment}' WHERE number = {number}",
        f"UPDATE core_auditentry SET kind = 'other' WHERE number = {other}",
    )
    code, found, report = verified()
    assert code == 1 and report["head"]["number"] == heads.newest_head().number > 5
    assert any(f"entry {number} " in each for each in found["audit-chain"])
    assert any(f"entry {other} " in each for each in found["audit-chain"])


@pytest.mark.parametrize(
    ("damage", "key", "word"),
    [
        ("DROP TABLE hr_viewing CASCADE", "evidence-viewing", "hr_viewing"),
        ("DROP TABLE core_salt CASCADE", "evidence-person", "core_salt"),
        ("ALTER TABLE checks_checkrecord DROP COLUMN reason CASCADE", "evidence-record", "has no column reason"),
        ("ALTER TABLE checks_checkrecord ALTER COLUMN answers TYPE text USING 'no JSON'", "evidence-record", "record:"),
        ("ALTER TABLE core_auditentry DROP COLUMN at CASCADE", "audit-chain", "entry 1 was changed"),
    ],
)
def test_a_table_that_was_damaged_is_named_and_the_other_invariants_are_asked(three, damage, key, word):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(damage)
    behind_the_triggers("UPDATE trust_site SET name = 'Elsewhere'")
    code, found, report = verified()
    assert code == 1 and any(word in each for each in found[key]), found
    assert found["evidence-site"] and len(report["invariants"]) >= len(all_invariants())


def test_rows_missing_from_a_table_without_a_column_show_all_the_same(three):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE checks_checkrecord DROP COLUMN reason CASCADE")
    behind_the_triggers(f"DELETE FROM checks_checkrecord WHERE id = '{three[1].pk}'")
    assert any(f"record:{three[1].pk} is gone" in each for each in verified()[1]["evidence-record"])


# --- files ---


def swapped(stored: StoredFile, how: str) -> None:
    """Something else in a file's place."""
    path = Path(default_storage.path(path_of(stored.pk)))
    path.unlink()
    if how == "pipe":
        os.mkfifo(path)
    elif how == "folder":
        path.mkdir()
    elif how == "device":
        path.symlink_to("/dev/zero")
    else:
        (path.parent / "elsewhere").write_bytes(b"%PDF-1.4 a report")
        path.symlink_to(path.parent / "elsewhere")


@pytest.mark.parametrize("how", ["pipe", "folder", "device", "link"])
def test_what_is_no_regular_file_is_told_at_once_and_handed_to_nobody(three, how):
    from backend.core.files import open_file
    from backend.core.problems import NotFound

    stored = keep(b"%PDF-1.4 a report", "application/pdf")
    swapped(stored, how)
    [said] = verified()[1]["files"]
    assert "is not a regular file" in said and stored.pk in said
    with pytest.raises(NotFound):
        open_file(stored.pk)


def test_a_file_that_grew_is_not_read_beyond_what_came(three):
    stored = keep(b"%PDF-1.4 a report", "application/pdf")
    os.truncate(default_storage.path(path_of(stored.pk)), 2**42)  # four terabytes of nothing: it would be read for hours
    [said] = verified()[1]["files"]
    assert "more than the 17 that came" in said


@pytest.mark.parametrize("how", [os.mkfifo, lambda path: Path(path).symlink_to("/dev/zero")])
def test_a_file_of_heads_that_is_a_pipe_or_a_device_is_told(three, settings, how):
    Path(settings.HEADS_FILE).unlink()
    how(settings.HEADS_FILE)
    assert "not a regular file" in verified()[1]["chain-heads"][0]


# --- guards ---

REWRITES = (
    "CREATE FUNCTION kinder() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.outcome := 'satisfactory'; RETURN NEW; END $$",
    "CREATE TRIGGER kinder BEFORE INSERT ON checks_checkrecord FOR EACH ROW EXECUTE FUNCTION kinder()",
)


@pytest.mark.parametrize(
    ("statements", "word"),
    [
        (REWRITES, "the trigger kinder on checks_checkrecord"),
        (["CREATE RULE away AS ON DELETE TO checks_lapse DO INSTEAD NOTHING"], "the rule away on checks_lapse"),
        (["ALTER TABLE checks_checkrecord ENABLE ROW LEVEL SECURITY"], "row security"),
        (["CREATE POLICY hides ON core_act USING (false)"], "row security or a policy on core_act"),
        (["CREATE TABLE heir () INHERITS (checks_checkrecord)"], "inherits"),
        (
            ["CREATE FUNCTION onlooker() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$",
             "CREATE EVENT TRIGGER onlooker ON ddl_command_end EXECUTE FUNCTION onlooker()"],
            "the event trigger onlooker",
        ),
        (["ALTER TABLE core_salt RENAME TO salted", "CREATE VIEW core_salt AS SELECT * FROM salted"], "no plain table"),
    ],
)  # fmt: skip
def test_what_siteward_did_not_put_on_a_table_of_evidence_shows(three, statements, word):
    from backend.core.doctor import triggers_present

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in statements:
            cursor.execute(statement)
    assert any(word in each for each in verified()[1]["evidence-guards"])
    looked = triggers_present(timezone.now())
    assert looked.level == "wrong" and word in looked.says


def test_triggers_that_migrations_made_are_ours_and_one_with_another_body_shows(three):
    from backend.core.intruders import made_by_migrations

    ours = made_by_migrations()
    if not ours:
        pytest.skip("no migration makes a trigger of its own")
    (table, name), (function, body) = sorted(ours.items())[0]
    assert body and list(guards.unguarded()) == []
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$"
        )
    assert any(f"the trigger {name} of {table} is not the one" in each for each in guards.unguarded())


@pytest.mark.django_db(transaction=True)
def test_triggers_switched_off_for_every_new_connection_show(monkeypatch):
    """As `ALTER SYSTEM SET session_replication_role` does; here for one connection, since the server is everybody's."""
    assert not [each for each in guards.unguarded() if "session_replication_role" in each]
    connection.close()
    given = connection.settings_dict["OPTIONS"]
    told = f"{given.get('options', '')} -c session_replication_role=replica"
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", {**given, "options": told})
    try:
        found = [each for each in guards.unguarded() if "session_replication_role" in each]
    finally:
        connection.close()
    assert "for every new connection" in found[0]


# --- getting in ---


def sign_in(person: Person):
    """The answer to the right password."""
    return Client().post("/sign-in/", {"email": person.email, "password": PASSWORD, "next": "/plans/"})


def test_a_second_step_hidden_by_its_column_is_asked_for_and_shows(three, world):
    person = with_app(world.lead)
    behind_the_triggers(f"UPDATE trust_person SET has_second_factor = false WHERE id = '{person.pk}'")
    assert sign_in(person)["Location"].startswith("/sign-in/second-step/")
    body = {"email": person.email, "password": PASSWORD}
    for address in ("/api/v1/auth/token", "/api/v1/field/sign-in"):
        answer = Client().post(address, body, content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (403, "second_factor")
    assert "kept as signing in without a second step" in verified()[1]["second-steps"][0]


def test_a_second_step_deleted_beside_its_column_is_asked_for_and_shows(three, world):
    person = with_app(world.lead)
    behind_the_triggers("DELETE FROM mfa_authenticator")
    assert sign_in(person)["Location"].startswith("/sign-in/second-step/")
    found = verified()[1]
    assert "and it is gone" in found["second-steps"][0] and "is gone" in found["evidence-second-step"][0]


def test_a_second_step_put_in_the_place_of_another_shows(three, world):
    person = with_app(world.lead)
    kept = Authenticator.objects.get()
    behind_the_triggers("DELETE FROM mfa_authenticator")
    kept.pk, kept.data = None, {"secret": "another", "counter": 0}
    kept.save()
    found = verified()[1]
    assert any("no act of the audit chain says that it was set up" in each for each in found["second-steps"])
    assert any("has no entry" in each for each in found["evidence-second-step"]) and person.has_second_factor


def test_another_secret_in_a_second_step_shows_and_using_it_does_not(three, world):
    from backend.trust import factors

    person = with_app(world.lead)
    codes = new_codes(person=person)
    assert factors.code_is_right(person, code_of()) and factors.code_is_right(person, codes[0])
    assert verified()[0] == 0
    behind_the_triggers("UPDATE mfa_authenticator SET data = data || '{\"secret\": \"x\"}' WHERE type = 'totp'")
    assert "is not what" in verified()[1]["evidence-second-step"][0]


def test_setting_up_replacing_and_taking_away_second_steps_holds(three, world):
    with_app(with_app(world.lead))
    new_codes(person=world.lead)
    assert verified()[0] == 0
    remove_factor(person=world.lead, number=Authenticator.objects.get(type="totp").pk, asked=False)
    assert verified()[0] == 0 and not Authenticator.objects.exists()
    assert sign_in(world.lead)["Location"] == "/plans/"


def test_an_exchanged_password_shows_and_a_changed_one_does_not(three, world):
    change_password(person=world.caretaker, old=PASSWORD, new="another long test password 7")
    assert verified()[0] == 0
    theirs = Person.objects.get(pk=world.stranger.pk).password
    behind_the_triggers(f"UPDATE trust_person SET password = '{theirs}' WHERE id = '{world.caretaker.pk}'")
    assert f"person:{world.caretaker.pk} is not what" in verified()[1]["evidence-person"][0]


def test_a_password_hashed_anew_at_signing_in_is_entered(three, world):
    person = world.caretaker
    person.password = make_password(PASSWORD, hasher="pbkdf2_sha256")
    person.save(update_fields=["password"])
    audit.append([PEOPLE.fact(person)])
    assert sign_in(person)["Location"] == "/plans/"
    assert not Person.objects.get(pk=person.pk).password.startswith("pbkdf2")
    assert verified()[0] == 0 and AuditEntry.objects.filter(kind="password-hashed-anew").count() == 1


def test_the_chain_and_an_export_hold_no_password_and_no_secret(three, world, tmp_path):
    with_app(world.lead)
    call_command("evidence", "export", str(tmp_path / "out.zip"), "--people", stdout=io.StringIO())
    import zipfile

    text = zipfile.ZipFile(tmp_path / "out.zip").read("contents.jsonl").decode()
    assert world.lead.email in text and "second-step:" in text
    assert Person.objects.get(pk=world.lead.pk).password not in text
    assert Authenticator.objects.get().data["secret"] not in text


# --- shown copies of pictures ---


@pytest.fixture
def photo(three) -> str:
    """A picture with its copies for showing."""
    stored = keep(jpeg(900, 600), "image/jpeg")
    assert pictures.make_shown(stored.pk) and verified()[0] == 0
    return stored.pk


@pytest.mark.parametrize("how", ["another", "gone", "pipe"])
def test_a_copy_for_showing_that_was_exchanged_shows_and_is_not_shown(photo, how):
    path = Path(default_storage.path(pictures.shown_path(photo, "large")))
    before = path.read_bytes()
    path.unlink()
    if how == "another":
        path.write_bytes(jpeg(640, 480))
    if how == "pipe":
        os.mkfifo(path)
    [said] = verified()[1]["shown-copies"]
    assert f"the large copy for showing of file {photo}" in said
    assert pictures.shown_copy(photo, "large") is None
    assert pictures.shown_copy(photo, "small")
    assert pictures.make_shown(photo) and pictures.shown_copy(photo, "large") == before
    assert verified()[0] == 0


def test_what_was_drawn_cannot_be_told_otherwise_without_an_entry(photo):
    behind_the_triggers("UPDATE core_act SET said = jsonb_build_object('large', said->'small') WHERE kind = 'copies-drawn'")
    assert "is not what" in verified()[1]["evidence-act"][0]


# --- salts ---


@pytest.fixture
def renamed(three, world) -> tuple[Person, int]:
    """Somebody with an earlier entry, whose salt a publication covers, and its number."""
    person = world.caretaker
    keep_password(person, "another long test password 7", System("The test's own world"))
    heads.publish(timezone.now() + dt.timedelta(days=1))
    assert verified()[0] == 0
    earliest = AuditEntry.objects.filter(subject=f"person:{person.pk}").order_by("number").first()
    assert earliest
    return person, earliest.number


def test_the_salt_of_an_earlier_entry_that_is_gone_shows(renamed):
    person, number = renamed
    behind_the_triggers(f"DELETE FROM core_salt WHERE entry = {number}")
    found = verified()[1]
    assert f"person:{person.pk}: the salt of entry {number}" in found["evidence-person"][0] and found["salts"]


def test_the_salt_of_an_earlier_entry_that_was_altered_shows(renamed):
    behind_the_triggers(f"UPDATE core_salt SET salt = repeat('a', 64) WHERE entry = {renamed[1]}")
    assert "not those that were published" in verified()[1]["salts"][0]


def test_salts_destroyed_with_a_person_are_no_fault_and_others_are(renamed, world):
    person, number = renamed
    person.appointments.update(ends_on=today())
    for each in person.appointments.all():
        from backend.trust.evidence import APPOINTMENTS

        audit.append([APPOINTMENTS.fact(each)])
    erase_person(person=person, actor=world.person("hr-officer"), reason="Asked", today=today() + dt.timedelta(days=4000))
    enter_missing()
    assert not Salt.objects.filter(pk=number).exists()
    assert not {"salts", "evidence-person", "second-steps"} & set(verified()[1])
    heads.publish(timezone.now() + dt.timedelta(days=2))
    assert "salts" not in verified()[1]


# --- the checker ---


def checked(path: Path, *options: str) -> tuple[int, str]:
    out = io.StringIO()
    return check_export.main([str(path), *options], out), out.getvalue()


def test_a_report_that_tells_of_faults_does_not_hold_by_the_checker(three, tmp_path):
    call_command("verify", "--report", str(tmp_path / "good.json"), stdout=io.StringIO())
    code, said = checked(tmp_path / "good.json", "--key", signing.public_key())
    assert code == 0 and "nothing was changed since" not in said and "nothing of what came after" in said
    behind_the_triggers("UPDATE checks_checkrecord SET reason = 'Another'")
    with pytest.raises(SystemExit):
        call_command("verify", "--report", str(tmp_path / "bad.json"), stdout=io.StringIO())
    code, said = checked(tmp_path / "bad.json", "--key", signing.public_key())
    assert code == 1 and "FAULT" in said and f"record:{three[0].pk} is not what" in said and "All that was" not in said


@pytest.mark.parametrize("twist", [{"ok": False}, {"fault_count": 3}, {"ok": 1}])
def test_a_report_that_contradicts_itself_does_not_hold(three, tmp_path, twist):
    _, _, report = verified()
    bare = {name: value for name, value in report.items() if name != "signature"}
    (tmp_path / "odd.json").write_text(json.dumps(signing.signed({**bare, **twist})))
    assert checked(tmp_path / "odd.json")[0] == 1


OLD = [
    each for each in Path.home().glob(".pyenv/versions/3.*/bin/python") if each.parts[-3].startswith(("3.8.", "3.9.", "3.10."))
]


@pytest.mark.parametrize("python", OLD or [Path(sys.executable)], ids=lambda each: each.parts[-3])
def test_the_checker_runs_on_older_pythons(three, tmp_path, python):
    call_command("evidence", "export", str(tmp_path / "out.zip"), stdout=io.StringIO())
    command = [str(python), "-I", "-S", check_export.__file__, str(tmp_path / "out.zip"), "--key", signing.public_key()]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
