"""Who may decide what: separation of duties on the person, limits to the penny, stand-ins, interests, splits, budgets."""

import datetime as dt

import pytest

from backend.approvals.actions.people import declare_interest, name_stand_in
from backend.approvals.actions.schemes import propose_scheme
from backend.approvals.models import Decision
from backend.core.days import today
from backend.core.problems import Problem
from backend.finance.actions.asking import decide_request, put_up
from backend.finance.models import Order, Requisition, Supplier
from backend.rules.delegation import Band
from backend.trust.models import Appointment, CentreHolder, Person
from tests.finance.conftest import BANDS

DAY = dt.timedelta(days=1)
AGREE, RETURN = Decision.Kind.AGREE, Decision.Kind.RETURN


def decided(requisition: Requisition, person: Person) -> Order | None:
    """The person's agreement."""
    requisition.refresh_from_db()
    return decide_request(requisition=requisition, person=person, kind=AGREE)


def refused(requisition: Requisition, person: Person) -> Problem:
    """How the person's agreement is refused; nothing is ordered by it."""
    before = Order.objects.count(), Decision.objects.count()
    with pytest.raises(Problem) as raised:
        decided(requisition, person)
    assert (Order.objects.count(), Decision.objects.count()) == before
    return raised.value


def asked_for(money, pence: int, person: Person | None = None, **more) -> Requisition:
    """A request that was put up."""
    line = money.budget(100_000_00)
    person = person or money.teacher
    return put_up(requisition=money.request(line, pence, person=person, **more), person=person)


def test_nobody_agrees_to_what_they_asked_for_in_no_role_and_for_nobody(money):
    head, requisition = money.head, asked_for(money, 500_00, money.holder)
    said = refused(requisition, money.holder)
    assert (said.code, said.status) == ("separation_of_duties", 403)
    assert said.detail.startswith("You asked for this, so someone else must approve it.")
    assert "Headteacher of Oakfield" in said.detail
    Appointment.objects.create(person=money.holder, role="cfo", starts_on=today() - DAY)  # a second role
    assert refused(requisition, Person.objects.get(pk=money.holder.pk)).code == "separation_of_duties"
    name_stand_in(absent=head, stands_in=money.holder, starts_on=today(), ends_on=today(), person=head)
    assert refused(requisition, Person.objects.get(pk=money.holder.pk)).code == "separation_of_duties"
    assert decided(requisition, head) is not None


def test_nobody_agrees_to_what_was_asked_for_them(money):
    requisition = asked_for(money, 500_00, asked_for=money.holder)
    assert refused(requisition, money.holder).code == "separation_of_duties"


def test_a_limit_counts_to_the_penny(money):
    line = money.budget(100_000_00)
    for pence, roles in (
        (1_000_00, ["budget-holder"]),
        (1_000_01, ["budget-holder", "headteacher"]),
        (5_000_01, ["headteacher", "cfo"]),
        (20_000_00, ["headteacher", "cfo"]),
        (20_000_01, ["cfo", "trust-leader"]),
    ):
        supplier = Supplier.objects.create(name=f"Supplier of {pence}")
        requisition = put_up(requisition=money.request(line, pence, supplier=supplier), person=money.teacher)
        assert requisition.chain is not None
        assert [step.role for step in requisition.chain.steps.all()] == roles


def test_who_agrees_to_less_is_told_so_and_who_can(money):
    requisition = asked_for(money, 20_000_01)
    said = refused(requisition, money.head)
    assert (said.code, said.status) == ("limit_exceeded", 403)
    assert said.detail.startswith(
        "£20,000.01 is above your £5,000.00 limit. It can be decided by Chief financial officer of trust"
    )


def test_everybody_in_the_chain_agrees_one_after_the_other_and_nobody_twice(money):
    requisition = asked_for(money, 3_000_00)
    assert decided(requisition, money.holder) is None
    assert refused(requisition, money.holder).code == "separation_of_duties"
    order = decided(requisition, money.head)
    assert order is not None
    assert str(order) == f"PO {money.year.pk}-00001"
    assert refused(requisition, money.cfo).code == "decided"


def test_an_appointment_that_is_over_or_to_come_decides_nothing(money):
    requisition = asked_for(money, 3_000_00)
    decided(requisition, money.holder)
    Appointment.objects.filter(person=money.head).update(ends_on=today() - DAY)
    said = refused(requisition, Person.objects.get(pk=money.head.pk))
    assert (said.code, said.status) == ("appointment_not_current", 403)
    Appointment.objects.filter(person=money.head).update(starts_on=today() + DAY, ends_on=None)
    said = refused(requisition, Person.objects.get(pk=money.head.pk))
    assert (said.code, "begins on" in said.detail) == ("appointment_not_current", True)


