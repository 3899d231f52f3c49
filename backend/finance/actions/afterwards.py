"""Invoices that are not as ordered: above the order, or without one. Somebody says why, and those who approve decide anew."""

import uuid

from django.db import transaction
from django.db.models import Sum

from backend.approvals.actions.chains import Asked, decide, submit
from backend.approvals.models import Decision
from backend.approvals.queries import is_agreed
from backend.core import audit
from backend.core.problems import Problem
from backend.finance.actions.asking import need_at_least
from backend.finance.actions.billing import require_invoice
from backend.finance.actions.promising import promise_of
from backend.finance.evidence import INVOICES
from backend.finance.models import Invoice, InvoiceLine, InvoiceState
from backend.finance.models.buying import SETTLED
from backend.trust.models import Person

WAITING = (InvoiceState.CAPTURED, InvoiceState.QUERY)


def held(invoice: Invoice) -> Invoice:
    """The invoice, held until the end of the transaction."""
    return Invoice.objects.select_for_update(of=("self",), no_key=True).select_related("supplier", "chain").get(pk=invoice.pk)


def judged(lines: list[InvoiceLine]) -> int:
    """What an invoice is judged by, in pence net: all that is billed of the orders it belongs to, and what has no order."""
    orders = {each.order_line.order_id for each in lines if each.order_line}
    before = InvoiceLine.objects.filter(order_line__order__in=orders, invoice__state__in=SETTLED)
    return (before.aggregate(sum=Sum("net_pence"))["sum"] or 0) + sum(each.net_pence for each in lines)


def not_promised(lines: list[InvoiceLine]) -> dict[uuid.UUID, int]:
    """What of an invoice is promised by no order, in pence net, by the budget line that it is taken from."""
    left: dict[uuid.UUID, int] = {}
    found: dict[uuid.UUID, int] = {}
    for line in lines:
        free = 0
        if line.order_line:
            free = left.setdefault(line.order_line.pk, promise_of(line.order_line).outstanding)
            left[line.order_line.pk] = max(0, free - line.net_pence)
        if more := max(0, line.net_pence - free):
            found[line.budget_line_id] = found.get(line.budget_line_id, 0) + more
    return found


@transaction.atomic
def ask_to_pay(*, invoice: Invoice, person: Person, why: str) -> Invoice:
    """Put an invoice before those who approve, as it is above its order or has none; it is marked for good as asked for
    afterwards. Raises Forbidden and Problem."""
    invoice = held(invoice)
    require_invoice(person, invoice)
    lines = list(invoice.lines.select_related("budget_line__centre__school", "order_line__order"))
    if invoice.state not in WAITING or (invoice.chain and not invoice.chain.decisions.filter(kind=Decision.Kind.RETURN).exists()):
        raise Problem("decided", "It was put up, or is settled, already.", status=409)
    if not why.strip():
        raise Problem("reason", "Say why it is not as ordered.", status=422, fields={"why": "Say why it is not as ordered."})
    amount = sum(each.net_pence for each in lines)
    asked = Asked(
        f"invoice:{invoice.pk}", f"Invoice {invoice}: {why.strip()}", amount, judged(lines), lines[0].budget_line.centre, person,
        None, invoice.supplier.name, invoice.supplier.company_number,
    )  # fmt: skip
    invoice.chain, facts = submit(asked)
    invoice.asked_why = why.strip()[:500]
    invoice.save(update_fields=["chain", "asked_why"])
    audit.append([INVOICES.fact(invoice, person.pk, person.name, kind="invoice-put-up"), *facts])
    return invoice


@transaction.atomic
def decide_to_pay(*, invoice: Invoice, person: Person, kind: Decision.Kind, reason: str = "") -> Invoice:
    """Agree that it is paid although it is not as ordered, or send it back with a reason.

    Raises what `approvals.decide` does, and Problem `budget_changed` (409) where there is too little for what had no order.
    """
    invoice = held(invoice)
    if invoice.chain is None or invoice.state not in WAITING:
        raise Problem("decided", "It is not waiting for anybody.", status=409)
    decision = decide(chain=invoice.chain, person=person, kind=kind, reason=reason)
    if kind == Decision.Kind.AGREE and is_agreed(invoice.chain):
        need_at_least(not_promised(list(invoice.lines.select_related("order_line"))), invoice.asked_why, "budget_changed")
        invoice.state, invoice.query = InvoiceState.CAPTURED, ""
        invoice.save(update_fields=["state", "query"])
    audit.append([INVOICES.fact(invoice, person.pk, person.name, kind=f"invoice-{kind}"), decision])
    return invoice
