"""What is noticed as work is taken in: two did the same check, it went too quickly. Both are kept, nothing is refused."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from backend.checks.actions import NewBooking, book
from backend.checks.models import CheckRecord
from backend.checks.pace import between_buildings, longest_wait, shorter_than_its_wait
from backend.core.days import london_time, today
from backend.core.ids import new_id
from backend.sync.models import Op
from backend.sync.queries import doubtful_for
from backend.sync.settle import settle_op
from tests.sync.phone import Phone, check_done, day_made

NOW = timezone.now()
WAITS: list[dict[str, Any]] = [{"key": "hot", "wait_seconds": 60}, {"key": "cold", "wait_seconds": 120}, {"key": "note"}]


@pytest.fixture
def second_phone(world) -> Phone:
    """Another caretaker's phone at the same school."""
    made = Phone(world.person("site-manager", site=world.oakfield))
    assert made.register().status_code == 201
    return made


def seconds(number: int) -> dt.datetime:
    return NOW + dt.timedelta(seconds=number)


def test_the_second_of_two_who_did_the_same_check_is_told_and_the_office_finds_it(world, phone, second_phone):
    plan = world.plan()
    first = phone.op("check_done", check_done(plan))
    phone.push(first)
    [told] = second_phone.push(second_phone.op("check_done", check_done(plan)))
    at = london_time(CheckRecord.objects.get(pk=first["id"]).done_at)
    assert told["outcome"] == "applied"
    assert told["notes"] == [f"{phone.person.name} also did this, at {at} the same day. Both are kept."]
    assert CheckRecord.objects.filter(plan=plan).count() == 2
    assert [each.doubt for each in doubtful_for(world.lead)] == ["twice"]


def test_who_does_it_twice_alone_is_told_nothing(world, phone):
    plan = world.plan()
    for _ in range(2):
        [told] = phone.push(phone.op("check_done", check_done(plan)))
        assert told["notes"] == []


def test_of_two_in_one_push_the_later_one_is_told(world, phone, second_phone):
    plan = world.plan()
    mine, phone.person = phone.person, second_phone.person
    assert phone.register().status_code in (200, 201)  # a phone that two share
    phone.person, theirs = mine, {"author": str(second_phone.person.pk)}
    ops = [phone.op("check_done", check_done(plan)), phone.op("check_done", check_done(plan), **theirs)]
    notes = [each["notes"] for each in phone.push(*ops)]
    assert sorted(map(len, notes)) == [0, 1]


def test_a_reading_quicker_than_its_wait_is_noted_on_the_record_and_taken(world, phone):
    tap = world.asset("water-outlet", name="Tap", facts={"role": ["sentinel"]})
    plan = world.plan("water-sentinel-temperatures", asset=tap)
    done_at = (NOW - dt.timedelta(minutes=3)).replace(microsecond=0)
    started = (done_at - dt.timedelta(seconds=5)).isoformat()
    op = phone.op("check_done", check_done(plan, started_at=started), made_at=done_at.isoformat())
    [told] = phone.push(op)
    assert told["outcome"] == "applied"
    record = CheckRecord.objects.get(pk=op["id"])
    assert record.notes == told["notes"] and "has to wait" in record.notes[0]
    assert Op.objects.get(pk=op["id"]).doubt == "pace"


@pytest.mark.parametrize(
    ("answers", "wait"), [({}, 0), ({"note": "x"}, 0), ({"hot": 55}, 60), ({"hot": 55, "cold": 12}, 120), ({"cold": None}, 0)]
)
def test_only_the_waits_of_what_was_answered_count_and_taps_run_side_by_side(answers, wait):
    assert longest_wait(WAITS, answers) == wait


def test_as_long_as_the_wait_is_long_enough_and_an_unknown_beginning_tells_nothing():
    assert shorter_than_its_wait(WAITS, {"hot": 55}, NOW, seconds(59))
    assert not shorter_than_its_wait(WAITS, {"hot": 55}, NOW, seconds(60))
    assert not shorter_than_its_wait(WAITS, {"hot": 55}, None, NOW)
    assert not shorter_than_its_wait(WAITS, {"hot": 55}, seconds(1), NOW)


def test_nobody_is_in_two_buildings_within_seconds():
    one, other = new_id(), new_id()
    assert between_buildings(one, NOW, other, seconds(9))
    assert not between_buildings(one, NOW, other, seconds(10))
    assert not between_buildings(one, NOW, one, seconds(1))
    assert not between_buildings(None, NOW, other, seconds(1))


