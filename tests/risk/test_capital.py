"""The capital plan: projects from condition, who pays, scenarios under a budget that can be overruled, the evidence for a bid."""

import datetime as dt
import io
import zipfile

import pytest
from django.db import DatabaseError, transaction

from backend.core.days import today
from backend.core.problems import Forbidden, NotFound, Problem
from backend.office.capital.scenarios import by_year
from backend.risk.actions import (
    NewItem,
    NewSurvey,
    ProjectWords,
    add_projects,
    add_scenario,
    change_project,
    choose_for,
    close_scenario,
    end_item,
    enter_survey,
    keep_run,
    move_project,
    set_assumption,
)
from backend.risk.models import ConditionItem, Project, Scenario, ScenarioRun
from backend.risk.queries.bids import bid_of
from backend.risk.queries.capital import capital, horizons, year_of
from backend.risk.queries.scenarios import worked_out
from backend.trust.models import Building
from tests.risk.test_hand_worked import text_of
from tests.risk.test_pages import browser, words

pytestmark = pytest.mark.django_db
THIS = year_of(today())


def survey(site, lead, *items: NewItem, ago: int = 30):
    """A survey of a site, so many days ago; its prices are of that day, within the last year."""
    new = NewSurvey(site, today() - dt.timedelta(days=ago), "Made-up Surveyors", list(items))
    return enter_survey(new=new, actor=lead, today=today())


@pytest.fixture
def surveyed(world):
    """Oakfield: a bad roof (£40,000; D, priority 1: 4 x 5 = 20) and poor boards (£30,000; C, 2: 3 x 4 = 12), two groups;
    Riverside: a poor floor (£25,000; C, 3: 3 x 3 = 9) and paint that can wait (B, 4, £5,000), each of the present year.
    """
    building, other = world.oakfield.buildings.get(), world.riverside.buildings.first()
    other = other or Building.objects.create(site=world.riverside, name="Hall")
    survey(
        world.oakfield, world.lead,
        NewItem("roofs", "Felt at its end", "D", 1, 4_000_000, None, building),
        NewItem("electrical", "Boards without covers", "C", 2, 3_000_000, None, building),
    )  # fmt: skip
    survey(
        world.riverside, world.lead,
        NewItem("floors-stairs", "Worn through", "C", 3, 2_500_000, None, other),
        NewItem("redecoration", "Paint", "B", 4, 500_000, None, other),
    )  # fmt: skip
    return world


def proposed(world):
    """What is proposed, by element."""
    return {each.element: each for each in capital(world.lead, today()).proposed}


def project(world, element: str, **more) -> Project:
    """A project of what is proposed of an element."""
    one = proposed(world)[element]
    said = ProjectWords(one.title, [each.pk for each in one.items], **more)
    (made,) = add_projects(person=world.lead, news=[(one.site, said)], today=today())
    return made


def test_condition_proposes_projects_by_building_and_element_the_most_points_first(surveyed):
    one = capital(surveyed.lead, today())
    assert [(each.element, each.points, each.pence, each.route) for each in one.proposed] == [
        ("roofs", 20, 4_000_000, "cif"),
        ("electrical", 12, 3_000_000, "cif"),
        ("floors-stairs", 9, 2_500_000, "cif"),
        ("redecoration", 0, 500_000, "own"),
    ]
    assert [each.by for each in one.proposed] == [THIS, THIS + 2, THIS + 5, THIS + 10]
    assert [len(each.proposed) for each in horizons(one)] == [1, 2, 3]
    assert [each.pence for each in horizons(one)] == [4_000_000, 7_000_000, 9_500_000]


def test_an_item_is_in_one_open_project_and_comes_back_when_that_is_dropped(surveyed):
    made = project(surveyed, "roofs")
    assert "roofs" not in proposed(surveyed)
    said = ProjectWords("Again", made.items)
    with pytest.raises(Problem) as refused:
        add_projects(person=surveyed.lead, news=[(made.site, said)], today=today())
    assert str(made) in refused.value.fields["items"]
    with pytest.raises(Problem):
        move_project(project=made, person=surveyed.lead, stage="dropped", why=" ", today=today())
    move_project(project=made, person=surveyed.lead, stage="dropped", why="Not this year", today=today())
    assert "roofs" in proposed(surveyed)
    (other,) = add_projects(person=surveyed.lead, news=[(made.site, said)], today=today())
    with pytest.raises(Problem) as refused:
        move_project(project=made, person=surveyed.lead, stage="agreed", why="", today=today())
    assert refused.value.status == 409 and str(other) in refused.value.detail


def test_of_many_none_is_written_down_when_one_cannot_be(surveyed):
    one = proposed(surveyed)["roofs"]
    news = [(one.site, ProjectWords("Roofs", [])), (one.site, ProjectWords(" ", []))]
    with pytest.raises(Problem):
        add_projects(person=surveyed.lead, news=news, today=today())
    assert not Project.objects.exists()


