"""Records from a program, and what is read of them."""

import datetime as dt
import threading
import uuid
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from backend.checks.models import CheckRecord, Plan
from backend.core.days import today
from backend.core.models import AuditEntry
from backend.maintenance.models import Defect
from tests.answers import good_answers
from tests.api.conftest import asker, problem


def body(planned, **more):
    return {"plan": str(planned.pk), "answers": good_answers(planned.check_type.current.questions(), planned), **more}


def test_a_check_recorded_from_a_program_moves_the_date(world, ask):
    plan = world.plan()
    caretaker = ask(world.caretaker)
    assert caretaker.one(f"plans/{plan.pk}")["status"] == "overdue"
    made = caretaker.post("records", body(plan))
    assert made.status_code == 201
    one = made.json()
    assert (one["outcome"], one["done_on"], one["author_name"]) == ("satisfactory", today().isoformat(), world.caretaker.name)
    assert one["answers"] == body(plan)["answers"]
    after = caretaker.one(f"plans/{plan.pk}")
    assert after["last_done_on"] == today().isoformat() and after["status"] != "overdue"
    assert caretaker.one(f"records/{one['id']}") == one


def test_the_same_record_sent_again_is_the_same_record(world, ask):
    plan, pk = world.plan(), str(uuid.uuid4())
    caretaker = ask(world.caretaker)
    sent = body(plan, id=pk, done_at=(timezone.now() - dt.timedelta(hours=2)).isoformat())
    first, again = caretaker.post("records", sent), caretaker.post("records", sent)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    for other in (
        {"answers": {**sent["answers"], "notes": "Other"}},
        {"late_entry": True},
        {"done_at": timezone.now().isoformat()},
    ):
        problem(caretaker.post("records", {**sent, **other}), 409, "id_taken")
    problem(ask(world.lead).post("records", sent), 409, "id_taken")
    assert CheckRecord.objects.count() == 1


def test_a_repeat_without_a_time_is_still_a_repeat(world, ask):
    sent = body(world.plan(), id=str(uuid.uuid4()))
    caretaker = ask(world.caretaker)
    assert [caretaker.post("records", sent).status_code for _ in range(2)] == [201, 200]


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_leave_one_record(library):
    from tests.conftest import make_world

    world = make_world()
    sent, statuses = body(world.plan(), id=str(uuid.uuid4())), []
    askers = [asker(world.caretaker) for _ in range(8)]

    def send(one):
        statuses.append(one.post("records", sent).status_code)
        connection.close()

    threads = [threading.Thread(target=send, args=[one]) for one in askers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200] * 7 + [201]
    assert CheckRecord.objects.count() == 1


def test_a_failed_answer_raises_a_defect_that_the_record_names(world, estate, ask):
    one = ask(world.caretaker).one(f"records/{estate.record.pk}")
    assert one["outcome"] == "unsatisfactory"
    assert [finding["defect"] for finding in one["findings"]] == [str(estate.defect.pk)]


def test_a_correction_supersedes_and_says_why(world, estate, ask):
    caretaker = ask(world.caretaker)
    sent = body(estate.plan, supersedes=str(estate.record.pk), done_at=estate.record.done_at.isoformat())
    assert "reason" in problem(caretaker.post("records", sent), 400, "reason_missing")["fields"]
    newer = caretaker.post("records", {**sent, "reason": "Ticked the wrong box."}).json()
    old = caretaker.one(f"records/{estate.record.pk}")
    assert (old["corrected_by"], newer["supersedes"]) == (newer["id"], old["id"])
    problem(caretaker.post("records", {**sent, "reason": "Again."}), 409, "already_corrected")
    assert Plan.objects.get(pk=estate.plan.pk).last_outcome == "satisfactory"


