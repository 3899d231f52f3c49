"""The lists that money is sorted by: every account of spending or income has the line that the department compares by."""

import datetime as dt

import pytest

from backend.core.days import today
from backend.core.problems import Problem
from backend.finance.actions.chart import AccountWords, add_account, add_fund, add_supplier
from backend.finance.lists import benchmarks
from backend.finance.models import Account, Fund
from backend.trust.actions.centres import add_centre, name_holder

SINCE = dt.date(2026, 9, 1)


def refused(words: AccountWords, money) -> Problem:
    """How an account is refused."""
    with pytest.raises(Problem) as raised:
        add_account(person=money.cfo, words=words)
    return raised.value


def test_the_lines_of_the_department_are_there_with_their_maintained_schools_lines():
    lines = benchmarks().lines
    assert len(lines) == 53
    assert (lines["BAE120"].name, lines["BAE120"].cfr) == ("Maintenance of premises", "E12")
    assert (lines["BAE240"].cfr, lines["BAE310"].cfr, lines["BAE210"].cfr) == ("E26", "E28b", "")
    assert lines["BAE150"].category == "Utilities"


def test_an_account_brings_the_line_of_a_maintained_school_and_rolls_up_to_the_departments(money):
    made = add_account(person=money.cfo, words=AccountWords("540013", "Gas", Account.Kind.SPENDING, SINCE, "BAE150"))
    assert (made.cfr, made.parent) == ("E16", "540010")


@pytest.mark.parametrize(
    ("code", "kind", "benchmark", "field"),
    [
        ("54001", "expenditure", "BAE150", "code"),
        ("5400133", "expenditure", "BAE150", "code"),
        ("54OO13", "expenditure", "BAE150", "code"),
        ("540013", "expenditure", "", "benchmark"),
        ("540013", "expenditure", "BAE999", "benchmark"),
        ("540013", "expenditure", "BAI020", "benchmark"),
        ("540013", "income", "BAE150", "benchmark"),
        ("140013", "asset", "BAE150", "benchmark"),
    ],
)
def test_an_account_that_cannot_be_is_refused_with_the_field(money, code, kind, benchmark, field):
    said = refused(AccountWords(code, "Gas", Account.Kind(kind), SINCE, benchmark), money)
    assert (said.status, set(said.fields)) == (422, {field})


def test_what_is_there_is_not_added_twice(money):
    assert refused(AccountWords("110010", "Bank", Account.Kind.ASSET, SINCE), money).status == 409
    assert refused(AccountWords("110020", "Other bank", Account.Kind.ASSET, SINCE, control="bank"), money).status == 409
    for again in (
        lambda: add_fund(person=money.cfo, code="GAG", name="Again", kind=Fund.Kind.FREE),
        lambda: add_supplier(person=money.cfo, name="The same", company_number="01234567"),
        lambda: add_centre(person=money.sbm, code="oak-sci", name="Again", school=money.science.school),
        lambda: name_holder(person=money.sbm, centre=money.science, holder=money.holder, starts_on=today()),
    ):
        with pytest.raises(Problem) as raised:
            again()
        assert raised.value.status == 409


def test_a_school_keeps_its_own_cost_centres_and_the_finance_office_the_lists(money):
    add_centre(person=money.sbm, code="OAK-ART", name="Art", school=money.science.school)
    for refusal in (
        lambda: add_centre(person=money.sbm, code="CEN-2", name="Central"),
        lambda: add_centre(person=money.sbm, code="RIV-ART", name="Art", school=money.world.riverside.school),
        lambda: add_supplier(person=money.sbm, name="Somebody"),
        lambda: add_fund(person=money.head, code="PP", name="Pupil premium", kind=Fund.Kind.RESTRICTED),
    ):
        with pytest.raises(Problem) as raised:
            refusal()
        assert raised.value.status == 403
