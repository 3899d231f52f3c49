"""What the office does with what was held, and with saved copies."""

import base64
import datetime as dt
import hashlib
import json
import uuid
from typing import Any

import pytest
from django.utils import timezone

from backend.assets.actions import make_tags
from backend.assets.models import Asset
from backend.checks.models import CheckRecord, Plan
from backend.core.models import StoredFile
from backend.core.problems import NotFound, Problem
from backend.maintenance.models import Defect
from backend.office.queries.held import about_each, told
from backend.sync.copies import import_copy
from backend.sync.models import KeptAside, LostWork, Op
from backend.sync.queries import held_for, kept_aside_for
from backend.sync.settle import Take, apply_waiting, settle_kept, settle_op, ways
from tests.sync.phone import Phone, asset_added, check_done, defect_reported
from tests.sync.pictures import jpeg


@pytest.fixture
def held(world, phone):
    """A check held because its asset was retired."""
    plan = world.plan()
    Asset.objects.filter(pk=plan.asset_id).update(status="retired")
    return Op.objects.get(pk=phone.push_one(phone.op("check_done", check_done(plan)))["id"])


def test_the_office_applies_it_when_the_reason_is_mended(world, phone, held):
    manager = world.person("site-manager", school=world.oakfield.school)
    with pytest.raises(Problem) as still:
        settle_op(op=held, person=manager, apply=True, reason="It was done.")
    assert still.value.code == "asset_retired"
    Asset.objects.update(status="in-use")
    settled = settle_op(op=held, person=manager, apply=True, reason="It was retired by mistake.")
    assert (settled.outcome, settled.settled_by) == ("applied", manager)
    assert CheckRecord.objects.get().pk == held.pk
    assert not held_for(manager).exists()
    with pytest.raises(Problem) as twice:
        settle_op(op=held, person=manager, apply=True, reason="Again.")
    assert twice.value.status == 409


def test_the_office_puts_it_aside_with_a_reason(world, held):
    with pytest.raises(Problem):
        settle_op(op=held, person=world.lead, apply=False, reason="  ")
    settled = settle_op(op=held, person=world.lead, apply=False, reason="Entered on paper.")
    assert (settled.outcome, CheckRecord.objects.count()) == ("held", 0)
    assert not held_for(world.lead).exists()


def test_strangers_and_caretakers_settle_nothing(world, held):
    for person in (world.stranger, world.caretaker, world.person("site-manager", school=world.riverside.school)):
        with pytest.raises(NotFound):
            settle_op(op=held, person=person, apply=False, reason="No.")


def test_the_office_vouches_for_an_author(world, phone):
    op = phone.op("check_done", check_done(world.plan()))
    other = Phone(world.lead, signs=False)
    assert other.push_one(op)["code"] == "author_not_proved"
    settle_op(op=Op.objects.get(), person=world.lead, apply=True, reason="I saw her do it.")
    assert CheckRecord.objects.get().author == world.caretaker


def test_what_has_no_shape_can_only_be_put_aside(world, phone):
    phone.push_one(phone.op("dance", {}))
    with pytest.raises(Problem) as refused:
        settle_op(op=Op.objects.get(), person=world.lead, apply=True, reason="Try.")
    assert refused.value.code == "cannot_apply"
    phone.push_one({"no": "shape"})
    settle_kept(kept=KeptAside.objects.get(), person=world.lead, reason="Nonsense.")
    assert not kept_aside_for(world.lead).exists()


def test_a_check_in_the_future_is_taken_at_the_time_of_receipt_when_the_office_says_so(world, phone):
    op = phone.op("check_done", check_done(world.plan()), made_at=timezone.now() + dt.timedelta(days=2))
    phone.push_one(op)
    settle_op(op=Op.objects.get(), person=world.lead, apply=True, reason="The clock was wrong.")
    record = CheckRecord.objects.get()
    assert record.done_at <= timezone.now()
    assert (record.uncertain_s or 0) > 86_400


def test_the_job_takes_in_what_waits_and_may_run_twice(world, phone):
    added = phone.op("asset_added", asset_added(world))
    changed = phone.op("asset_changed", {"asset": added["id"], "changes": {"serial": "S"}})
    phone.push_one(changed)
    assert apply_waiting() == 0
    Asset.objects.create(id=added["id"], site=world.oakfield, type=world.asset().type, name="Made by other means")
    assert apply_waiting() == 1
    assert apply_waiting() == 0
    assert Asset.objects.get(pk=added["id"]).serial == "S"


