"""What must hold of money, asked by `manage.py verify` (supporting-apps I1 to I13, as far as they are built)."""

from collections.abc import Iterator
from typing import Final

from django.db import connection

from backend.core.invariants import Invariant, Tick
from backend.finance.models import BudgetChange, Commitment, Journal, Order, Payment, Requisition
from backend.rules.money import said

UNBALANCED: Final = """
SELECT j.number, coalesce(sum(l.amount_pence), 0), count(l.id) FROM finance_journal j
LEFT JOIN finance_journalline l ON l.journal_id = j.id
GROUP BY j.number HAVING coalesce(sum(l.amount_pence), 0) <> 0 OR count(l.id) < 2 ORDER BY j.number
"""
WRONG_YEAR: Final = """
SELECT j.number, l.year, p.year_id FROM finance_journalline l JOIN finance_journal j ON j.id = l.journal_id
JOIN finance_period p ON p.id = j.period_id WHERE l.year <> p.year_id ORDER BY j.number
"""
PROMISES: Final = """
SELECT o.year, o.number, l.net_pence,
  coalesce(sum(c.amount_pence) FILTER (WHERE c.kind IN ('raise', 'carry-out', 'carry-in')), 0),
  coalesce(sum(c.amount_pence), 0),
  coalesce(-sum(c.amount_pence) FILTER (WHERE c.kind = 'invoice'), 0),
  coalesce((SELECT sum(i.net_pence) FILTER (WHERE i.net_pence > 0) FROM finance_invoiceline i
    JOIN finance_invoice v ON v.id = i.invoice_id
    WHERE i.order_line_id = l.id AND v.state IN ('cleared', 'scheduled', 'paid')), 0)
FROM finance_orderline l JOIN finance_order o ON o.id = l.order_id LEFT JOIN finance_commitment c ON c.order_line_id = l.id
GROUP BY o.year, o.number, l.id, l.net_pence ORDER BY o.year, o.number
"""
NUMBERS: Final = "SELECT year, count(*), max(number) FROM finance_order GROUP BY year HAVING count(*) <> max(number)"
VIREMENTS: Final = """
SELECT c.reason, sum(e.amount_pence) FROM finance_budgetchange c JOIN finance_budgetentry e ON e.change_id = c.id
WHERE c.kind = 'virement' GROUP BY c.id, c.reason HAVING sum(e.amount_pence) <> 0
"""
PAID: Final = """
SELECT r.number, s.name FROM finance_payment p JOIN finance_paymentrun r ON r.id = p.run_id
  JOIN finance_supplierbank b ON b.id = p.bank_id JOIN finance_invoice i ON i.id = p.invoice_id
  JOIN finance_supplier s ON s.id = i.supplier_id
WHERE b.supplier_id <> i.supplier_id OR b.active_from IS NULL OR b.active_from > r.made_at
  OR b.called_back_by_id = b.proposed_by_id OR r.released_by_id IN (r.made_by_id, i.cleared_by_id)
ORDER BY r.number, s.name
"""
DECIDED: Final = """
SELECT r.number FROM finance_requisition r JOIN approvals_chain c ON c.id = r.chain_id
WHERE r.state = 'ordered' AND (
  EXISTS (SELECT FROM approvals_step s WHERE s.chain_id = c.id AND NOT EXISTS (
    SELECT FROM approvals_decision d WHERE d.step_id = s.id AND d.kind = 'agree'))
  OR EXISTS (SELECT FROM approvals_decision d WHERE d.chain_id = c.id AND (
    d.person_id IN (c.asked_by_id, c.asked_for_id) OR d.stood_in_for_id IN (c.asked_by_id, c.asked_for_id)))
  OR (SELECT sum(l.net_pence) FROM finance_orderline l JOIN finance_order o ON o.id = l.order_id
    WHERE o.requisition_id = r.id) > c.amount_pence)
ORDER BY r.number
"""


def rows(statement: str) -> list[tuple[object, ...]]:
    """What a statement answers."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        found: list[tuple[object, ...]] = cursor.fetchall()
    return found


def unbalanced(tick: Tick) -> Iterator[str]:
    """I1: every journal has two lines or more, and they come to nothing; and they stand in its own year."""
    for number, pence, count in rows(UNBALANCED):
        yield f"journal {number} has {count} lines that come to {pence} pence"
    for number, kept, year in rows(WRONG_YEAR):
        yield f"a line of journal {number} stands in {kept}, its journal in {year}"
    tick(Journal.objects.count())


def promises(tick: Tick) -> Iterator[str]:
    """I4: of each order line, ordered = relieved + released + outstanding: none below nothing, none relieved but by a bill."""
    for year, number, net, ordered, outstanding, relieved, billed in rows(PROMISES):
        if ordered != net:
            yield f"PO {year}-{number} promises {ordered} pence, and {net} were ordered"
        if int(str(outstanding)) < 0 or int(str(relieved)) > int(str(billed)):
            yield f"PO {year}-{number}: {outstanding} pence outstanding, {relieved} relieved, {billed} billed"
    tick(Commitment.objects.count())


def numbers(tick: Tick) -> Iterator[str]:
    """I13: the orders of a year are numbered without gaps."""
    for year, count, most in rows(NUMBERS):
        yield f"{year} has {count} orders, and the last is number {most}"
    tick(Order.objects.count())


def virements(tick: Tick) -> Iterator[str]:
    """I6: money that is moved between lines comes to nothing."""
    for reason, pence in rows(VIREMENTS):
        yield f"the virement “{reason}” makes {said(int(str(pence)))}"
    tick(BudgetChange.objects.count())


def decided(tick: Tick) -> Iterator[str]:
    """I7, I8: nothing is ordered but what everybody agreed to, none of whom had asked for it, and for no more than that."""
    for (number,) in rows(DECIDED):
        yield f"R{number} was ordered without everybody's agreement, by who had asked for it, or for more"
    tick(Requisition.objects.count())


def payments(tick: Tick) -> Iterator[str]:
    """I9, I10: nothing is paid to an account that was not active when the run was made, nor released by who made or cleared."""
    for number, supplier in rows(PAID):
        yield f"payment run {number} pays {supplier} to an account that nobody else had called back, or was released by one alone"
    tick(Payment.objects.count())


INVARIANTS = [
    Invariant("journals", "Every journal balances and stands in its own year.", Journal.objects.count, unbalanced),
    Invariant(
        "commitments",
        "What was ordered was relieved by invoices, released, or is still promised.",
        Commitment.objects.count,
        promises,
    ),
    Invariant("order-numbers", "The orders of a year are numbered without gaps.", Order.objects.count, numbers),
    Invariant("virements", "Moving money between budget lines makes none.", BudgetChange.objects.count, virements),
    Invariant("payments", "Nothing is paid but to an account that was called back.", Payment.objects.count, payments),
    Invariant("approved", "Nothing is ordered that was not agreed to by everybody it needs.", Requisition.objects.count, decided),
]
