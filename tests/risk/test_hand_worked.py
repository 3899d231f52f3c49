"""A small trust whose figures are worked out by hand: every figure of the CFO's page and of the board paper agrees with them."""

import datetime as dt
import io
import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backend.assets.models import Asset
from backend.core.days import LONDON
from backend.maintenance.models import Contractor, ContractorPaper, Defect, WorkOrder
from backend.office.risk.paper import set_paper
from backend.risk.actions import NewItem, NewSurvey, end_item, enter_survey, freeze_paper, set_assumption
from backend.risk.models import BoardPaper, ConditionItem
from backend.risk.queries.assumed import assumed
from backend.risk.queries.brief import brief
from backend.risk.queries.exposure import Exposure
from backend.risk.queries.gathered import gather
from backend.risk.queries.money import checks_ahead, forecast
from backend.trust.models import Building
from tests.conftest import World

DAY = dt.date(2026, 11, 18)  # a Wednesday in term
NOON = dt.datetime(2026, 11, 18, 12, 0, tzinfo=LONDON)


@pytest.fixture
def wednesday():
    """That day, at noon."""
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def small(wednesday, world: World) -> World:
    """Oakfield (210 pupils, 1,500 m²) with one of each; Riverside with nothing but its documents."""
    school = world.oakfield.school
    school.pupils = 210
    school.save()
    Building.objects.filter(site=world.oakfield).update(floor_area_m2=1500)
    return world


def only(world: World, kind: str) -> list[Exposure]:
    """The exposures of one sort, as the CFO sees them."""
    return [each for each in gather(world.person("cfo"), DAY).exposures if each.kind == kind]


def test_an_overdue_check_is_scored_and_priced_step_by_step(small):
    """Weight 5, every week; since 14 Oct: the slot of the week from 9 Nov is over since Mon 16 Nov, so 3 days late."""
    plan = small.plan("fire-alarm-weekly-test", since=DAY - dt.timedelta(days=35))
    plan.refresh_from_db()
    (found,) = [each for each in only(small, "overdue") if each.link == f"/plans/{plan.pk}/"]
    late = (DAY - plan.overdue_from).days + 1
    assert found.score.consequence == 5
    assert found.score.likelihood == 2 + (late * 4 > 7) + (late >= 7) + 1  # and four weeks were missed before
    assert found.price.pence == 15 * 2200 // 60  # 15 minutes of our own people at £22 an hour: £5.50
    assert found.band.key == ("severe" if found.score.score >= 20 else "high")


def survey(world: World, *items: NewItem, on: dt.date = dt.date(2024, 3, 1)):
    """A survey at Oakfield."""
    new = NewSurvey(world.oakfield, on, "Made-up Surveyors", list(items))
    return enter_survey(new=new, actor=world.lead, today=DAY)


def test_condition_is_priced_at_todays_prices_and_by_the_year_that_it_waits(small):
    """£48,000 of 1 Mar 2024, 3.5 % for two whole years: £51,418.80; waiting (P2, 10 %): £5,141.88. D, P2, a year late: 5 x 4."""
    item = NewItem("roofs", "Felt at its end", "D", 2, 4_800_000, 2025, small.oakfield.buildings.get())
    survey(small, item)
    (found,) = only(small, "condition")
    assert found.price.pence == 5_141_880
    assert found.waiting == 514_188
    assert (found.score.likelihood, found.score.consequence) == (5, 4)
    assert found.band.key == "severe"


def test_what_a_later_survey_says_of_a_building_takes_the_place_of_what_an_earlier_one_said(small):
    building = small.oakfield.buildings.get()
    other = Building.objects.create(site=small.oakfield, name="Annexe")
    survey(
        small,
        NewItem("roofs", "Old roof", "D", 1, 100, None, building),
        NewItem("roofs", "Annexe roof", "C", 3, 200, None, other),
    )
    survey(small, NewItem("roofs", "New roof", "B", None, None, None, building), on=dt.date(2026, 2, 1))
    assert [each.title for each in only(small, "condition")] == ["Roofs: Annexe roof"]


