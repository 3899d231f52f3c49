"""Payment runs: put together by one, released by another, handed to the bank as a file."""

import datetime as dt
from collections.abc import Iterator, Sequence

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from backend.core import audit
from backend.core.problems import Forbidden, Problem
from backend.finance.actions.banks import bank_of
from backend.finance.actions.billing import gross
from backend.finance.actions.ledger import Entry, control, post
from backend.finance.evidence import INVOICES, PAYMENTS, RUNS
from backend.finance.models import Account, Invoice, InvoiceState, Payment, PaymentRun
from backend.rules.money import pounds_text, said
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.numbering import next_number
from backend.trust.scope import reach


def gross_of(invoice: Invoice) -> int:
    """What an invoice comes to with VAT, in pence."""
    sums = invoice.lines.aggregate(net=Sum("net_pence"), vat=Sum("vat_pence"))
    return (sums["net"] or 0) + (sums["vat"] or 0)


@transaction.atomic
def make_run(*, person: Person, invoices: Sequence[Invoice], pay_on: dt.date, today: dt.date) -> PaymentRun:
    """Put cleared invoices together to be paid on a day. Raises Forbidden, and Problem with what stands in the way:
    `not_cleared`, `no_bank` (409: no account that was called back, and a day passed since), `nothing_to_pay` (409)."""
    if not reach(person, permits.ORDER_MANAGE).everywhere:
        raise Forbidden("The finance office makes payment runs. Ask the CFO.")
    if pay_on < today:
        raise Problem("pay_on", "That day has passed.", status=422, fields={"pay_on": "That day has passed."})
    rows = Invoice.objects.select_for_update(of=("self",), no_key=True).select_related("supplier").order_by("pk")
    chosen = list(rows.filter(pk__in=[each.pk for each in invoices]))
    if not chosen or any(each.state != InvoiceState.CLEARED for each in chosen):
        wrong = ", ".join(str(each) for each in chosen if each.state != InvoiceState.CLEARED)
        raise Problem("not_cleared", f"Not cleared for payment, or paid already: {wrong or 'nothing was chosen'}.", status=409)
    now = timezone.now()
    banks = {each.supplier_id: bank_of(each.supplier, now) for each in chosen}
    if without := sorted({each.supplier.name for each in chosen if banks[each.supplier_id] is None}):
        says = f"{', '.join(without)}: no bank account was called back a day ago or more. Leave their invoices out, or call."
        raise Problem("no_bank", says, status=409)
    amounts = {each: gross_of(each) for each in chosen}
    for supplier in {each.supplier for each in chosen}:
        if (sum_of := sum(amounts[each] for each in chosen if each.supplier_id == supplier.pk)) <= 0:
            says = f"{supplier.name}: {said(sum_of)} is nothing to pay. Leave the credit until there is more to take it off."
            raise Problem("nothing_to_pay", says, status=409)
    run = PaymentRun.objects.create(number=next_number(PaymentRun.objects.all()), pay_on=pay_on, made_at=now, made_by=person)
    payments = Payment.objects.bulk_create(
        Payment(run=run, invoice=each, bank=bank, amount_pence=amounts[each])
        for each in chosen
        if (bank := banks[each.supplier_id])
    )
    facts = [
        RUNS.fact(run, person.pk, person.name, kind="run-made"),
        *(PAYMENTS.fact(each, person.pk, person.name) for each in payments),
    ]
    audit.append([*facts, *moved(chosen, InvoiceState.SCHEDULED, person)])
    return run


def moved(invoices: Sequence[Invoice], state: InvoiceState, person: Person) -> list[audit.Fact]:
    """The invoices in another state, and what the chain is told of it."""
    for each in invoices:
        each.state = state
        each.save(update_fields=["state"])
    return [INVOICES.fact(each, person.pk, person.name, kind=f"invoice-{state}") for each in invoices]


