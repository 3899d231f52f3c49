"""Searching everything: any spelling of a label, every sort of thing, for whom it may be known, at a fixed cost."""

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.assets.actions import ensure_place_tags, ensure_tags
from backend.assets.models import Asset, Tag
from backend.core.days import today
from backend.rules.tagcode import make_code
from backend.trust.models import SchoolUrn


@pytest.fixture
def estate(world):
    """Places with everything that stands on papers."""
    site = world.oakfield
    site.postcode, site.uprn, site.address = "LE1 6TP", "100062066951", "Mill Lane"
    site.save()
    world.plan()
    return world


@pytest.mark.parametrize("spelt", ["{0}", "{1}", "{2}-{3}", " {2} {3} ", "HTTPS://LABELS/{0}"])
def test_a_label_is_found_however_it_is_typed(world, browse, settings, spelt):
    settings.LABEL_HOSTS = ["labels"]
    asset = world.asset()
    code = ensure_tags([asset])[asset.pk].code
    text = spelt.format(code, code.lower(), code[:4], code[4:])
    assert browse(world.lead).get("/search/", {"q": text})["Location"] == f"/assets/{asset.pk}/"


def test_a_room_and_a_building_are_found_by_their_labels_code(world, browse):
    house = world.oakfield.buildings.get()
    hall = house.spaces.get(name="Hall")
    tags = ensure_place_tags([house, hall], person=world.lead)
    for thing, path in ((house, f"/buildings/{house.pk}/"), (hall, f"/spaces/{hall.pk}/")):
        code = tags[thing.pk].pk
        assert browse(world.caretaker).get("/search/", {"q": f"{code[:4]} {code[4:]}".lower()})["Location"] == path
        assert browse(world.stranger).get("/search/", {"q": code}).status_code == 200


@pytest.mark.parametrize(("printed", "read"), [("0", "O"), ("1", "I"), ("1", "l"), ("V", "U")])
def test_a_label_misread_is_forgiven(world, browse, printed, read):
    asset = world.asset()
    dice = random.Random(4)
    code = next(code for code in (make_code(dice) for _ in range(999)) if printed in code)
    Tag.objects.create(code=code, asset=asset)
    assert browse(world.lead).get("/search/", {"q": code.replace(printed, read)})["Location"] == f"/assets/{asset.pk}/"


def test_a_urn_new_or_former_a_uprn_and_a_checks_code_lead_straight_there(estate, browse):
    browser, school = browse(estate.lead), estate.oakfield.school
    SchoolUrn.objects.create(school=school, urn=123456)
    for text, where in (
        ("900001", f"/schools/{school.pk}/"),
        ("123456", f"/schools/{school.pk}/"),
        ("100062066951", f"/sites/{estate.oakfield.pk}/"),
        ("1000 6206 6951", f"/sites/{estate.oakfield.pk}/"),
        ("fire-alarm-weekly-test", "/plans/?check=fire-alarm-weekly-test"),
    ):
        assert browser.get("/search/", {"q": text})["Location"] == where, text


@pytest.mark.parametrize(
    ("text", "group", "title"),
    [
        ("oakf", "Schools", "Oakfield"),
        ("le1 6tp", "Sites", "Oakfield site"),
        ("LE16TP", "Sites", "Oakfield site"),
        ("LE1", "Sites", "Oakfield site"),
        ("main block oakfield", "Buildings", "Main block"),
        ("boiler room", "Rooms", "Boiler room"),
        ("weekly alarm", "Checks", "fire alarm"),
        ("panel fire", "Assets", "Fire alarm panel"),
    ],
)
def test_every_sort_of_thing_is_found_by_its_words(estate, browse, text, group, title):
    page = browse(estate.lead).get("/search/", {"q": text}).content.decode()
    assert f"<h2>{group}</h2>" in page
    assert title.lower() in page.lower()


def test_nobody_finds_what_is_not_theirs(estate, browse):
    browser = browse(estate.stranger)
    for text in ("oakf", "LE1 6TP", "100062066951", "900001", "main block oakfield"):
        answer = browser.get("/search/", {"q": text})
        assert answer.status_code == 200, text
        assert "Nothing is called" in answer.content.decode(), text


def test_people_are_found_only_by_who_looks_after_their_access(estate, browse):
    name = estate.caretaker.name
    assert name not in browse(estate.lead).get("/search/", {"q": "caretaker oakfield"}).content.decode()
    officer = browse(estate.person("hr-officer"))
    page = officer.get("/search/", {"q": "caretaker oakfield"}).content.decode()
    assert name in page
    assert "<h2>Schools</h2>" not in page
    assert browse(estate.person("staff", school=estate.oakfield.school)).get("/search/?q=x").status_code == 403


def test_suggestions_come_in_groups_and_say_where_all_of_it_is(estate, browse):
    browser = browse(estate.lead)
    part = browser.get("/search/suggest/", {"q": "panel"}).content.decode()
    assert 'role="option"' in part
    assert "<html" not in part
    assert "See everything for “panel”" in part
    assert browser.get("/search/suggest/", {"q": "p"}).content.decode().strip() == ""
    assert "Nothing found" in browser.get("/search/suggest/", {"q": "xyzzy"}).content.decode()


@pytest.mark.parametrize("text", ["'", "\\", "%", "_", "a:*|b", "()", "💥", "\x00", "  ", "x" * 500, "O", "-", "12" * 40])
def test_whatever_is_typed_gets_an_answer(estate, browse, text):
    browser = browse(estate.lead)
    assert browser.get("/search/", {"q": text}).status_code == 200
    assert browser.get("/search/suggest/", {"q": text}).status_code == 200


def test_a_search_costs_the_same_however_much_is_found(estate, browse):
    browser = browse(estate.lead)
    browser.get("/search/?q=panel")

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert browser.get("/search/suggest/?q=panel").status_code == 200
        return len(asked)

    few = queries()
    for number in range(30):
        estate.asset(name=f"Panel {number}")
    assert queries() == few
    assert few <= 16


def test_a_thing_that_moved_is_found_once_and_what_is_retired_says_so(world, browse):
    there = world.asset(name="Valve", serial="J2-001", site=world.riverside)
    gone = world.asset(name="Valve", serial="J2-001")
    Asset.objects.filter(pk=gone.pk).update(status="retired", status_since=today())
    browser = browse(world.lead)
    assert browser.get("/search/", {"q": "J2-001"})["Location"] == f"/assets/{there.pk}/", "the one that is in use"
    told = browser.get("/search/", {"q": "Valve"}).content.decode()
    assert "Retired" in told
    Asset.objects.filter(pk=there.pk).update(status="retired", status_since=today())
    both = browser.get("/search/", {"q": "J2-001"}).content.decode()
    assert both.count(f"/assets/{there.pk}/") == both.count(f"/assets/{gone.pk}/") == 1