def test_items_of_another_site_or_put_right_are_refused(surveyed):
    floor = ConditionItem.objects.get(element="floors-stairs")
    with pytest.raises(Problem) as refused:
        add_projects(person=surveyed.lead, news=[(surveyed.oakfield, ProjectWords("X", [floor.pk]))], today=today())
    assert "another site" in refused.value.fields["items"]
    end_item(item=floor, person=surveyed.lead, kind="put-right", on=today(), why="New", today=today())
    with pytest.raises(Problem):
        add_projects(person=surveyed.lead, news=[(surveyed.riverside, ProjectWords("X", [floor.pk]))], today=today())


def test_what_is_put_right_leaves_the_project_and_its_price(surveyed):
    made = project(surveyed, "roofs")
    end_item(
        item=ConditionItem.objects.get(element="roofs"),
        person=surveyed.lead,
        kind="put-right",
        on=today(),
        why="x",
        today=today(),
    )
    (works,) = capital(surveyed.lead, today()).works
    assert (works.items, works.points, works.pence) == ([], 0, None)
    assert "not open any more" in words(browser(surveyed.lead), f"/capital/{made.pk}/")


def test_its_own_price_rises_with_the_years_and_replaces_that_of_its_items(surveyed):
    made = project(surveyed, "roofs", works_pence=5_000_000)
    Project.objects.filter(pk=made.pk).update(priced_on=today() - dt.timedelta(days=800))
    (works,) = capital(surveyed.lead, today()).works
    assert works.pence == 5_356_125  # £50,000 at 3.5 per cent for two whole years


def scenario(world, *budgets: int, **more) -> Scenario:
    """A scenario from this year on."""
    said = {"title": "What we have", "first_year": THIS, "carry": True, **more}
    return add_scenario(person=world.lead, budgets=list(budgets), today=today(), **said)


def plain_prices(world) -> None:
    """Nothing for the unexpected, no fees, no rise: works cost what they cost."""
    for key in ("works-unexpected", "works-fees", "prices-rise"):
        set_assumption(person=world.person("cfo"), key=key, value=0, why="So that it can be reckoned by hand", today=today())


def chosen(figures) -> dict[str, int | None]:
    """Title of the project -> year."""
    return {each["title"].partition(",")[0]: each["year"] for each in figures["projects"]}


def test_a_scenario_does_what_takes_away_most_and_says_what_it_leaves(surveyed):
    """£65,000 in one year: the roof (20 points, £40,000) with the floor (9, £25,000) is 29; with the boards (£70,000) too dear;
    the boards and the floor are 21. Left: the boards, high, £30,000, a year's wait 10 per cent.
    """
    plain_prices(surveyed)
    for element in ("roofs", "electrical", "floors-stairs", "redecoration"):
        project(surveyed, element)
    figures = worked_out(scenario(surveyed, 6_500_000), surveyed.lead, today())
    assert chosen(figures) == {"Roofs": 0, "Electrical services": None, "Floors and stairs": 0}
    assert (figures["spent"], figures["points"], figures["point_years"]) == ([6_500_000], 29, 29)
    assert figures["left"]["bands"] == {"severe": 0, "high": 1, "medium": 0, "low": 0}
    assert (figures["left"]["pence"], figures["left"]["waiting"]) == (3_000_000, 300_000)
    assert [each["why"] for each in figures["beside"]] == ["It is small: the school's own money pays for it."]


def test_what_a_year_leaves_over_stands_with_the_money_of_the_next(surveyed):
    """£45,000 and £45,000: the roof (£40,000) first; £5,000 left and £45,000 are £50,000, of which the boards take £30,000."""
    plain_prices(surveyed)
    for element in ("roofs", "electrical"):
        project(surveyed, element)
    years = by_year(worked_out(scenario(surveyed, 4_500_000, 4_500_000), surveyed.lead, today()))
    assert [(each["carried"], each["money"], each["spent"]) for each in years] == [
        (0, 4_500_000, 4_000_000),
        (500_000, 5_000_000, 3_000_000),
    ]


def test_what_somebody_decides_is_kept_with_their_name(surveyed):
    plain_prices(surveyed)
    made = {element: project(surveyed, element) for element in ("roofs", "electrical", "floors-stairs", "redecoration")}
    one = scenario(surveyed, 4_000_000, 4_000_000)
    decide = {"scenario": one, "person": surveyed.lead}
    choose_for(project=made["roofs"], kind="out", year=None, why="It is being sold", **decide)
    choose_for(project=made["redecoration"], kind="in", year=THIS + 1, why="Promised", **decide)
    figures = worked_out(one, surveyed.lead, today())
    assert chosen(figures) == {"Roofs": None, "Electrical services": 0, "Floors and stairs": 1, "Decoration": 1}
    told = next(each for each in figures["projects"] if each["title"].startswith("Roofs"))
    assert (told["choice"], told["why"], told["chooser"]) == ("out", "It is being sold", surveyed.lead.name)
    choose_for(project=made["roofs"], kind="free", year=None, why="It stays", **decide)
    assert chosen(worked_out(one, surveyed.lead, today()))["Roofs"] == 0


