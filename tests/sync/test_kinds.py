"""Every kind of operation, through the door that phones use."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from backend.assets.actions import ensure_tags, make_tags
from backend.assets.models import Asset, Reading, Tag, TagRetirement
from backend.checks.models import CheckRecord, NotDone, RecordPhoto
from backend.core.days import today
from backend.maintenance.models import Defect, DefectPhoto, WorkOrder
from backend.sync.bodies import BODIES
from backend.sync.models import Op
from tests.sync.phone import Phone, asset_added, check_done, defect_reported, iso

PHOTO = {"sha256": "a" * 64, "type": "image/jpeg", "size": 1234, "field": ""}


@pytest.fixture
def manager(world):
    """The site manager's phone."""
    made = Phone(world.person("site-manager", school=world.oakfield.school))
    made.register()
    return made


def test_every_kind_of_the_protocol_is_known():
    assert set(BODIES) == {
        "check_done",
        "check_not_done",
        "defect_reported",
        "defect_updated",
        "work_done",
        "tag_claimed",
        "asset_added",
        "asset_changed",
        "reading_taken",
    }


def test_check_done_keeps_its_photos_its_tag_and_how_presence_was_proved(world, phone):
    plan = world.plan()
    tag = make_tags(1)[0]
    tag.asset = plan.asset
    tag.save()
    body = check_done(plan, photos=[PHOTO, PHOTO], presence="tag_photo", tag=tag.code.lower())
    result = phone.push_one(phone.op("check_done", body))
    assert (result["outcome"], result["notes"]) == ("applied", [])
    record = CheckRecord.objects.get()
    assert (record.presence, record.tag, RecordPhoto.objects.filter(record=record).count()) == ("tag_photo", tag.code, 1)


def test_a_tag_of_another_asset_is_noted_and_a_tag_of_nobodys_too(world, phone):
    plan = world.plan()
    tag = make_tags(1)[0]
    tag.asset = world.asset("manual-call-point")
    tag.save()
    elsewhere = phone.op("check_done", check_done(plan, presence="tag", tag=tag.code))
    unknown = phone.op("check_done", check_done(plan, presence="tag", tag="00000000"))
    notes = [each["notes"] for each in phone.push(elsewhere, unknown)]
    assert "another asset" in notes[0][0]
    assert "not one of ours" in notes[1][0]


def test_a_failed_check_raises_its_problem(world, phone):
    body = check_done(world.plan())
    body["answers"]["panel_response"] = "fail"
    assert phone.push_one(phone.op("check_done", body))["outcome"] == "applied"
    assert Defect.objects.get().severity == "high"


def test_a_correction_names_the_record_and_says_why(world, phone):
    plan = world.plan()
    first = phone.op("check_done", check_done(plan))
    fix = phone.op("check_done", check_done(plan, supersedes=first["id"], reason="Wrong call point."))
    twice = phone.op("check_done", check_done(plan, supersedes=first["id"], reason="And again."))
    silent = phone.op("check_done", check_done(plan, supersedes=fix["id"]))
    results = phone.push(silent, fix, first)
    assert [each["outcome"] for each in results] == ["held", "applied", "applied"]
    assert results[0]["code"] == "reason_missing"
    assert phone.push_one(twice)["code"] == "already_corrected"
    assert CheckRecord.objects.get(pk=fix["id"]).supersedes_id == uuid.UUID(first["id"])


def test_two_corrections_in_one_push_leave_one(world, phone):
    plan = world.plan()
    first = phone.op("check_done", check_done(plan))
    phone.push_one(first)
    fixes = [phone.op("check_done", check_done(plan, supersedes=first["id"], reason=f"Fix {n}")) for n in range(2)]
    results = phone.push(*fixes, phone.op("check_done", check_done(plan)))
    assert sorted(each["outcome"] for each in results) == ["applied", "applied", "held"]
    assert {each.get("code") for each in results} == {None, "already_corrected"}


