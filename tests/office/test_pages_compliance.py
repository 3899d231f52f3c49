"""The board: counts of what is wrong, every number leading to its rows, and few queries whatever the size."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.core.days import today
from tests.office.conftest import done

LONG_AGO = dt.timedelta(days=400)


def queries_for(browser, page: str) -> int:
    """How many queries a page takes."""
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(page).status_code == 200
    return len(asked)


@pytest.fixture
def estate(world):
    """An overdue examination and a test in date at Oakfield, nothing overdue at Riverside."""
    done(world.plan(), world.caretaker)
    world.plan("loler-passenger-lift", asset=world.asset("passenger-lift", name="Hall lift"), since=today() - LONG_AGO)
    done(world.plan(asset=world.asset(site=world.riverside)), world.stranger)


def test_the_board_answers_first(world, estate, browse):
    text = browse(world.lead).get("/compliance/").content.decode()
    assert "2 of 3 checks are in date. 1 is overdue at 1 of 2 schools." in re.sub(r"\s+", " ", text)


def test_a_cell_counts_what_is_wrong_and_leads_to_it(world, estate, browse):
    browser = browse(world.lead)
    text = browser.get("/compliance/").content.decode()
    link = f"/plans/?school={world.oakfield.school_id}&discipline=lifting-pressure&status=overdue"
    assert link.replace("&", "&amp;") in text
    assert "Oakfield, Lifting and pressure equipment: 1 overdue" in text
    assert "Hall lift" in browser.get(link).content.decode()


def test_the_worst_school_comes_first_unless_names_are_asked_for(world, browse):
    world.plan(asset=world.asset(site=world.riverside), since=today() - LONG_AGO)
    done(world.plan(), world.caretaker)
    browser = browse(world.lead)
    worst, named = (browser.get(page).content.decode() for page in ("/compliance/", "/compliance/?order=name"))
    rows = [re.findall(r'<th scope="row">\s*<a href="[^"]+">(\w+)</a>', text) for text in (worst, named)]
    assert rows == [["Riverside", "Oakfield"], ["Oakfield", "Riverside"]]


def test_the_board_takes_few_queries_and_no_more_with_more_rows(world, estate, browse):
    browser = browse(world.lead)
    before = queries_for(browser, "/compliance/")
    assert before < 12
    for number in range(15):
        world.plan(asset=world.asset(name=f"Panel {number}"))
    assert queries_for(browser, "/compliance/") <= before


def test_no_list_takes_more_queries_for_more_rows(world, estate, browse):
    def more(name: str) -> None:
        plan = world.plan(asset=world.asset(name=name), since=today() - LONG_AGO)
        done(plan, world.caretaker, answers={"panel_response": "fail"}, days_ago=50)

    more("The first")
    browser = browse(world.person("sbm", school=world.oakfield.school))
    pages = ["/", "/plans/", "/assets/", "/records/", "/lapses/", "/problems/", f"/sites/{world.oakfield.pk}/"]
    browser.get("/")
    before = {page: queries_for(browser, page) for page in pages}
    for number in range(6):
        more(f"Panel {number}")
    assert {page: queries_for(browser, page) for page in pages} == before


def test_the_assets_page_takes_no_more_queries_for_a_longer_history(world, browse):
    plan = world.plan(since=today() - LONG_AGO)
    browser = browse(world.lead)
    done(plan, world.caretaker, days_ago=60)
    before = queries_for(browser, f"/assets/{plan.asset_id}/")
    for weeks in range(1, 8):
        done(plan, world.caretaker, days_ago=weeks * 7)
    assert queries_for(browser, f"/assets/{plan.asset_id}/") <= before
    before = queries_for(browser, f"/plans/{plan.pk}/")
    done(plan, world.caretaker, days_ago=3)
    assert queries_for(browser, f"/plans/{plan.pk}/") <= before


def test_an_empty_trust_is_said_to_be_unknown_not_fine(world, browse):
    browser = browse(world.lead)
    assert "nothing is known about compliance" in browser.get("/compliance/").content.decode()
    assert "no checks are planned yet, so nothing is known" in browser.get("/").content.decode()
    assert "No assets are in the register yet" in browser.get("/assets/").content.decode()


def test_the_schools_page_gives_its_sentence_and_its_worst(world, estate, browse):
    text = re.sub(r"\s+", " ", browse(world.lead).get(f"/schools/{world.oakfield.school_id}/").content.decode())
    assert "Oakfield: 1 of 2 checks in date. 1 overdue; the worst is" in text
    assert "(Hall lift)" in text


def test_the_caretakers_home_says_what_to_do_next(world, estate, browse):
    text = re.sub(r"\s+", " ", browse(world.caretaker).get("/").content.decode())
    assert "Next at Oakfield: " in text
    assert "Hall lift" in text
    assert "Open the checks app" in text


def test_the_boards_figures_are_there_as_csv(world, estate, browse):
    text = b"".join(browse(world.lead).get("/compliance.csv").streaming_content).decode("utf-8-sig")
    assert text.splitlines()[0].startswith("School,URN,Site,Discipline,In date")
    assert any("Lifting and pressure equipment,0,0,0,1" in line for line in text.splitlines())
