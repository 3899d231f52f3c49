"""The tallies that boards count by: kept by triggers, whatever is done to plans and lapses, and counted again by verify."""

import datetime as dt
import uuid

import pytest
from django.db import connection, transaction
from django.utils import timezone

from backend.checks.invariants import INVARIANTS
from backend.checks.models import Lapse, LapseNote, LapseTally, Plan, PlanTally
from backend.checks.queries.compliance import compliance, from_dates, from_records, standing_lapses, unsatisfactory
from backend.checks.queries.rolled_up import roll_up
from backend.checks.tally import astray, tally_anew
from backend.core.days import today
from backend.maintenance.actions import report_defect
from tests.bench.test_costs import estate  # noqa: F401 - plans of every status at two schools

DAY = dt.timedelta(days=1)


def counted_by_verify() -> list[str]:
    """What the invariant says is wrong."""
    (tallies,) = [each for each in INVARIANTS if each.key == "tallies"]
    return list(tallies.faults(lambda _n: None))


def missed(plan: Plan, *days: int) -> list[Lapse]:
    """Lapses of a plan, so many days ago."""
    return Lapse.objects.bulk_create(Lapse(plan=plan, due_on=today() - n * DAY, sealed_at=timezone.now()) for n in days)


def noted(lapse: Lapse, *kinds: str) -> None:
    """Notes on a lapse, one after the other."""
    for kind in kinds:
        LapseNote.objects.create(lapse=lapse, kind=kind, reason="A snow day.", made_at=timezone.now())


def test_the_tallies_follow_whatever_happens_to_plans_and_lapses(world, estate):  # noqa: F811
    first, second, third, *_ = Plan.objects.order_by("pk")
    missed(first, 3, 10)
    assert astray() == []
    Plan.objects.filter(pk=second.pk).update(active=False, due_on=today())
    assert astray() == []
    Plan.objects.filter(pk=second.pk).update(active=True)
    Plan.objects.filter(pk=third.pk).delete()
    Plan.objects.filter(pk=first.pk).update(site=world.riverside)
    Plan.objects.filter(pk=first.pk).update(discipline="lifting-pressure", active=False)
    assert astray() == []
    assert sum(PlanTally.objects.values_list("plans", flat=True)) == Plan.objects.filter(active=True).count()
    assert sum(LapseTally.objects.values_list("lapses", flat=True)) == 2


def test_the_tally_follows_what_was_never_recorded(world, estate):  # noqa: F811
    def never() -> int:
        return sum(PlanTally.objects.values_list("never", flat=True))

    Plan.objects.update(last_done_on=None)
    assert astray() == []
    first, second, third, *_ = Plan.objects.filter(active=True).order_by("pk")
    before = never()
    assert before == Plan.objects.filter(active=True, last_done_on=None).count()
    Plan.objects.filter(pk=first.pk).update(last_done_on=today())
    assert never() == before - 1
    Plan.objects.filter(pk=first.pk).update(last_done_on=today() - DAY)  # the second record counts nothing
    rows = PlanTally.objects.count()
    assert never() == before - 1
    Plan.objects.filter(pk=first.pk).update(last_done_on=None, site=world.riverside)  # what was recorded was withdrawn
    Plan.objects.filter(pk=second.pk).update(last_done_on=today(), active=False)
    Plan.objects.filter(pk=third.pk).delete()
    assert PlanTally.objects.count() > rows
    assert never() == before - 2
    assert astray() == []
    tally_anew()
    assert never() == before - 2


def test_dates_that_move_leave_no_row_in_the_tallies(estate):  # noqa: F811
    before = PlanTally.objects.count()
    Plan.objects.update(due_on=today() + 3 * DAY, overdue_from=today() + 9 * DAY, soon_from=today(), active=True)
    assert PlanTally.objects.count() == before


def test_what_is_undone_is_not_counted(estate):  # noqa: F811
    with pytest.raises(RuntimeError), transaction.atomic():
        Plan.objects.update(active=False)
        raise RuntimeError("The machine stops.")
    assert astray() == []


