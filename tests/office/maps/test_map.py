"""The map: every site where it is and how it stands, what lies too near as one mark, in and out without JavaScript."""

import datetime as dt
import re
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.checks.queries.compliance import Counts
from backend.core.days import today
from backend.core.problems import Problem
from backend.office.maps.forms import position_of
from backend.office.maps.placing import REACH, marks_on, overlap
from backend.office.maps.sheet import ROUND_THE_EARTH, Box, Sheet
from backend.office.maps.spots import WORDS, Spot
from backend.office.queries.board import WORST_FIRST
from backend.trust.models import School, Site
from tests.office.conftest import done

LONG_AGO = dt.timedelta(days=400)


def text(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def put(site: Site, latitude: float, longitude: float) -> None:
    site.latitude, site.longitude = latitude, longitude
    site.save()


@pytest.fixture
def estate(world):
    """Oakfield with something overdue, Riverside ten kilometres off and in date."""
    put(world.oakfield, 52.6, -1.5)
    put(world.riverside, 52.7, -1.4)
    world.plan("loler-passenger-lift", asset=world.asset("passenger-lift", name="Hall lift"), since=today() - LONG_AGO)
    done(world.plan(asset=world.asset(site=world.riverside)), world.stranger)


def test_the_map_answers_first_and_each_site_leads_to_its_page(world, estate, browse):
    page = text(browse(world.lead).get("/map/"))
    assert "1 of 2 sites has something overdue or unsafe." in page
    assert f'href="/sites/{world.oakfield.pk}/" class="at overdue" aria-label="Oakfield site: 1 overdue"' in page
    assert f'href="/sites/{world.riverside.pk}/" class="at in-date"' in page
    assert "style=" not in page and "<script>" not in page  # the policy allows neither


def test_a_stranger_sees_only_their_own_sites(world, estate, browse):
    page = text(browse(world.stranger).get("/map/"))
    assert "Oakfield" not in page and str(world.riverside.pk) in page
    assert "Oakfield" not in browse(world.stranger).get("/map.csv").getvalue().decode()
    assert browse(world.stranger).get("/map/", {"school": world.oakfield.school_id}).status_code == 404


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("overdue", "1 of 2 sites has overdue checks."),
        ("unsafe", "None of the 2 sites on the map has things marked unsafe."),
        ("quiet", "1 of 2 sites has nothing recorded for 14 days."),
    ],
)
def test_it_shows_what_is_asked_for(world, estate, browse, what, says):
    page = text(browse(world.lead).get("/map/", {"what": what}))
    assert says in page
    assert ("at faint" in page) == (what != "unsafe") or "at faint" in page


def test_another_discipline_has_another_colour(world, estate, browse):
    page = text(browse(world.lead).get("/map/", {"discipline": "fire"}))
    assert "Nothing is overdue or unsafe in fire" in page
    assert 'class="at overdue" aria-label' not in page


def test_a_site_that_is_in_date_by_its_dates_alone_is_said_to_be_not_proved(world, browse):
    put(world.oakfield, 52.6, -1.5)
    world.plan(asset=world.asset(), since=today())
    page = text(browse(world.lead).get("/map/"))
    assert 'class="at unproved" aria-label="Oakfield site: 1 not proved"' in page
    assert f"/plans/?site={world.oakfield.pk}&amp;outcome=unproved" in page


def test_each_mark_on_the_map_has_a_shape_of_its_own_and_stands_in_its_key(world, estate, browse):
    page = text(browse(world.lead).get("/map/"))
    drawn = set(re.findall(r'class="at ([a-z-]+)" aria-label', page))
    explained = set(re.findall(r'class="at ([a-z-]+)" viewBox[^>]*aria-hidden="true"><use href="#m-\1"[^>]*></svg> \w', page))
    shapes = dict(re.findall(r'<symbol id="m-([a-z-]+)"[^>]*>(.*?)</symbol>', page))
    assert drawn and drawn <= explained
    assert {each.replace("_", "-") for each in WORST_FIRST} <= shapes.keys()
    assert shapes.pop("unsafe") == shapes["overdue"], "both are the alarm"
    assert len(set(shapes.values())) == len(shapes)


def test_every_way_that_a_board_tells_has_its_words_on_the_map():
    assert {each.replace("_", "-") for each in WORST_FIRST} <= WORDS.keys()


def test_what_is_not_understood_is_said(world, estate, browse):
    browser = browse(world.lead)
    for query in ({"box": "here"}, {"box": "2,50,1,51"}, {"box": "nan,50,1,51"}, {"what": "ghosts"}, {"nonsense": "1"}):
        assert browser.get("/map/", query).status_code == 400, query
        assert browser.get("/map.csv", query).status_code == 400, query