def test_an_attempt_stands_beside_the_plan_until_it_is_done(world, phone):
    plan = world.plan(since=today() - dt.timedelta(days=30))
    again_on = str(today() + dt.timedelta(days=2))
    body = {"plan": str(plan.pk), "reason": "no-access", "note": "", "photos": [], "try_again_on": again_on}
    phone.push(phone.op("check_not_done", body))

    def planned():
        due = phone.client.get(f"/api/v1/field/sites/{world.oakfield.pk}/due", headers=phone.headers()).json()
        return next(each for each in due["plans"] if each["id"] == str(plan.pk))

    before = planned()
    assert before["attempt"] == {
        "on": str(day_made()), "reason": "no-access", "by": phone.person.name, "again_on": str(today() + dt.timedelta(days=2)),
    }  # fmt: skip
    assert before["overdue_from"] and before["last"] is None
    phone.push(phone.op("check_done", check_done(plan)))
    assert "attempt" not in planned()


def test_what_the_office_made_of_held_work_comes_back(world, phone):
    plan = world.plan()
    op = phone.op("check_done", check_done(plan))
    op["body"]["answers"] = {}
    [told] = phone.push(op)
    assert told["outcome"] == "held"
    settle_op(op=Op.objects.get(pk=op["id"]), person=world.lead, apply=False, reason="Done again on Monday.")
    due = phone.client.get(f"/api/v1/field/sites/{world.oakfield.pk}/due", headers=phone.headers()).json()
    assert due["settled"] == [{"op": op["id"], "how": "aside", "on": str(today()), "why": "Done again on Monday."}]


def test_what_is_booked_for_a_check_comes_with_the_list_of_what_is_due(world, phone):
    plan = world.plan(since=today())
    assert plan.due_on
    new = NewBooking(world.oakfield, [plan], plan.due_on, person=world.caretaker, note="Key at the office")
    book(new, actor=world.lead, today=today())
    due = phone.client.get(f"/api/v1/field/sites/{world.oakfield.pk}/due", headers=phone.headers()).json()
    assert due["plans"][0]["booked"] == {
        "on": str(plan.due_on), "at": None, "person": str(world.caretaker.pk), "who": world.caretaker.name,
        "note": "Key at the office",
    }  # fmt: skip


def test_a_meter_that_reads_less_than_last_time_is_kept_noted_and_found_by_the_office(world, phone):
    meter = world.asset("utility-meter", name="Gas meter")
    plan = world.plan("meter-readings", asset=meter)

    def read(value: float, **more: Any) -> dict[str, Any]:
        answers = {"meter": str(meter.pk), "reading": value}
        return dict(phone.push_one(phone.op("check_done", check_done(plan, answers=answers, **more))))

    assert read(10_250)["notes"] == []
    assert read(10_250)["notes"] == [], "nothing was used"
    told = read(1_030.5)
    assert told["outcome"] == "applied"
    [note] = told["notes"]
    assert "1030.5 is lower than 10250" in note
    assert [each.doubt for each in doubtful_for(world.lead)] == ["back"]
    assert CheckRecord.objects.filter(plan=plan).count() == 3
    assert read(1_040)["notes"] == [], "it goes on from there"


def test_what_was_left_out_of_a_list_is_named_to_the_office(world, phone):
    taps = [world.asset("water-outlet", name=f"Tap {n}", facts={"role": ["little-used"]}) for n in (1, 2)]
    world.asset("water-outlet", name="Kitchen tap", facts={"role": ["sentinel"]})
    world.asset("water-outlet", name="Tap 9", facts={"role": ["little-used"]}, status="out-of-service")
    building = world.oakfield.buildings.get()
    plan = world.plan("little-used-outlet-flush", site=world.oakfield, building=building)
    [question] = [each for each in plan.check_type.current.questions() if each.get("must_include")]
    body = check_done(plan)
    whole = {**body["answers"], question["key"]: [str(tap.pk) for tap in taps]}
    assert phone.push_one(phone.op("check_done", {**body, "answers": whole}))["notes"] == []
    part = {**whole, question["key"]: [str(taps[0].pk)]}
    told = phone.push_one(phone.op("check_done", {**body, "answers": part}))
    assert (told["outcome"], told["notes"]) == ("applied", ["Left out, of 2 on the list: Tap 2."])
    assert [each.doubt for each in doubtful_for(world.lead)] == ["part"]


@pytest.mark.parametrize("answer", [5, "Tap 1", None, {"a": 1}])
def test_what_is_no_list_at_all_is_refused_in_words(world, phone, answer):
    world.asset("water-outlet", name="Tap 1", facts={"role": "little-used"})
    plan = world.plan("little-used-outlet-flush", site=world.oakfield, building=world.oakfield.buildings.get())
    [key] = [each["key"] for each in plan.check_type.current.questions() if each.get("must_include")]
    body = check_done(plan)
    told = phone.push_one(phone.op("check_done", {**body, "answers": {**body["answers"], key: answer}}))
    assert told["outcome"] == "held"