@pytest.mark.parametrize(
    ("more", "status", "field"),
    [
        ({"answers": {}}, 400, None),
        ({"answers": []}, 400, "answers"),
        ({"answers": {"no_such_question": 1}}, 400, "no_such_question"),
        ({"plan": None}, 400, "plan"),
        ({"plan": str(uuid.uuid4())}, 404, "plan"),
        ({"plan": "seven"}, 400, "plan"),
        ({"revision": 99}, 400, "revision"),
        ({"check_type": "no-such-check"}, 400, "check_type"),
        ({"check_type": "emergency-lighting-monthly-test"}, 400, None),
        ({"done_at": "2199-01-01T00:00:00Z"}, 400, None),
        ({"done_at": "0001-01-01T00:00:00Z"}, 400, "done_at"),
        ({"done_at": "2026-11-22"}, 400, "done_at"),
        ({"presence": "nfc"}, 400, "presence"),
        ({"supersedes": str(uuid.uuid4()), "reason": "x"}, 404, "supersedes"),
        ({"photos": [{"sha256": "zz", "type": "image/jpeg", "size": 1, "field": "photo"}]}, 400, "photos.0.sha256"),
        ({"photos": {}}, 400, "photos"),
        ({"late_entry": "maybe"}, 400, "late_entry"),
        ({"finished": True}, 400, "finished"),
    ],
)
def test_a_record_that_cannot_stand_is_refused_and_nothing_is_kept(more, status, field, world, ask):
    plan = world.plan()
    before = AuditEntry.objects.exclude(kind__in=("token", "actor-name")).count()
    said = problem(ask(world.caretaker).post("records", body(plan, **more)), status)
    assert field is None or field in said["fields"], said
    assert (
        CheckRecord.objects.count(),
        Defect.objects.count(),
        AuditEntry.objects.exclude(kind__in=("token", "actor-name")).count(),
    ) == (0, 0, before)


def test_a_check_done_on_an_event_names_its_thing(world, ask):
    from backend.checks.models import CheckType

    caretaker = ask(world.caretaker)
    for kind in CheckType.objects.select_related("current"):
        assert kind.current
        answers = good_answers(kind.current.questions())
        if not kind.current.content.get("rule") and answers is not None:
            break
    sent = {"check_type": kind.pk, "answers": answers}
    problem(caretaker.post("records", sent), 400, "no_place")
    assert caretaker.post("records", {**sent, "site": str(world.oakfield.pk)}).status_code == 201
    problem(caretaker.post("records", {**sent, "site": str(world.riverside.pk)}), 404)
    planned = {**sent, "check_type": "fire-alarm-weekly-test", "site": str(world.oakfield.pk)}
    problem(caretaker.post("records", planned), 400, "no_plan")


def test_a_governor_may_read_and_not_record_and_a_stranger_learns_nothing(world, estate, ask):
    governor = ask(world.person("governor", school=world.oakfield.school))
    assert governor.one(f"records/{estate.record.pk}")["id"] == str(estate.record.pk)
    problem(governor.post("records", body(estate.plan)), 403, "forbidden")
    problem(ask(world.stranger).post("records", body(estate.plan)), 404, "not_found")
    assert CheckRecord.objects.count() == 1


def test_records_are_found_by_plan_thing_and_time(world, estate, ask):
    caretaker, record = ask(world.caretaker), estate.record
    after = record.done_at + dt.timedelta(seconds=1)
    assert (
        len(caretaker.rows("records", plan=str(estate.plan.pk)))
        == len(caretaker.rows("records", asset=str(estate.asset.pk)))
        == 1
    )
    assert len(caretaker.rows("records", since=record.done_on.isoformat())) == 1
    assert len(caretaker.rows("records", since=record.done_at.isoformat())) == 1
    assert caretaker.rows("records", since=after.isoformat()) == []
    assert caretaker.rows("records", since=after.strftime("%Y-%m-%dT%H:%M:%SZ")) == []
    assert caretaker.rows("records", plan=str(uuid.uuid4())) == []
    assert caretaker.rows("records", outcome="satisfactory") == []


