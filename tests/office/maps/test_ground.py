"""The plan of a site: its boundary and buildings to scale, each by how it stands."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.core.days import today
from backend.trust.models import Building, Outline
from tests.office.conftest import done


def text(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def square(west: float, south: float, side: float) -> dict[str, object]:
    ring = [[west, south], [west + side, south], [west + side, south + side], [west, south + side], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


@pytest.fixture
def ground(world):
    """Oakfield with a boundary and two blocks: a lift overdue in one, a panel in date in the other."""
    main = world.oakfield.buildings.get()
    hall = Building.objects.create(site=world.oakfield, name="Sports hall")
    for building, geometry in ((None, square(-1.5, 52.6, 0.002)), (main, square(-1.4995, 52.6005, 0.0005))):
        Outline.objects.create(site=world.oakfield, building=building, geometry=geometry, area_m2=100)
    many = {"type": "MultiPolygon", "coordinates": [square(-1.4985, 52.6012, 0.0003)["coordinates"]]}
    Outline.objects.create(site=world.oakfield, building=hall, geometry=many, area_m2=90)
    lift = world.asset("passenger-lift", name="Lift")
    world.plan("loler-passenger-lift", asset=lift, since=today() - dt.timedelta(days=400))
    panel = world.asset(name="Panel")
    panel.building, panel.space = hall, None
    panel.save()
    done(world.plan(asset=panel), world.caretaker)


def test_each_building_stands_on_the_plan_and_in_the_list(world, ground, browse):
    page = text(browse(world.lead).get(f"/sites/{world.oakfield.pk}/plan/"))
    assert "1 building of 2 with something overdue or unsafe." in page
    assert 'class="block overdue" aria-label="Main block: 1 overdue"' in page
    assert 'class="block in-date" aria-label="Sports hall: in date"' in page
    assert 'class="boundary" d="M' in page and "style=" not in page
    fire = text(browse(world.lead).get(f"/sites/{world.oakfield.pk}/plan/", {"discipline": "fire"}))
    assert 'class="block none" aria-label="Main block: nothing planned"' in fire


def test_without_outlines_it_says_what_to_do_and_lists_the_buildings(world, browse):
    page = text(browse(world.lead).get(f"/sites/{world.riverside.pk}/plan/"))
    assert "have not been drawn yet" in page and "/imports/outlines/" in page and "Main block" in page
    assert "/imports/outlines/" not in text(browse(world.stranger).get(f"/sites/{world.riverside.pk}/plan/"))


def test_a_stranger_does_not_find_it_and_a_wrong_filter_is_said(world, ground, browse):
    assert browse(world.stranger).get(f"/sites/{world.oakfield.pk}/plan/").status_code == 404
    assert browse(world.lead).get(f"/sites/{world.oakfield.pk}/plan/", {"discipline": "ghosts"}).status_code == 400


def test_more_buildings_take_no_more_queries(world, ground, browse):
    browser = browse(world.lead)
    address = f"/sites/{world.oakfield.pk}/plan/"
    browser.get(address)
    with CaptureQueriesContext(connection) as few:
        browser.get(address)
    for number in range(5):
        Building.objects.create(site=world.oakfield, name=f"Hut {number}")
    with CaptureQueriesContext(connection) as more:
        browser.get(address)
    assert len(more) <= len(few) <= 14
