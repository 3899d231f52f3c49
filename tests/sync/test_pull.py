"""What a phone carries: whole documents, not sent again while nothing has changed, and nobody else's."""

import datetime as dt
import gzip
import json
import uuid

import pytest
from django.utils import timezone

from backend.assets.actions import make_tags
from backend.checks.models import Round
from backend.core.days import today
from backend.core.ids import new_id
from backend.hr.models import Competence
from backend.maintenance.actions import finish_work, give_work, report_defect, send_back
from backend.maintenance.models import Defect, DefectPhoto, WorkOrder
from tests.sync.phone import ROOT, Phone, check_done, day_made

DOCUMENTS = ("forms", "register", "due")


def get(phone, path, **headers):
    return phone.client.get(ROOT + path, headers={**phone.headers(), **headers})


def document(phone, site, name):
    answer = get(phone, f"sites/{site.pk}/{name}")
    assert answer.status_code == 200, answer.content
    found = answer.json()
    assert found["protocol"] == 1
    return found


def test_me_says_who_i_am_and_where_i_work(world, phone):
    said = get(phone, "me").json()
    assert said["person"] == {"id": str(world.caretaker.pk), "name": world.caretaker.name}
    assert [each["id"] for each in said["sites"]] == [str(world.oakfield.pk)]
    assert said["sites"][0]["school"] == "Oakfield"
    assert "check.record" in said["permits"]
    assert {"server_time", "minimum_app", "label_hosts", "demo"} <= said.keys()
    assert len(get(Phone(world.lead), "me").json()["sites"]) == 2
    assert get(Phone(None), "me").status_code == 401


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_not_sent_again_while_nothing_has_changed(world, phone, name):
    world.plan()
    address = f"sites/{world.oakfield.pk}/{name}"
    first = get(phone, address)
    etag = first["ETag"]
    assert etag.startswith('"')
    assert first["Cache-Control"] == "private, no-cache"
    again = get(phone, address, **{"If-None-Match": etag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    zipped = get(phone, address, **{"Accept-Encoding": "gzip, br"})
    assert gzip.decompress(zipped.content) == first.content
    assert zipped["ETag"] != etag
    assert get(phone, address, **{"Accept-Encoding": "gzip", "If-None-Match": zipped["ETag"]}).status_code == 304


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_stranger_gets_nothing(world, phone, name):
    assert get(Phone(world.stranger), f"sites/{world.oakfield.pk}/{name}").status_code == 404
    assert get(Phone(world.person("staff", school=world.oakfield.school)), f"sites/{world.oakfield.pk}/{name}").status_code == 404
    phone.session = False
    assert get(phone, f"sites/{world.oakfield.pk}/{name}").status_code == 401


def test_forms_hold_every_check_question_by_question(world, phone):
    said = document(phone, world.oakfield, "forms")
    weekly = next(each for each in said["checks"] if each["code"] == "fire-alarm-weekly-test")
    assert (weekly["current"], weekly["on"], weekly["questions"][0]["type"]) == (True, "asset", "asset-ref")
    assert len({each["code"] for each in said["checks"]}) == 152
    assert {"key": "fire", "title": "Fire safety"} in said["disciplines"]
    assert {"key": "no-access", "words": "Could not get in"} in said["not_done_reasons"]


def test_an_older_form_stays_for_a_year(world, phone):
    from backend.checks.models import CheckRevision

    plan = world.plan()
    kind, old = plan.check_type, plan.check_type.current
    for number, days in ((2, 30), (3, 0)):
        then = timezone.now() - dt.timedelta(days=days)
        kind.current = CheckRevision.objects.create(
            check_type=kind, number=number, content=old.content, digest=str(number) * 64, published_at=then
        )
    kind.save()
    mine = [each for each in document(phone, world.oakfield, "forms")["checks"] if each["code"] == kind.pk]
    assert [(each["revision"], each["current"]) for each in mine] == [(1, False), (2, False), (3, True)]
    assert document(phone, world.oakfield, "due")["plans"][0]["revision"] == 3


def test_the_register_holds_places_assets_tags_and_people(world, phone):
    asset = world.asset(serial="S-1", facts={"zone": 2})
    foreign = world.asset(site=world.riverside)
    on, free, theirs = make_tags(3)
    for tag, thing in ((on, asset), (theirs, foreign)):
        tag.asset = thing
        tag.save()
    held = Competence.objects.create(person=world.caretaker, name="Fire alarms", covers=["fire"], held_from=today())
    said = document(phone, world.oakfield, "register")
    assert said["site"]["name"] == "Oakfield site"
    assert [each["name"] for each in said["spaces"]] == ["Boiler room", "Hall"]
    assert [(each["id"], each["serial"], each["facts"]) for each in said["assets"]] == [(str(asset.pk), "S-1", {"zone": 2})]
    assert {(each["code"], each["asset"]) for each in said["tags"]} == {(on.pk, str(asset.pk)), (free.pk, None)}
    people = {each["id"]: each["competences"] for each in said["people"]}
    assert people[str(world.caretaker.pk)] == [{"name": held.name, "covers": ["fire"], "expires_on": None}]
    assert str(world.stranger.pk) not in people


def test_what_is_due_comes_with_its_reasons_windows_and_last_answers(world, phone):
    plan = world.plan("water-sentinel-temperatures")
    body = check_done(plan)
    numbers = {key: value for key, value in body["answers"].items() if isinstance(value, int | float) and value is not True}
    phone.push_one(phone.op("check_done", body))
    defect = Defect.objects.create(
        site=world.oakfield, summary="Tap drips", found_on=today(), reported_at=timezone.now(), reported_by=world.lead
    )
    WorkOrder.objects.create(site=world.oakfield, defect=defect, title="New washer", assigned_to=world.caretaker)
    phone.push_one(phone.op("reading_taken", {"asset": str(plan.asset_id), "value": 12.30, "unit": "m3", "photos": []}))
    said = document(phone, world.oakfield, "due")
    mine = said["plans"][0]
    plan.refresh_from_db()
    assert (mine["id"], mine["due_on"]) == (str(plan.pk), plan.due_on.isoformat())
    assert mine["last"]["by"] == world.caretaker.name
    assert mine["last_answers"] == numbers
    assert mine["windows"][0]["due_on"]
    assert mine["sentence"]
    assert said["defects"][0]["summary"] == "Tap drips"
    job = said["work_orders"][0]
    assert job["assigned_to"] == str(world.caretaker.pk)
    assert (job["problem"], job["proof"], job["whose"], job["begun"]) == ("Tap drips", "words", world.caretaker.name, False)
    assert said["readings"][0]["value"] == "12.3"
    assert said["as_of"] == today().isoformat()


def test_a_rotation_suggests_the_one_that_has_waited_longest(world, phone):
    plan = world.plan()
    points = [world.asset("manual-call-point", name=f"Call point {n}") for n in range(3)]
    seen = []
    for _ in range(4):
        turn = document(phone, world.oakfield, "due")["plans"][0]["suggest"]["call_point"]
        seen.append(turn)
        body = check_done(plan)
        body["answers"]["call_point"] = turn
        phone.push_one(phone.op("check_done", body))
    assert seen == [*(str(each.pk) for each in points), str(points[0].pk)]


def test_what_somebody_may_no_longer_see_is_gone_and_what_they_had_queued_still_goes_to_the_office(world, phone):
    op = phone.op("check_done", check_done(world.plan()))
    world.caretaker.appointments.update(ends_on=today() - dt.timedelta(days=1))
    world.caretaker.appointments.create(role="staff", school=world.oakfield.school, starts_on=today())
    assert get(phone, "me").json()["sites"] == []
    assert get(phone, f"sites/{world.oakfield.pk}/due").status_code == 404
    assert phone.push_one(op)["code"] == "not_yours"


def test_documents_are_whole_json_without_surprises(world, phone):
    world.plan()
    for name in DOCUMENTS:
        assert json.dumps(document(phone, world.oakfield, name))
    assert get(phone, f"sites/{world.oakfield.pk}/due?page=2").status_code == 400
    assert get(phone, "sites/not-an-id/due").status_code == 404


def test_a_sites_rounds_come_in_walking_order_without_plans_that_are_owed_no_more(world, phone):
    first, second = world.plan(), world.plan("fire-alarm-panel-daily-check")
    round_ = Round.objects.create(
        site=world.oakfield, name="Monday walk", often="week", days=[1], stops=[second.pk, uuid.uuid4(), first.pk],
        changed_at=timezone.now(), person=world.caretaker,
    )  # fmt: skip
    assert document(phone, world.oakfield, "due")["rounds"] == [
        {
            "id": str(round_.pk), "name": "Monday walk", "often": "week", "days": [1], "person": str(world.caretaker.pk),
            "plans": [str(second.pk), str(first.pk)],
        }
    ]  # fmt: skip


def test_the_last_readings_come_oldest_first_six_at_most_and_never_those_of_different_things(world, phone):
    plan, mixed = world.plan("water-sentinel-temperatures"), world.plan("water-sentinel-temperatures")
    outlet = {"outlet": str(plan.asset_id)}
    values = [48, 51, 52, 50.5, 49, 53, 51.5, 47]
    for value in values:
        body = check_done(plan)
        body["answers"] = {**outlet, "hot_c": value}
        phone.push_one(phone.op("check_done", body))
    for thing in (plan.asset_id, mixed.asset_id):
        body = check_done(mixed)
        body["answers"] = {"outlet": str(thing), "hot_c": 50}
        phone.push_one(phone.op("check_done", body))
    said = {each["id"]: each for each in document(phone, world.oakfield, "due")["plans"]}
    assert said[str(plan.pk)]["trend"] == {"hot_c": [[day_made().isoformat(), value] for value in values[2:]]}
    assert "trend" not in said[str(mixed.pk)]


def test_the_minutes_that_the_office_says_of_a_plan_come_with_it(world, phone):
    plan = world.plan()
    assert "minutes" not in document(phone, world.oakfield, "due")["plans"][0]
    plan.own_minutes = 7
    plan.save()
    assert document(phone, world.oakfield, "due")["plans"][0]["minutes"] == 7


def test_forms_say_what_is_asked_of_each_kind_of_thing(world, phone):
    kinds = {each["key"]: each for each in document(phone, world.oakfield, "forms")["asset_types"]}
    tank = {fact["key"]: fact for fact in kinds["cold-water-tank"]["facts"]}
    assert tank["litres"] == {"key": "litres", "label": "Holds", "type": "number", "unit": "litres", "least": 1, "most": 200000}
    assert tank["material"]["words"][0] == "GRP" and tank["material"]["options"][0] == "grp"
    assert {fact["key"] for fact in kinds["minibus"]["facts"]} >= {"first_used", "seats"}
    assert "age_years" not in {fact["key"] for fact in kinds["minibus"]["facts"]}, "it is counted from the day"


def test_a_job_says_what_is_wrong_and_why_it_was_sent_back(world, phone):
    defect = report_defect(
        id=new_id(), site=world.oakfield, person=world.caretaker, asset=world.asset(), summary="Loose rail", severity="high",
        unsafe=True, made_safe="Taped off", found_on=today(), reported_at=timezone.now(),
    )  # fmt: skip
    picture = {"sha256": "a" * 64, "content_type": "image/jpeg", "size": 9}
    DefectPhoto.objects.create(defect=defect, **picture)
    order = give_work(defect=defect, person=world.lead, to=world.caretaker, today=today(), tell=False)
    said = document(phone, world.oakfield, "due")
    [shown] = [each for each in said["defects"] if each["id"] == str(defect.pk)]
    assert (shown["made_safe"], shown["photos"]) == ("Taped off", ["a" * 64])
    assert said["work_orders"][0]["sent_back"] == ""
    finish_work(id=new_id(), work_order=order, note="Done", person=world.caretaker, made_at=timezone.now())
    send_back(work_order=order, person=world.lead, reason="Still loose")
    assert document(phone, world.oakfield, "due")["work_orders"][0]["sent_back"] == "Still loose"