def test_who_stands_in_decides_for_them_on_those_days_and_it_is_kept(money):
    requisition = asked_for(money, 500_00)
    deputy = money.world.person("sbm", school=money.world.oakfield.school)
    assert refused(requisition, deputy).code == "forbidden"
    name_stand_in(absent=money.holder, stands_in=deputy, starts_on=today(), ends_on=today(), person=money.holder)
    assert decided(requisition, deputy) is not None
    kept = Decision.objects.get()
    assert (kept.person, kept.stood_in_for, kept.role) == (deputy, money.holder, "budget-holder")


def test_who_has_an_interest_takes_no_part_and_somebody_else_decides(money):
    requisition = asked_for(money, 500_00)
    declare_interest(person=money.holder, organisation="LAB SUPPLIES LIMITED", nature="My brother owns it", starts_on=today())
    said = refused(requisition, money.holder)
    assert (said.code, said.status) == ("interest_declared", 403)
    name_stand_in(absent=money.holder, stands_in=money.sbm, starts_on=today(), ends_on=today(), person=money.holder)
    assert refused(requisition, money.sbm).code == "forbidden"  # who stands in for them is no way round
    assert decided(requisition, money.head) is not None


def test_what_is_sent_back_says_why_and_can_be_put_up_again(money):
    requisition = asked_for(money, 500_00)
    with pytest.raises(Problem):
        decide_request(requisition=requisition, person=money.holder, kind=RETURN)
    decide_request(requisition=requisition, person=money.holder, kind=RETURN, reason="Which ones?")
    requisition.refresh_from_db()
    assert requisition.state == "returned"
    put_up(requisition=requisition, person=money.teacher)
    assert decided(requisition, money.holder) is not None


def test_one_purchase_in_three_parts_is_judged_on_its_sum(money):
    line = money.budget(100_000_00)
    for _ in range(2):
        put_up(requisition=money.request(line, 450_00), person=money.teacher)
    third = money.request(line, 450_00)
    with pytest.raises(Problem) as raised:
        put_up(requisition=third, person=money.teacher)
    assert (raised.value.code, raised.value.status) == ("looks_split", 409)
    assert all(f"R{number} (£450.00)" in raised.value.detail for number in (1, 2, 3))
    put_up(requisition=third, person=money.teacher, split_why="Three classes, three weeks")
    third.refresh_from_db()
    assert third.chain is not None
    assert (third.chain.amount_pence, third.chain.judged_pence) == (450_00, 1_350_00)
    assert [step.role for step in third.chain.steps.all()] == ["budget-holder", "headteacher"]


def test_what_is_not_there_is_not_promised_unless_the_line_only_warns_and_somebody_says_why(money):
    line = money.budget(500_00)
    with pytest.raises(Problem) as raised:
        put_up(requisition=money.request(line, 500_01), person=money.teacher)
    assert (raised.value.code, raised.value.status) == ("over_budget", 409)
    assert "£500.00 is free now (budget £500.00, spent £0.00, promised £0.00), and this is £500.01." in raised.value.detail
    warns = money.budget(500_00, centre=money.premises, account="upkeep", control="warn")
    with pytest.raises(Problem) as raised:
        put_up(requisition=money.request(warns, 500_01), person=money.teacher)
    assert raised.value.detail.endswith("Say why it may go above the budget.")
    put_up(requisition=money.request(warns, 500_01), person=money.teacher, over_why="The roof leaks")


def test_a_scheme_with_a_gap_or_an_overlap_is_refused(money):
    for over in (3_001_00, 2_999_00):
        bands = [Band(3_000_00, ("headteacher",), over=0), Band(None, ("cfo",), over=over)]
        with pytest.raises(Problem) as raised:
            propose_scheme(person=money.cfo, title="New", starts_on=today(), bands=bands)
        assert (raised.value.code, raised.value.status) == ("limits_not_continuous", 422)


def test_a_scheme_counts_only_once_somebody_else_says_that_the_board_approved_it(money):
    propose_scheme(person=money.cfo, title="Stricter", starts_on=today(), bands=[Band(None, ("trust-leader",))])
    requisition = asked_for(money, 500_00)
    assert requisition.chain is not None
    assert requisition.chain.scheme == money.scheme
    assert len(money.scheme.bands()) == len(BANDS)


def test_a_centre_without_a_holder_goes_to_the_next_one(money):
    CentreHolder.objects.all().delete()
    requisition = asked_for(money, 500_00)
    assert decided(requisition, money.head) is not None
