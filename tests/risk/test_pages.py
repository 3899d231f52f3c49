"""The pages of risk and condition, as the CFO, an estates lead and a head use them."""

import datetime as dt

import pytest
from django.test import Client

from backend.core.days import today
from backend.maintenance.models import Defect
from backend.risk.actions import NewItem, NewSurvey, enter_survey
from backend.risk.models import AssumptionSet, BoardPaper, ConditionItem, ConditionSurvey
from tests.risk.test_hand_worked import text_of

pytestmark = pytest.mark.django_db


def browser(person) -> Client:
    """Somebody signed in."""
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def cfo(world) -> Client:
    """The trust's CFO."""
    return browser(world.person("cfo"))


@pytest.fixture
def lead(world) -> Client:
    """The estates lead."""
    return browser(world.lead)


@pytest.fixture
def surveyed(world) -> ConditionSurvey:
    """A survey at Oakfield, with one thing in bad and one in poor condition."""
    world.plan()
    building = world.oakfield.buildings.get()
    items = [
        NewItem("roofs", "Felt at its end", "D", 1, 4_800_000, today().year, building),
        NewItem("electrical", "Boards without covers", "C", 2, None, None, building),
    ]
    new = NewSurvey(world.oakfield, today() - dt.timedelta(days=400), "Made-up Surveyors", items)
    return enter_survey(new=new, actor=world.lead, today=today())


def words(client: Client, address: str, status: int = 200) -> str:
    """What a page says."""
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return answer.content.decode()


def test_every_page_opens_when_nothing_is_there(cfo):
    for address in ("/risk/", "/risk/exposures/", "/risk/forecast/", "/risk/assumptions/", "/risk/papers/", "/condition/"):
        words(cfo, address)
    assert "is not known: no survey is here" in words(cfo, "/condition/")
    assert "Nothing is open" in words(cfo, "/condition/items/")


def test_the_cfo_reads_what_is_worst_why_and_what_it_costs(cfo, surveyed):
    page = words(cfo, "/risk/")
    assert "Roofs: Felt at its end" in page
    assert "The survey graded it D" in page
    assert "£49,680" in page  # £48,000 a year on, at 3.5 per cent
    item = ConditionItem.objects.get(grade="D")
    one = words(cfo, f"/risk/exposures/condition.{item.pk}/")
    assert "£49,680, by the survey" in one
    assert "5 of 5" in one


def test_each_filter_keeps_what_it_says(cfo, surveyed):
    assert "Felt at its end" not in words(cfo, "/risk/exposures/?band=low")
    assert "Felt at its end" in words(cfo, f"/risk/exposures/?kind=condition&site={surveyed.site_id}&sort=cost")
    assert "Boards" in words(cfo, "/risk/exposures/?of=unpriced&kind=condition")
    assert "Felt" not in words(cfo, "/risk/exposures/?of=unpriced&kind=condition")
    assert "was not understood" in words(cfo, "/risk/exposures/?band=worse", 400)
    csv = b"".join(cfo.get("/risk/exposures.csv?kind=condition")).decode()
    assert "49680.00" in csv
    assert "1. " not in csv


def test_a_head_sees_the_own_school_and_a_caretaker_none(world, surveyed):
    head = browser(world.person("headteacher", school=world.riverside.school))
    assert "Felt at its end" not in words(head, "/risk/")
    words(head, f"/condition/surveys/{surveyed.pk}/", 404)
    words(head, f"/risk/exposures/condition.{ConditionItem.objects.get(grade='D').pk}/", 404)
    words(head, "/risk/papers/", 403)
    caretaker = browser(world.caretaker)
    for address in ("/risk/", "/condition/", "/risk/exposures.csv"):
        words(caretaker, address, 403)