def test_what_was_put_right_is_open_no_more(small):
    survey(small, NewItem("roofs", "Old roof", "D", 1, 100))
    end_item(item=ConditionItem.objects.get(), person=small.lead, kind="put-right", on=DAY, why="Felted", today=DAY)
    assert only(small, "condition") == []


def unsafe(world: World, **more) -> Defect:
    """An unsafe defect at Oakfield, found ten days ago."""
    return Defect.objects.create(
        site=world.oakfield,
        building=world.oakfield.buildings.get(),
        summary="Handrail loose",
        severity="high",
        found_on=DAY - dt.timedelta(days=10),
        reported_at=timezone.now(),
        **more,
    )


def test_something_unsafe_is_as_bad_as_can_be_until_it_is_made_safe(small):
    one = unsafe(small, unsafe=True)
    (found,) = only(small, "defect")
    assert (found.score.score, found.price.pence, found.price.by) == (25, 120_000, "defect-unsafe")
    one.made_safe = "Roped off"
    one.save()
    (found,) = only(small, "defect")
    assert found.score.score == 10


def test_a_price_on_a_work_order_goes_before_one_that_is_assumed(small):
    WorkOrder.objects.create(site=small.oakfield, defect=unsafe(small, unsafe=True), title="Mend", cost_pence=43_210)
    (found,) = only(small, "defect")
    assert (found.price.pence, found.price.basis) == (43_210, "given")


def test_a_firm_without_papers_counts_where_it_works(small):
    firm = Contractor.objects.create(name="Volt Ltd", employs_nobody=True)
    WorkOrder.objects.create(site=small.oakfield, defect=unsafe(small), title="Mend", contractor=firm)
    (found,) = only(small, "contractor")
    assert (found.where, found.score.likelihood, found.score.consequence) == ("Oakfield site", 4, 4)
    ContractorPaper.objects.create(
        contractor=firm, kind="public-liability", expires_on=DAY + dt.timedelta(days=90), cover_pence=1, added_at=timezone.now()
    )
    assert only(small, "contractor") == []


def test_the_only_boiler_is_a_single_point_and_worse_when_it_is_old(small):
    boiler = small.asset("gas-boiler", installed_on=dt.date(2020, 1, 1))
    (found,) = [each for each in only(small, "single-point")]
    assert found.score.score == 2 * 3
    Asset.objects.filter(pk=boiler.pk).update(installed_on=dt.date(2000, 1, 1))
    (found,) = only(small, "single-point")
    assert found.score.score == 3 * 3
    small.asset("gas-boiler", name="Boiler 2")
    assert only(small, "single-point") == []


def test_every_figure_of_the_page_agrees_with_the_rows_behind_it(small):
    """The sums of the brief against a second, plain adding-up of its rows."""
    small.plan("fire-alarm-weekly-test")
    small.plan("fire-extinguisher-annual-service", asset=None)
    unsafe(small, unsafe=True)
    survey(small, NewItem("roofs", "Felt", "D", 2, 4_800_000), NewItem("electrical", "Boards", "C", 1, None))
    cfo = small.person("cfo")
    figures, found = brief(cfo, DAY), gather(cfo, DAY).exposures
    assert figures["all"]["total"] == len(found) == sum(figures["all"]["bands"].values())
    assert figures["all"]["pence"] == sum(each.price.pence or 0 for each in found)
    assert figures["all"]["unpriced"] == sum(each.price.pence is None for each in found)
    for rows in (figures["kinds"], figures["schools"]):
        assert sum(each["total"] for each in rows) == len(found)
        assert sum(each["pence"] for each in rows) == figures["all"]["pence"]
    assert figures["pupils_under_severe"] == {"schools": 1, "pupils": 210, "unknown": 0}
    backlog = {each["priority"]: each for each in figures["backlog"]}
    assert (backlog[2]["items"], backlog[2]["pence"], backlog[2]["waiting"]) == (1, 5_141_880, 514_188)
    assert (backlog[1]["items"], backlog[1]["pence"], backlog[1]["unpriced"]) == (1, 0, 1)
    oakfield = next(each for each in figures["schools"] if each["name"] == "Oakfield")
    assert oakfield["per_pupil"] == oakfield["pence"] // 210
    assert oakfield["per_m2"] == oakfield["pence"] // 1500


