"""Two who agree at the same moment to the last £500: one is told the new balance, fifty times out of fifty."""

import threading

import pytest
from django.db import connection

from backend.approvals.models import Decision
from backend.core.days import today
from backend.core.problems import Problem
from backend.finance.actions.asking import decide_request, put_up
from backend.finance.actions.billing import clear_invoice
from backend.finance.models import Invoice, Order, Requisition, Supplier
from backend.finance.queries.position import of_line
from backend.trust.models import Person
from tests.conftest import make_world
from tests.finance.conftest import make_money

TIMES = 50


def agreed(requisition: Requisition, person: Person, start: threading.Barrier, said: list[str]) -> None:
    """One of the two, on a connection of its own."""
    try:
        start.wait()
        decide_request(requisition=requisition, person=person, kind=Decision.Kind.AGREE)
        said.append("ordered")
    except Problem as refused:
        said.append(f"{refused.code}: {refused.detail}")
    except Exception as fault:
        said.append(repr(fault))
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_agree_to_the_last_500_pounds_one_wins_and_the_other_hears_the_balance(library):
    money = make_money(make_world())
    teachers = [money.teacher, money.world.person("caretaker", school=money.world.oakfield.school)]
    line = money.budget(500_00)
    for time in range(TIMES):
        if time:
            money.budget(500_00)
        supplier = Supplier.objects.create(name=f"Supplier {time}")
        pair = [put_up(requisition=money.request(line, 500_00, person=each, supplier=supplier), person=each) for each in teachers]
        start, said = threading.Barrier(2), list[str]()
        deciders = [money.head, money.holder] if time % 2 else [money.holder, money.head]
        threads = [
            threading.Thread(target=agreed, args=(request, person, start, said))
            for request, person in zip(pair, deciders, strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        lost = [each for each in said if each != "ordered"]
        assert len(lost) == 1, said
        assert lost[0].startswith("budget_changed: Science, Learning resources: £0.00 is free now"), said
        assert Order.objects.count() == time + 1
        assert of_line(line).available == 0
        Requisition.objects.filter(state="submitted").update(state="withdrawn")


@pytest.mark.django_db(transaction=True)
def test_agreeing_and_clearing_at_once_on_one_budget_line_never_stop_each_other(library):
    money = make_money(make_world())
    line = money.budget(1_000_000_00)
    for time in range(15):
        supplier = Supplier.objects.create(name=f"Supplier {time}")
        order = money.agreed(put_up(requisition=money.request(line, 100_00, supplier=supplier), person=money.teacher))
        part = order.lines.get()
        money.came(part, 100_00)
        invoice = money.billed(part, 100_00, "A-1")
        other = Supplier.objects.create(name=f"Other {time}")
        request = put_up(requisition=money.request(line, 100_00, supplier=other), person=money.teacher)
        start, said = threading.Barrier(2), list[str]()
        cleared = threading.Thread(target=cleared_at_once, args=(invoice, money.cfo, start, said))
        ordered = threading.Thread(target=agreed, args=(request, money.holder, start, said))
        for thread in (cleared, ordered):
            thread.start()
        for thread in (cleared, ordered):
            thread.join()
        assert sorted(said) == ["cleared", "ordered"]


def cleared_at_once(invoice: Invoice, person: Person, start: threading.Barrier, said: list[str]) -> None:
    """The invoice is cleared, on a connection of its own."""
    try:
        start.wait()
        clear_invoice(invoice=invoice, person=person, today=today())
        said.append("cleared")
    except Exception as fault:
        said.append(repr(fault))
    finally:
        connection.close()
