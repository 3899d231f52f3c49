"""Ways round `verify` that somebody tried who owns the database and knows how the chain is made: each is found."""

import datetime as dt
import json
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from backend.checks.actions import record_check
from backend.checks.evidence import FINDINGS, RECORDS
from backend.checks.models import CheckRecord, Finding, Plan
from backend.core import audit, heads, malware
from backend.core.days import today
from backend.core.evidence import act, all_evidence
from backend.core.files import keep
from backend.core.ids import new_id
from backend.core.invariants import all_invariants
from backend.core.models import FileScan
from backend.core.personal import all_personal
from backend.core.standalone.check_export import NEVER_REMOVED
from backend.trust.actions import System, set_calendar
from backend.trust.actions.calendar import NewMark
from tests.checks.work import work
from tests.evidence.entering import enter_missing

VIRUS = "Eicar-Test-Signature"


def faults() -> dict[str, list[str]]:
    """What verify finds, by invariant."""
    found = {each.key: list(each.faults(lambda _count: None)) for each in all_invariants()}
    return {key: said for key, said in found.items() if said}


def behind_the_triggers(*statements: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET session_replication_role = origin")


@pytest.fixture
def failed(world, settings, tmp_path) -> CheckRecord:
    """A failed check with its finding, in the chain, its head published twice."""
    settings.HEADS_FILE = str(tmp_path / "heads.jsonl")
    record_check(work(world.plan(), world.caretaker, today(), {"interfaces": "fail"}))
    enter_missing()
    assert heads.publish(timezone.now() - dt.timedelta(days=1)) and heads.publish(timezone.now())
    assert faults() == {} and Finding.objects.exists()
    return CheckRecord.objects.get()


def removal(subject: str) -> audit.Fact:
    """The entry of a removal, as anybody can make it who knows its form."""
    return audit.Fact(audit.REMOVED, subject, {"removed": subject}, None, "Retention")


def delete_with_entries(record: CheckRecord) -> None:
    """The record and its findings deleted, each with a correctly linked entry that says so."""
    findings = list(record.findings.all())
    audit.append([removal(f"record:{record.pk}"), *(removal(f"finding:{each.pk}") for each in findings)])
    behind_the_triggers("DELETE FROM checks_finding", "DELETE FROM checks_checkrecord")


# --- removals ---


def test_a_sealed_record_deleted_with_an_entry_that_says_so_shows(failed):
    delete_with_entries(failed)
    found = faults()
    assert f"record:{failed.pk} is gone" in found["evidence-record"][0]
    assert "never removes such a row" in found["evidence-record"][0] and "evidence-finding" in found


def test_a_record_replaced_by_another_of_the_same_day_shows_by_the_one_that_is_gone(failed):
    delete_with_entries(failed)
    failed.pk, failed.outcome = new_id(), "satisfactory"
    failed.save(force_insert=True)
    audit.append([RECORDS.fact(failed, failed.author_id, failed.author_name)])
    assert "never removes such a row" in faults()["evidence-record"][0]


@pytest.mark.parametrize("evidence", [each for each in all_evidence() if not each.removable], ids=lambda each: each.subject)
def test_no_action_can_enter_the_removal_of_what_never_goes(failed, evidence):
    with pytest.raises(ValueError, match="ever rightly removed"):
        evidence.removal(evidence.model())


def test_an_entry_that_a_row_is_gone_and_then_another_that_it_is_there_shows(failed):
    finding = Finding.objects.get()
    audit.append([removal(f"finding:{finding.pk}"), FINDINGS.fact(finding)])
    assert "says that it was removed" in faults()["evidence-finding"][0]


def test_what_is_erased_with_a_person_may_be_removed_and_what_is_sealed_may_not():
    known = {each.model: each for each in all_evidence()}
    erased = [known[each.model] for each in all_personal() if each.delete and each.model in known]
    assert erased and all(each.removable for each in erased)
    assert not NEVER_REMOVED & {each.subject for each in all_evidence() if each.removable}
    assert {each.subject for each in all_evidence() if each.sealed} <= NEVER_REMOVED


def test_a_calendar_set_twice_is_no_fault_and_its_removals_are_counted(failed, world):
    from backend.checks.actions import reckon_school
    from backend.core.comparing import removals

    school, day = world.oakfield.school, today()
    for note in ("Fog", "Snow"):
        set_calendar(school=school, terms=[], marks=[NewMark("inset", day, day, note)], actor=System("The test's own world"))
    reckon_school(school.pk, today=day)
    assert faults() == {}
    assert removals() == {"trust.CalendarMark": 1, "trust.Term": 9}


# --- what plans keep ---


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ("last_done_at = last_done_at - interval '1 hour'", "keeps last_done_at"),
        ("last_done_at = NULL", "keeps last_done_at"),
        ("basis = repeat('a', 32)", "keeps basis"),
        ("rule = rule || '{\"x\": 1}'", "the due engine refuses"),
        ("sealed_to = NULL", "misses were not looked for"),
        ("sealed_to = sealed_to + 1", "still to come"),
    ],
)
def test_what_a_plan_goes_on_from_cannot_be_changed_unnoticed(failed, change, word):
    behind_the_triggers(f"UPDATE checks_plan SET {change}")
    assert word in faults()["plan-dates"][0]


def test_a_plan_that_must_be_reckoned_anew_is_no_fault(failed):
    Plan.objects.update(basis="")
    assert faults() == {}


# --- the file of heads ---