def saved_copy(phone: Phone, ops: list[Any], files: list[bytes], *, signed: bool = True, days_ago: int = 5) -> bytes:
    """What "Save a copy" makes (fieldapp/src/export.ts)."""
    then = (timezone.now() - dt.timedelta(days=days_ago)).isoformat()
    body = phone.envelope(ops, sent_at=then)
    envelopes = [{"body": body.decode(), "signature": phone.signature(body) if signed else ""}]
    named = [
        {
            "sha256": hashlib.sha256(each).hexdigest(),
            "type": "image/jpeg",
            "size": len(each),
            "data": base64.b64encode(each).decode(),
        }
        for each in files
    ]
    return json.dumps({"siteward_export": 1, "device": phone.id, "envelopes": envelopes, "files": named}).encode()


def test_a_saved_copy_goes_through_the_same_door_twice_and_acts_once(world, phone):
    photo = jpeg(40, 30)
    named = {"sha256": hashlib.sha256(photo).hexdigest(), "type": "image/jpeg", "size": len(photo), "field": ""}
    made = timezone.now() - dt.timedelta(days=6)
    op = phone.op("check_done", check_done(world.plan(), photos=[named]), made_at=made)
    phone.push_one(phone.op("defect_reported", defect_reported(world)))
    copy = saved_copy(phone, [op], [photo])
    first = import_copy(copy, person=world.lead)
    assert (first.outcomes, first.files, first.trouble) == ({"applied": 1}, 1, [])
    assert import_copy(copy, person=world.lead).outcomes == {"again": 1}
    assert abs(CheckRecord.objects.get().done_at - made) < dt.timedelta(seconds=5)
    assert StoredFile.objects.count() == 1
    assert not LostWork.objects.exists()


def test_a_copy_without_a_good_signature_is_held_for_the_office(world, phone):
    op = phone.op("check_done", check_done(world.plan()))
    assert import_copy(saved_copy(phone, [op], [], signed=False), person=world.lead).outcomes == {"held": 1}


def test_what_was_changed_since_the_phone_saved_it_does_not_stand_in_the_way_of_the_true_work(world, phone):
    op = phone.op("defect_reported", defect_reported(world))
    true = saved_copy(phone, [op], [])
    changed = true.replace(op["body"]["summary"].encode(), b"Nothing is wrong")
    assert changed != true
    done = import_copy(changed, person=world.lead)
    assert (done.outcomes, len(done.trouble)) == ({}, 1)
    assert import_copy(true, person=world.lead).outcomes == {"applied": 1}
    assert Defect.objects.get(pk=op["id"]).summary == op["body"]["summary"]


def test_where_the_phone_is_lost_a_changed_copy_is_held_all_the_same(world, phone):
    op = phone.op("defect_reported", defect_reported(world))
    changed = saved_copy(phone, [op], []).replace(op["body"]["summary"].encode(), b"Nothing is wrong")
    assert import_copy(changed, person=world.lead, altered=True).outcomes == {"held": 1}


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b'{"siteward_export": 1, "envelopes": [5]}', b"\xff", b'{"siteward_export": 2}']
)
def test_what_is_no_copy_is_refused(world, content):
    with pytest.raises(Problem) as refused:
        import_copy(content, person=world.lead)
    assert refused.value.code == "not_a_copy"


def test_a_damaged_photo_in_a_copy_is_told_and_the_rest_is_taken(world, phone):
    copy = json.loads(saved_copy(phone, [phone.op("defect_reported", defect_reported(world))], [jpeg(20, 20)]))
    copy["files"][0]["data"] = "!!!"
    copy["files"].append({"sha256": "zz", "data": ""})
    done = import_copy(json.dumps(copy).encode(), person=world.lead)
    assert (done.outcomes, done.files, len(done.trouble)) == ({"applied": 1}, 0, 2)


def test_a_caretaker_imports_nothing(world, phone):
    with pytest.raises(Problem) as refused:
        import_copy(b"{}", person=world.caretaker)
    assert refused.value.status == 403


def test_what_is_held_goes_to_the_office_of_the_school_it_is_about(world, phone):
    manager = world.person("site-manager", school=world.oakfield.school)
    late = phone.op("check_done", check_done(world.plan()), made_at="2099-01-01T00:00:00.000Z")
    odd = phone.op("something_new", {"asset": str(world.asset().pk)})
    nowhere = phone.op("something_new", {})
    assert {each["outcome"] for each in phone.push(late, odd, nowhere)} == {"held"}
    assert {str(each.pk) for each in held_for(manager)} == {late["id"], odd["id"], nowhere["id"]}
    assert not held_for(world.person("site-manager", school=world.riverside.school))


