"""What a push answers, outcome by outcome."""

import copy
import datetime as dt
import json
import uuid

import pytest
import time_machine
from django.utils import timezone

from backend.assets.models import Asset
from backend.checks.models import CheckRecord
from backend.core.agenda import waiting_for
from backend.core.audit import faults
from backend.core.days import today
from backend.core.ids import new_id
from backend.core.models import AuditEntry
from backend.maintenance.models import Defect
from backend.sync.models import Device, KeptAside, LostWork, Op
from backend.sync.queries import doubtful_for, held_for, kept_aside_for, lost_work, unsent_for, without_photos
from tests.sync.phone import Phone, asset_added, check_done, defect_reported, iso


def test_a_check_done_becomes_one_record_and_moves_the_date(world, phone):
    plan = world.plan()
    before = plan.due_on
    result = phone.push_one(phone.op("check_done", check_done(plan)))
    assert (result["outcome"], result["notes"]) == ("applied", [])
    record = CheckRecord.objects.get()
    assert (str(record.pk), record.author, record.plan) == (result["id"], world.caretaker, plan)
    plan.refresh_from_db()
    assert plan.due_on != before


def test_every_operation_has_a_receipt_that_is_its_audit_entry(world, phone):
    good = phone.op("check_done", check_done(world.plan()))
    results = phone.push(good, phone.op("dance", {"steps": 3}), {"no": "shape"}, good)
    for result in results:
        entry = AuditEntry.objects.get(number=result["receipt"]["entry"])
        assert entry.hash == result["receipt"]["hash"]
    assert [each["outcome"] for each in results] == ["applied", "held", "held", "again"]
    assert results[0]["receipt"] == results[3]["receipt"]
    assert not list(faults(AuditEntry.objects.order_by("number")))


def test_sent_again_after_the_reply_was_lost_it_is_again_and_nothing_doubles(world, phone):
    op = phone.op("check_done", check_done(world.plan()))
    raw = phone.envelope([op])
    first = phone.post(raw).json()["results"][0]
    second = phone.post(raw).json()["results"][0]
    assert (second["outcome"], second["was"], second["receipt"]) == ("again", "applied", first["receipt"])
    assert CheckRecord.objects.count() == 1
    assert not LostWork.objects.exists()


def test_again_says_how_a_held_operation_ended(world, phone):
    op = phone.op("check_done", check_done(world.plan(), presence="telepathy"))
    first, second = phone.push_one(op), phone.push_one(op)
    assert (second["outcome"], second["was"], second["code"]) == ("again", "held", first["code"])


def test_the_phones_count_and_hash_are_not_part_of_the_content(world, phone):
    op = phone.op("defect_reported", defect_reported(world))
    phone.push_one(op)
    assert phone.push_one({**op, "seq": 99, "hash": "f" * 64, "prev": "e" * 64})["outcome"] == "again"


def test_the_same_id_with_other_content_is_a_conflict_and_both_are_kept(world, phone):
    op = phone.op("defect_reported", defect_reported(world))
    other = copy.deepcopy(op)
    other["body"]["summary"] = "Something else"
    phone.push_one(op)
    result = phone.push_one(other)
    assert (result["outcome"], result["id"]) == ("conflict", op["id"])
    assert json.loads(KeptAside.objects.get().sent)["body"]["summary"] == "Something else"
    assert Defect.objects.get().summary == "Door off its hinge"
    again = phone.push_one(other)
    assert (again["outcome"], again["was"], again["receipt"]) == ("again", "conflict", result["receipt"])
    assert kept_aside_for(world.lead).count() == 1


def test_twins_in_one_push_are_judged_against_the_first(world, phone):
    op = phone.op("defect_reported", defect_reported(world))
    other = {**op, "body": {**op["body"], "summary": "Other"}}
    assert [each["outcome"] for each in phone.push(op, op, other)] == ["applied", "again", "conflict"]
    assert Defect.objects.count() == 1


