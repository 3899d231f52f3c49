"""A firm may work here while every paper that it must have lasts; documents stand by their last day."""

import datetime as dt
from typing import Any

import pytest

from backend.rules.contractors import ACCREDITATION, EMPLOYERS, PUBLIC, Paper, standing_of, wanted_of
from backend.rules.documents import ENDING, EXPIRED, HELD, MISSING, Standing, better, standing_until
from backend.rules.papers import Line, Said, answers_of, left_to_ask

TODAY = dt.date(2026, 11, 22)
WANTED = [Paper(PUBLIC), Paper(EMPLOYERS)]


def in_days(number: int) -> dt.date:
    """A day from today on."""
    return TODAY + dt.timedelta(days=number)


def held(days: int, **more) -> list[Paper]:
    """Both insurances, ending so many days from today."""
    return [Paper(PUBLIC, "", in_days(days)), Paper(EMPLOYERS, "", in_days(days), **more)]


@pytest.mark.parametrize(("days", "may", "soon"), [(-1, False, False), (0, True, True), (42, True, True), (43, True, False)])
def test_the_last_day_of_an_insurance_counts_in_full(days, may, soon):
    found = standing_of(WANTED, held(days), TODAY)
    assert (found.may_work, bool(found.soon)) == (may, soon)


def test_a_renewal_counts_before_the_one_that_ended():
    assert standing_of(WANTED, held(-5) + held(300), TODAY).may_work


def test_employers_liability_below_the_legal_five_million_does_not_do():
    assert not standing_of(WANTED, held(90, cover_pence=499_999_999), TODAY).may_work
    assert standing_of(WANTED, held(90, cover_pence=500_000_000), TODAY).may_work


def test_gas_work_asks_for_gas_safe_whatever_the_trust_asks():
    wanted = wanted_of(["gas-heating"], [], employs_nobody=True, advises=False)
    assert standing_of(wanted, held(90), TODAY).missing == ("Gas Safe: nothing is held.",)
    assert standing_of(wanted, [*held(90), Paper(ACCREDITATION, "gas safe", in_days(9))], TODAY).may_work


def test_a_firm_no_longer_used_may_not_work_whatever_it_holds():
    assert not standing_of(WANTED, held(90), TODAY, active=False).may_work


@pytest.mark.parametrize(("days", "state"), [(-1, EXPIRED), (0, ENDING), (42, ENDING), (43, HELD)])
def test_a_document_is_good_through_its_last_day(days, state):
    assert standing_until(in_days(days), TODAY, "").state == state


def test_of_two_papers_the_better_serves():
    old, new = standing_until(in_days(-9), TODAY, "document"), standing_until(in_days(200), TODAY, "check")
    assert better(old, new) is new
    assert better(new, Standing(MISSING)) is new


def test_a_report_answers_what_every_form_asks_and_leaves_the_rest():
    questions: list[dict[str, Any]] = [
        {"key": "competent_person", "type": "text", "required": True},
        {"key": "safe_to_use", "type": "boolean", "required": True},
        {"key": "defects", "type": "defect-list"},
        {"key": "flow_ok", "type": "pass-fail", "required": True},
        {"key": "report", "type": "file", "required": True},
    ]
    told = Said("Firm", "Joan", "R1", "unsatisfactory", lines=[Line("A rope worn", "high", "A", True)])
    assert answers_of(questions, told) == {
        "competent_person": "Joan",
        "safe_to_use": False,
        "defects": [{"summary": "A rope worn", "severity": "high", "unsafe": True}],
    }
    assert [each["key"] for each in left_to_ask(questions)] == ["flow_ok"]