def test_a_check_without_a_plan_must_be_an_events_or_ad_hoc(world, phone):
    plan = world.plan()
    loose = phone.op("check_done", check_done(plan, plan=None))
    ad_hoc = phone.op("check_done", check_done(plan, plan=None, ad_hoc=True))
    nowhere = phone.op("check_done", check_done(plan, plan=None, ad_hoc=True, asset=None))
    results = phone.push(loose, ad_hoc, nowhere)
    assert [each.get("code") for each in results] == ["no_plan", None, "no_place"]
    assert CheckRecord.objects.get().plan is None


def test_the_asset_scanned_must_be_the_one_planned_for(world, phone):
    body = check_done(world.plan(), asset=str(world.asset("fire-alarm-panel", name="Other").pk))
    assert phone.push_one(phone.op("check_done", body))["code"] == "wrong_asset"


def test_check_not_done_keeps_the_reason_and_moves_nothing(world, phone):
    plan = world.plan()
    body = {"plan": str(plan.pk), "reason": "no-access", "note": "Locked", "photos": [PHOTO], "try_again_on": "2026-12-01"}
    assert phone.push_one(phone.op("check_not_done", body))["outcome"] == "applied"
    attempt = NotDone.objects.get()
    assert (attempt.reason, attempt.try_again_on, attempt.photos[0]["sha256"]) == ("no-access", dt.date(2026, 12, 1), "a" * 64)
    before = plan.due_on
    plan.refresh_from_db()
    assert plan.due_on == before
    assert phone.push_one(phone.op("check_not_done", {**body, "reason": "bored"}))["code"] == "answers"


def test_a_problem_is_reported_on_an_asset_or_in_a_place(world, phone):
    asset = world.asset()
    on_asset = phone.op("defect_reported", defect_reported(world, asset=str(asset.pk), place=None, photos=[PHOTO]))
    space = world.oakfield.buildings.get().spaces.first()
    place = {"site": str(world.oakfield.pk), "building": None, "space": str(space.pk)}
    in_room = phone.op("defect_reported", defect_reported(world, place=place))
    nowhere = phone.op("defect_reported", defect_reported(world, place=None))
    results = phone.push(on_asset, in_room, nowhere)
    assert [each.get("code") for each in results] == [None, None, "no_place"]
    assert Defect.objects.get(pk=on_asset["id"]).asset == asset
    assert Defect.objects.get(pk=in_room["id"]).building == space.building
    assert DefectPhoto.objects.count() == 1


def test_news_of_a_problem_and_work_on_it(world, phone):
    report = phone.op("defect_reported", defect_reported(world))
    news = phone.op("defect_updated", {"defect": report["id"], "note": "Screwed back", "photos": [], "minutes": 20})
    assert [each["outcome"] for each in phone.push(news, report)] == ["applied", "applied"]
    defect = Defect.objects.get()
    order = WorkOrder.objects.create(site=defect.site, defect=defect, title="New hinge")
    done = phone.op("work_done", {"work_order": str(order.pk), "note": "", "photos": [], "minutes": 30})
    assert phone.push_one(done)["outcome"] == "applied"
    order.refresh_from_db()
    assert (order.status, order.minutes, defect.notes.count()) == ("done", 30, 2)


def test_a_tag_is_claimed_once(world, phone):
    code = make_tags(1)[0].code
    first, second = world.asset(), world.asset("manual-call-point")
    assert phone.push_one(phone.op("tag_claimed", {"tag": code, "asset": str(first.pk)}))["outcome"] == "applied"
    assert phone.push_one(phone.op("tag_claimed", {"tag": code, "asset": str(first.pk)}))["outcome"] == "applied"
    assert phone.push_one(phone.op("tag_claimed", {"tag": code, "asset": str(second.pk)}))["code"] == "tag_taken"
    assert phone.push_one(phone.op("tag_claimed", {"tag": "00000000", "asset": str(first.pk)}))["code"] == "unknown_tag"


