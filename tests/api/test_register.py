"""Assets: list, one, scan, add, change, label, in and out of service."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.assets.models import Asset
from backend.checks.models import Plan
from backend.core.days import today
from backend.core.models import AuditEntry
from tests.api.conftest import problem


def new(world, **more):
    return {"site": str(world.oakfield.pk), "type": "fire-extinguisher", "name": "Extinguisher by the door", **more}


def queries(asker, path, **query):
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert asker.get(path, **query).status_code == 200
    return len(seen)


def test_assets_are_found_by_place_kind_status_and_words(world, estate, ask):
    world.asset("gas-boiler", name="Big boiler", status="out-of-service")
    world.asset("gas-boiler", name="Far boiler", site=world.riverside)
    caretaker = ask(world.caretaker)

    def names(**query):
        return [row["name"] for row in caretaker.rows("assets", **query)]

    assert names() == ["Big boiler", "Panel of the hall"]
    assert names(type="fire-alarm-panel") == ["Panel of the hall"]
    assert names(status="out-of-service") == ["Big boiler"]
    assert names(search="hall pan") == names(search="mxp") == names(search="SN-1") == names(search="sn") == ["Panel of the hall"]
    assert names(search="!&|:*()") == names()
    assert names(site=str(world.riverside.pk)) == []
    assert names(building=str(estate.asset.building_id), space=str(estate.asset.space_id), type="gas-boiler") == ["Big boiler"]


def test_one_asset_shows_where_it_is_its_labels_and_its_kind(world, estate, ask):
    one = ask(world.caretaker).one(f"assets/{estate.asset.pk}")
    assert one["site_name"] == "Oakfield site"
    assert (one["building_name"], one["space_name"]) == ("Main block", estate.asset.space.name)
    assert (one["type"], one["discipline"], one["tags"]) == ("fire-alarm-panel", "fire", [estate.tag.code])


def test_a_list_costs_at_most_four_queries_and_a_scan_five_whatever_the_size(world, estate, ask):
    caretaker, site = ask(world.caretaker), str(world.oakfield.pk)
    caretaker.get("assets")  # a token's first use of the day is written down
    before = [queries(caretaker, "assets", site=site, page_size=200), queries(caretaker, f"assets/by-tag/{estate.tag.code}")]
    Asset.objects.bulk_create([Asset(site=estate.asset.site, type=estate.asset.type, name=f"Panel {n}") for n in range(200)])
    after = [queries(caretaker, "assets", site=site, page_size=200), queries(caretaker, f"assets/by-tag/{estate.tag.code}")]
    assert before == after
    assert after[0] <= 4 and after[1] <= 5


def test_a_browser_session_pays_no_more(world, estate, ask):
    browser = ask(None)
    browser.client.force_login(world.caretaker)
    browser.get("sites")
    assert queries(browser, "assets", site=str(world.oakfield.pk), page_size=100) <= 4
    assert queries(browser, f"assets/by-tag/{estate.tag.code}") <= 5


def test_a_label_is_read_in_any_case_and_as_people_type_it(world, estate, ask):
    caretaker, code = ask(world.caretaker), estate.tag.code
    for typed in (code, code.lower(), f"{code[:4]} {code[4:]}", f"{code[:4]}-{code[4:]}".lower()):
        found = caretaker.one(f"assets/by-tag/{typed}")
        assert (found["id"], found["code"]) == (str(estate.asset.pk), code)
    assert [(row["check_type"], row["status"]) for row in found["plans"]] == [("fire-alarm-weekly-test", "overdue")]


def test_a_mistyped_label_is_told_from_an_unknown_one(world, estate, ask):
    from backend.assets.actions import make_tags

    code = estate.tag.code
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    said = problem(ask(world.caretaker).get(f"assets/by-tag/{wrong}"), 400, "bad_code")
    assert "check character" in said["detail"]
    free = make_tags(1)[0].code
    strangers = ask(world.stranger).get(f"assets/by-tag/{code}")
    unknown = ask(world.caretaker).get(f"assets/by-tag/{free}")
    assert problem(strangers, 404) == problem(unknown, 404)


def test_an_asset_is_added_once_however_often_it_is_sent(world, ask):
    caretaker = ask(world.caretaker)
    building = world.oakfield.buildings.first()
    body = new(
        world, id=str(uuid.uuid4()), building=str(building.pk), facts={"capacity_kg": 6, "new": True}, installed_on="2020-05-01"
    )
    first, again = caretaker.post("assets", body), caretaker.post("assets", body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert Asset.objects.filter(name="Extinguisher by the door").count() == 1
    problem(caretaker.post("assets", {**body, "type": "gas-boiler"}), 409, "id_taken")


@pytest.mark.parametrize(
    ("more", "status", "field"),
    [
        ({"name": "  "}, 400, "name"),
        ({"name": "x" * 161}, 400, "name"),
        ({"name": 5}, 400, "name"),
        ({"type": "unicorn"}, 400, "type"),
        ({"site": None}, 400, "site"),
        ({"site": str(uuid.uuid4())}, 404, "site"),
        ({"building": str(uuid.uuid4())}, 404, "building"),
        ({"parent": str(uuid.uuid4())}, 404, "parent"),
        ({"installed_on": "0001-01-01"}, 400, "installed_on"),
        ({"facts": {"a": {"b": 1}}}, 400, "facts.a"),
        ({"facts": []}, 400, "facts"),
        ({"colour": "red"}, 400, "colour"),
        ({"id": "one"}, 400, "id"),
    ],
)
def test_an_asset_that_cannot_be_is_refused_and_nothing_is_kept(more, status, field, world, ask):
    before = AuditEntry.objects.exclude(kind__in=("token", "actor-name")).count()
    assert field in problem(ask(world.caretaker).post("assets", new(world, **more)), status)["fields"]
    assert (Asset.objects.count(), AuditEntry.objects.exclude(kind__in=("token", "actor-name")).count()) == (0, before)


def test_markup_in_a_name_is_only_text(world, ask):
    name = "<script>alert(1)</script> & 'co'"
    assert ask(world.caretaker).post("assets", new(world, name=name)).json()["name"] == name


def test_details_change_one_by_one_and_enter_the_audit_chain(world, estate, ask):
    caretaker, path = ask(world.caretaker), f"assets/{estate.asset.pk}/change"
    changed = caretaker.post(path, {"serial": "SN-2", "space": None})
    assert (changed.json()["serial"], changed.json()["space"], changed.json()["make"]) == ("SN-2", None, "Advanced")
    assert AuditEntry.objects.latest("number").kind == "asset-change"
    problem(caretaker.post(path, {}), 400, "nothing_to_change")
    assert "status" in problem(caretaker.post(path, {"status": "retired"}), 400)["fields"]
    assert "name" in problem(caretaker.post(path, {"name": None}), 400)["fields"]


def test_a_label_goes_on_one_asset_only(world, estate, ask):
    from backend.assets.actions import make_tags

    caretaker, code = ask(world.caretaker), make_tags(1)[0].code
    other = world.asset(name="Other panel")
    path = f"assets/{other.pk}/claim-tag"
    assert caretaker.post(path, {"code": code.lower()}).json()["tags"] == [code]
    assert caretaker.post(path, {"code": code}).status_code == 200
    problem(caretaker.post(f"assets/{estate.asset.pk}/claim-tag", {"code": code}), 409, "tag_taken")
    problem(caretaker.post(path, {"code": "AAAAAAAA"}), 400, "bad_code")


def test_out_of_service_pauses_the_checks_and_a_lapsed_legal_examination_bars_the_return(world, ask):
    lift = world.asset("passenger-lift")
    plan = world.plan("loler-passenger-lift", asset=lift, since=today() - dt.timedelta(days=400))
    manager = ask(world.person("site-manager", school=world.oakfield.school))
    path = f"assets/{lift.pk}/"
    assert "reason" in problem(manager.post(path + "take-out-of-service", {}), 400)["fields"]
    out = manager.post(path + "take-out-of-service", {"reason": "Door fault"}).json()
    assert (out["status"], out["status_reason"]) == ("out-of-service", "Door fault")
    assert manager.one(f"plans/{plan.pk}")["status"] == "paused"
    problem(manager.post(path + "return-to-service"), 409, "examination_lapsed")
    assert Asset.objects.get(pk=lift.pk).status == "out-of-service"
    assert Plan.objects.get(pk=plan.pk).status(today()) == "paused"
    problem(manager.post(path + "return-to-service", {"on": "2199-01-01"}), 400, "too_far")


def test_a_caretaker_may_not_take_equipment_out_of_service_and_a_stranger_learns_nothing(world, estate, ask):
    path, body = f"assets/{estate.asset.pk}/take-out-of-service", {"reason": "Because"}
    problem(ask(world.caretaker).post(path, body), 403, "forbidden")
    problem(ask(world.stranger).post(path, body), 404, "not_found")
    assert Asset.objects.get(pk=estate.asset.pk).status == "in-use"