def test_a_file_of_heads_that_was_deleted_shows_and_is_said_once(failed, settings):
    Path(settings.HEADS_FILE).unlink()
    [said] = faults()["chain-heads"]
    assert "is missing" in said and "from a backup" in said


@pytest.mark.parametrize("damage", [lambda line: line[:-9], lambda line: "?" + line, lambda line: ""])
def test_a_damaged_line_of_the_file_of_heads_shows(failed, settings, damage):
    path = Path(settings.HEADS_FILE)
    first, second = path.read_text().splitlines()
    path.write_text(f"{damage(first)}\n{second}\n")
    said = faults()["chain-heads"]
    assert any("has no line" in each and "from a backup" in each for each in said)
    assert not damage(first) or any("line 1 of the file of heads" in each for each in said)


def test_a_line_that_names_another_entry_does_not_stand_for_the_one_published(failed, settings):
    path = Path(settings.HEADS_FILE)
    second = path.read_text().splitlines()[1]
    path.write_text(f"{second}\n{second}\n")
    assert "has no line" in faults()["chain-heads"][0]


def test_a_file_of_heads_that_cannot_be_read_shows(failed, settings):
    path = Path(settings.HEADS_FILE)
    path.unlink()
    path.mkdir()
    assert "cannot be read" in faults()["chain-heads"][0]


def test_a_line_broken_off_by_a_power_failure_does_not_spoil_the_next_one(failed, settings):
    path = Path(settings.HEADS_FILE)
    whole = path.read_text()
    path.write_text(whole + whole[:40])
    assert heads.publish(timezone.now() + dt.timedelta(days=1))
    assert json.loads(path.read_text().splitlines()[-1])["number"] == audit.head().number - 1
    assert len(faults()["chain-heads"]) == 1  # the broken line alone


# --- the triggers ---

BODY = "CREATE OR REPLACE FUNCTION {name}() RETURNS TRIGGER AS $$ BEGIN RETURN coalesce(NEW, OLD); END; $$ LANGUAGE plpgsql"
MOVED = "CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON checks_lapse FOR EACH ROW EXECUTE FUNCTION {name}()"


@pytest.mark.parametrize(
    ("statements", "word"),
    [
        ([BODY], "replaced"),
        (["DROP TRIGGER {name} ON checks_checkrecord", MOVED], "missing"),
        (
            ["DROP TRIGGER {name} ON checks_checkrecord",
             "CREATE TRIGGER {name} BEFORE INSERT ON checks_checkrecord FOR EACH ROW EXECUTE FUNCTION {name}()"],
            "replaced",
        ),
        (
            ["DROP TRIGGER {name} ON checks_checkrecord", "CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON checks_checkrecord"
             " FOR EACH ROW WHEN (OLD.reason = 'never') EXECUTE FUNCTION {name}()"],
            "replaced",
        ),
        (
            ["DROP TRIGGER {name} ON checks_checkrecord", "CREATE TRIGGER {name} BEFORE DELETE OR UPDATE OF reason"
             " ON checks_checkrecord FOR EACH ROW EXECUTE FUNCTION {name}()"],
            "replaced",
        ),
        (["ALTER TABLE checks_checkrecord ENABLE REPLICA TRIGGER {name}"], "switched off"),
        (
            ["CREATE OR REPLACE FUNCTION _pgtrigger_should_ignore(trigger_name NAME) RETURNS BOOLEAN AS"
             " $$ BEGIN RETURN TRUE; END; $$ LANGUAGE plpgsql"],
            "which every trigger asks first",
        ),
        (["ALTER ROLE CURRENT_USER SET session_replication_role = 'replica'"], "look away"),
    ],
)  # fmt: skip
def test_a_guard_that_is_there_by_name_alone_shows(failed, statements, word):
    from backend.core.doctor import triggers_present

    [guard] = [each for each in getattr(CheckRecord._meta, "triggers", []) if each.name.endswith("append_only")]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in statements:
            cursor.execute(statement.format(name=guard.get_pgid(CheckRecord)))
    assert any(word in said for said in faults()["evidence-guards"])
    looked = triggers_present(timezone.now())
    assert looked.level == "wrong" and word in looked.says


# --- verdicts of the malware scanner ---


@pytest.fixture
def photo(failed):
    """A file that is held, and was found clean."""
    stored = keep(b"%PDF-1.4 report", "application/pdf")
    enter_missing()
    malware.settle(stored.pk, "")
    return stored


def test_what_the_scanner_finds_and_takes_back_is_no_fault(photo):
    malware.settle(photo.pk, VIRUS)
    assert "files" not in faults() and "file-scans" not in faults()
    malware.settle(photo.pk, "")
    assert "file-scans" not in faults()


def test_a_genuine_file_sealed_by_a_verdict_without_an_act_shows(photo):
    FileScan.objects.update(found=VIRUS)
    assert "no act of the audit chain" in faults()["file-scans"][0]


@pytest.mark.parametrize("tampering", ["DELETE FROM core_filescan", "UPDATE core_filescan SET found = ''"])
def test_a_finding_that_was_hushed_up_shows(photo, tampering):
    malware.settle(photo.pk, VIRUS)
    behind_the_triggers(tampering)
    assert "is not sealed" in faults()["file-scans"][0]


def test_an_act_about_another_file_does_not_stand_for_it(photo):
    audit.append([act("file-sealed", {"found": VIRUS}, at=timezone.now(), about=f"file:{'ab' * 32}")])
    FileScan.objects.update(found=VIRUS)
    assert len(faults()["file-scans"]) == 2