def test_what_does_not_fit_is_said_and_nothing_is_chosen(surveyed):
    one, made = scenario(surveyed, 1_000_000), project(surveyed, "roofs")
    choose_for(scenario=one, person=surveyed.lead, project=made, kind="in", year=None, why="It leaks")
    figures = worked_out(one, surveyed.lead, today())
    assert "more than its money" in figures["fault"]
    assert chosen(figures) == {"Roofs": None}
    keep_run(scenario=one, person=surveyed.lead, figures=figures)
    assert "there is no plan" in words(browser(surveyed.lead), f"/capital/scenarios/{one.pk}/")


@pytest.mark.parametrize(
    ("more", "field"),
    [({"why": " "}, "why"), ({"year": 2100}, "year"), ({"kind": "never"}, "kind")],
)
def test_a_decision_that_cannot_be_is_refused_at_its_field(surveyed, more, field):
    said = {"kind": "in", "year": None, "why": "x", **more}
    with pytest.raises(Problem) as refused:
        choose_for(scenario=scenario(surveyed, 1), person=surveyed.lead, project=project(surveyed, "roofs"), **said)
    assert field in refused.value.fields


@pytest.mark.parametrize("more", [{"title": ""}, {"first_year": 1999}, {"budgets": []}, {"budgets": [1] * 11}, {"budgets": [-1]}])
def test_a_scenario_that_cannot_be_is_refused(world, more):
    said = {"title": "x", "first_year": THIS, "budgets": [1], "carry": True, **more}
    with pytest.raises(Problem):
        add_scenario(person=world.lead, today=today(), **said)


def test_a_run_is_never_changed_and_a_closed_scenario_takes_none(surveyed):
    one = scenario(surveyed, 1)
    keep_run(scenario=one, person=surveyed.lead, figures=worked_out(one, surveyed.lead, today()))
    with pytest.raises(DatabaseError), transaction.atomic():
        ScenarioRun.objects.update(figures={})
    close_scenario(scenario=one, person=surveyed.lead, today=today())
    with pytest.raises(Problem):
        keep_run(scenario=one, person=surveyed.lead, figures={})
    close_scenario(scenario=one, person=surveyed.lead, today=today(), closed=False)
    keep_run(scenario=one, person=surveyed.lead, figures={})


def test_who_may_not_plan_is_refused(surveyed):
    made, head = project(surveyed, "roofs"), surveyed.person("headteacher")
    with pytest.raises((Forbidden, NotFound)):
        change_project(project=made, person=head, words=ProjectWords("x", []), today=today())
    with pytest.raises(Forbidden):
        add_scenario(person=head, title="x", first_year=THIS, budgets=[1], carry=True, today=today())


def test_the_pages_from_nothing_to_a_plan(surveyed):
    lead = browser(surveyed.lead)
    page = words(lead, "/capital/")
    assert "0 projects, and 4 more that the condition of the buildings asks for." in page
    assert lead.post("/capital/propose/", {"all": "1"}).status_code == 302
    assert "4 projects." in words(lead, "/capital/")
    sent = {"title": "What we have", "first_year": THIS, "budgets": "40,000\n£40,000.00", "carry": "on"}
    answer = lead.post("/capital/scenarios/add/", sent)
    assert answer.status_code == 302
    page = words(lead, answer["Location"])
    assert "Roofs" in page and "2 of 3 projects" in page.replace("1 of 3", "2 of 3")
    assert Scenario.objects.get().budgets == [4_000_000, 4_000_000]
    assert "1 scenario side by side" in words(lead, "/capital/scenarios/")
    wrong = lead.post("/capital/scenarios/add/", {**sent, "budgets": "40,000\nplenty"})
    assert wrong.status_code == 422 and "Line 2, “plenty”" in wrong.content.decode()
    rows = lead.get("/capital.csv?within=1").getvalue()
    assert b"Roofs" in rows and b"Floors" not in rows


def test_the_evidence_for_a_bid_says_what_is_missing_and_comes_as_pdf_and_pack(surveyed):
    made = project(surveyed, "roofs")
    one = capital(surveyed.lead, today())
    bid = bid_of(one.works[0], one.found)
    there = {each.asks.split(",")[0].split(" (")[0]: each.there for *_, shown in bid.parts for each in shown}
    assert there["A survey by a professional"] and not there["Photos of what was found"]
    assert bid.cost and (bid.cost.works, bid.cost.unexpected, bid.cost.fees) == (4_000_000, 400_000, 320_000)
    before = bid.missing
    said = ProjectWords(made.title, made.items, need="It leaks.", cost="Two quotes.", planning="In summer.")
    change_project(project=made, person=surveyed.lead, words=said, today=today())
    one = capital(surveyed.lead, today())
    assert bid_of(one.works[0], one.found).missing == before - 3
    lead = browser(surveyed.lead)
    pdf = lead.get(f"/capital/{made.pk}.pdf")
    paper = text_of(pdf.content)
    assert "Need: 60 of 100 marks" in paper and "It leaks." in paper and "£47,200" in paper
    with zipfile.ZipFile(io.BytesIO(lead.get(f"/capital/{made.pk}.zip").content)) as archive:
        assert "bid.pdf" in archive.namelist() and "open-in-the-same-place.csv" in archive.namelist()
