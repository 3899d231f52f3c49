"""Invoices: entered, put in question, cleared. Clearing matches order, what came, and bill, and posts."""

import datetime as dt
import re
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone

from backend.approvals.queries import is_agreed
from backend.core import audit
from backend.core.problems import Forbidden, Problem
from backend.finance.actions.ledger import Entry, control, post
from backend.finance.actions.promising import commit, may_order, promise_of
from backend.finance.evidence import COMMITMENTS, INVOICE_LINES, INVOICES
from backend.finance.models import (
    Account,
    BudgetLine,
    Commitment,
    Fund,
    Invoice,
    InvoiceLine,
    InvoiceState,
    Order,
    OrderLine,
    Supplier,
)
from backend.finance.models.buying import SETTLED
from backend.rules.commitments import invoiced
from backend.rules.money import MOST_PENCE, said, tolerance, vat_agrees, vat_on
from backend.trust import permits
from backend.trust.models import CostCentre, Person
from backend.trust.scope import reach

NO_ORDER: Final = "There is no order for it: it cannot be paid until somebody asks for it after all and that is approved."


@dataclass(frozen=True, slots=True)
class Billed:
    """A line of an invoice (below nothing: of a credit note), in pence. `order_line` None: nothing was ordered."""

    net_pence: int
    vat_pence: int
    vat_percent: Decimal
    order_line: OrderLine | None = None
    budget_line: BudgetLine | None = None
    what: str = ""
    final: bool = False
    asset_id: uuid.UUID | None = None
    site_id: uuid.UUID | None = None


def reference_key(reference: str) -> str:
    """A supplier's number as it is compared: "INV 0042" and "inv-42" are the same."""
    return re.sub(r"\d+", lambda digits: str(int(digits[0])), re.sub(r"[^0-9A-Z]", "", reference.upper()))


@transaction.atomic
def capture_invoice(
    *,
    person: Person,
    supplier: Supplier,
    reference: str,
    tax_point: dt.date,
    lines: Sequence[Billed],
    today: dt.date,
    vat_why: str = "",
) -> Invoice:
    """Enter an invoice. One with a line that was not ordered is in question at once.

    Raises Forbidden, and Problem: `duplicate_invoice` (409), `vat_mismatch` and `invoice` (422) with the lines.
    """
    key = reference_key(reference)
    targets = [each.order_line.budget_line if each.order_line else each.budget_line for each in lines]
    check_billed(supplier, key, tax_point, lines, targets, today)
    if not all(target and may_order(person, target.centre) for target in targets):
        raise Forbidden("Your role does not let you enter invoices here. Ask the business manager.")
    wrong = {
        f"lines.{place}.vat": said(vat_on(each.net_pence, each.vat_percent))
        + f" is {each.vat_percent} % of {said(each.net_pence)}."
        for place, each in enumerate(lines, 1)
        if not vat_agrees(each.net_pence, each.vat_percent, each.vat_pence)
    }
    if wrong and not vat_why.strip():
        raise Problem(
            "vat_mismatch", "The VAT is not what its rate makes. If it is so on the invoice, say why.", status=422, fields=wrong
        )
    Supplier.objects.select_for_update(no_key=True).get(pk=supplier.pk)  # of two who enter it at once, one sees the other's
    if twin := Invoice.objects.filter(supplier=supplier, reference_key=key).exclude(state=InvoiceState.REJECTED).first():
        says = f"{supplier.name}'s invoice {twin.reference} was entered on {twin.captured_at:%-d %b %Y} already."
        raise Problem("duplicate_invoice", says, status=409)
    query = "" if all(each.order_line for each in lines) else NO_ORDER
    made = Invoice.objects.create(
        supplier=supplier, reference=reference.strip()[:60], reference_key=key[:60], tax_point=tax_point, query=query,
        state=InvoiceState.QUERY if query else InvoiceState.CAPTURED, vat_why=vat_why.strip()[:300],
        captured_at=timezone.now(), captured_by=person,
    )  # fmt: skip
    kept = InvoiceLine.objects.bulk_create(
        line_of(made, place, each, target) for place, (each, target) in enumerate(zip(lines, targets, strict=True), 1) if target
    )
    facts = [INVOICE_LINES.fact(each, person.pk, person.name) for each in kept]
    audit.append([INVOICES.fact(made, person.pk, person.name, kind="invoice-entered"), *facts])
    return made


def line_of(invoice: Invoice, place: int, billed: Billed, target: BudgetLine) -> InvoiceLine:
    """A line as it is kept: what it was for is what was asked for, unless it says otherwise."""
    asked = billed.order_line.asked if billed.order_line else None
    asset = billed.asset_id or (asked.asset_id if asked else None)
    site = billed.site_id or (asked.site_id if asked else None)
    return InvoiceLine(
        invoice=invoice, place=place, order_line=billed.order_line, budget_line=target, net_pence=billed.net_pence,
        what=(billed.what.strip() or (asked.what if asked else ""))[:200], vat_pence=billed.vat_pence,
        vat_percent=billed.vat_percent, final=billed.final, asset_id=asset, site_id=site,
    )  # fmt: skip


