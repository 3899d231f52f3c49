"""record_check(): the record, its defects and the next due date, all or nothing; and its set form."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from backend.checks.actions import NewRecord, When, record_check, record_checks
from backend.checks.evidence import RECORDS
from backend.checks.models import CheckRecord, CheckType, Finding, Plan, RecordPhoto
from backend.core.audit import digest
from backend.core.models import AuditEntry
from backend.core.problems import Forbidden, NotFound, Problem
from backend.hr.actions import add_competence
from backend.maintenance.actions import close_defect
from backend.maintenance.models import Defect
from backend.rules.due import Status
from backend.trust.actions import System
from tests.checks.work import at, work

pytestmark = pytest.mark.usefixtures("wednesday")
TODAY = dt.date(2026, 11, 18)
DAY = dt.timedelta(days=1)


def fresh(plan: Plan) -> Plan:
    return Plan.objects.get(pk=plan.pk)


def test_a_weekly_test_moves_the_date_to_the_next_friday(world):
    plan = world.plan(since=TODAY - 2 * DAY)
    assert plan.due_on == dt.date(2026, 11, 20)
    record_check(work(plan, world.caretaker, TODAY))
    assert fresh(plan).due_on == dt.date(2026, 11, 27)
    assert fresh(plan).status(TODAY) == Status.IN_DATE
    assert fresh(plan).last_done_on == TODAY


def test_a_failed_answer_raises_a_defect_and_the_check_still_counts(world):
    plan = world.plan(since=TODAY - 2 * DAY)
    record = record_check(work(plan, world.caretaker, TODAY, {"sounders_audible": "fail"}))
    assert record.outcome == "unsatisfactory"
    defect = Defect.objects.get()
    assert (defect.status, defect.severity, defect.asset_id, defect.found_on) == ("open", "high", plan.asset_id, TODAY)
    assert Finding.objects.get().defect == defect
    assert fresh(plan).status(TODAY) == Status.IN_DATE
    assert fresh(plan).last_outcome == "unsatisfactory"


def test_the_same_fault_found_again_is_one_defect_until_it_is_closed(world):
    plan = world.plan(since=TODAY - 30 * DAY)
    manager = world.person("site-manager", school=world.oakfield.school)
    wrong = {"sounders_audible": "fail"}
    record_check(work(plan, world.caretaker, TODAY - 14 * DAY, wrong))
    record_check(work(plan, world.caretaker, TODAY - 7 * DAY, wrong))
    assert Defect.objects.count() == 1
    close_defect(defect=Defect.objects.get(), person=manager, note="Sounder replaced.")
    record_check(work(plan, world.caretaker, TODAY, wrong))
    assert Defect.objects.count() == 2
    assert Finding.objects.count() == 3


def test_a_correction_takes_the_place_of_what_it_corrects(world):
    plan = world.plan("loler-passenger-lift", since=TODAY - 300 * DAY)
    first = record_check(
        work(plan, world.person("sbm", school=world.oakfield.school), TODAY - 90 * DAY, {"next_due_stated": "2027-02-01"})
    )
    assert fresh(plan).due_on == dt.date(2027, 2, 1)
    sbm = world.person("sbm", school=world.oakfield.school)
    right = work(plan, sbm, TODAY - 90 * DAY, {"next_due_stated": "2027-01-04"}, supersedes=first, reason="Copied wrongly")
    second = record_check(right)
    assert fresh(plan).due_on == dt.date(2027, 1, 4)
    assert CheckRecord.objects.get(pk=first.pk).answers["next_due_stated"] == "2027-02-01"
    assert list(CheckRecord.objects.counting()) == [second]


def test_a_correction_says_why_and_is_made_once(world):
    plan = world.plan(since=TODAY - 30 * DAY)
    first = record_check(work(plan, world.caretaker, TODAY - 7 * DAY))
    with pytest.raises(Problem, match="must say why"):
        record_check(work(plan, world.caretaker, TODAY - 7 * DAY, supersedes=first))
    record_check(work(plan, world.caretaker, TODAY - 7 * DAY, supersedes=first, reason="Wrong call point"))
    with pytest.raises(Problem, match="corrected already"):
        record_check(work(plan, world.caretaker, TODAY - 7 * DAY, supersedes=first, reason="Again"))


def test_nothing_of_a_set_is_kept_when_one_of_it_is_not_sound(world):
    plan = world.plan(since=TODAY - 30 * DAY)
    before = fresh(plan).due_on, AuditEntry.objects.count()
    bad = work(plan, world.caretaker, TODAY, {"sounders_audible": "maybe"})
    with pytest.raises(Problem) as refused:
        record_checks([work(plan, world.caretaker, TODAY - 7 * DAY, {"interfaces": "fail"}), bad])
    assert "sounders_audible" in refused.value.fields
    assert not CheckRecord.objects.exists() and not Defect.objects.exists()
    assert (fresh(plan).due_on, AuditEntry.objects.count()) == before


def test_work_in_the_future_is_refused(world):
    plan = world.plan()
    with pytest.raises(Problem) as refused:
        record_check(work(plan, world.caretaker, TODAY + DAY, received=at(TODAY)))
    assert refused.value.code == "in_future"


def test_a_stranger_is_told_nothing_and_the_head_that_they_may_not(world):
    plan = world.plan()
    with pytest.raises(NotFound):
        record_check(work(plan, world.stranger, TODAY))
    with pytest.raises(Forbidden):
        record_check(work(plan, world.person("headteacher", school=world.oakfield.school), TODAY))


def test_a_record_keeps_what_the_author_was_proved_able_to_do_that_day(world):
    plan = world.plan(since=TODAY - 30 * DAY)
    add_competence(
        person=world.caretaker, name="Alarm user", covers=["fire"], held_from=TODAY - 900 * DAY,
        expires_on=TODAY - 10 * DAY, actor=System("tests"),
    )  # fmt: skip
    earlier, later = record_checks([work(plan, world.caretaker, TODAY - 14 * DAY), work(plan, world.caretaker, TODAY)])
    assert earlier.competence == [{"name": "Alarm user", "expires_on": "2026-11-08"}]
    assert later.competence == []


def test_a_check_that_only_a_use_calls_for_is_recorded_on_its_asset_without_a_plan(world):
    minibus = world.asset("minibus")
    check = CheckType.objects.select_related("current").get(pk="minibus-daily-walkround")
    assert check.current
    answers = {"odometer": 41250} | dict.fromkeys(
        ("tyres", "lights", "brakes", "mirrors_glass", "doors_belts", "fire_first_aid", "fluids"), "pass"
    )
    record = record_check(
        NewRecord(
            author=world.caretaker, revision=check.current, answers=answers, when=When.now(), presence="typed", asset=minibus
        )
    )
    assert (record.plan_id, record.asset, record.site) == (None, minibus, world.oakfield)


def test_a_file_that_is_announced_is_expected_with_the_record(world):
    plan = world.plan("loler-passenger-lift", since=TODAY - 300 * DAY)
    record = record_check(work(plan, world.caretaker, TODAY))
    assert list(RecordPhoto.objects.values_list("record", "field", "sha256")) == [(record.pk, "report", "ab" * 32)]


def test_the_audit_chain_holds_the_hash_of_the_record_as_it_is_read_back(world):
    record = record_check(work(world.plan(), world.caretaker, TODAY))
    entry = AuditEntry.objects.get(subject=f"record:{record.pk}")
    assert entry.content_hash == digest(RECORDS.content(CheckRecord.objects.get(pk=record.pk)))
    assert entry.named and entry.named.name == world.caretaker.name


@pytest.mark.parametrize(
    "table", ["checks_checkrecord", "checks_recordphoto", "checks_finding", "checks_checkrevision", "core_auditentry"]
)
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET {} = {}"])
def test_evidence_cannot_be_changed_or_deleted_even_by_sql(world, table, statement):
    plan = world.plan("loler-passenger-lift", since=TODAY - 300 * DAY)
    record_check(work(plan, world.caretaker, TODAY, {"safe_to_use": False}))
    column = "number" if table == "core_auditentry" else "id"
    with pytest.raises(DatabaseError, match=r"append_only|Cannot"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table, column, column))


def test_a_record_refuses_change_by_the_models_too(world):
    record = record_check(work(world.plan(), world.caretaker, TODAY))
    with pytest.raises(DatabaseError), transaction.atomic():
        CheckRecord.objects.filter(pk=record.pk).update(author_name="Nobody")
    with pytest.raises(DatabaseError), transaction.atomic():
        record.delete()


def kept(plan: Plan) -> tuple[Any, ...]:
    """Everything that follows from a plan's records, but for ids."""
    now = fresh(plan)
    records = list(plan.records.order_by("done_at").values_list("done_on", "outcome", "answers__interfaces", "stated_next"))
    defects = list(
        Finding.objects.filter(record__plan=plan)
        .order_by("defect__found_on", "summary")
        .values_list("summary", "defect__found_on")
    )
    lapses = list(plan.lapses.order_by("due_on").values_list("due_on", "notes__kind"))
    return (now.due_on, now.overdue_from, now.soon_from, now.last_done_on, now.last_outcome, records, defects, lapses)


