"""Where the risk is: every building with its sums, the sites on the map by the worst that is open there."""

import pytest

from backend.risk.actions import NewItem
from backend.trust.models import Building, Site
from tests.risk.test_hand_worked import small, survey, unsafe, wednesday
from tests.risk.test_pages import browser, words

__all__ = ["small", "wednesday"]
pytestmark = pytest.mark.django_db


def test_each_building_has_its_own_sums_and_leads_to_its_rows(small):
    unsafe(small, unsafe=True)
    annexe = Building.objects.create(site=small.oakfield, name="Annexe")
    survey(small, NewItem("roofs", "Old roof", "D", 1, 4_800_000, None, annexe))
    cfo = browser(small.person("cfo"))
    page = words(cfo, "/risk/places/")
    assert "Something severe is open at 1 of 2 sites." in page
    assert f"/risk/exposures/?building={annexe.pk}&amp;band=severe" in page
    rows = cfo.get("/risk/places.csv").getvalue().decode()
    (line,) = [each for each in rows.splitlines() if "Annexe" in each and "Oakfield" in each]
    assert line.startswith("Oakfield,Oakfield site,Annexe,1,")


def test_a_site_is_on_the_map_by_the_worst_that_is_open_there(small):
    Site.objects.filter(pk=small.oakfield.pk).update(latitude=52.1, longitude=-1.1)
    unsafe(small, unsafe=True)
    page = words(browser(small.person("cfo")), "/risk/places/")
    assert "Oakfield site: 1 severe" in page
    assert words(browser(small.person("cfo")), "/risk/places/?box=nonsense", 400)


def test_a_head_sees_their_own_buildings_alone(small):
    unsafe(small, unsafe=True)
    head = browser(small.person("headteacher", school=small.riverside.school))
    page = words(head, "/risk/places/")
    assert "Nothing severe is open at any of 1 site." in page
    assert "Oakfield" not in page
