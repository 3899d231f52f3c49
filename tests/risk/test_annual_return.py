"""The annual return: what the evidence supports, what is said, how sure one may be, and the signature that freezes it."""

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from backend.checks.queries.documents import kinds
from backend.core.days import today
from backend.core.problems import Forbidden, Problem
from backend.risk.actions import answer_statement, sign_return
from backend.risk.estate import standards
from backend.risk.models import AnnualReturn, ReturnAnswer
from backend.risk.queries.returns import return_of
from backend.rules.standards import confidence, level_reached, position_of, year_of
from backend.trust.models import Building
from backend.trust.permits import ROLES
from tests.risk.test_pages import browser, words


def test_every_statement_names_what_there_is():
    said = standards()
    assert len({each.key for each in said.statements}) == len(said.statements) == 24
    for each in said.statements:
        assert each.area in said.areas
        assert each.level in said.levels
        assert each.owner in ROLES
        assert {key for one in each.evidence for key in one.get("keys", ())} <= set(kinds())
    assert not said.official


@pytest.mark.parametrize(
    ("counts", "position"),
    [
        ([(3, 3)], "met"),
        ([(3, 3), (1, 2)], "partly"),
        ([(0, 2)], "not-met"),
        ([(0, 2), (0, 9)], "not-met"),
        ([None], "unknown"),
        ([(0, 0)], "unknown"),
        ([(3, 3), (0, 0)], "partly"),
        ([(3, 3), None], "met"),
    ],
)
def test_a_position_is_what_the_evidence_supports(counts, position):
    assert position_of(counts) == position


def test_confidence_is_low_where_more_is_said_than_shown():
    assert confidence("partly", "met") == "low"
    assert confidence("met", "met") == "high"
    assert confidence("met", "partly") == "medium"
    assert confidence("unknown", "met") == "medium"


def test_a_level_is_reached_only_with_all_below_it():
    levels = ["baseline", "transitioning", "fully-effective"]
    positions = {"baseline": ["met", "met"], "transitioning": ["met", "partly"], "fully-effective": ["met"]}
    assert level_reached(levels, positions) == "baseline"
    assert level_reached(levels, {**positions, "baseline": ["partly"]}) == ""


def test_the_return_of_an_autumn_begins_in_july():
    assert (year_of(dt.date(2026, 7, 1)), year_of(dt.date(2027, 6, 30))) == (2026, 2026)


def row(person, key: str) -> dict[str, Any]:
    """One statement as it stands."""
    return next(each for each in return_of(person, today())["statements"] if each["key"] == key)


@pytest.mark.django_db
def test_the_evidence_is_counted_from_what_is_there(world):
    cfo = world.person("cfo")
    assert row(cfo, "asset-register")["supported"] == "partly"  # years are known, areas are not
    Building.objects.update(floor_area_m2=900)
    assert row(cfo, "asset-register")["supported"] == "met"
    assert row(cfo, "condition-known")["supported"] == "not-met"
    assert row(cfo, "life-safety")["supported"] == "unknown"
    world.plan("fire-alarm-weekly-test")
    found = row(cfo, "life-safety")
    assert (found["supported"], found["evidence"][0]["there"], found["evidence"][0]["wanted"]) == ("not-met", 0, 1)


@pytest.mark.django_db
def test_what_is_said_needs_words_where_something_is_missing(world):
    lead = world.lead
    with pytest.raises(Problem) as refused:
        answer_statement(person=lead, statement="raac", position="partly", gap="", today=today())
    assert set(refused.value.fields) == {"gap", "owner"}
    answer_statement(person=lead, statement="raac", position="partly", gap="Two blocks to go", owner=lead, today=today())
    answer_statement(person=lead, statement="raac", position="met", gap="", today=today())
    assert row(lead, "raac")["said"] == "met"
    assert ReturnAnswer.objects.count() == 2
    with pytest.raises(Forbidden):
        answer_statement(person=world.person("trustee"), statement="raac", position="met", gap="", today=today())


@pytest.mark.django_db
def test_signed_it_is_frozen_and_a_correction_says_why(world):
    cfo = world.person("cfo")
    with pytest.raises(Problem):
        sign_return(person=cfo, figures=return_of(cfo, today()))
    for each in standards().statements:
        answer_statement(person=world.lead, statement=each.key, position="met", gap="", today=today())
    signed = sign_return(person=cfo, figures=return_of(cfo, today()))
    assert (signed.version, signed.level) == (1, "advanced")
    assert {each["confidence"] for each in signed.figures["statements"]} >= {"low", "medium"}
    with pytest.raises(DatabaseError), transaction.atomic():
        AnnualReturn.objects.update(level="")
    with pytest.raises(Problem):
        sign_return(person=cfo, figures=return_of(cfo, today()))
    assert sign_return(person=cfo, figures=return_of(cfo, today()), reason="A survey came").version == 2
    with pytest.raises(Forbidden):
        sign_return(person=world.lead, figures=return_of(world.lead, today()), reason="x")


@pytest.mark.django_db
def test_the_pages_of_the_return(world):
    lead, leader = browser(world.lead), browser(world.person("trust-leader"))
    assert "24 statements not answered" in words(lead, "/risk/return/")
    for each in standards().statements:
        typed = {"position": "partly", "gap": "Something is missing", "owner": world.lead.pk}
        assert lead.post(f"/risk/return/{each.key}/answer/", typed).status_code == 302
    assert lead.get("/risk/return/sign/").status_code == 403
    assert leader.post("/risk/return/sign/", {}).status_code == 422
    made = leader.post("/risk/return/sign/", {"sure": "on"})
    assert made.status_code == 302
    assert "below baseline" in words(lead, made["Location"])
    last = AnnualReturn.objects.get()
    AnnualReturn.objects.create(
        year=last.year - 1, edition="x", figures={**last.figures, "year": last.year - 1}, figures_sha256="0" * 64,
        signed_at=last.signed_at, signed_by=last.signed_by,
    )  # fmt: skip
    assert "The year before" in words(lead, "/risk/return/")
    assert "Something is missing" in b"".join(lead.get("/risk/return.csv")).decode()
    head = browser(world.person("headteacher", school=world.oakfield.school))
    assert head.get("/risk/return/").status_code == 403