def held(run: PaymentRun) -> PaymentRun:
    """The run, held until the end of the transaction, while it waits. Raises Problem (409) when it does not."""
    run = PaymentRun.objects.select_for_update(no_key=True).get(pk=run.pk)
    if run.released_at or run.dropped_at:
        raise Problem("decided", f"{run} was {'released' if run.released_at else 'taken apart'} already.", status=409)
    return run


@transaction.atomic
def release_run(*, run: PaymentRun, person: Person, today: dt.date) -> PaymentRun:
    """Release a run: the money is posted as gone. By somebody who neither made it nor cleared an invoice in it.

    Raises Forbidden, and Problem: `separation_of_duties` (403), `bank_changed` (409), `decided` (409), `period_closed` (409).
    """
    run = held(run)
    if not reach(person, permits.PAY_RELEASE).everywhere:
        raise Forbidden("The CFO or the trust leader releases payments.")
    rows = run.payments.select_for_update(of=("self", "invoice"), no_key=True).select_related("invoice__supplier", "bank")
    payments = list(rows.order_by("invoice"))
    if person.pk == run.made_by_id or any(each.invoice.cleared_by_id == person.pk for each in payments):
        says = "You made this run, or cleared an invoice in it, so someone else must release it."
        raise Problem("separation_of_duties", says, status=403)
    now = timezone.now()
    for each in payments:
        if bank_of(each.invoice.supplier, now) != each.bank:
            says = f"{each.invoice.supplier.name} is to be paid to another account now. Take the run apart and make it anew."
            raise Problem("bank_changed", says, status=409)
    facts = []
    for each in payments:
        facts += post(
            person=person, day=run.pay_on, narrative=f"Paid: {each.invoice}", entries=paid(each.invoice), today=today,
            source=f"payment:{each.pk}",
        )[1]  # fmt: skip
    run.released_at, run.released_by = now, person
    run.save(update_fields=["released_at", "released_by"])
    facts += moved([each.invoice for each in payments], InvoiceState.PAID, person)
    audit.append([RUNS.fact(run, person.pk, person.name, kind="run-released"), *facts])
    return run


def paid(invoice: Invoice) -> list[Entry]:
    """The journal of a payment: what the supplier was owed, against the bank, for each cost centre and fund by itself."""
    sides = ((control(Account.Control.CREDITORS), 1), (control(Account.Control.BANK), -1))
    sums = gross(invoice.lines.select_related("budget_line__centre", "budget_line__fund"))
    return [Entry(account, *at, sign * pence) for at, pence in sums.items() if pence for account, sign in sides]


@transaction.atomic
def drop_run(*, run: PaymentRun, person: Person) -> PaymentRun:
    """Take a run apart that was not released: its invoices are cleared for payment as before. Raises Forbidden and Problem."""
    run = held(run)
    if not reach(person, permits.ORDER_MANAGE).everywhere:
        raise Forbidden("The finance office makes payment runs. Ask the CFO.")
    run.dropped_at = timezone.now()
    run.save(update_fields=["dropped_at"])
    invoices = [each.invoice for each in run.payments.select_related("invoice")]
    audit.append([RUNS.fact(run, person.pk, person.name, kind="run-dropped"), *moved(invoices, InvoiceState.CLEARED, person)])
    return run


BANK_FILE = ("Pay to", "Sort code", "Account number", "Pounds", "Reference", "Invoices", "Pay on")


def lines_for_the_bank(run: PaymentRun) -> Iterator[tuple[str, ...]]:
    """A line for each account of a released run, with its full number (BANK_FILE names the columns). Raises Problem (409)."""
    if run.released_at is None:
        raise Problem("not_released", f"{run} was not released: nothing of it may be paid.", status=409)
    by_bank: dict[object, list[Payment]] = {}
    for each in run.payments.select_related("bank", "invoice"):
        by_bank.setdefault(each.bank_id, []).append(each)
    for payments in by_bank.values():
        bank = payments[0].bank
        references = [each.invoice.reference for each in payments]
        amount = pounds_text(sum(each.amount_pence for each in payments))
        yield (
            bank.name, bank.sort_code, bank.number, amount, references[0][:18], "; ".join(references), run.pay_on.isoformat(),
        )  # fmt: skip
