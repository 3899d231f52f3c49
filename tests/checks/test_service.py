"""Out of service and back."""

import datetime as dt

import pytest

from backend.assets.models import Asset
from backend.checks.actions import record_check, return_to_service, seal_lapses, take_out_of_service
from backend.checks.models import Lapse, Plan
from backend.core.models import AuditEntry
from backend.core.problems import Forbidden, NotFound, Problem
from backend.rules.due import Status
from tests.checks.work import work

pytestmark = pytest.mark.usefixtures("wednesday")
TODAY = dt.date(2026, 11, 18)
DAY = dt.timedelta(days=1)


def fresh(plan: Plan) -> Plan:
    return Plan.objects.get(pk=plan.pk)


def asset_of(plan: Plan) -> Asset:
    return Asset.objects.select_related("site").get(plans=plan)


@pytest.fixture
def lift(world) -> Plan:
    """The examination of a lift, done 100 days ago, next owed in February."""
    plan = world.plan("loler-passenger-lift", since=TODAY - 400 * DAY)
    record_check(work(plan, world.caretaker, TODAY - 100 * DAY, {"next_due_stated": "2027-02-08"}))
    return fresh(plan)


def test_out_of_service_shows_the_clock_as_paused_with_its_date(world, lift):
    asset = take_out_of_service(lift.asset, person=world.lead, on=TODAY - 3 * DAY, reason="Door lock", today=TODAY)
    plan = fresh(lift)
    assert asset.status == Asset.Status.OUT_OF_SERVICE
    assert plan.status(TODAY) == Status.PAUSED
    assert plan.status(TODAY - 4 * DAY) == Status.IN_DATE
    assert plan.due_on == dt.date(2027, 2, 8)
    assert AuditEntry.objects.filter(kind="asset-status", subject=f"asset:{asset.pk}").count() == 1


def test_nothing_lapses_while_it_is_out_of_service(world):
    plan = world.plan(since=TODAY - 21 * DAY)
    record_check(work(plan, world.caretaker, TODAY - 20 * DAY))
    before = Lapse.objects.count()
    take_out_of_service(plan.asset, person=world.lead, on=TODAY - 14 * DAY, reason="Panel burnt out", today=TODAY)
    seal_lapses(today=TODAY + 60 * DAY)
    assert Lapse.objects.exclude(notes__kind="withdrawn").count() <= before


def test_it_comes_back_with_its_date_when_nothing_has_lapsed(world, lift):
    take_out_of_service(lift.asset, person=world.lead, on=TODAY - 3 * DAY, reason="Door lock", today=TODAY)
    asset = return_to_service(asset_of(lift), person=world.lead, on=TODAY, today=TODAY)
    assert asset.status == Asset.Status.IN_USE
    assert fresh(lift).status(TODAY) == Status.IN_DATE
    assert fresh(lift).status(TODAY - DAY) == Status.PAUSED


def test_it_cannot_come_back_while_a_legal_examination_has_lapsed(world, lift):
    take_out_of_service(lift.asset, person=world.lead, on=TODAY - 3 * DAY, reason="Door lock", today=TODAY)
    later = dt.date(2027, 3, 1)
    with pytest.raises(Problem) as refused:
        return_to_service(asset_of(lift), person=world.lead, on=later, today=later)
    assert refused.value.code == "examination_lapsed"
    assert asset_of(lift).status == Asset.Status.OUT_OF_SERVICE
    assert fresh(lift).status(later) == Status.PAUSED


def test_once_examined_it_may_come_back(world, lift, wednesday):
    take_out_of_service(lift.asset, person=world.lead, on=TODAY - 3 * DAY, reason="Door lock", today=TODAY)
    later = dt.date(2027, 3, 1)
    wednesday.move_to(dt.datetime(2027, 3, 1, 12, 0, tzinfo=dt.UTC))
    record_check(work(fresh(lift), world.caretaker, later, {"next_due_stated": "2027-08-20"}))
    asset = return_to_service(asset_of(lift), person=world.lead, on=later, today=later)
    assert asset.status == Asset.Status.IN_USE
    assert fresh(lift).due_on == dt.date(2027, 8, 20)


def test_a_reason_is_asked_for(world, lift):
    with pytest.raises(Problem) as refused:
        take_out_of_service(lift.asset, person=world.lead, on=TODAY, reason=" ", today=TODAY)
    assert refused.value.code == "reason_missing"
    assert fresh(lift).status(TODAY) == Status.IN_DATE


def test_a_caretaker_may_not_and_a_stranger_is_told_nothing(world, lift):
    with pytest.raises(Forbidden):
        take_out_of_service(lift.asset, person=world.caretaker, on=TODAY, reason="x", today=TODAY)
    with pytest.raises(NotFound):
        take_out_of_service(lift.asset, person=world.stranger, on=TODAY, reason="x", today=TODAY)