def test_one_bad_one_among_a_hundred_delays_none(world, phone):
    plan = world.plan()
    ops = [phone.op("check_done", check_done(plan, ad_hoc=True)) for _ in range(99)]
    bad = phone.op("check_done", check_done(plan, answers={"panel_response": "perhaps"}))
    results = phone.push(*ops[:50], bad, *ops[50:])
    assert [each["outcome"] for each in results] == ["applied"] * 50 + ["held"] + ["applied"] * 49
    assert results[50]["code"] == "answers"
    assert CheckRecord.objects.count() == 99


def test_a_fault_of_ours_holds_the_one_and_says_nothing_of_its_insides(world, phone, monkeypatch):
    from backend.checks.actions import records

    plan, real = world.plan(), records.build

    def build(new, judgement, held):
        if new.answers.get("fault_text") == "boom":
            raise ZeroDivisionError("secret inside")
        return real(new, judgement, held)

    monkeypatch.setattr(records, "build", build)
    bad = check_done(plan)
    bad["answers"]["fault_text"] = "boom"
    ops = [phone.op("check_done", check_done(plan)), phone.op("check_done", bad), phone.op("check_done", check_done(plan))]
    results = phone.push(*ops)
    assert [each["outcome"] for each in results] == ["applied", "held", "applied"]
    assert results[1]["code"] == "fault"
    assert "secret" not in json.dumps(results)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kind": "dance"}, "unknown_kind"),
        ({"colour": "blue"}, "unknown_field"),
        ({"made_at": "yesterday"}, "malformed"),
        ({"made_at": "2026-11-22T08:00:00"}, "malformed"),
        ({"author": "me"}, "malformed"),
        ({"body": []}, "malformed"),
        ({"offset_min": "much"}, "malformed"),
    ],
)
def test_an_operation_of_another_shape_is_held_whole(world, phone, change, code):
    op = {**phone.op("defect_reported", defect_reported(world)), **change}
    result = phone.push_one(op)
    assert (result["outcome"], result["code"]) == ("held", code)
    assert json.loads(Op.objects.get(pk=op["id"]).sent) == op
    assert result["detail"].endswith(".")


@pytest.mark.parametrize("entry", [None, 7, "text", [], {}, {"id": 5}, {"id": "not-an-id", "kind": "check_done"}])
def test_an_entry_without_an_id_is_held_under_its_index(phone, entry):
    good = {"no": "good"}
    _, result = phone.push(good, entry)
    assert (result["outcome"], result["code"], result["index"]) == ("held", "malformed", 1)
    assert phone.push(good, entry)[1]["was"] == "held"
    assert KeptAside.objects.count() == 2


def test_an_unknown_extra_field_in_a_body_is_held_and_kept(world, phone):
    op = phone.op("defect_reported", defect_reported(world, mood="grim"))
    result = phone.push_one(op)
    assert (result["code"], "body.mood" in result["detail"]) == ("unknown_field", True)
    assert "grim" in Op.objects.get().sent


@pytest.mark.parametrize("text", ["nul \x00 here", "half \ud83d character"])
def test_text_that_a_database_cannot_hold_is_held_and_kept(world, phone, text):
    op = phone.op("defect_reported", defect_reported(world, summary=text), hash="0" * 64)
    result = phone.push_one(op)
    assert result["code"] == "unreadable_text"
    assert json.loads(Op.objects.get().sent)["body"]["summary"] == text


def test_html_in_text_is_text(world, phone):
    text = "<script>alert(1)</script> \\u0000 is how it is written"
    assert phone.push_one(phone.op("defect_reported", defect_reported(world, summary=text)))["outcome"] == "applied"
    assert Defect.objects.get().summary == text


def test_a_number_beyond_all_bounds_is_held(world, phone):
    plan = world.plan()
    raw = phone.envelope([phone.op("reading_taken", {"asset": str(plan.asset_id), "value": 0.5, "unit": "kWh", "photos": []})])
    for huge in (b"1e999", b"9" * 5000):
        sent = raw.replace(b'"value": 0.5', b'"value": ' + huge)
        results = phone.post(sent).json()["results"]
        assert (results[0]["outcome"], results[0]["code"]) in (("held", "malformed"), ("again", "malformed"))


