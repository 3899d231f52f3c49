"""`manage.py verify`: all invariants hold, each shows when something was tampered with, and the report is signed."""

import datetime as dt
import io
import json
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection

from backend.checks.actions import record_check, seal_lapses
from backend.checks.models import CheckRecord, Plan
from backend.core import audit, signing
from backend.core.files import keep, path_of, put
from backend.core.invariants import all_invariants
from tests.checks.work import at, work
from tests.evidence.entering import enter_missing

START = dt.date(2026, 10, 26)
TODAY = dt.date(2026, 11, 18)


@pytest.fixture
def honest(world, settings, tmp_path):
    """A plan with a record and two sealed misses, and a file that is held; everything true."""
    import time_machine

    settings.STORAGES = {**settings.STORAGES, "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}}  # fmt: skip
    with time_machine.travel(at(dt.date(2026, 10, 29)), tick=False) as clock:
        plan = world.plan(since=START)
        record_check(work(plan, world.caretaker, dt.date(2026, 10, 29), {"interfaces": "fail"}))
        clock.move_to(at(TODAY, 12))
        seal_lapses(today=TODAY)
        stored = keep(b"%PDF-1.4 a report", "application/pdf")
        enter_missing()
        yield plan, stored
    default_storage.delete(path_of(stored.sha256))


@contextmanager
def behind_the_triggers():
    """As somebody who owns the database and switches the triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        yield cursor
        cursor.execute("SET session_replication_role = origin")


def verify() -> tuple[int, dict[str, list[str]]]:
    """The exit code, and the faults by invariant."""
    code, told = verified()
    return code, {each["key"]: each["faults"] for each in told["invariants"] if each["faults"]}


def verified(*options: str) -> tuple[int, dict[str, Any]]:
    """The exit code, and the report."""
    out, code = io.StringIO(), 0
    try:
        call_command("verify", "--json", *options, stdout=out)
    except SystemExit as end:
        code = int(end.code or 0)
    told = json.loads(out.getvalue())
    assert told["ok"] == (code == 0)
    return code, told


def test_everything_holds_of_what_went_through_the_actions(honest):
    assert verify() == (0, {})


def test_it_says_so_in_words_and_changes_nothing(honest):
    before = list(Plan.objects.values()), CheckRecord.objects.count()
    out = io.StringIO()
    call_command("verify", stdout=out)
    assert f"All {len(all_invariants())} invariants hold." in out.getvalue()
    assert audit.head().words() in out.getvalue()
    assert (list(Plan.objects.values()), CheckRecord.objects.count()) == before


def test_the_report_says_what_was_looked_at_and_bears_our_signature(honest, tmp_path):
    _, told = verified("--report", str(tmp_path / "report.json"))
    kept = json.loads((tmp_path / "report.json").read_text())
    assert kept == told
    assert told["head"]["hash"] == audit.head().hash
    assert told["evidence"]["checks.CheckRecord"] == 1
    assert told["public_key"] == signing.public_key()
    assert signing.is_signed(kept)
    assert not signing.is_signed({**kept, "ok": not kept["ok"]})


@pytest.mark.parametrize(
    ("tampering", "key", "word"),
    [
        ('UPDATE checks_checkrecord SET answers = answers || \'{"interfaces": "pass"}\'', "evidence-record", "is not what"),
        ("UPDATE checks_checkrecord SET author_name = 'Nobody'", "author-names", "another name"),
        ("UPDATE checks_lapse SET due_on = due_on - 7", "evidence-lapse", "is not what"),
        ("DELETE FROM checks_lapse", "evidence-lapse", "is gone"),
        ("DELETE FROM checks_lapse", "lapses", "was missed and is not sealed"),
        ("UPDATE checks_plan SET due_on = due_on + 365, overdue_from = overdue_from + 365", "plan-dates", "keeps due_on"),
        ("UPDATE trust_person SET name = 'Nobody'", "evidence-person", "is not what"),
        ("UPDATE core_actorname SET name = 'Nobody'", "evidence-actor-name", "is not what"),
        ("UPDATE core_auditentry SET actor_id = gen_random_uuid() WHERE kind = 'record'", "audit-chain", "was changed"),
        ("DELETE FROM core_auditentry WHERE kind = 'record'", "audit-chain", "are missing"),
        ("DELETE FROM core_auditentry WHERE kind = 'record'", "evidence-record", "has no entry"),
        ("DELETE FROM core_salt", "evidence-person", "salt"),
    ],
)
def test_tampering_shows(honest, tampering, key, word):
    with behind_the_triggers() as cursor:
        cursor.execute(tampering)
    code, faults = verify()
    assert code == 1
    assert any(word in fault for fault in faults[key]), faults


def test_a_record_slipped_in_beside_the_chain_shows(honest):
    with behind_the_triggers() as cursor:
        columns = ", ".join(f'"{each.column}"' for each in CheckRecord._meta.concrete_fields if each.column != "id")
        cursor.execute(
            f"INSERT INTO checks_checkrecord (id, {columns}) SELECT gen_random_uuid(), {columns} FROM checks_checkrecord"
        )
    code, faults = verify()
    assert code == 1 and any("has no entry" in fault for fault in faults["evidence-record"])


def test_a_sealed_row_that_was_changed_and_entered_again_shows(honest):
    from backend.checks.evidence import RECORDS

    with behind_the_triggers() as cursor:
        cursor.execute("UPDATE checks_checkrecord SET outcome = 'satisfactory'")
    audit.append([RECORDS.fact(CheckRecord.objects.get())])
    assert "more than once" in verify()[1]["evidence-record"][0]


def test_a_trigger_that_was_switched_off_shows(honest):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE checks_checkrecord DISABLE TRIGGER USER")
    assert "switched off" in verify()[1]["evidence-guards"][0]


def test_an_entry_about_no_table_of_ours_shows(honest):
    audit.append([audit.Fact("rumour", "rumour:1", {"heard": "something"})])
    assert "'rumour:'" in verify()[1]["chain-subjects"][0]


def test_a_file_with_other_bytes_or_none_shows(honest):
    _, stored = honest
    put(path_of(stored.sha256), b"%PDF-1.4 another report")
    assert "holds other bytes" in verify()[1]["files"][0]
    default_storage.delete(path_of(stored.sha256))
    assert "cannot be read" in verify()[1]["files"][0]