def test_a_fresh_label_takes_the_place_of_a_damaged_one(world, phone):
    asset, other = world.asset(), world.asset(name="Another")
    old, taken = ensure_tags([asset])[asset.pk].code, ensure_tags([other])[other.pk].code
    fresh, spare = (each.code for each in make_tags(2))
    body = {"tag": fresh, "asset": str(asset.pk), "replaces": old, "why": "damaged"}
    assert phone.push_one(phone.op("tag_claimed", body))["outcome"] == "applied"
    row = TagRetirement.objects.get(tag=old)
    assert (row.replaced_by_id, row.why, row.asset, row.retired_by) == (fresh, "damaged", asset, world.caretaker)
    assert Tag.objects.get(pk=fresh).asset == asset and Tag.objects.get(pk=old).asset is None
    again = {**body, "tag": spare}  # out of use by now: the label is put on all the same
    assert phone.push_one(phone.op("tag_claimed", again))["outcome"] == "applied"
    wrong = {**body, "tag": make_tags(1)[0].code, "replaces": taken}
    assert phone.push_one(phone.op("tag_claimed", wrong))["code"] == "tag_taken"
    assert Tag.objects.get(pk=wrong["tag"]).asset is None  # all or nothing


def test_an_asset_is_added_with_the_phones_id(world, phone):
    op = phone.op("asset_added", asset_added(world, facts={"ring": 3}, installed_on="2020-02-01"))
    assert phone.push_one(op)["outcome"] == "applied"
    asset = Asset.objects.get(pk=op["id"])
    assert (asset.facts, asset.installed_on, str(asset.space)) == ({"ring": 3}, dt.date(2020, 2, 1), "Boiler room")
    odd = phone.op("asset_added", asset_added(world, type="flux-capacitor"))
    nameless = phone.op("asset_added", asset_added(world, name="  "))
    assert [each["code"] for each in phone.push(odd, nameless)] == ["unknown_type", "name_missing"]


def test_of_two_changes_the_later_made_stays_whichever_arrives_first(world, phone):
    asset, now = world.asset(), timezone.now()
    later = phone.op(
        "asset_changed",
        {"asset": str(asset.pk), "changes": {"make": "Later", "facts": {"ring": 2}}},
        made_at=now - dt.timedelta(hours=1),
    )
    earlier = phone.op(
        "asset_changed",
        {"asset": str(asset.pk), "changes": {"make": "Earlier", "serial": "S1", "facts": {"ring": 1, "loop": 4}}},
        made_at=now - dt.timedelta(hours=2),
    )
    assert phone.push_one(later)["outcome"] == "applied"
    assert phone.push_one(earlier)["outcome"] == "applied"
    asset.refresh_from_db()
    assert (asset.make, asset.serial, asset.facts) == ("Later", "S1", {"ring": 2, "loop": 4})


def test_a_move_to_another_sites_building_is_held(world, phone):
    building = world.riverside.buildings.get()
    body = {"asset": str(world.asset().pk), "changes": {"building": str(building.pk)}}
    assert phone.push_one(phone.op("asset_changed", body))["code"] == "wrong_place"


def test_out_of_service_pauses_the_plans_and_retiring_is_for_the_office(world, phone, manager):
    plan = world.plan()
    out = {"asset": str(plan.asset_id), "changes": {"status": "out-of-service"}}
    assert phone.push_one(phone.op("asset_changed", out))["code"] == "not_yours"
    assert manager.push_one(manager.op("asset_changed", out))["outcome"] == "applied"
    plan.refresh_from_db()
    assert plan.status(today()) == "paused"
    gone = {"asset": str(plan.asset_id), "changes": {"status": "retired"}}
    assert manager.push_one(manager.op("asset_changed", gone))["code"] == "office_only"


