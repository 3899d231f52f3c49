"""The risk register: put on from the estate, scored over time, closed and opened again."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from backend.core.days import today
from backend.core.problems import Forbidden, NotFound, Problem
from backend.risk.actions import RiskWords, add_risk, close_risk, open_risk_again, review_risk
from backend.risk.models import Risk, RiskScore
from backend.risk.queries.gathered import gather
from backend.risk.queries.register import grid, proposals, with_scores
from tests.risk.test_pages import browser, words

pytestmark = pytest.mark.django_db


def said(owner, **more) -> RiskWords:
    """What a risk says."""
    text = {"title": "Boiler fails", "cause": "It is old", "event": "No heating", "effect": "The school closes"}
    return RiskWords(**{**text, "owner": owner, "review_on": today() + dt.timedelta(days=90), **more})


def put(world, person=None, school=None, **more) -> Risk:
    """A risk on the register."""
    person = person or world.lead
    scores = {"before": (5, 4), "now": (4, 4), "target": (2, 3), **more}
    return add_risk(person=person, school=school, words=said(person), today=today(), **scores)


def test_risks_are_numbered_without_gaps_and_scored_three_times(world):
    first, second = put(world), put(world, school=world.oakfield.school)
    assert (first.number, second.number) == (1, 2)
    row = with_scores(Risk.objects.filter(pk=first.pk)).get()
    assert (row.likelihood, row.impact, row.score, row.target, row.moved) == (4, 4, 16, 6, None)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"now": (6, 1)}, "likelihood"),
        ({"words": {"title": " "}}, "title"),
        ({"words": {"review_on": dt.date(2020, 1, 1)}}, "review_on"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(world, more, field):
    told = said(world.lead, **more.pop("words", {}))
    scores = {"before": (5, 4), "now": (4, 4), "target": (2, 3), **more}
    with pytest.raises(Problem) as refused:
        add_risk(person=world.lead, school=None, words=told, today=today(), **scores)
    assert field in refused.value.fields
    assert not Risk.objects.exists()


def test_a_review_moves_the_score_and_the_day_and_nothing_is_overwritten(world):
    risk = put(world)
    later = today() + dt.timedelta(days=60)
    review_risk(risk=risk, person=world.lead, likelihood=2, impact=4, why="A second boiler", review_on=later, today=today())
    row = with_scores(Risk.objects.filter(pk=risk.pk)).get()
    assert (row.score, row.moved, row.review_on) == (8, -8, later)
    assert [each.score for each in risk.scores.filter(kind="now")] == [16, 8]
    with pytest.raises(DatabaseError), transaction.atomic():
        RiskScore.objects.filter(risk=risk).update(likelihood=1)


def test_closed_with_a_reason_it_is_off_the_register_and_can_come_back(world):
    risk = put(world)
    with pytest.raises(Problem):
        close_risk(risk=risk, person=world.lead, why=" ", today=today())
    close_risk(risk=risk, person=world.lead, why="A new boiler", today=today())
    with pytest.raises(Problem):
        close_risk(risk=risk, person=world.lead, why="Twice", today=today())
    assert open_risk_again(risk=risk, person=world.lead).is_open


def test_strangers_do_not_know_of_it_and_readers_do_not_change_it(world):
    risk = put(world, school=world.oakfield.school)
    head = world.person("headteacher", school=world.oakfield.school)
    stranger = world.person("sbm", school=world.riverside.school)
    with pytest.raises(Forbidden):
        close_risk(risk=risk, person=head, why="No", today=today())
    with pytest.raises(NotFound):
        close_risk(risk=risk, person=stranger, why="No", today=today())
    assert not Risk.objects.visible_to(stranger).exists()
    assert not Risk.objects.visible_to(world.person("sbm", school=world.oakfield.school)).filter(school=None).exists()


def test_what_the_estate_proposes_is_filled_in_and_proposed_no_more(world):
    world.plan()
    lead = browser(world.lead)
    one = proposals(world.lead, gather(world.lead, today()).exposures)[0]
    address = f"/risk/register/add/?exposure={one.key}"
    assert one.title in words(lead, address)
    form = lead.get(address).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields} | {"effect": "People are hurt"}
    made = lead.post(address, typed)
    assert made.status_code == 302, made.content.decode()[:3000]
    risk = Risk.objects.get()
    assert (risk.exposure, risk.school) == (one.key, world.oakfield.school)
    assert one.key not in [each.key for each in proposals(world.lead, gather(world.lead, today()).exposures)]
    assert lead.post(address, typed).status_code == 422, "once on the register"
    assert f"R{risk.number}" in words(lead, f"/risk/exposures/{one.key}/")


def test_the_pages_of_the_register(world):
    risk = put(world, school=world.oakfield.school)
    lead: Client = browser(world.lead)
    page = words(lead, "/risk/register/")
    assert "1 risk on the register" in page
    assert "Boiler fails" in page
    assert "Boiler fails" not in words(lead, "/risk/register/?band=low")
    Risk.objects.update(review_on=today())
    assert "Boiler fails" in words(lead, "/risk/register/?when=due&band=high")
    assert "of the register to be looked at again" in words(lead, "/risk/")
    typed = {"likelihood": 1, "impact": 2, "why": "Mended", "review_on": today() + dt.timedelta(days=30)}
    assert lead.post(f"/risk/register/{risk.pk}/review/", typed).status_code == 302
    assert "Mended" in words(lead, f"/risk/register/{risk.pk}/")
    assert "14 better" in words(lead, "/risk/register/")
    assert lead.post(f"/risk/register/{risk.pk}/close/", {"why": "Over"}).status_code == 302
    assert "Boiler fails" not in words(lead, "/risk/register/")
    assert "Over" in b"".join(lead.get("/risk/register.csv?state=closed")).decode()
    assert lead.post(f"/risk/register/{risk.pk}/open/").status_code == 302


def test_the_five_by_five_counts_each_risk_once(world):
    for now in ((4, 4), (4, 4), (1, 5)):
        put(world, now=now)
    cells = {(like, impact): n for like, row in grid(list(with_scores(Risk.objects.all()))) for impact, n in row}
    assert (cells[4, 4], cells[1, 5], sum(cells.values())) == (2, 1, 3)
