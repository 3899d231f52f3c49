"""The pages of floor plans: what stands on them and beside them, how things are put there, and what the fire service gets."""

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backend.assets import actions
from backend.assets.models import Drawing, Pin
from backend.core import files
from backend.core.days import today
from backend.core.pictures import make_shown
from backend.maintenance.models import Defect
from backend.trust.models import Building
from tests.office.conftest import done
from tests.sync.pictures import jpeg, picture


def text(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.fixture
def plan(world) -> Drawing:
    """Oakfield's ground floor, 200 by 100 pixels."""
    file = files.take(jpeg(200, 100), owner=files.person_owner(world.lead.pk))
    make_shown(file.pk)
    main = world.oakfield.buildings.get()
    return actions.add_drawing(person=world.lead, site=world.oakfield, building=main, name="Ground floor", file=file)


@pytest.fixture
def filled(world, plan):
    """On it: a lift that is overdue, a panel in date, a room, the stopcock and asbestos."""
    lift, panel = world.asset("passenger-lift", name="Lift"), world.asset(name="Panel")
    world.plan("loler-passenger-lift", asset=lift, since=today() - dt.timedelta(days=400))
    done(world.plan(asset=panel), world.caretaker)

    def put(**what):
        return actions.put_pin(plan, person=world.caretaker, **what)

    return {
        "panel": put(kind="asset", asset=panel, x=0.05, y=0.05),
        "lift": put(kind="asset", asset=lift, x=0.95, y=0.95),
        "water": put(kind="water", x=0.25, y=0.5, note="Under the sink"),
        "asbestos": put(kind="asbestos", x=0.5, y=0.5),
        "room": put(kind="space", space=panel.space, x=0.4, y=0.4),
    }


def test_each_pin_stands_on_the_plan_by_colour_shape_and_letters_and_in_the_list(world, plan, filled, browse):
    page = text(browse(world.lead).get(f"/floor-plans/{plan.pk}/"))
    assert "1 of 2 assets on it is overdue or unsafe." in page and "style=" not in page
    assert 'class="pin at overdue tight" aria-label="2. Lift: 1 check overdue, square J10"' in page
    assert page.count(f'href="/assets/{filled["lift"].asset_id}/"') == 2, "on the picture and in the list"
    assert 'transform="translate(950.0 475.0)"' in page, "1000 units wide, half as high as wide"
    assert 'class="pin at in-date" aria-label="1. Panel: In date, square A1"' in page
    assert re.search(r'class="letters"[^>]*>W<', page) and re.search(r'class="letters"[^>]*>ACM<', page)
    rows = re.findall(r'<td class="n">(\d)</td> <th scope="row"> (?:<a [^>]*>)?([^<]+?) ?<', page)
    assert rows == [("3", "Water stopcock"), ("4", "Asbestos"), ("2", "Lift"), ("1", "Panel"), ("5", "Boiler room")]


def test_the_plan_says_what_the_register_has_in_another_building(world, plan, filled, browse):
    browser = browse(world.lead)
    address = f"/floor-plans/{plan.pk}/"
    assert "by the register" not in text(browser.get(address))
    lift, annexe = filled["lift"].asset, Building.objects.create(site=world.oakfield, name="Annexe")
    actions.change_asset(lift, changes={"building": annexe, "space": None}, person=world.lead)
    said = text(browser.get(address))
    assert "1 thing on this plan stands in another building by the register. Move it in the register" in said
    assert said.count("In Annexe") == 1
    whole = actions.add_drawing(person=world.lead, site=world.oakfield, name="Whole site", file=plan.current.file)
    actions.put_pin(whole, person=world.lead, kind="space", space=filled["room"].space, x=0.5, y=0.5)
    assert "by the register" not in text(browser.get(f"/floor-plans/{whole.pk}/")), "a plan of the whole site is of no building"


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ({"what": "emergency"}, {"Water stopcock", "Asbestos"}),
        ({"what": "rooms"}, {"Boiler room"}),
        ({"what": "assets", "status": "overdue"}, {"Lift"}),
        ({"status": "due"}, set()),
        ({"discipline": "fire"}, {"Panel"}),
    ],
)
def test_the_list_and_the_picture_show_what_is_asked_for(world, plan, filled, browse, asked, listed):
    page = text(browse(world.lead).get(f"/floor-plans/{plan.pk}/", asked))
    assert set(re.findall(r'<th scope="row"> (?:<a [^>]*>)?([^<]+?) ?<', page)) == listed
    assert page.count('class="pin at') == len(listed)


