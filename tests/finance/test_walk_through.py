"""The commitment walk-through of the domain reference, at all four levels after each step; and what leads off its way."""

from decimal import Decimal

import pytest
from django.db import connection

from backend.approvals.models import Decision
from backend.core.days import today
from backend.core.problems import Problem
from backend.finance.actions.afterwards import ask_to_pay, decide_to_pay
from backend.finance.actions.asking import put_up, take_back
from backend.finance.actions.billing import Billed, capture_invoice, clear_invoice, query_invoice, settle_query
from backend.finance.actions.promising import close_order
from backend.finance.invariants import INVARIANTS
from backend.finance.models import Commitment
from backend.rules.commitments import Position

AGREE = Decision.Kind.AGREE


def amounts(position: Position) -> tuple[int, ...]:
    """Budget, spent, accrued, committed, pending, available: in pounds."""
    return tuple(
        each // 100
        for each in (
            position.budget, position.actual, position.accrued, position.committed, position.pending, position.available,
        )
    )  # fmt: skip


def faults() -> list[str]:
    """What verify says is wrong with money."""
    return [said for each in INVARIANTS for said in each.faults(lambda _n: None)]


def test_the_walk_through_holds_at_line_cost_centre_school_and_trust_after_each_step(money):
    line = money.budget(10_000_00)
    assert amounts(money.everywhere(line)) == (10_000, 0, 0, 0, 0, 10_000)

    requisition = money.request(line, 1_800_00, 1_200_00)
    put_up(requisition=requisition, person=money.teacher)
    assert amounts(money.everywhere(line)) == (10_000, 0, 0, 0, 3_000, 10_000)
    take_back(requisition=requisition, person=money.teacher)
    assert amounts(money.everywhere(line)) == (10_000, 0, 0, 0, 0, 10_000)

    order = money.ordered(line, 1_800_00, 1_200_00)
    assert amounts(money.everywhere(line)) == (10_000, 0, 0, 3_000, 0, 7_000)
    first, second = order.lines.order_by("asked__place")

    money.came(first, 1_800_00)
    assert amounts(money.everywhere(line)) == (10_000, 0, 1_800, 1_200, 0, 7_000)

    money.cleared(first, 1_830_00, "A-1")
    assert amounts(money.everywhere(line)) == (10_000, 1_830, 0, 1_200, 0, 6_970)

    money.came(second, 1_200_00)
    assert amounts(money.everywhere(line)) == (10_000, 1_830, 1_200, 0, 0, 6_970)
    with pytest.raises(Problem) as refused:
        money.cleared(second, 1_300_00, "A-2")
    assert (refused.value.code, refused.value.status) == ("outside_tolerance", 409)
    assert amounts(money.everywhere(line)) == (10_000, 1_830, 1_200, 0, 0, 6_970)

    money.cleared(second, 1_150_00, "A-3", final=True)
    assert amounts(money.everywhere(line)) == (10_000, 2_980, 0, 0, 0, 7_020)

    money.cleared(second, -100_00, "A-4")
    assert amounts(money.everywhere(line)) == (10_000, 2_880, 0, 0, 0, 7_120)
    assert faults() == []


def test_cancelling_a_part_invoiced_order_frees_what_is_left_and_touches_nothing_else(money):
    line = money.budget(10_000_00)
    order = money.ordered(line, 1_800_00, 1_200_00)
    first, _ = order.lines.order_by("asked__place")
    money.came(first, 1_000_00)
    money.cleared(first, 1_000_00, "A-1")
    answer = close_order(order=order, person=money.sbm, why="The rest is not made any more.")
    assert answer == {"released": 2_000_00, "invoiced": 1_000_00}
    order.refresh_from_db()
    assert order.state == "closed"
    assert amounts(money.everywhere(line)) == (10_000, 1_000, 0, 0, 0, 9_000)
    assert faults() == []


def test_more_than_was_ordered_does_not_come(money):
    order = money.ordered(money.budget(10_000_00), 500_00)
    line = order.lines.get()
    money.came(line, 400_00)
    with pytest.raises(Problem) as refused:
        money.came(line, 100_01)
    assert (refused.value.code, refused.value.status) == ("over_receipt", 422)
    assert "at most £100.00 can come" in refused.value.detail


def test_what_did_not_come_is_not_paid(money):
    order = money.ordered(money.budget(10_000_00), 500_00)
    with pytest.raises(Problem) as refused:
        money.cleared(order.lines.get(), 500_00, "A-1")
    assert (refused.value.code, refused.value.status) == ("not_received", 409)
    assert Commitment.objects.count() == 1


