"""Paying: bank details by two people and a call, runs by two people, the ledger and the file for the bank."""

import datetime as dt
from functools import partial

import pytest

from backend.core import audit
from backend.core.days import today
from backend.core.problems import Problem
from backend.finance.actions.banks import call_back, propose_bank
from backend.finance.actions.paying import drop_run, lines_for_the_bank, make_run, release_run
from backend.finance.evidence import BANKS
from backend.finance.models import Invoice, JournalLine, PaymentRun, SupplierBank
from tests.finance.conftest import Money
from tests.finance.test_walk_through import faults

BEFORE = dt.timedelta(hours=25)


def bank_for(money: Money, number: str = "12345678") -> SupplierBank:
    """An account that may be paid to: entered by the business manager, called back by the CFO more than a day ago."""
    bank = propose_bank(
        person=money.sbm, supplier=money.supplier, name="Lab Supplies Ltd", sort_code="20-00-00", number=number, told_how="Letter"
    )
    bank = call_back(bank=bank, person=money.cfo, called_on="01632 960001, from the contract of 2024")
    assert bank.active_from
    bank.active_from -= BEFORE
    bank.save(update_fields=["active_from"])
    audit.append([BANKS.fact(bank, money.cfo.pk, money.cfo.name)])  # the day of waiting is over, and the chain agrees
    return bank


def pay_for(money: Money, invoice: Invoice) -> PaymentRun:
    """The invoice is paid: a second finance officer makes the run, the trust leader releases it."""
    bank_for(money)
    run = make_run(person=money.cfo, invoices=[invoice], pay_on=today(), today=today())
    return release_run(run=run, person=money.world.person("trust-leader"), today=today())


def cleared(money: Money, pence: int = 600_00) -> Invoice:
    """An invoice that is cleared for payment."""
    order = money.ordered(money.budget(10_000_00), pence)
    part = order.lines.get()
    money.came(part, pence)
    return money.cleared(part, pence, "INV 1")


def refused(call) -> tuple[str, int]:
    """How something is refused."""
    with pytest.raises(Problem) as raised:
        call()
    return raised.value.code, raised.value.status


@pytest.mark.parametrize(
    ("sort_code", "number"),
    [
        ("20-00-0", "12345678"),
        ("2000000", "12345678"),
        ("20-00-00", "1234567"),
        ("20-00-00", "123456789"),
        ("20-00-0O", "12345678"),
    ],
)
def test_an_account_that_cannot_be_is_refused(money, sort_code, number):
    given = {"name": "Lab", "sort_code": sort_code, "number": number, "told_how": "Letter"}
    assert refused(lambda: propose_bank(person=money.sbm, supplier=money.supplier, **given)) == ("bank_invalid", 422)


def test_a_number_is_kept_encrypted_and_shown_by_its_last_figures(money):
    bank = bank_for(money)
    assert str(bank) == "Lab Supplies Ltd: 20-00-00 ••••5678"
    assert "12345678" not in str(SupplierBank.objects.values().get())
    assert bank.number == "12345678"


def test_a_change_by_e_mail_is_paid_to_only_after_somebody_else_called_and_a_day_passed(money):
    invoice = cleared(money)
    bank = propose_bank(
        person=money.cfo, supplier=money.supplier, name="Lab", sort_code="200000", number="87654321", told_how="An e-mail"
    )
    make = partial(make_run, person=money.cfo, invoices=[invoice], pay_on=today(), today=today())
    assert refused(make) == ("no_bank", 409)
    assert refused(lambda: call_back(bank=bank, person=money.cfo, called_on="a number")) == ("separation_of_duties", 403)
    bank = propose_bank(
        person=money.sbm, supplier=money.supplier, name="Lab", sort_code="200000", number="87654321", told_how="An e-mail"
    )
    assert refused(lambda: call_back(bank=bank, person=money.cfo, called_on=" ")) == ("called_on", 422)
    call_back(bank=bank, person=money.cfo, called_on="01632 960001")
    assert refused(make) == ("no_bank", 409)
    SupplierBank.objects.filter(pk=bank.pk).update(active_from=bank.proposed_at - BEFORE)
    assert make().payments.count() == 1