def test_a_record_waits_for_its_photos_until_the_server_holds_them(world, ask):
    from backend.core.models import StoredFile

    plan, sha = world.plan(), "ab" * 32
    photo = {"sha256": sha, "type": "image/jpeg", "size": 1000, "field": "notes"}
    caretaker = ask(world.caretaker)
    one = caretaker.post("records", body(plan, photos=[photo])).json()
    assert one["awaiting_photos"] == 1 and one["photos"] == [{**photo, "held": False}]
    StoredFile.objects.create(sha256=sha, size=1000, content_type="image/jpeg", received_at=timezone.now())
    assert caretaker.one(f"records/{one['id']}")["awaiting_photos"] == 0
    assert [row["awaiting_photos"] for row in caretaker.rows("records")] == [0]


def test_a_lapse_is_excused_by_a_further_row_and_stays(world, estate, ask):
    manager = ask(world.person("site-manager", school=world.oakfield.school))
    path = f"lapses/{estate.lapse.pk}"
    assert manager.one(path)["excused"] is False
    assert manager.post(f"{path}/excuse", {"reason": "School closed by flood."}).json()["excused"] is True
    [note] = manager.one(path)["notes"]
    assert (note["kind"], note["reason"]) == ("excused", "School closed by flood.")
    assert path.split("/")[1] in {row["id"] for row in manager.rows("lapses", withdrawn="false", plan=str(estate.plan.pk))}
    assert "reason" in problem(manager.post(f"{path}/excuse", {"reason": " "}), 400)["fields"]
    problem(ask(world.caretaker).post(f"{path}/excuse", {"reason": "x"}), 403)
    problem(ask(world.stranger).post(f"{path}/excuse", {"reason": "x"}), 404)


def test_a_withdrawn_lapse_stays_and_says_so(world, estate, ask):
    caretaker = ask(world.caretaker)
    late = timezone.now() - dt.timedelta(days=(today() - estate.lapse.due_on).days, hours=1)
    assert caretaker.post("records", body(estate.plan, done_at=late.isoformat(), late_entry=True)).status_code == 201
    one = caretaker.one(f"lapses/{estate.lapse.pk}")
    assert (one["withdrawn"], one["notes"][0]["kind"]) == (True, "withdrawn")
    assert one["id"] in {row["id"] for row in caretaker.rows("lapses")}
    assert one["id"] not in {row["id"] for row in caretaker.rows("lapses", withdrawn="false")}
    assert one["id"] in {row["id"] for row in caretaker.rows("lapses", withdrawn="true")}


ODD: list[Any] = [
    "",
    " ",
    0,
    -1,
    10**15,
    1e-300,
    True,
    [],
    {},
    [[]],
    [None],
    "0001-01-01",
    "9999-12-31",
    "2199-12-31",
    "x" * 20_000,
    "0" * 64,
]


def test_odd_answers_to_every_type_of_question_are_judged_and_never_a_fault(world, ask):
    from backend.checks.models import CheckType

    caretaker = ask(world.caretaker)
    seen: set[tuple[str, bool]] = set()
    for kind in CheckType.objects.select_related("current").order_by("code"):
        assert kind.current
        content, questions = kind.current.content, kind.current.questions()
        new = {(each["type"], each["key"] in ("next_due_stated", "review_due")) for each in questions} - seen
        if not new or not (content.get("rule") and content.get("asset_types")):
            continue
        seen |= new
        plan = world.plan(kind.pk)
        fine = good_answers(questions, plan) or {}
        for question in questions:
            if (question["type"], question["key"] in ("next_due_stated", "review_due")) not in new:
                continue
            for odd in ODD:
                sent = {"plan": str(plan.pk), "answers": {**fine, question["key"]: odd}}
                answer = caretaker.post("records", sent)
                assert answer.status_code in {201, 400}, (kind.pk, question["key"], odd, answer.content[:300])
                if answer.status_code == 201:
                    assert caretaker.get(f"plans/{plan.pk}").status_code == 200
    assert len(seen) >= 10