def test_an_invoice_above_its_order_is_paid_once_those_who_approve_decided_anew(money):
    line = money.budget(10_000_00)
    order = money.ordered(line, 500_00)
    part = order.lines.get()
    money.came(part, 500_00)
    invoice = money.billed(part, 600_00, "A-1")
    with pytest.raises(Problem) as refused:
        clear_invoice(invoice=invoice, person=money.cfo, today=today())
    assert refused.value.code == "outside_tolerance"
    ask_to_pay(invoice=invoice, person=money.sbm, why="Steel went up")
    with pytest.raises(Problem) as refused:
        decide_to_pay(invoice=invoice, person=money.sbm, kind=AGREE)
    assert refused.value.code == "separation_of_duties"
    decide_to_pay(invoice=invoice, person=money.holder, kind=AGREE)
    clear_invoice(invoice=invoice, person=money.cfo, today=today())
    assert amounts(money.everywhere(line)) == (10_000, 600, 0, 0, 0, 9_400)
    assert faults() == []


def test_an_invoice_without_an_order_waits_until_somebody_asked_for_it_and_it_was_agreed(money):
    line = money.budget(500_00)
    row = Billed(400_00, 80_00, Decimal(20), budget_line=line, what="Repair of a microscope")
    invoice = capture_invoice(
        person=money.sbm, supplier=money.supplier, reference="X 7", tax_point=today(), lines=[row], today=today()
    )
    assert invoice.state == "query"
    with pytest.raises(Problem) as refused:
        clear_invoice(invoice=invoice, person=money.cfo, today=today())
    assert (refused.value.code, refused.value.status) == ("no_order", 409)
    ask_to_pay(invoice=invoice, person=money.sbm, why="It broke in a lesson")
    decide_to_pay(invoice=invoice, person=money.holder, kind=AGREE)
    cleared = clear_invoice(invoice=invoice, person=money.cfo, today=today())
    assert (cleared.state, cleared.asked_why) == ("cleared", "It broke in a lesson")
    assert amounts(money.everywhere(line)) == (500, 400, 0, 0, 0, 100)
    assert faults() == []


def test_an_invoice_comes_once_however_its_number_is_written(money):
    order = money.ordered(money.budget(10_000_00), 500_00)
    line = order.lines.get()
    money.billed(line, 100_00, "INV 0042")
    with pytest.raises(Problem) as refused:
        money.billed(line, 100_00, "inv-42")
    assert (refused.value.code, refused.value.status) == ("duplicate_invoice", 409)
    money.billed(line, 100_00, "inv-420")


def test_two_lines_of_one_invoice_for_the_same_thing_are_looked_at_together(money):
    order = money.ordered(money.budget(10_000_00), 500_00)
    part = order.lines.get()
    money.came(part, 500_00)
    row = Billed(500_00, 100_00, Decimal(20), order_line=part)
    invoice = capture_invoice(
        person=money.sbm, supplier=money.supplier, reference="A-1", tax_point=today(), lines=[row, row], today=today()
    )
    with pytest.raises(Problem) as refused:
        clear_invoice(invoice=invoice, person=money.cfo, today=today())
    assert refused.value.code == "outside_tolerance"


def test_what_was_closed_short_is_ordered_no_longer(money):
    order = money.ordered(money.budget(10_000_00), 500_00)
    part = order.lines.get()
    money.came(part, 500_00)
    money.cleared(part, 200_00, "A-1")
    close_order(order=order, person=money.sbm, why="The rest is not needed")
    with pytest.raises(Problem) as refused:
        money.cleared(part, 300_00, "A-2")
    assert refused.value.code == "outside_tolerance"


def test_what_was_in_question_is_answered_and_then_cleared_unless_it_was_never_ordered(money):
    line = money.budget(1_000_00)
    order = money.ordered(line, 500_00)
    part = order.lines.get()
    money.came(part, 500_00)
    invoice = query_invoice(invoice=money.billed(part, 500_00, "A-1"), person=money.sbm, query="Two were broken")
    with pytest.raises(Problem) as refused:
        clear_invoice(invoice=invoice, person=money.cfo, today=today())
    assert (refused.value.code, refused.value.detail) == ("on_query", "Two were broken")
    invoice = settle_query(invoice=invoice, person=money.sbm)
    assert clear_invoice(invoice=invoice, person=money.cfo, today=today()).state == "cleared"
    row = Billed(100_00, 20_00, Decimal(20), budget_line=line)
    other = capture_invoice(
        person=money.sbm, supplier=money.supplier, reference="A-2", tax_point=today(), lines=[row], today=today()
    )
    with pytest.raises(Problem) as refused:
        settle_query(invoice=other, person=money.sbm)
    assert refused.value.code == "no_order"


def test_verify_sees_a_promise_that_was_tampered_with(money):
    money.ordered(money.budget(10_000_00), 500_00)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE finance_commitment SET amount_pence = amount_pence - 1")
        cursor.execute("SET session_replication_role = origin")
    assert any("promises 49999 pence, and 50000 were ordered" in each for each in faults())