def test_somebody_writes_down_what_they_saw_and_what_became_of_it(lead, world, surveyed):
    typed = {"site": world.oakfield.pk, "element": "ceilings", "words": "Tiles down", "grade": "C", "cost": "1,200.50"}
    refused = lead.post("/condition/add/", typed)
    assert refused.status_code == 422
    assert "needs a priority" in refused.content.decode()
    done = lead.post("/condition/add/", {**typed, "priority": "2"})
    assert done.status_code == 302
    item = ConditionItem.objects.get(element="ceilings")
    assert item.cost_pence == 120_050
    assert ConditionItem.objects.count() == 3
    assert "Felt at its end" in words(lead, "/condition/items/"), "our own look takes the place of no survey"
    ended = lead.post(f"/condition/items/{item.pk}/end/", {"kind": "put-right", "on": today(), "why": "New tiles", "cost": "900"})
    assert ended.status_code == 302
    assert "Tiles down" not in words(lead, "/condition/items/")
    lead.post(f"/condition/items/{item.pk}/reopen/", {"why": "They fell again"})
    assert "Tiles down" in words(lead, "/condition/items/")


def test_a_survey_shows_what_changed_and_can_be_withdrawn(lead, world, surveyed):
    building = world.oakfield.buildings.get()
    items = [
        NewItem("roofs", "Felt worse", "D", 1, 5_000_000, None, building),
        NewItem("electrical", "New boards", "A", building=building),
    ]
    new = NewSurvey(world.oakfield, today(), "Others LLP", items)
    survey = enter_survey(new=new, actor=world.lead, today=today())
    page = words(lead, f"/condition/surveys/{survey.pk}/")
    assert "Better" in page
    assert "Boards without covers" not in words(lead, "/condition/items/")
    assert lead.post(f"/condition/surveys/{survey.pk}/withdraw/", {"why": ""}).status_code == 422
    assert lead.post(f"/condition/surveys/{survey.pk}/withdraw/", {"why": "Wrong school"}).status_code == 302
    assert "Boards without covers" in words(lead, "/condition/items/")


def test_a_figure_is_set_with_a_reason_and_within_its_limits(cfo, world):
    assert cfo.post("/risk/assumptions/visit/", {"value": "250", "why": ""}).status_code == 422
    assert cfo.post("/risk/assumptions/prices-rise/", {"value": "40", "why": "x"}).status_code == 422
    assert cfo.post("/risk/assumptions/visit/", {"value": "250", "why": "Last year's invoices"}).status_code == 302
    assert AssumptionSet.objects.get().value == 25_000
    assert "Last year&#x27;s invoices" in words(cfo, "/risk/assumptions/")
    sbm = browser(world.person("sbm", school=world.oakfield.school))
    assert sbm.post("/risk/assumptions/visit/", {"value": "1", "why": "x"}).status_code == 403


def test_a_paper_is_frozen_read_and_made_again(cfo, world, surveyed):
    made = cfo.post("/risk/papers/freeze/", {"title": "Estate risk, autumn", "commentary": "The roof comes first."})
    assert made.status_code == 302
    paper = BoardPaper.objects.get()
    pdf = b"".join(cfo.get(f"/risk/papers/{paper.pk}.pdf"))
    assert "The roof comes first." in text_of(pdf)
    Defect.objects.all().delete()
    assert b"".join(cfo.get(f"/risk/papers/{paper.pk}.pdf")) == pdf
    again = f"/risk/papers/{paper.pk}/again/"
    assert cfo.post(again, {"title": paper.title, "commentary": "", "reason": ""}).status_code == 422
    assert cfo.post(again, {"title": paper.title, "commentary": "", "reason": "A survey was missing"}).status_code == 302
    assert cfo.post(again, {"title": paper.title, "commentary": "", "reason": "Twice"}).status_code == 422
    assert "A survey was missing" in words(cfo, f"/risk/papers/{paper.pk}/")
    trustee = browser(world.person("trustee"))
    assert "Freeze" not in words(trustee, "/risk/papers/")
    assert trustee.post(again, {}).status_code == 403
