"""Orders, and what they promise: raised, received, cancelled, closed short."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from backend.core import audit
from backend.core.problems import Forbidden, Problem
from backend.finance.evidence import COMMITMENTS, ORDER_LINES, ORDERS, RECEIPTS
from backend.finance.models import BudgetLine, Commitment, InvoiceLine, Order, OrderLine, Receipt, Requisition
from backend.rules.commitments import Promise
from backend.rules.money import said
from backend.trust import permits
from backend.trust.models import CostCentre, Person
from backend.trust.numbering import next_number
from backend.trust.scope import reach


def raise_order(requisition: Requisition, person: Person) -> tuple[Order, list[audit.Fact]]:
    """Make the order of a request to which everybody agreed, and the promise with it. Called inside that decision alone; answers
    the order and what is to be entered."""
    rows = list(requisition.lines.select_related("budget_line"))
    year = rows[0].budget_line.year_id
    number = next_number(Order.objects.filter(year=year))
    now = timezone.now()
    order = Order.objects.create(
        year=year, number=number, requisition=requisition, supplier_id=requisition.supplier_id, raised_at=now
    )
    lines = OrderLine.objects.bulk_create(
        OrderLine(order=order, asked=each, net_pence=each.net_pence, budget_line=each.budget_line) for each in rows
    )
    promises = [(line, Commitment.Kind.RAISE, line.net_pence) for line in lines]
    facts = [ORDER_LINES.fact(each, person.pk, person.name) for each in lines]
    made = commit(promises, now)
    facts += [COMMITMENTS.fact(each, person.pk, person.name) for each in made]
    return order, [ORDERS.fact(order, person.pk, person.name, kind="ordered"), *facts]


def commit(
    changes: Sequence[tuple[OrderLine, Commitment.Kind, int]], now: dt.datetime, invoice_line: InvoiceLine | None = None
) -> list[Commitment]:
    """Write commitments down: (order line, kind, pence). Those of nothing are left out. The caller enters them in the chain."""
    return Commitment.objects.bulk_create(
        Commitment(
            order_line=line,
            budget_line_id=line.budget_line_id,
            kind=kind,
            amount_pence=pence,
            invoice_line=invoice_line,
            made_at=now,
        )
        for line, kind, pence in changes
        if pence
    )


def promise_of(line: OrderLine) -> Promise:
    """What an order line promises and what became of it, from its entries."""
    sums: dict[str, int] = {}
    for kind, pence in line.commitments.values_list("kind").annotate(sum=Sum("amount_pence")).order_by():
        sums[kind] = pence
    ordered = sums.get(Commitment.Kind.RAISE, 0) + sums.get(Commitment.Kind.OUT, 0) + sums.get(Commitment.Kind.IN, 0)
    gone = -sums.get(Commitment.Kind.FINAL, 0) - sums.get(Commitment.Kind.CANCEL, 0)
    return Promise(ordered, -sums.get(Commitment.Kind.INVOICE, 0), gone)


def may_order(person: Person, centre: CostCentre) -> bool:
    """Whether somebody looks after the orders and invoices of a cost centre."""
    return reach(person, permits.ORDER_MANAGE).covers_school(centre.school_id)


def held(order: Order) -> Order:
    """The order, held until the end of the transaction."""
    rows = Order.objects.select_for_update(of=("self",), no_key=True).select_related("requisition__centre", "supplier")
    return rows.get(pk=order.pk)


def require_order(person: Person, order: Order) -> None:
    """Refuse who does not look after an order. Raises Forbidden."""
    if not may_order(person, order.requisition.centre):
        raise Forbidden("Your role does not let you change orders here. Ask the business manager.")


@transaction.atomic
def send_order(*, order: Order, person: Person) -> Order:
    """Say that the supplier has it. Raises Forbidden and Problem."""
    order = held(order)
    require_order(person, order)
    if order.state != Order.State.RAISED:
        raise Problem("decided", f"It is {order.get_state_display().lower()} already.", status=409)
    order.state = Order.State.SENT
    order.save(update_fields=["state"])
    audit.append([ORDERS.fact(order, person.pk, person.name, kind="order-sent")])
    return order


@transaction.atomic
def close_order(*, order: Order, person: Person, why: str) -> dict[str, int]:
    """Cancel what is still promised: what was invoiced stays as it is. Answers pence: `released`, `invoiced`.

    An order of which something was invoiced is closed short, another one is cancelled. Raises Forbidden and Problem.
    """
    order = held(order)
    require_order(person, order)
    if order.state in (Order.State.CANCELLED, Order.State.CLOSED):
        raise Problem("decided", f"It is {order.get_state_display().lower()} already.", status=409)
    if not why.strip():
        raise Problem("reason", "Say why.", status=422, fields={"why": "Say why."})
    lines = list(order.lines.all())
    list(BudgetLine.objects.select_for_update(no_key=True).filter(pk__in=[each.budget_line_id for each in lines]).order_by("pk"))
    promises = {line: promise_of(line) for line in lines}
    made = commit([(line, Commitment.Kind.CANCEL, -each.outstanding) for line, each in promises.items()], timezone.now())
    invoiced = sum(each.relieved for each in promises.values())
    order.state = Order.State.CLOSED if invoiced else Order.State.CANCELLED
    order.closed_why = why.strip()[:500]
    order.save(update_fields=["state", "closed_why"])
    facts = [COMMITMENTS.fact(each, person.pk, person.name) for each in made]
    audit.append([ORDERS.fact(order, person.pk, person.name, kind="order-closed"), *facts])
    return {"released": -sum(each.amount_pence for each in made), "invoiced": invoiced}


@transaction.atomic
def receive(*, line: OrderLine, person: Person, net_pence: int, on: dt.date, today: dt.date, note: str = "") -> Receipt:
    """Say what came, or was done, of an order line, in pence of its net value (below nothing: it went back).

    Whoever asked for it may, and who looks after the orders. Raises Forbidden, and Problem `over_receipt` (422).
    """
    line = (
        OrderLine.objects.select_for_update(of=("self",), no_key=True)
        .select_related("order__requisition__centre")
        .get(pk=line.pk)
    )
    request = line.order.requisition
    if person.pk not in {request.asked_by_id, request.asked_for_id} and not may_order(person, request.centre):
        raise Forbidden("Who asked for it says that it came, or who looks after the orders.")
    if on > today:
        raise Problem("received_on", "That day is still to come.", status=422, fields={"on": "That day is still to come."})
    so_far = line.receipts.aggregate(sum=Sum("net_pence"))["sum"] or 0
    if not net_pence or not 0 <= so_far + net_pence <= line.net_pence:
        left = said(line.net_pence - so_far)
        says = f"{said(line.net_pence)} was ordered and {said(so_far)} came before: at most {left} can come."
        raise Problem("over_receipt", says, status=422, fields={"net": says})
    made = Receipt.objects.create(
        order_line=line, net_pence=net_pence, received_on=on, note=note.strip()[:300], made_at=timezone.now(), made_by=person
    )
    audit.append([RECEIPTS.fact(made, person.pk, person.name)])
    return made
