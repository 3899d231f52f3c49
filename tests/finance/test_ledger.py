"""The ledger: balanced by PostgreSQL itself, never changed, no post into what is closed."""

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from backend.core.days import today
from backend.core.problems import Problem
from backend.finance.actions.budgets import move_budget
from backend.finance.actions.ledger import Entry, journal, reverse
from backend.finance.actions.periods import ask_to_open, close_period, open_again
from backend.finance.models import BudgetLine, Journal, JournalLine, Period
from backend.finance.queries.position import asked


def entries(money, *pence: int) -> list[Entry]:
    """Costs first, the bank against them."""
    kinds = ["resources", "bank", "upkeep", "vat"]
    return [Entry(money.accounts[kind], money.science, money.fund, each) for kind, each in zip(kinds, pence, strict=False)]


def posted(money, *pence: int, day: dt.date | None = None) -> Journal:
    """A journal by hand."""
    return journal(person=money.cfo, day=day or today(), narrative="Petty cash", entries=entries(money, *pence), today=today())


@pytest.mark.parametrize("pence", [(100,), (100, -99), (100, -101), (100, -100, 0)])
def test_what_does_not_balance_is_refused_with_what_is_wrong(money, pence):
    with pytest.raises(Problem) as raised:
        posted(money, *pence)
    assert (raised.value.code, raised.value.status) == ("journal_unbalanced", 422)
    assert not Journal.objects.exists()


def test_both_sides_on_one_account_is_no_journal(money):
    both = [Entry(money.accounts["bank"], money.science, money.fund, each) for each in (100, -100)]
    with pytest.raises(Problem) as raised:
        journal(person=money.cfo, day=today(), narrative="Nothing", entries=both, today=today())
    assert raised.value.code == "journal_unbalanced"


@pytest.mark.django_db(transaction=True)
def test_postgresql_itself_refuses_a_journal_that_is_a_penny_out(library):
    from tests.conftest import make_world
    from tests.finance.conftest import make_money

    money = make_money(make_world())
    period = Period.objects.get(year=money.year, starts_on__lte=today(), ends_on__gte=today(), number__lte=12)
    with pytest.raises(IntegrityError, match="come to 0 together"), transaction.atomic():
        made = Journal.objects.create(
            number=1, period=period, day=today(), narrative="By hand", posted_at="2026-01-01T00:00Z", posted_by=money.cfo
        )
        for kind, pence in (("resources", 10_000), ("bank", -9_999)):
            JournalLine.objects.create(
                journal=made,
                account=money.accounts[kind],
                centre=money.science,
                fund=money.fund,
                year=money.year.pk,
                amount_pence=pence,
            )
    with pytest.raises(IntegrityError, match="come to 0 together"), transaction.atomic():
        Journal.objects.create(
            number=1, period=period, day=today(), narrative="Empty", posted_at="2026-01-01T00:00Z", posted_by=money.cfo
        )
    assert not Journal.objects.exists()


def test_what_is_posted_stays_as_it_is(money):
    posted(money, 100, -100)
    for statement in (
        "UPDATE finance_journalline SET amount_pence = 1",
        "DELETE FROM finance_journalline",
        "UPDATE finance_journal SET narrative = 'x'",
        "TRUNCATE finance_journalline CASCADE",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_what_was_wrong_is_reversed_once_and_comes_to_nothing(money):
    made = posted(money, 100, -100)
    reverse(person=money.cfo, journal=made, day=today(), why="Twice entered", today=today())
    assert sum(JournalLine.objects.filter(account=money.accounts["resources"]).values_list("amount_pence", flat=True)) == 0
    with pytest.raises(Problem) as raised:
        reverse(person=money.cfo, journal=made, day=today(), why="Again", today=today())
    assert (raised.value.code, raised.value.status) == ("reversed", 409)


def test_nothing_is_posted_into_a_closed_month_nor_far_ahead(money):
    with pytest.raises(Problem) as raised:
        posted(money, 100, -100, day=today() + dt.timedelta(days=70))
    assert raised.value.code == "period_closed"
    now = Period.objects.filter(starts_on__lte=today(), ends_on__gte=today(), number__lte=12)
    now.update(state="closed")
    with pytest.raises(Problem) as raised:
        posted(money, 100, -100)
    assert (raised.value.code, raised.value.status) == ("period_closed", 409)
    with pytest.raises(DatabaseError, match="the period is closed"), transaction.atomic():
        Journal.objects.create(
            number=9, period=now.get(), day=today(), narrative="By hand", posted_at="2026-01-01T00:00Z", posted_by=money.cfo
        )


def test_only_the_finance_office_posts_by_hand(money):
    with pytest.raises(Problem) as raised:
        journal(person=money.sbm, day=today(), narrative="x", entries=entries(money, 100, -100), today=today())
    assert raised.value.status == 403


def test_money_moves_between_lines_within_its_fund_and_never_more_than_is_free(money):
    source, target = money.budget(1_000_00), money.budget(1_00, centre=money.premises, account="upkeep")
    move_budget(person=money.cfo, source=source, target=target, pence=400_00, reason="The roof")
    every = [money.science.pk, money.premises.pk]
    assert [asked("centre", money.year.pk, every)[each].budget for each in every] == [600_00, 401_00]
    with pytest.raises(Problem) as raised:
        move_budget(person=money.cfo, source=source, target=target, pence=600_01, reason="More")
    assert (raised.value.code, raised.value.status) == ("over_budget", 409)
    assert BudgetLine.objects.count() == 2


def test_months_close_one_after_the_other_in_two_steps_and_open_again_by_two_people(money):
    months = list(Period.objects.filter(year=money.year).order_by("number")[:2])
    close_period(period=months[1], person=money.cfo)
    with pytest.raises(Problem) as raised:
        close_period(period=months[1], person=money.cfo)
    assert (raised.value.code, raised.value.status) == ("period_open", 409)
    for month in (months[0], months[0], months[1]):
        close_period(period=month, person=money.cfo)
    assert set(Period.objects.filter(pk__in=[each.pk for each in months]).values_list("state", flat=True)) == {"closed"}
    ask_to_open(period=months[1], person=money.cfo, why="An invoice was left out")
    with pytest.raises(Problem) as raised:
        open_again(period=months[1], person=money.cfo)
    assert (raised.value.code, raised.value.status) == ("separation_of_duties", 403)
    again = open_again(period=months[1], person=money.world.person("trustee"))
    assert (again.state, again.open_asked_by, again.open_why) == ("open", None, "An invoice was left out")
    with pytest.raises(Problem) as raised:
        open_again(period=months[1], person=money.world.person("trustee"))
    assert raised.value.status == 409
    with pytest.raises(Problem) as raised:
        close_period(period=months[1], person=money.sbm)
    assert raised.value.status == 403


def test_a_month_closed_for_the_schools_is_still_open_for_the_finance_office(money):
    now = Period.objects.get(starts_on__lte=today(), ends_on__gte=today(), number__lte=12)
    order = money.ordered(money.budget(1_000_00), 100_00)
    part = order.lines.get()
    money.came(part, 100_00)
    close_period(period=now, person=money.cfo)
    with pytest.raises(Problem) as raised:
        money.cleared(part, 100_00, "A-1")
    assert raised.value.code == "period_closed"
    made = posted(money, 100, -100)
    reverse(person=money.cfo, journal=made, day=today(), why="Twice entered", today=today())