def test_a_site_without_a_place_is_named_and_can_be_placed_by_its_grid_reference(world, estate, browse):
    world.riverside.latitude = world.riverside.longitude = None
    world.riverside.save()
    browser = browse(world.lead)
    assert "1 site not on the map" in text(browser.get("/map/"))
    address = f"/sites/{world.riverside.pk}/place/"
    answer = browser.post(address, {"position": "-1.4, 52.7"})
    assert answer.status_code == 422 and "longitude before latitude" in text(answer)
    assert browser.post(address, {"position": "TQ 300 800"}).status_code == 302
    world.riverside.refresh_from_db()
    assert (world.riverside.latitude, world.riverside.longitude) == pytest.approx((51.504, -0.128), abs=0.002)
    assert browse(world.stranger).post(address, {"position": "TQ 300 800"}).status_code == 403
    assert browse(world.caretaker).post(address, {"position": "TQ 300 800"}).status_code == 404


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("TQ 30012 80034", (51.5046, -0.1278)),
        ("tq300800", (51.5047, -0.1279)),
        ("51.5034, -0.1276", (51.5034, -0.1276)),
        ("51.5034 N 0.1276 W", (51.5034, -0.1276)),
        ("NZ 2954 1457", (54.5254, -1.5445)),
    ],
)
def test_places_are_understood_as_people_write_them(typed, at):
    assert position_of(typed) == pytest.approx(at, abs=0.001)


@pytest.mark.parametrize("typed", ["", "TQ 30 8", "ZZ 30 80", "II 30 80", "somewhere", "0, 0", "91, 0", "TQ 300"])
def test_what_is_no_place_is_refused_in_words(typed):
    with pytest.raises(Problem):
        position_of(typed)


def test_a_map_holds_all_that_it_was_asked_to_show_and_its_scale_bar_is_true():
    box = Box.around([(52.5, -1.8), (52.9, -1.2)])
    for width, height in ((1000, 680), (400, 460)):
        sheet = Sheet.of(box, width, height)
        x1, y1 = sheet.at(box.north, box.west)
        x2, y2 = sheet.at(box.south, box.east)
        assert -0.01 <= x1 < x2 <= width + 0.01 and -0.01 <= y1 < y2 <= height + 0.01
        degree = sheet.at(52.7, -1)[0] - sheet.at(52.7, -2)[0]
        metres = ROUND_THE_EARTH / 360 * 0.606  # cos 52.7°
        said, unit = sheet.bar.words.split()
        assert sheet.bar.length == pytest.approx(float(said) * (1000 if unit == "km" else 1) / metres * degree, rel=0.02)


def many(number: int) -> list[Spot]:
    kinds = (Counts(overdue=2, in_date=5), Counts(in_date=9), Counts(due=1))
    return [
        Spot(
            id=School().pk, school_id=School().pk, name=f"Sample School {each}", school="",
            latitude=50.5 + (each * 37 % 101) / 25,
            longitude=-3 + (each * 53 % 97) / 25, last=None, counts=kinds[each % 3],
        )
        for each in range(number)
    ]  # fmt: skip


def test_six_hundred_sites_become_few_marks_whose_names_do_not_overlap_quickly():
    spots = many(600)
    began = time.perf_counter()
    sheet = Sheet.of(Box.around([(each.latitude, each.longitude) for each in spots]), 1000, 680)
    marks = marks_on(sheet, spots)
    assert time.perf_counter() - began < 0.5
    assert sum(len(each.spots) for each in marks) == 600
    assert len(marks) < 400
    for at, one in enumerate(marks):
        for other in marks[at + 1 :]:
            assert (one.x - other.x) ** 2 + (one.y - other.y) ** 2 >= (REACH - 0.2) ** 2
    names = [
        (left, each.label_y - 12, left + len(each.label) * 7.2, each.label_y + 4)
        for each in marks
        if each.label
        for left in [{"start": 0, "middle": 0.5, "end": 1}[each.anchor] * -len(each.label) * 7.2 + each.label_x]
    ]
    assert len(names) > 20
    assert not any(overlap(one, other) for at, one in enumerate(names) for other in names[at + 1 :])


def test_a_mark_of_many_leads_to_where_they_come_apart():
    spots = [each for each in many(3)]
    for number, each in enumerate(spots):
        each.latitude, each.longitude = 52.6 + number * 0.002, -1.5
    far = Sheet.of(Box(-3, 50, 0, 54), 1000, 680)
    (mark,) = marks_on(far, spots)
    assert mark.many == 3
    assert len(marks_on(Sheet.of(Box.read(mark.box), 1000, 680), spots)) == 3


def test_more_sites_take_no_more_queries(world, estate, browse):
    browser = browse(world.lead)
    browser.get("/map/")
    with CaptureQueriesContext(connection) as few:
        browser.get("/map/")
    for number in range(12):
        Site.objects.create(school=world.oakfield.school, name=f"Field {number}", latitude=52 + number / 50, longitude=-1.2)
    with CaptureQueriesContext(connection) as more:
        browser.get("/map/")
    assert len(more) <= len(few) <= 10


def test_tiles_come_from_the_one_host_that_was_set_up_and_only_on_the_map(world, estate, browse, settings):
    browser = browse(world.lead)
    plain = browser.get("/map/")
    assert "<image" not in text(plain) and "tiles.example" not in plain["Content-Security-Policy"]
    settings.TILES, settings.TILES_ATTRIBUTION = "https://tiles.example/{z}/{x}/{y}.png", "Maps by Example"
    page = browser.get("/map/")
    assert "https://tiles.example/1" in text(page) and "Maps by Example" in text(page)
    policy = page["Content-Security-Policy"]
    assert re.search(r"img-src [^;]*https://tiles\.example(?![^;\s])", policy)
    assert "tiles.example" not in browser.get("/compliance/")["Content-Security-Policy"]
    settings.TILES = "http://tiles.example/{z}/{x}/{y}.png"
    assert "<image" not in text(browser.get("/map/"))
