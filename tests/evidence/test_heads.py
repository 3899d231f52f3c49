"""The chain's head leaves the machine once a day, and shows later what was cut off or written anew."""

import datetime as dt
import io
import json
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from backend.core import audit, heads, signing
from backend.core.models import Act, AuditEntry
from tests.evidence.entering import enter_missing


@pytest.fixture
def published(world, settings, tmp_path) -> Path:
    """A world in the chain, its head published to a file and to two trustees."""
    settings.HEADS_FILE = str(tmp_path / "kept" / "heads.jsonl")
    settings.HEAD_MAIL = ["chair@trust.example", "vice@trust.example"]
    enter_missing()
    heads.publish(timezone.now())
    return Path(settings.HEADS_FILE)


def check(*options: str) -> tuple[int, str]:
    """`manage.py heads check`: its exit code and what it said."""
    out = io.StringIO()
    try:
        call_command("heads", "check", *options, stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def behind_the_triggers(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET session_replication_role = origin")


def test_it_is_a_signed_line_of_a_file_a_letter_and_an_entry(published):
    said = json.loads(published.read_text())
    assert AuditEntry.objects.get(pk=said["number"]).hash == said["hash"]
    assert signing.is_signed(said)
    [letter] = mail.outbox
    assert letter.to == ["chair@trust.example", "vice@trust.example"]
    assert said["hash"] in letter.body
    act = Act.objects.get()
    assert (act.kind, act.said["number"], audit.head().number) == ("head-published", said["number"], said["number"] + 1)


def test_it_happens_once_a_day_however_often_it_is_asked(published):
    now = timezone.now()
    assert heads.publish(now) is None
    assert heads.publish(now + dt.timedelta(days=1)) is not None
    assert len(published.read_text().splitlines()) == len(mail.outbox) == Act.objects.count() == 2


def test_a_letter_that_cannot_be_sent_is_tried_again(world, settings, tmp_path):
    settings.HEADS_FILE, settings.HEAD_MAIL = str(tmp_path / "heads.jsonl"), ["chair@trust.example"]
    enter_missing()
    backend, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "tests.evidence.no_such_backend.Mail"
    with pytest.raises(ImportError):
        heads.publish(timezone.now())
    assert not Act.objects.exists()
    settings.EMAIL_BACKEND = backend
    assert heads.publish(timezone.now())
    assert check()[0] == 0


def test_an_empty_chain_is_not_published(db, settings, tmp_path):
    settings.HEADS_FILE = str(tmp_path / "heads.jsonl")
    behind_the_triggers("DELETE FROM core_auditentry")
    assert heads.publish(timezone.now()) is None
    assert not Path(settings.HEADS_FILE).exists()


def test_heads_that_are_in_the_chain_are_found_there(published):
    code, said = check()
    assert code == 0 and "All 1 heads are in the chain" in said


def test_a_newest_end_cut_off_shows(published):
    number = json.loads(published.read_text())["number"]
    behind_the_triggers(f"DELETE FROM core_auditentry WHERE number >= {number}")
    code, said = check()
    assert code == 1 and f"the chain ends at {number - 1}: its newest end was cut off" in said


def test_a_chain_written_anew_shows(published):
    behind_the_triggers("UPDATE core_auditentry SET hash = repeat('a', 64) WHERE number > 3")
    code, said = check()
    assert code == 1 and "it was rewritten" in said


def test_a_letter_saved_as_text_can_be_compared(published, tmp_path):
    saved = tmp_path / "letter.txt"
    saved.write_text(mail.outbox[0].body)
    assert check(str(saved))[0] == 0


def test_a_forged_head_shows(published):
    said = json.loads(published.read_text())
    published.write_text(json.dumps({**said, "hash": "b" * 64}) + "\n")
    code, words = check()
    assert code == 1 and "no good signature" in words


NONE = ["{not json}", '{"number": "many"}', '{"number": -1}', '{"number": 99999999999999999999}', "[1]", ""]


@pytest.mark.parametrize("line", NONE)
def test_a_file_of_something_else_gets_a_plain_answer(published, tmp_path, line):
    other = tmp_path / "other.txt"
    other.write_text(line)
    if line.startswith("{"):
        assert check(str(other))[0] == 1
    else:
        with pytest.raises(CommandError, match="holds no head"):
            check(str(other))


def test_a_key_is_made_once_and_never_overwritten(db, settings, tmp_path):
    key = tmp_path / "keys" / "signing.pem"
    call_command("heads", "key", str(key), stdout=io.StringIO())
    assert key.stat().st_mode & 0o077 == 0
    before = key.read_bytes()
    with pytest.raises(CommandError, match="never overwritten"):
        call_command("heads", "key", str(key))
    assert key.read_bytes() == before


def test_outside_demo_mode_no_key_is_made_by_itself(db, settings, tmp_path):
    settings.DEMO, settings.SIGNING_KEY_FILE = False, str(tmp_path / "none.pem")
    with pytest.raises(CommandError, match="There is no signing key"):
        call_command("heads", "show", stdout=io.StringIO())
