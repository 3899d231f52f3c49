"""Two who agree at the same moment to the last £500: one is told the new balance, fifty times out of fifty."""

import threading

import pytest
from django.db import connection

from backend.approvals.models import Decision
from backend.core.problems import Problem
from backend.finance.actions.asking import decide_request, put_up
from backend.finance.models import Order, Requisition, Supplier
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