def test_nesting_beyond_reason_is_an_answer_and_no_fault(world, phone):
    deep = "[" * 400 + "]" * 400
    raw = phone.envelope([{"id": str(new_id()), "body": "HERE"}]).replace(b'"HERE"', deep.encode())
    assert phone.post(raw).json()["results"][0]["code"] == "malformed"
    assert phone.post(b"[" * 900_000).status_code == 400


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"[]", b"7", b"\xff\xfe", b"nonsense", b'{"ops": []}', b'{"device": "abcdefgh", "sent_at": "now", "ops": []}'],
)
def test_a_malformed_envelope_is_400(phone, raw):
    answer = phone.post(raw)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "malformed"


@pytest.mark.parametrize("more", [{"device": 5}, {"seq": -1}, {"seq": "7"}, {"sent_at": None}, {"ops": {}}, {"app": "x" * 50}])
def test_an_envelope_with_a_wrong_field_names_it(phone, more):
    answer = phone.post(phone.envelope([], **more))
    assert answer.status_code == 400
    assert next(iter(more)) in answer.json()["fields"]


def test_a_push_too_large_is_413(phone):
    assert phone.post(phone.envelope([{}] * 501)).status_code == 413
    assert phone.post(phone.envelope(["x" * 2_100_000])).status_code == 413
    assert phone.post(phone.envelope(["x" * 4_100_000])).status_code == 413
    assert not KeptAside.objects.exists()


def test_an_empty_push_is_heard(phone):
    answer = phone.post(phone.envelope([]))
    assert answer.json()["results"] == []
    assert answer["X-Siteward-Protocol"] == "1"


def test_an_old_app_is_told_to_update_and_its_work_is_taken(world, phone):
    phone.app = "0.0.9"
    answer = phone.post(phone.envelope([phone.op("check_done", check_done(world.plan()))])).json()
    assert (answer["update"], answer["results"][0]["outcome"]) == (True, "applied")
    phone.app = "1.4.0"
    assert "update" not in phone.post(phone.envelope([])).json()


def test_what_was_in_order_then_is_judged_by_the_form_that_was_on_the_screen(world, phone):
    from backend.checks.models import CheckRevision

    plan = world.plan()
    body = check_done(plan)
    old = plan.check_type.current
    content = {
        **old.content,
        "questions": [*old.content["questions"], {"key": "new", "label": "New", "type": "text", "required": True}],
    }
    new = CheckRevision.objects.create(
        check_type=plan.check_type, number=old.number + 1, content=content, digest="d" * 64, published_at=timezone.now()
    )
    plan.check_type.current = new
    plan.check_type.save()
    assert phone.push_one(phone.op("check_done", body))["outcome"] == "applied"
    assert CheckRecord.objects.get().revision == old


def test_a_retired_assets_check_is_held(world, phone):
    plan = world.plan()
    Asset.objects.filter(pk=plan.asset_id).update(status="retired")
    result = phone.push_one(phone.op("check_done", check_done(plan)))
    assert (result["outcome"], result["code"]) == ("held", "asset_retired")
    assert [each.pk for each in held_for(world.person("site-manager", school=world.oakfield.school))] == [uuid.UUID(result["id"])]


def test_a_strangers_site_is_held_and_tells_nothing(world, phone):
    plan = world.plan(asset=world.asset("fire-alarm-panel", site=world.riverside, name="Riverside secret panel"))
    result = phone.push_one(phone.op("check_done", check_done(plan)))
    assert (result["outcome"], result["code"]) == ("held", "not_yours")
    assert "secret" not in json.dumps(result)
    assert held_for(world.person("site-manager", school=world.riverside.school)).count() == 1
    assert held_for(world.person("site-manager", school=world.oakfield.school)).count() == 0


def test_who_may_only_look_may_not_log_checks(world):
    head = Phone(world.person("headteacher", school=world.oakfield.school))
    assert head.push_one(head.op("check_done", check_done(world.plan())))["code"] == "not_yours"