def check_billed(
    supplier: Supplier,
    key: str,
    tax_point: dt.date,
    lines: Sequence[Billed],
    targets: Sequence[BudgetLine | None],
    today: dt.date,
) -> None:
    """Refuse an invoice that says too little, or speaks of another supplier's order. Raises Problem `invoice` (422)."""
    fields = {} if key else {"reference": "Which number has the supplier given it?"}
    if tax_point > today:
        fields["tax_point"] = "That day is still to come."
    if not lines:
        fields["lines"] = "Say how much."
    for place, (each, target) in enumerate(zip(lines, targets, strict=True), 1):
        fields |= {f"lines.{place}.{name}": says for name, says in wrong_with(supplier, each, target)}
    if fields:
        raise Problem("invoice", "Something is missing.", status=422, fields=fields)


def wrong_with(supplier: Supplier, line: Billed, target: BudgetLine | None) -> Iterator[tuple[str, str]]:
    """What is wrong with a line of an invoice: (field, sentence)."""
    if not 0 < abs(line.net_pence) <= MOST_PENCE:
        yield "net", f"An amount, and at most {said(MOST_PENCE)}."
    if target is None:
        yield "budget_line", "From which budget?"
    elif target.account.is_premises and not (line.order_line or line.asset_id or line.site_id):
        yield "site", "Say what it was for: an asset, or the site in general."
    order = line.order_line.order if line.order_line else None
    if order and order.supplier_id != supplier.pk:
        yield "order_line", f"{order} went to another supplier."
    elif order and order.state == Order.State.CANCELLED:
        yield "order_line", f"{order} was cancelled."


@transaction.atomic
def clear_invoice(*, invoice: Invoice, person: Person, today: dt.date) -> Invoice:
    """Clear an invoice for payment: it is what was ordered and came. Posts it, and takes it off what was promised.

    Raises Forbidden, and Problem: `decided`, `no_order`, `on_query`, `not_received`, `outside_tolerance`, `period_closed`
    (409), `separation_of_duties` (403).
    """
    invoice = Invoice.objects.select_for_update(of=("self",), no_key=True).select_related("supplier", "chain").get(pk=invoice.pk)
    if not reach(person, permits.LEDGER_POST).everywhere:
        raise Forbidden("The finance office clears invoices. Ask the CFO.")
    if person.pk == invoice.captured_by_id:
        raise Problem("separation_of_duties", "You entered this, so someone else must clear it.", status=403)
    if invoice.state == InvoiceState.QUERY:
        raise Problem("no_order" if invoice.query == NO_ORDER else "on_query", invoice.query, status=409)
    if invoice.state != InvoiceState.CAPTURED:
        raise Problem("decided", f"It is {invoice.get_state_display().lower()} already.", status=409)
    related = ("budget_line__account", "budget_line__centre", "budget_line__fund", "order_line__order", "order_line__asked")
    lines = list(invoice.lines.select_related(*related))
    list(BudgetLine.objects.select_for_update(no_key=True).filter(pk__in=[each.budget_line_id for each in lines]).order_by("pk"))
    ordered = [each.order_line_id for each in lines if each.order_line_id]
    list(OrderLine.objects.select_for_update(no_key=True).filter(pk__in=ordered).order_by("pk"))
    now, made, as_it_is = timezone.now(), [], invoice.chain is not None and is_agreed(invoice.chain)
    for line in lines:
        made += match(line, now, as_it_is=as_it_is)
    _, facts = post(
        person=person, day=invoice.tax_point, narrative=f"{invoice.supplier.name} {invoice.reference}", entries=posting(lines),
        today=today, source=f"invoice:{invoice.pk}",
    )  # fmt: skip
    invoice.state, invoice.cleared_at, invoice.cleared_by = InvoiceState.CLEARED, now, person
    invoice.save(update_fields=["state", "cleared_at", "cleared_by"])
    facts += [COMMITMENTS.fact(each, person.pk, person.name) for each in made]
    audit.append([INVOICES.fact(invoice, person.pk, person.name, kind="invoice-cleared"), *facts])
    return invoice