def test_a_set_leaves_what_the_same_records_one_by_one_leave(world):
    one, other = world.plan(since=TODAY - 60 * DAY), world.plan(since=TODAY - 60 * DAY)
    days = [(57, {}), (43, {"interfaces": "fail"}), (30, {}), (22, {"interfaces": "fail"}), (9, {}), (1, {})]
    for back, answers in days:
        record_check(work(one, world.caretaker, TODAY - back * DAY, answers))
    record_checks([work(other, world.caretaker, TODAY - back * DAY, answers) for back, answers in days])

    def standing(found):  # one by one, a lapse may be sealed and withdrawn on the way
        return [*found[:-1], {day for day, kind in found[-1] if kind is None}]

    assert standing(kept(one)) == standing(kept(other))


def test_the_number_of_queries_does_not_grow_with_the_number_of_records(world):
    plans = [world.plan(since=TODAY - 60 * DAY) for _ in range(4)]
    caretaker = world.caretaker

    def queries(weeks: range) -> int:
        news = [work(plan, caretaker, TODAY - week * 7 * DAY, {"interfaces": "fail"}) for plan in plans for week in weeks]
        with CaptureQueriesContext(
            connection,
        ) as seen:
            record_checks(news)
        return len(seen)

    queries(range(1, 2))
    few, many = queries(range(2, 3)), queries(range(3, 8))
    assert many <= few + 1


