"""What a push and a pull cost in queries: the number does not grow with what is sent."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.checks.models import CheckRecord
from tests.sync.phone import asset_added, check_done


def pushed(phone, ops) -> int:
    """Push these, all of which must be applied; the number of queries."""
    with CaptureQueriesContext(connection) as seen:
        results = phone.push(*ops)
    assert {each["outcome"] for each in results} <= {"applied", "again"}
    return len(seen)


def test_a_push_of_checks_costs_the_same_number_of_queries_whatever_their_number(world, phone):
    plans = [world.plan() for _ in range(20)]
    pushed(phone, [phone.op("check_done", check_done(plans[0]))])
    one = pushed(phone, [phone.op("check_done", check_done(plans[0]))])
    many = [phone.op("check_done", check_done(each)) for each in plans * 5]
    hundred = pushed(phone, many)
    assert CheckRecord.objects.count() == 102
    assert hundred <= one + 4
    assert hundred <= 40
    assert pushed(phone, many) <= 16


def test_a_pull_costs_the_same_number_of_queries_whatever_the_site_holds(world, phone):
    def cost(document):
        with CaptureQueriesContext(connection) as seen:
            answer = phone.client.get(f"/api/v1/field/sites/{world.oakfield.pk}/{document}", headers=phone.headers())
        assert answer.status_code == 200
        return len(seen)

    documents = ("forms", "register", "due")
    phone.push(phone.op("check_done", check_done(world.plan())), phone.op("asset_added", asset_added(world)))
    before = {each: cost(each) for each in documents}
    for _ in range(5):
        plan = world.plan()
        phone.push(phone.op("check_done", check_done(plan)), phone.op("asset_added", asset_added(world)))
    after = {each: cost(each) for each in documents}
    assert all(after[each] <= before[each] + 1 for each in documents), (before, after)
    assert max(after.values()) <= 19, after