def match(line: InvoiceLine, now: dt.datetime, *, as_it_is: bool) -> list[Commitment]:
    """Hold a line against its order and what came of it, and take it off the promise. Raises Problem (409).

    `as_it_is`: those who approve agreed that it is paid although it is above the order; that it came has to be said all the same.
    """
    order_line = line.order_line
    if order_line is None:
        return []
    promise = promise_of(order_line)
    counted = InvoiceLine.objects.filter(Q(invoice__state__in=SETTLED) | Q(invoice=line.invoice_id), order_line=order_line)
    billed = counted.aggregate(sum=Sum("net_pence"))["sum"]  # with this invoice's other lines for the same thing
    stands = promise.ordered - promise.released
    what = f"{order_line.order}, {order_line.asked.what}"
    if line.net_pence > 0 and billed > stands + tolerance(stands) and not as_it_is:
        says = f"{what}: {said(stands)} is ordered and {said(billed)} is billed. Who approved it has to decide anew."
        raise Problem("outside_tolerance", says, status=409)
    came = order_line.receipts.aggregate(sum=Sum("net_pence"))["sum"] or 0
    if line.net_pence > 0 and min(billed, stands) > came + tolerance(came):
        says = f"{what}: {said(came)} of it came, and {said(billed)} is billed. Ask who ordered it to say that it came."
        raise Problem("not_received", says, status=409)
    after = invoiced(promise, line.net_pence, final=line.final)
    changes = [
        (order_line, Commitment.Kind.INVOICE, promise.relieved - after.relieved),
        (order_line, Commitment.Kind.FINAL, promise.released - after.released),
    ]
    return commit(changes, now, line)


def posting(lines: Iterable[InvoiceLine]) -> list[Entry]:
    """The journal of an invoice: costs net of VAT, the VAT that comes back, and against them what the supplier is owed.

    Of each cost centre and fund the entries come to nothing by themselves, so that the books of each school balance.
    """
    creditors, vat = control(Account.Control.CREDITORS), control(Account.Control.VAT)
    entries = []
    back: dict[tuple[CostCentre, Fund], int] = {}
    for line in lines:
        at = (line.budget_line.centre, line.budget_line.fund)
        entries.append(Entry(line.budget_line.account, *at, line.net_pence, line.asset_id, line.site_id))
        back[at] = back.get(at, 0) + line.vat_pence
    entries += [Entry(vat, *at, pence) for at, pence in back.items() if pence]
    return entries + [Entry(creditors, *at, -pence) for at, pence in gross(lines).items() if pence]


def gross(lines: Iterable[InvoiceLine]) -> dict[tuple[CostCentre, Fund], int]:
    """What lines come to with VAT, in pence, by cost centre and fund."""
    found: dict[tuple[CostCentre, Fund], int] = {}
    for line in lines:
        at = (line.budget_line.centre, line.budget_line.fund)
        found[at] = found.get(at, 0) + line.net_pence + line.vat_pence
    return found


@transaction.atomic
def query_invoice(*, invoice: Invoice, person: Person, query: str, reject: bool = False) -> Invoice:
    """Put an invoice in question, or (`reject`) do not accept it, with what is wrong. Raises Forbidden and Problem."""
    invoice = Invoice.objects.select_for_update(no_key=True).get(pk=invoice.pk)
    require_invoice(person, invoice)
    if invoice.state not in (InvoiceState.CAPTURED, InvoiceState.QUERY):
        raise Problem("decided", f"It is {invoice.get_state_display().lower()} already.", status=409)
    if not query.strip():
        raise Problem("query", "Say what is wrong.", status=422, fields={"query": "Say what is wrong."})
    invoice.query, invoice.state = query.strip()[:500], InvoiceState.REJECTED if reject else InvoiceState.QUERY
    invoice.save(update_fields=["query", "state"])
    audit.append([INVOICES.fact(invoice, person.pk, person.name, kind=f"invoice-{invoice.state}")])
    return invoice


@transaction.atomic
def settle_query(*, invoice: Invoice, person: Person) -> Invoice:
    """Say that what was in question is answered, so that the invoice can be cleared.

    Raises Forbidden, and Problem (409): `no_order` where something was neither ordered nor agreed to since.
    """
    invoice = Invoice.objects.select_for_update(of=("self",), no_key=True).select_related("chain").get(pk=invoice.pk)
    require_invoice(person, invoice)
    if invoice.state != InvoiceState.QUERY:
        raise Problem("decided", "It is not in question.", status=409)
    if invoice.lines.filter(order_line=None).exists() and not (invoice.chain and is_agreed(invoice.chain)):
        raise Problem("no_order", NO_ORDER, status=409)
    invoice.state, invoice.query = InvoiceState.CAPTURED, ""
    invoice.save(update_fields=["state", "query"])
    audit.append([INVOICES.fact(invoice, person.pk, person.name, kind="invoice-settled")])
    return invoice


def require_invoice(person: Person, invoice: Invoice) -> None:
    """Refuse who does not look after all that an invoice is for. Raises Forbidden."""
    if not all(may_order(person, each.budget_line.centre) for each in invoice.lines.select_related("budget_line__centre")):
        raise Forbidden("Your role does not let you change invoices here. Ask the business manager.")