def test_counting_anew_makes_the_tallies_short_and_changes_no_sum(world, estate):  # noqa: F811
    missed(Plan.objects.order_by("pk")[0], 1, 2, 3)
    Plan.objects.update(active=False)
    Plan.objects.update(active=True)
    cells = compliance(world.lead, today=today())
    rows = tally_anew()
    assert rows == PlanTally.objects.count() + LapseTally.objects.count() == tally_anew()
    assert roll_up(compliance(world.lead, today=today()), ["site", "discipline"]) == roll_up(cells, ["site", "discipline"])
    assert astray() == []


def test_verify_tells_a_tally_that_is_wrong_and_counting_anew_mends_it(world, estate):  # noqa: F811
    assert counted_by_verify() == []
    with connection.cursor() as cursor:
        cursor.execute("UPDATE checks_plantally SET plans = plans + 1 WHERE id = (SELECT min(id) FROM checks_plantally)")
    assert "are counted as" in counted_by_verify()[0]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE checks_plantally SET plans = plans - 1, never = never + 1 WHERE id = (SELECT min(id) FROM checks_plantally)"
        )
    (said,) = counted_by_verify()
    assert said.startswith("never of ")
    tally_anew()
    assert counted_by_verify() == []


def by_hand(person, day: dt.date) -> dict[tuple[object, str], list[int]]:
    """(site, discipline) -> in date, due soon, due, overdue, paused, lapses, unsatisfactory: each plan and lapse by itself."""
    found: dict[tuple[object, str], list[int]] = {}
    names = ["in-date", "due-soon", "due", "overdue", "paused"]
    plans = Plan.objects.visible_to(person)
    for plan in plans.filter(active=True):
        found.setdefault((plan.site_id, plan.discipline), [0] * 7)[names.index(plan.status(day).value)] += 1
    for lapse in standing_lapses().filter(plan__in=plans, due_on__gt=day - dt.timedelta(days=365), due_on__lte=day):
        found.setdefault((lapse.plan.site_id, lapse.plan.discipline), [0] * 7)[5] += 1
    for plan in unsatisfactory(plans.filter(active=True), day, today()):
        found[plan.site_id, plan.discipline][6] += 1
    return found


def test_the_one_statement_counts_what_each_plan_and_lapse_says_on_every_day_and_for_everybody(world, estate):  # noqa: F811
    first, second, *_, last = Plan.objects.order_by("pk")
    lapses = missed(first, 0, 1, 364, 365, 366) + missed(last, 5, 6) + missed(second, 7)
    noted(lapses[0], "withdrawn")
    noted(lapses[1], "withdrawn", "restored")
    noted(lapses[5], "withdrawn", "restored", "withdrawn", "excused")
    noted(lapses[6], "excused")
    Plan.objects.filter(pk=second.pk).update(last_outcome="unsatisfactory", last_done_on=today(), soon_from=None, due_on=None)
    for person in (world.lead, world.caretaker, world.stranger):
        for offset in (*range(12), 30, 400):
            day = today() + offset * DAY
            told = {
                (cell.site.pk, cell.discipline): [
                    cell.counts.in_date, cell.counts.due_soon, cell.counts.due, cell.counts.overdue, cell.counts.paused,
                    cell.counts.lapses, cell.counts.unsatisfactory,
                ]
                for cell in from_dates(person, day)
            }  # fmt: skip
            assert told == by_hand(person, day), (person, day)


def test_today_by_dates_counts_the_problems_that_the_records_give(world, estate):  # noqa: F811
    now = today()
    for unsafe, severity, site in (
        (True, "medium", world.oakfield),
        (False, "high", world.oakfield),
        (False, "low", world.riverside),
    ):
        report_defect(
            id=uuid.uuid4(), site=site, person=world.lead, summary="It drips.", severity=severity, unsafe=unsafe, found_on=now,
            reported_at=timezone.now(), made_safe="Turned off." if unsafe else "",
        )  # fmt: skip

    def problems(cells):
        return {
            (each.site.pk, each.discipline): (each.counts.defects_open, each.counts.unsafe, each.counts.serious)
            for each in cells
            if each.counts.defects_open
        }

    assert problems(from_dates(world.lead, now)) == problems(from_records(world.lead, now, now))
    assert sorted(problems(from_dates(world.lead, now)).values()) == [(1, 0, 0), (2, 1, 1)]