def test_readings_are_kept_as_they_were_read(world, phone):
    asset = world.asset()
    ops = [
        phone.op("reading_taken", {"asset": str(asset.pk), "value": value, "unit": "kWh", "photos": []})
        for value in (12.3, 0, -4, 1e14)
    ]
    assert [each["outcome"] for each in phone.push(*ops)] == ["applied", "applied", "applied", "held"]
    assert str(Reading.objects.get(pk=ops[0]["id"])) == "12.3 kWh"
    assert (
        phone.push_one(phone.op("reading_taken", {"asset": str(asset.pk), "value": "12", "unit": "kWh"}))["code"] == "malformed"
    )


def test_chains_over_several_pushes_resolve_from_the_last(world, phone):
    plan = world.plan()
    code = make_tags(1)[0].code
    added = phone.op("asset_added", asset_added(world, type="fire-alarm-panel"))
    claimed = phone.op("tag_claimed", {"tag": code, "asset": added["id"]})
    check = phone.op("check_done", check_done(plan, plan=None, ad_hoc=True, asset=added["id"], tag=code, presence="tag"))
    fix = phone.op(
        "check_done", check_done(plan, plan=None, ad_hoc=True, asset=added["id"], supersedes=check["id"], reason="Slip")
    )
    report = phone.op("defect_reported", defect_reported(world, asset=added["id"], place=None))
    news = phone.op("defect_updated", {"defect": report["id"], "note": "Seen", "photos": []})
    for each in (fix, news, check, claimed, report):
        assert phone.push_one(each)["code"] == "waiting"
    assert phone.push_one(added)["outcome"] == "applied"
    assert not Op.objects.filter(outcome="held").exists()
    assert CheckRecord.objects.get(pk=fix["id"]).supersedes_id == uuid.UUID(check["id"])
    assert Asset.objects.get(tags__code=code).pk == uuid.UUID(added["id"])


def test_what_waits_for_something_held_is_freed_with_it(world, phone):
    from backend.sync.settle import settle_op

    space = world.oakfield.buildings.get().spaces.first()
    future = timezone.now() + dt.timedelta(days=3)
    added = phone.op("asset_added", asset_added(world, space=str(space.pk)), made_at=future)
    changed = phone.op("asset_changed", {"asset": added["id"], "changes": {"serial": "S9"}})
    assert [each["code"] for each in phone.push(added, changed)] == ["in_future", "waiting"]
    op = Op.objects.get(pk=added["id"])
    settle_op(op=op, person=world.lead, apply=True, reason="The phone's clock was wrong.")
    assert Asset.objects.get(pk=added["id"]).serial == "S9"
    assert iso(Op.objects.get(pk=changed["id"]).received_at)


def test_what_was_answered_together_is_kept_as_records_of_their_own_that_say_so(world, phone):
    plans, group = [world.plan("fire-alarm-panel-daily-check") for _ in range(3)], str(uuid.uuid4())
    tag = make_tags(1)[0]
    tag.asset = plans[0].asset
    tag.save()
    scanned = {"presence": "tag", "tag": tag.code}
    ways = [scanned, {}, {}]
    ops = [phone.op("check_done", check_done(plan, together=group, **way)) for plan, way in zip(plans, ways, strict=True)]
    alone = phone.op("check_done", check_done(world.plan("fire-alarm-panel-daily-check")))
    assert {each["outcome"] for each in phone.push(*ops, alone)} == {"applied"}
    kept = CheckRecord.objects.filter(together=group).order_by("id")
    assert [(str(each.pk), each.presence) for each in kept] == [
        (ops[0]["id"], "tag"),
        (ops[1]["id"], "typed"),
        (ops[2]["id"], "typed"),
    ]
    assert CheckRecord.objects.get(pk=alone["id"]).together is None


def test_a_reading_that_was_answered_together_is_kept_and_says_that_it_should_not_have_been(world, phone):
    op = phone.op("check_done", check_done(world.plan("water-sentinel-temperatures"), together=str(uuid.uuid4())))
    assert "asks for a reading" in " ".join(phone.push_one(op)["notes"])