def test_unknown_plans_and_forms_are_held_with_a_word_of_their_own(world, phone):
    plan = world.plan()
    lost = phone.op("check_done", check_done(plan, plan=str(uuid.uuid4())))
    odd = phone.op("check_done", check_done(plan, check_type={"code": plan.check_type_id, "revision": 77}))
    assert [each["code"] for each in phone.push(lost, odd)] == ["unknown_plan", "unknown_revision"]


def test_the_rows_of_operations_cannot_be_rewritten(world, phone):
    from django.db import transaction
    from django.db.utils import DatabaseError

    phone.push_one(phone.op("defect_reported", defect_reported(world)))
    for change in (lambda: Op.objects.all().delete(), lambda: Op.objects.update(sent="{}")):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert Op.objects.update(settled_reason="fine") == 1


def test_a_phone_that_comes_back_with_less_has_lost_work(world, phone):
    phone.push(*[phone.op("defect_reported", defect_reported(world)) for _ in range(5)])
    phone.seq, phone.head = 0, "0" * 64
    op = phone.op("defect_reported", defect_reported(world))
    phone.push_one(op)
    loss = LostWork.objects.get()
    assert (loss.announced_seq, loss.came_back_with, str(loss)) == (5, 1, "4 operations")
    phone.push_one(op)
    assert LostWork.objects.count() == 1
    assert lost_work(world.person("site-manager", school=world.oakfield.school)).count() == 1
    assert lost_work(world.person("site-manager", school=world.riverside.school)).count() == 0


def test_after_two_days_the_office_hears_of_work_that_was_announced_and_has_not_come(world, phone):
    manager = world.person("site-manager", school=world.oakfield.school)
    other = world.person("site-manager", school=world.riverside.school)
    ops = [phone.op("defect_reported", defect_reported(world)) for _ in range(5)]
    phone.push(*ops[:2])
    now = timezone.now()
    soon, late = now + dt.timedelta(hours=47), now + dt.timedelta(hours=49)
    assert unsent_for(manager, soon) == []
    [found] = unsent_for(manager, late)
    assert (found.missing, found.device.registered_by) == (3, world.caretaker)
    assert unsent_for(other, late) == []
    with time_machine.travel(late, tick=True):
        [waits] = [each for each in waiting_for(manager, today()) if each.kind == "unsent"]
        assert waits.words.startswith("3 pieces of work of ") and waits.path == "/held/#unsent"
        assert not [each for each in waiting_for(world.caretaker, today()) if each.kind == "unsent"]
        phone.push(*ops[2:])
        assert not [each for each in waiting_for(manager, today()) if each.kind == "unsent"]
    assert unsent_for(manager, late + dt.timedelta(days=9)) == []


def test_after_two_days_the_office_hears_of_photos_that_have_not_come(world, phone):
    manager = world.person("site-manager", school=world.oakfield.school)
    plan = world.plan()
    body = check_done(plan, photos=[{"sha256": "0" * 64, "type": "image/jpeg", "size": 9, "field": "note"}])
    phone.push_one(phone.op("check_done", body))
    record, late = CheckRecord.objects.get(), timezone.now() + dt.timedelta(hours=49)
    assert without_photos(manager, timezone.now(), most=9) == []
    assert without_photos(manager, late, most=9) == [record]
    assert without_photos(world.person("site-manager", school=world.riverside.school), late, most=9) == []


def test_an_old_push_that_arrives_late_is_no_loss(world, phone):
    first = phone.envelope([phone.op("defect_reported", defect_reported(world))])
    phone.post(first)
    phone.push_one(phone.op("defect_reported", defect_reported(world)))
    assert phone.post(first).json()["results"][0]["outcome"] == "again"
    assert not LostWork.objects.exists()
    assert Device.objects.get().highest_seq == 2