def test_what_the_supplier_does_not_confirm_is_never_paid_to(money):
    bank = propose_bank(
        person=money.sbm, supplier=money.supplier, name="Lab", sort_code="200000", number="87654321", told_how="An e-mail"
    )
    bank = call_back(bank=bank, person=money.cfo, called_on="01632 960001", agrees=False)
    assert (bank.active_from, bank.ended_at is not None) == (None, True)


def test_a_run_is_released_by_somebody_who_neither_made_it_nor_cleared_what_is_in_it(money):
    invoice = cleared(money)
    bank_for(money)
    leader = money.world.person("trust-leader")
    run = make_run(person=money.cfo, invoices=[invoice], pay_on=today(), today=today())
    assert refused(lambda: release_run(run=run, person=money.cfo, today=today())) == ("separation_of_duties", 403)
    assert refused(lambda: release_run(run=run, person=money.sbm, today=today())) == ("forbidden", 403)
    assert refused(lambda: list(lines_for_the_bank(run))) == ("not_released", 409)
    done = release_run(run=run, person=leader, today=today())
    assert list(lines_for_the_bank(done)) == [
        ("Lab Supplies Ltd", "200000", "12345678", "720.00", "INV 1", "INV 1", today().isoformat())
    ]
    invoice.refresh_from_db()
    assert invoice.state == "paid"
    sums = {
        key: sum(JournalLine.objects.filter(account=each).values_list("amount_pence", flat=True))
        for key, each in money.accounts.items()
    }
    assert sums == {"resources": 600_00, "vat": 120_00, "creditors": 0, "bank": -720_00, "upkeep": 0, "income": 0}
    assert refused(lambda: release_run(run=run, person=leader, today=today())) == ("decided", 409)
    assert faults() == []


def test_what_was_paid_counts_when_more_is_billed_of_the_same_order(money):
    invoice = cleared(money)
    pay_for(money, invoice)
    assert refused(lambda: money.cleared(invoice.lines.get().order_line, 60_00, "INV 2")) == ("outside_tolerance", 409)


def test_nothing_is_paid_twice_and_a_run_that_is_taken_apart_pays_nothing(money):
    invoice = cleared(money)
    bank_for(money)
    make = partial(make_run, person=money.cfo, invoices=[invoice], pay_on=today(), today=today())
    run = make()
    assert refused(make) == ("not_cleared", 409)
    drop_run(run=run, person=money.cfo)
    leader = money.world.person("trust-leader")
    assert refused(lambda: release_run(run=run, person=leader, today=today())) == ("decided", 409)
    assert make().number == 2


def test_a_new_account_between_making_and_releasing_stops_the_run(money):
    invoice = cleared(money)
    bank_for(money)
    run = make_run(person=money.cfo, invoices=[invoice], pay_on=today(), today=today())
    bank_for(money, "99999999")
    leader = money.world.person("trust-leader")
    assert refused(lambda: release_run(run=run, person=leader, today=today())) == ("bank_changed", 409)


def test_a_credit_is_taken_off_and_never_paid_by_itself(money):
    invoice = cleared(money)
    bank_for(money)
    credit = money.cleared(invoice.lines.get().order_line, -100_00, "CR 1")
    pay = partial(make_run, person=money.cfo, pay_on=today(), today=today())
    assert refused(lambda: pay(invoices=[credit])) == ("nothing_to_pay", 409)
    run = release_run(run=pay(invoices=[invoice, credit]), person=money.world.person("trust-leader"), today=today())
    assert [line[3] for line in lines_for_the_bank(run)] == ["600.00"]
