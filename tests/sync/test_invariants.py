"""What `manage.py verify` asks of operations holds after a day's work, and is found out when it does not."""

from django.db import connection

from backend.checks.invariants import INVARIANTS as OF_CHECKS
from backend.core.invariants import all_invariants
from backend.sync.invariants import INVARIANTS
from backend.sync.tasks import forget_unfinished_now, take_in_waiting_now
from tests.evidence.entering import enter_missing
from tests.sync.phone import check_done
from tests.sync.test_order import work_of_a_day


def faults(invariants):
    return [fault for each in invariants for fault in each.faults(lambda _count: None)]


def test_everything_holds_after_a_days_work(world, phone):
    odd = check_done(world.plan())
    odd["answers"]["fault_text"] = "–"
    ops = [*work_of_a_day(world, phone), phone.op("dance", {}), phone.op("check_done", odd), {"no": "shape"}]
    enter_missing()  # what the tests made by hand; all that follows goes through the actions
    phone.push(*ops, *ops)
    assert {*INVARIANTS, *OF_CHECKS} <= set(all_invariants())
    assert faults(all_invariants()) == []
    assert (take_in_waiting_now(), forget_unfinished_now()) == (0, 0)


def test_what_was_tampered_with_is_found(world, phone):
    plan = world.plan()
    enter_missing()
    phone.push_one(phone.op("check_done", check_done(plan)))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE sync_op DISABLE TRIGGER USER")
        cursor.execute("UPDATE sync_op SET sent = replace(sent, 'pass', 'fail'), outcome = 'held'")
        cursor.execute("ALTER TABLE sync_op ENABLE TRIGGER USER")
    assert len(faults(INVARIANTS)) == 2
    [fault] = faults(each for each in all_invariants() if each.table)
    assert fault.startswith("op:") and "is not what entry" in fault