def test_a_chain_that_does_not_add_up_is_noted_and_raised_and_applied(world, phone):
    plan = world.plan()
    good = phone.op("check_done", check_done(plan))
    bad = phone.op("check_done", check_done(plan), hash="a" * 64)
    after = phone.op("check_done", check_done(plan))
    skipped = phone.op("check_done", check_done(plan), prev="b" * 64)
    results = phone.push(good, bad, after, skipped)
    assert [each["outcome"] for each in results] == ["applied"] * 4
    assert [bool(each["notes"]) for each in results] == [False, True, False, True]
    assert "chain" in CheckRecord.objects.get(pk=bad["id"]).notes[0]
    assert doubtful_for(world.lead).count() == 2


def test_a_chain_is_followed_from_push_to_push(world, phone):
    phone.push_one(phone.op("defect_reported", defect_reported(world)))
    assert phone.push_one(phone.op("defect_reported", defect_reported(world)))["notes"] == []
    assert phone.push_one(phone.op("defect_reported", defect_reported(world), prev="c" * 64))["notes"] != []


def test_what_lies_in_the_future_is_held(world, phone):
    op = phone.op("check_done", check_done(world.plan()), made_at=timezone.now() + dt.timedelta(days=1))
    assert phone.push_one(op)["code"] == "in_future"


def test_a_wrong_clock_is_corrected_by_what_the_push_measured(world, phone):
    ahead = dt.timedelta(hours=30)
    op = phone.op("check_done", check_done(world.plan()), made_at=timezone.now() + ahead - dt.timedelta(minutes=10))
    result = phone.push_one(op, sent_at=iso(timezone.now() + ahead))
    assert result["outcome"] == "applied"
    record = CheckRecord.objects.get()
    assert abs(record.done_at - (timezone.now() - dt.timedelta(minutes=10))) < dt.timedelta(seconds=30)
    assert abs((record.skew_ms or 0) - 30 * 3_600_000) < 30_000
    assert "30 hours" in result["notes"][0] or "1 day" in result["notes"][0]


def test_a_clock_changed_in_between_makes_the_time_uncertain(world, phone):
    plan, now = world.plan(), timezone.now()
    before = phone.op("check_done", check_done(plan), made_at=now - dt.timedelta(hours=5), mono_ms=60_000, boot="k3v9")
    after = phone.op("check_done", check_done(plan), made_at=now - dt.timedelta(minutes=1), mono_ms=120_000, boot="k3v9")
    results = phone.push(before, after)
    assert "uncertain by 5 hours" in results[0]["notes"][0]
    assert results[1]["notes"] == []
    assert CheckRecord.objects.get(pk=before["id"]).uncertain_s == pytest.approx(5 * 3600, abs=120)


def test_a_late_entry_counts_when_it_was_really_done(world, phone):
    plan, done = world.plan(), timezone.now() - dt.timedelta(days=2)
    body = check_done(plan, late_entry=True, done_at=iso(done))
    assert phone.push_one(phone.op("check_done", body))["outcome"] == "applied"
    assert abs(CheckRecord.objects.get().done_at - done) < dt.timedelta(seconds=1)
    future = check_done(plan, late_entry=True, done_at=iso(timezone.now() + dt.timedelta(days=2)))
    assert phone.push_one(phone.op("check_done", future))["code"] == "in_future"


def test_an_asset_and_what_is_said_of_it_may_come_in_any_order(world, phone):
    from backend.assets.actions import make_tags

    code = make_tags(1)[0].code
    added = phone.op("asset_added", asset_added(world))
    claimed = phone.op("tag_claimed", {"tag": code, "asset": added["id"]})
    changed = phone.op("asset_changed", {"asset": added["id"], "changes": {"serial": "S-1"}})
    first = phone.push(changed, claimed)
    assert [(each["outcome"], each["code"]) for each in first] == [("held", "waiting")] * 2
    assert phone.push_one(added)["outcome"] == "applied"
    asset = Asset.objects.get(pk=added["id"])
    assert (asset.serial, asset.tags.get().code) == ("S-1", code)
    assert phone.push_one(claimed)["was"] == "applied"
    assert not held_for(world.lead).exists()