def test_the_year_ahead_counts_each_visit_once(small):
    """A yearly service by a firm, never done and due now: once, £260 (fire); weekly tests of our own cost no money but time."""
    start = DAY - dt.timedelta(days=3)
    service = small.plan("fire-alarm-service", since=start)
    figures = brief(small.person("cfo"), DAY)
    times = {6: 2, 12: 1}[int(service.rule["every"]) * (12 if service.rule["unit"] == "year" else 1)]
    assert figures["forecast"]["pence"] == times * 26_000
    assert sum(each["pence"] for each in figures["forecast"]["months"]) == times * 26_000
    assert figures["forecast"]["minutes"] == 0


def test_the_sums_of_the_year_ahead_are_those_of_its_checks(small):
    for code in ("fire-alarm-weekly-test", "fire-alarm-service", "fire-door-inhouse-check"):
        small.plan(code)
    cfo = small.person("cfo")
    rows, sums = checks_ahead(cfo, DAY, assumed(DAY)), forecast(cfo, DAY, assumed(DAY))
    assert sums.pence == sum(each.pence for each in rows) > 0
    assert sums.minutes == sum(each.times * each.minutes for each in rows if each.own) > 0
    assert sums.by_school[small.oakfield.school_id] == sums.pence


def test_the_page_asks_no_more_of_the_database_for_more_checks(small, django_assert_max_num_queries):
    small.plan("fire-alarm-weekly-test")
    unsafe(small, unsafe=True)
    cfo = small.person("cfo")
    with CaptureQueriesContext(connection) as few:
        brief(cfo, DAY)
    for number in range(5):
        small.plan("fire-alarm-weekly-test", asset=small.asset(name=f"Panel {number}"))
        unsafe(small, unsafe=True)
    with django_assert_max_num_queries(len(few) + 1):
        brief(cfo, DAY)
    assert len(few) <= 45


def test_a_figure_that_the_trust_sets_counts_from_its_day_on(small):
    unsafe(small, unsafe=True)
    set_assumption(person=small.person("cfo"), key="defect-unsafe", value=99_900, why="Our own average", today=DAY)
    assert only(small, "defect")[0].price.pence == 99_900


def text_of(pdf: bytes) -> str:
    """The text of a PDF, page after page."""
    from pypdf import PdfReader

    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_a_paper_says_what_the_page_says_and_stays_as_it_is(small):
    small.plan("fire-alarm-weekly-test")
    unsafe(small, unsafe=True)
    survey(small, NewItem("roofs", "Felt at its end", "D", 2, 4_800_000))
    cfo = small.person("cfo")
    figures = brief(cfo, DAY)
    words = {"title": "Estate risk", "commentary": "We put the handrail right at once.", "by": cfo.name, "version": 1}
    pdf, pages = set_paper(figures, **words)
    row = freeze_paper(
        person=cfo, title="Estate risk", commentary=words["commentary"], figures=figures, pdf=pdf, pages=pages, edition=1
    )
    assert 2 <= pages <= 4
    text = re.sub(r"\s+", " ", text_of(pdf))
    assert "Handrail loose" in text
    assert "£51,419" in text
    assert "Oakfield" in text
    with time_machine.travel(NOON + dt.timedelta(days=365), tick=False):
        Defect.objects.update(status="closed")
        survey(small, NewItem("roofs", "All new", "A"), on=DAY)
        kept = BoardPaper.objects.get(pk=row.pk)
        again, _ = set_paper(kept.figures, **words)
    assert again == pdf
