"""The board: counts of what is wrong, every number leading to its rows, and few queries whatever the size."""

import datetime as dt
import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backend.checks.queries.compliance import compliance
from backend.core.days import today
from backend.maintenance.actions import close_defect, report_defect
from backend.maintenance.models import Defect
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
    browser.get("/")  # the first page of a session also writes when it began
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


def test_what_was_never_recorded_is_not_proved_whatever_its_date(world, browse):
    world.plan(since=today())
    done(world.plan(asset=world.asset(site=world.riverside)), world.stranger)
    browser = browse(world.lead)
    for page in ("/", "/compliance/"):
        text = re.sub(r"\s+", " ", browser.get(page).content.decode())
        assert "1 of 2 checks" in text
        assert "1 not proved: nothing is recorded of it yet." in text
    assert "1 not proved: nothing recorded yet" in browser.get("/compliance/").content.decode()
    rows = browser.get("/plans/?outcome=unproved").content.decode()
    assert "not recorded yet" in rows
    assert rows.count('class="opens"') == 1
    [(now, then)] = [
        [sum(each.counts.unproved for each in compliance(world.lead, today=day, as_of=today())) for day in (today(), later)]
        for later in [today() + dt.timedelta(days=1)]
    ]
    assert (now, then) == (1, 1), "the stored dates and the records say the same"


def test_a_school_without_plans_is_named_since_nothing_is_known_of_it(world, browse):
    done(world.plan(), world.caretaker)
    for page in ("/", "/compliance/"):
        text = browse(world.lead).get(page).content.decode()
        assert "No checks are planned at Riverside yet, so nothing is known there." in text


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


def cells_of(text: str, school: str) -> list[tuple[str, str]]:
    """(classes, what is read out) of a school's cells that have a link."""
    row = next(each for each in re.findall(r"<tr>.*?</tr>", text, re.S) if f">{school}</a>" in each)
    return re.findall(r'<td class="cell ([^"]+)">\s*<a class="what".*?<span class="unseen">([^<]+)<', row, re.S)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def test_in_date_but_not_satisfactory_is_not_green(world, browse):
    plan = world.plan()
    done(plan, world.caretaker, answers={"panel_response": "fail"})
    Defect.objects.update(severity="medium", unsafe=False)
    browser = browse(world.lead)
    text = browser.get("/compliance/").content.decode()
    [(look, words)] = cells_of(text, "Oakfield")
    assert look == "unsatisfactory"
    assert "1 not satisfactory at the last report, 1 in date, 1 open problem" in words
    assert "1 of 1 checks are in date. Nothing is overdue." in squeezed(text)
    assert "1 report is unsatisfactory." in text
    link = f"/plans/?school={world.oakfield.school_id}&discipline=fire&outcome=unsatisfactory"
    assert link.replace("&", "&amp;") in text
    assert plan.asset.name in browser.get(link).content.decode()
    Defect.objects.update(severity="high")
    assert [look for look, _ in cells_of(browser.get("/compliance/").content.decode(), "Oakfield")] == ["unsatisfactory grave"]


def test_a_report_whose_problems_are_all_closed_is_put_right(world, browse):
    plan = world.plan()
    done(plan, world.caretaker, answers={"panel_response": "fail"})
    browser = browse(world.lead)
    for defect in Defect.objects.all():
        close_defect(defect=defect, person=world.lead, note="A new panel.")
    text = browser.get("/compliance/").content.decode()
    assert [look for look, _ in cells_of(text, "Oakfield")] == ["in-date"]
    assert "unsatisfactory." not in text


def test_what_is_unsafe_turns_its_cell_red_and_puts_its_school_first(world, estate, browse):
    report(world, world.riverside, unsafe=True)
    browser = browse(world.lead)
    text = browser.get("/compliance/").content.decode()
    assert re.findall(r'<th scope="row">\s*<a href="[^"]+">(\w+)</a>', text) == ["Riverside", "Oakfield"]
    [first, *_] = cells_of(text, "Riverside")
    assert first == ("unsafe", "Riverside, Other: 1 marked unsafe, 1 open problem")
    assert "unsafe</small>" in text
    assert "1 thing is marked unsafe." in squeezed(text)


def test_the_problems_of_a_cell_have_their_own_link(world, estate, browse):
    report(world, world.riverside, summary="A tap drips")
    panel = world.asset(name="Panel of the hall")
    report(world, world.oakfield, summary="The panel beeps", asset=panel)
    browser = browse(world.lead)
    text = browser.get("/compliance/").content.decode()
    for site, discipline, found, other in (
        (world.riverside, "other", "A tap drips", "The panel beeps"),
        (world.oakfield, "fire", "The panel beeps", "A tap drips"),
    ):
        link = f"/problems/?school={site.school_id}&discipline={discipline}"
        assert f'href="{link.replace("&", "&amp;")}"' in text
        listed = browser.get(link)
        assert listed.status_code == 200
        assert found in listed.content.decode() and other not in listed.content.decode()
    everywhere = browser.get("/problems/?discipline=other").content.decode()
    assert "A tap drips" in everywhere and "The panel beeps" not in everywhere


def test_the_asset_says_that_its_last_report_was_not_satisfactory(world, browse):
    plan = world.plan()
    done(plan, world.caretaker, answers={"panel_response": "fail"})
    text = squeezed(browse(world.lead).get(f"/assets/{plan.asset_id}/").content.decode())
    assert "1 of 1 check in date, but its last report was unsatisfactory." in text


def test_the_day_before_a_bad_report_is_not_counted_bad(world):
    plan = world.plan()
    done(plan, world.caretaker, answers={"panel_response": "fail"}, days_ago=2)
    now = today()
    [cell] = compliance(world.lead, today=now, as_of=now - dt.timedelta(days=1))
    assert (cell.counts.unsatisfactory, cell.counts.defects_open) == (1, 1)
    [cell] = compliance(world.lead, today=now, as_of=now - dt.timedelta(days=3))
    assert (cell.counts.unsatisfactory, cell.counts.defects_open) == (0, 0)


def test_a_role_keeps_its_capitals(world, browse):
    person = world.person("hr-officer", school=world.oakfield.school)
    assert "You are signed in as HR officer." in browse(person).get("/").content.decode()


def report(world, site, *, summary: str = "Smell of gas", unsafe: bool = False, asset=None) -> None:
    """A problem reported today."""
    report_defect(
        id=uuid.uuid4(),
        site=site,
        person=world.lead,
        summary=summary,
        severity="medium",
        unsafe=unsafe,
        found_on=today(),
        reported_at=timezone.now(),
        asset=asset,
    )