def test_what_is_unsafe_shows_before_what_is_overdue(world, plan, filled, browse):
    Defect.objects.create(
        site=world.oakfield,
        asset=filled["panel"].asset,
        summary="Smokes",
        unsafe=True,
        severity="high",
        found_on=today(),
        reported_at=timezone.now(),
    )
    page = text(browse(world.lead).get(f"/floor-plans/{plan.pk}/", {"status": "unsafe"}))
    assert "2 of 2 assets" in page and "Panel: Unsafe: do not use" in page


def test_going_nearer_needs_no_script_and_never_looks_past_the_edge(world, plan, filled, browse):
    page = text(browse(world.lead).get(f"/floor-plans/{plan.pk}/", {"zoom": 4, "x": 100, "y": 0}))
    assert 'viewBox="750.0 0.0 250.0 125.0"' in page and 'aria-label="Nearer"' in page and 'aria-label="Left"' in page
    assert browse(world.lead).get(f"/floor-plans/{plan.pk}/", {"zoom": 3}).status_code == 400
    assert browse(world.lead).get(f"/floor-plans/{plan.pk}/", {"ghost": 1}).status_code == 400


def test_a_plan_is_sent_in_by_a_form_and_a_fault_loses_nothing(world, browse):
    manager = world.person("site-manager", school=world.oakfield.school)
    browser, address = browse(manager), f"/sites/{world.oakfield.pk}/floor-plans/add/"
    pdf = SimpleUploadedFile("plan.pdf", b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
    refused = browser.post(address, {"name": "Ground floor", "file": pdf})
    assert refused.status_code == 422 and "A PDF cannot be shown as a floor plan" in text(refused)
    assert browser.post(address, {"name": "Ground floor"}).status_code == 422
    nameless = browser.post(address, {"name": "", "file": SimpleUploadedFile("plan.png", picture("PNG", 80, 60))})
    assert nameless.status_code == 422
    sent = SimpleUploadedFile("plan.png", picture("PNG", 80, 60))
    answer = browser.post(address, {"name": "Ground floor", "building": world.oakfield.buildings.get().pk, "file": sent})
    made = Drawing.objects.get()
    assert answer.headers["Location"] == f"/floor-plans/{made.pk}/"
    again = browser.post(f"/floor-plans/{made.pk}/change/", {"name": "Lower floor", "rank": "4"})
    made.refresh_from_db()
    assert again.status_code == 302 and (made.name, made.rank, made.versions.count()) == ("Lower floor", 4, 1)


def test_the_picture_is_redrawn_and_what_was_sent_runs_nothing(world, plan, browse):
    browser = browse(world.caretaker)
    small = browser.get(f"/floor-plans/{plan.pk}/picture/1/small/")
    assert small.headers["Content-Type"] == "image/jpeg" and "sandbox" in small.headers["Content-Security-Policy"]
    assert "sandbox" in browser.get(f"/floor-plans/{plan.pk}/picture/1/whole/").headers["Content-Security-Policy"]
    assert browser.get(f"/floor-plans/{plan.pk}/picture/9/small/").status_code == 404
    assert browser.get(f"/floor-plans/{plan.pk}/picture/1/huge/").status_code == 404
    assert browse(world.stranger).get(f"/floor-plans/{plan.pk}/picture/1/small/").status_code == 404


@pytest.mark.parametrize(
    ("where", "at"),
    [({"x": "25", "y": "75"}, (0.25, 0.75)), ({"square": "c4"}, (0.25, 0.35)), ({"square": " J10 "}, (0.95, 0.95))],
)
def test_something_is_put_on_a_plan_by_per_cent_or_by_its_square(world, plan, browse, where, at):
    panel = world.asset(name="Panel")
    browser, address = browse(world.caretaker), f"/floor-plans/{plan.pk}/pins/add/"
    assert f'value="asset:{panel.pk}"' in text(browser.get(address))
    answer = browser.post(address, {"what": f"asset:{panel.pk}", **where, "note": "Behind the door"})
    pin = Pin.objects.get()
    assert answer.headers["Location"] == f"/floor-plans/{plan.pk}/" and (pin.x, pin.y) == at
    assert f'value="asset:{panel.pk}"' not in text(browser.get(address)), "what is on the plan is not offered again"
    more = browser.post(address, {"what": "water", "square": "A1", "again": "1"})
    assert more.headers["Location"] == address


@pytest.mark.parametrize("where", [{}, {"x": "10"}, {"square": "K4"}, {"x": "101", "y": "5"}, {"x": "nan", "y": "5"}])
def test_a_place_that_is_none_is_said_at_its_box(world, plan, browse, where):
    answer = browse(world.caretaker).post(f"/floor-plans/{plan.pk}/pins/add/", {"what": "water", **where})
    assert answer.status_code == 422 and not Pin.objects.exists()


def test_a_pin_is_moved_taken_off_and_put_back(world, plan, filled, browse):
    browser, pin = browse(world.caretaker), filled["water"]
    browser.post(f"/floor-plans/pins/{pin.pk}/", {"x": "10", "y": "20", "note": "By the boiler"})
    pin.refresh_from_db()
    assert (pin.x, pin.y, pin.note) == (0.1, 0.2, "By the boiler")
    off = browser.post(f"/floor-plans/pins/{pin.pk}/remove/", follow=True)
    assert "Water stopcock is off the plan" in text(off) and f"/floor-plans/pins/{pin.pk}/restore/" in text(off)
    browser.post(f"/floor-plans/pins/{pin.pk}/restore/")
    assert Pin.objects.standing().filter(pk=pin.pk).exists()


def test_a_governor_sees_the_plan_and_is_offered_no_change(world, plan, filled, browse):
    governor = browse(world.person("governor", school=world.oakfield.school))
    page = text(governor.get(f"/floor-plans/{plan.pk}/"))
    assert "pins/add/" not in page and "/change/" not in page and "Water stopcock" in page
    led = governor.get(f"/floor-plans/pins/{filled['water'].pk}/")
    assert led.headers["Location"].startswith(f"/floor-plans/{plan.pk}/?zoom=2")
    assert governor.post(f"/floor-plans/pins/{filled['water'].pk}/remove/").status_code == 403


def test_the_emergency_sheet_shows_valves_and_hazards_alone(world, plan, filled, browse):
    page = text(browse(world.caretaker).get(f"/sites/{world.oakfield.pk}/emergency/"))
    assert "Water stopcock" in page and "Under the sink" in page and "Asbestos" in page
    assert "Panel" not in page and page.count('class="pin at') == 2
    empty = text(browse(world.stranger).get(f"/sites/{world.riverside.pk}/emergency/"))
    assert "has no floor plan yet" in empty


def test_an_asset_and_its_problem_show_where_it_is(world, plan, filled, browse):
    panel = filled["panel"].asset
    for address in (f"/assets/{panel.pk}/", f"/problems/{problem_of(world, panel).pk}/"):
        page = text(browse(world.caretaker).get(address))
        assert "Where it is" in page and "Main block, Ground floor</a>, square A1" in page
    actions.remove_drawing(plan, person=world.lead)
    assert "Where it is" not in text(browse(world.caretaker).get(f"/assets/{panel.pk}/"))


def problem_of(world, asset) -> Defect:
    said = {"summary": "Buzzes", "severity": "low", "found_on": today(), "reported_at": timezone.now()}
    return Defect.objects.create(site=world.oakfield, asset=asset, **said)


def test_the_site_s_plan_lists_them_and_brings_back_what_was_taken_away(world, plan, filled, browse):
    manager = browse(world.person("site-manager", school=world.oakfield.school))
    address = f"/sites/{world.oakfield.pk}/plan/"
    assert "5 things on it" in text(manager.get(address))
    gone = text(manager.post(f"/floor-plans/{plan.pk}/remove/", follow=True))
    assert f"/floor-plans/{plan.pk}/restore/" in gone and manager.get(f"/floor-plans/{plan.pk}/").status_code == 404
    assert "restore" not in text(browse(world.caretaker).get(address))
    back = text(manager.post(f"/floor-plans/{plan.pk}/restore/", follow=True))
    assert "is back, with what was on it" in back and "5 things on it" in text(manager.get(address))


def test_more_pins_and_more_plans_take_no_more_queries(world, plan, filled, browse):
    browser = browse(world.lead)
    pages = {
        f"/floor-plans/{plan.pk}/": 15, f"/floor-plans/{plan.pk}/pins/add/": 12, f"/sites/{world.oakfield.pk}/plan/": 15,
        f"/sites/{world.oakfield.pk}/emergency/": 9,
    }  # fmt: skip

    def counts() -> list[int]:
        found = []
        for address in pages:
            browser.get(address)
            with CaptureQueriesContext(connection) as asked:
                browser.get(address)
            found.append(len(asked))
        return found

    few = counts()
    for number in range(4):
        asset = world.asset(name=f"Panel {number}")
        world.plan(asset=asset)
        actions.put_pin(plan, person=world.lead, kind="asset", asset=asset, x=0.5, y=0.5)
        file = files.take(jpeg(40, 20), owner=files.person_owner(world.lead.pk))
        other = actions.add_drawing(person=world.lead, site=world.oakfield, name=f"Floor {number}", file=file)
        actions.put_pin(other, person=world.lead, kind="gas", x=0.5, y=0.5)
    assert counts() == few
    assert all(number <= most for number, most in zip(few, pages.values(), strict=True)), few


def test_the_api_tells_of_plans_and_their_pins(world, plan, filled, browse):
    browser = browse(world.caretaker)
    [row] = browser.get("/api/v1/floor-plans", {"asset": filled["lift"].asset_id}).json()["results"]
    assert (row["name"], row["width"], row["height"], row["version"]) == ("Ground floor", 200, 100, 1)
    alone = browser.get(f"/api/v1/floor-plans/{plan.pk}").json()
    assert {(each["kind"], each["name"]) for each in alone["pins"]} >= {("water", "Water stopcock"), ("asset", "Lift")}
    assert browser.get(row["picture"]).headers["Content-Type"] == "image/jpeg"
    assert browse(world.stranger).get("/api/v1/floor-plans").json()["results"] == []


def test_two_places_for_one_pin_are_not_guessed_between(world, plan, browse):
    browser = browse(world.caretaker)
    path = f"/floor-plans/{plan.pk}/pins/add/"
    answer = browser.post(path, {"what": "water", "x": "50", "y": "50", "square": "A1"})
    assert answer.status_code == 422 and "You pressed the plan in F6" in text(answer) and not Pin.objects.exists()
    assert browser.post(path, {"what": "water", "x": "50", "y": "50", "square": "f6"}).status_code == 302
    pin = Pin.objects.get()
    browser.post(f"/floor-plans/pins/{pin.pk}/", {"x": "50.0", "y": "50.0", "square": "A1", "note": ""})
    pin.refresh_from_db()
    assert (pin.x, pin.y) == (0.05, 0.05), "the boxes held the old place: the square is what was meant"


def test_the_headline_says_of_how_many_nothing_is_known(world, plan, browse):
    browser = browse(world.caretaker)
    browser.post(f"/floor-plans/{plan.pk}/pins/add/", {"what": f"asset:{world.asset(name='Panel').pk}", "x": "50", "y": "50"})
    assert "for 1 of them nothing is planned" in text(browser.get(f"/floor-plans/{plan.pk}/"))