def test_a_retired_asset_takes_no_records(world):
    plan = world.plan()
    plan.asset.status = "retired"
    with pytest.raises(Problem) as refused:
        record_check(work(plan, world.caretaker, TODAY, id=uuid.uuid4()))
    assert refused.value.code == "asset_retired"


def test_a_correction_withdraws_the_problem_that_only_the_wrong_record_had_found(world):
    plan = world.plan()
    wrong = record_check(work(plan, world.caretaker, TODAY, {"sounders_audible": "fail"}))
    found = wrong.findings.get().defect
    record_check(work(plan, world.caretaker, TODAY, supersedes=wrong, reason="I pressed Fail by mistake"))
    found.refresh_from_db()
    assert found.status == "closed"
    assert "by mistake" in found.notes.get().note
    assert AuditEntry.objects.filter(kind="defect-closed", subject=f"defect:{found.pk}").count() == 1


def test_a_freezer_is_not_in_order_by_the_reading_of_a_fridge(world):
    plan = world.plan("fridge-freezer-temperatures", asset=world.asset("food-freezer"))
    with pytest.raises(Problem) as refused:
        record_check(work(plan, world.caretaker, dt.date.today(), {"fridge_c": 5, "freezer_c": None}))
    assert "fridge_c" in refused.value.fields
    done = record_check(work(plan, world.caretaker, dt.date.today(), {"freezer_c": 5}))
    assert done.outcome == "unsatisfactory"