def test_a_check_of_what_was_retired_meanwhile_is_kept_as_an_extra_one(world, held, client):
    plan = Plan.objects.get()
    due = plan.due_on
    client.force_login(world.lead)
    page = client.get(f"/held/{held.pk}/").content.decode()
    assert "was retired" in page and "Keep it as an extra check" in page and "What was answered" in page
    answer = client.post(f"/held/{held.pk}/", {"what": "extra", "reason": "It was taken down the day after."})
    assert answer.status_code == 302
    record = CheckRecord.objects.get()
    assert (record.pk, record.ad_hoc, record.plan_id, record.author) == (held.pk, True, plan.pk, world.caretaker)
    assert any("moves no date" in each for each in record.notes)
    plan.refresh_from_db()
    assert (plan.due_on, plan.last_done_on) == (due, None)


def test_a_check_whose_plan_was_ended_is_kept_as_an_extra_one(world, phone):
    plan = world.plan()
    Plan.objects.filter(pk=plan.pk).update(active=False, ended_on=timezone.localdate(), ended_why="Not here any more")
    op = Op.objects.get(pk=phone.push_one(phone.op("check_done", check_done(plan)))["id"])
    assert (op.code, ways(op)[0]) == ("plan_ended", Take.EXTRA)
    settle_op(op=op, person=world.lead, apply=True, take=Take.EXTRA, reason="It was done before she knew.")
    assert CheckRecord.objects.get().ad_hoc


@pytest.mark.parametrize(("take", "of"), [(Take.AS_PLANNED, "planned"), (Take.EXTRA, "scanned")])
def test_of_a_wrong_label_the_office_says_what_it_was_done_on(world, phone, take, of):
    plan, other = world.plan(), world.asset(name="Second panel")
    op = Op.objects.get(pk=phone.push_one(phone.op("check_done", check_done(plan, asset=str(other.pk))))["id"])
    assert (op.code, take in ways(op)) == ("wrong_asset", True)
    settle_op(op=op, person=world.lead, apply=True, take=take, reason="He told me.")
    record = CheckRecord.objects.get()
    expected = {"planned": (plan.asset_id, plan.pk, False), "scanned": (other.pk, None, True)}[of]
    assert (record.asset_id, record.plan_id, record.ad_hoc) == expected


def test_the_office_vouches_for_somebody_who_had_no_right_to_be_there(world, phone):
    other = Phone(world.stranger)
    other.register()
    op = Op.objects.get(pk=other.push_one(other.op("check_done", check_done(world.plan())))["id"])
    assert op.code == "not_yours"
    settle_op(op=op, person=world.lead, apply=True, reason="He stood in that week.")
    assert CheckRecord.objects.get().author == world.stranger


def test_what_is_held_is_told_in_words_whatever_it_is(world, phone, client):
    client.force_login(world.lead)
    asset = world.asset()
    Asset.objects.filter(pk=asset.pk).update(status="retired")
    bodies = {
        "reading_taken": {"asset": str(asset.pk), "value": 1e300, "unit": "kWh", "photos": []},
        "asset_added": asset_added(world, type="flux-capacitor"),
        "defect_updated": {"defect": str(uuid.uuid4()), "note": "Looked again", "photos": []},
        "dance": {},
    }
    for kind, body in bodies.items():
        op = phone.push_one(phone.op(kind, body))
        page = client.get(f"/held/{op['id']}/")
        assert page.status_code == 200, kind
        assert "Word for word" in page.content.decode()


def test_a_label_claimed_twice_says_where_it_is_and_what_would_help(world, phone):
    manager = world.person("site-manager", school=world.oakfield.school)
    code = make_tags(1)[0].code
    first, second = world.asset(name="Tap 5"), world.asset(name="Tap 6")
    phone.push_one(phone.op("tag_claimed", {"tag": code, "asset": str(first.pk)}))
    phone.push_one(phone.op("tag_claimed", {"tag": code, "asset": str(second.pk)}))
    op = held_for(manager).get()
    shown = told(op, manager)
    assert shown and any(line.startswith(f"Label {code} is on Tap 5") for line in shown.now)
    assert about_each([op], manager)[op.pk] == "Tap 6"
    with pytest.raises(Problem, match="Take that label off the other thing first"):
        settle_op(op=op, person=manager, apply=True, reason="It is")


def test_what_is_held_names_the_check_and_the_thing(world, phone):
    manager = world.person("site-manager", school=world.oakfield.school)
    plan = world.plan()
    Asset.objects.filter(pk=plan.asset_id).update(status="retired")
    phone.push_one(phone.op("check_done", check_done(plan)))
    op = held_for(manager).get()
    assert op.code == "asset_retired"
    assert about_each([op], manager)[op.pk] == f"{plan.check_type.title}, {plan.asset.name}"
    assert about_each([op], world.person("site-manager", school=world.riverside.school))[op.pk] == ""
    with pytest.raises(Problem, match="Bring the thing back first"):
        settle_op(op=op, person=manager, apply=True, reason="It is here")
