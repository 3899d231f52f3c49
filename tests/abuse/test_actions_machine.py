"""Everything that people do to checks, assets and problems, in any order: after each step everything that must hold, holds."""

import datetime as dt
import os
import uuid
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.db.models import F
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from backend.assets.models import Asset
from backend.checks.actions import (
    excuse_lapse,
    pause_plans,
    record_check,
    record_not_done,
    return_to_service,
    seal_lapses,
    take_out_of_service,
)
from backend.checks.models import CheckRecord, Lapse, LapseNote, Plan
from backend.core.days import LONDON
from backend.core.invariants import all_invariants
from backend.core.models import AuditEntry, status_case
from backend.core.problems import Problem
from backend.maintenance.actions import close_defect, note_defect, report_defect
from backend.maintenance.models import Defect
from backend.trust.models import Person
from tests.checks.work import at, work
from tests.conftest import World, make_world
from tests.evidence.entering import enter_missing

STEPS = int(os.environ.get("SITEWARD_STEPS", "20"))
RUNS = int(os.environ.get("SITEWARD_EXAMPLES", "25"))
START = dt.date(2026, 9, 7)
DAYS = st.integers(0, 12)
WHO = st.sampled_from(["caretaker", "lead", "stranger"])
BAD_ALARM = {"panel_response": "fail"}


class Estate(RuleBasedStateMachine):
    """A week-by-week school year of one panel and one tap, lived at random by three people."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.clock: Any = None
        self.day = START
        self.evidence = 0

    @initialize()
    def a_school(self) -> None:
        """Two plans, counting since the start."""
        self.turn(0)
        self.world = make_world()
        self.panel = self.world.asset("fire-alarm-panel")
        self.plans = [
            self.world.plan("fire-alarm-weekly-test", asset=self.panel, since=START),
            self.world.plan("site-perimeter-check", site=self.world.oakfield, since=START),
        ]
        self.enter_people()

    def enter_people(self) -> None:
        """The test's own world, made by hand, as its actions would have entered it."""
        for name in ("caretaker", "lead", "stranger"):
            self.who(name)
        enter_missing()

    def turn(self, days: int) -> None:
        """Let days go by."""
        if self.clock:
            self.clock.stop()
        self.day += dt.timedelta(days=days)
        self.clock = time_machine.travel(dt.datetime(self.day.year, self.day.month, self.day.day, 12, tzinfo=LONDON), tick=False)
        self.clock.start()

    def who(self, name: str) -> Person:
        """The caretaker, the estates lead, or the other school's caretaker."""
        person: Person = getattr(self.world, name)
        return person

    def attempt(self, do: Any, *arguments: Any, **more: Any) -> None:
        """Do it; a refusal must be a Problem with words, and must leave no trace."""
        before = (AuditEntry.objects.count(), CheckRecord.objects.count())
        try:
            with transaction.atomic():
                do(*arguments, **more)
        except Problem as refused:
            assert refused.detail
            assert (AuditEntry.objects.count(), CheckRecord.objects.count()) == before

    def plan(self, number: int) -> Plan:
        """A plan as it is now."""
        return Plan.objects.select_related("check_type__current", "site", "asset__site").get(pk=self.plans[number].pk)

    @rule(days=DAYS)
    def days_go_by(self, days: int) -> None:
        """Time passes, and the nightly job may or may not have run."""
        self.turn(days)

    @rule()
    def misses_are_sealed(self) -> None:
        """The job runs; twice is as once."""
        seal_lapses(today=self.day)
        assert seal_lapses(today=self.day) == 0

    @rule(number=st.integers(0, 1), who=WHO, ago=st.integers(-1, 30), bad=st.booleans(), ad_hoc=st.booleans())
    def a_check_is_recorded(self, number: int, who: str, ago: int, bad: bool, ad_hoc: bool) -> None:
        """Today, late, too early, by whoever."""
        plan = self.plan(number)
        answers = {"panel_response": "fail"} if bad and number == 0 else {}
        new = work(plan, self.who(who), self.day - dt.timedelta(days=ago), answers, received=at(self.day, 12), ad_hoc=ad_hoc)
        self.attempt(record_check, new)

    @precondition(lambda self: CheckRecord.objects.exists())
    @rule(pick=st.randoms(use_true_random=False), who=WHO, ago=st.integers(0, 20), reason=st.sampled_from(["", "Wrong day"]))
    def a_record_is_corrected(self, pick: Any, who: str, ago: int, reason: str) -> None:
        """Some record is superseded, perhaps for the second time."""
        old = pick.choice(list(CheckRecord.objects.order_by("pk").select_related("plan")))
        number = [each.pk for each in self.plans].index(old.plan_id)
        on = self.day - dt.timedelta(days=ago)
        new = work(self.plan(number), self.who(who), on, received=at(self.day, 12), supersedes=old, reason=reason)
        self.attempt(record_check, new)

    @rule(who=WHO, number=st.integers(0, 1), reason=st.sampled_from(["no-access", "because"]))
    def a_check_could_not_be_done(self, who: str, number: int, reason: str) -> None:
        """An attempt came to nothing."""
        said = {"reason": reason, "note": "", "made_at": at(self.day), "received_at": at(self.day, 12)}
        self.attempt(record_not_done, id=uuid.uuid4(), plan=self.plan(number), author=self.who(who), **said)

    @rule(who=WHO, ago=st.integers(0, 10))
    def the_panel_goes_out_of_service(self, who: str, ago: int) -> None:
        """From today or some days ago."""
        on = self.day - dt.timedelta(days=ago)
        asset = Asset.objects.select_related("site").get(pk=self.panel.pk)
        self.attempt(take_out_of_service, asset, person=self.who(who), on=on, reason="Being replaced", today=self.day)

    @rule(who=WHO)
    def the_panel_comes_back(self, who: str) -> None:
        """If it was out."""
        asset = Asset.objects.select_related("site").get(pk=self.panel.pk)
        self.attempt(return_to_service, asset, person=self.who(who), on=self.day, today=self.day)

    @rule(who=WHO, number=st.integers(0, 1), begins=st.integers(-10, 10), length=st.integers(0, 20))
    def checks_are_paused(self, who: str, number: int, begins: int, length: int) -> None:
        """A span, in the past or to come."""
        first = self.day + dt.timedelta(days=begins)
        last = first + dt.timedelta(days=length)
        self.attempt(pause_plans, [self.plan(number)], first=first, last=last, person=self.who(who), today=self.day)

    @precondition(lambda self: Lapse.objects.exists())
    @rule(who=WHO, reason=st.sampled_from(["", "Snow"]))
    def a_miss_is_excused(self, who: str, reason: str) -> None:
        """With or without words."""
        lapse = Lapse.objects.select_related("plan__site").order_by("due_on").first()
        self.attempt(excuse_lapse, lapse=lapse, person=self.who(who), reason=reason)

    @rule(who=WHO, words=st.sampled_from(["", "Drip"]))
    def a_problem_is_reported(self, who: str, words: str) -> None:
        """By hand, not by a check."""
        said = {"summary": words, "severity": "low", "unsafe": False, "found_on": self.day, "reported_at": at(self.day)}
        self.attempt(report_defect, id=uuid.uuid4(), site=self.world.oakfield, person=self.who(who), **said)

    @precondition(lambda self: Defect.objects.exists())
    @rule(who=WHO, words=st.sampled_from(["", "Mended"]), close=st.booleans())
    def a_problem_is_worked_on(self, who: str, words: str, close: bool) -> None:
        """News of it, or its end."""
        defect = Defect.objects.select_related("site").order_by("reported_at", "pk").first()
        if close:
            self.attempt(close_defect, defect=defect, person=self.who(who), note=words, at=at(self.day))
        else:
            self.attempt(note_defect, id=uuid.uuid4(), defect=defect, person=self.who(who), note=words, made_at=at(self.day))

    @invariant()
    def what_must_hold_holds(self) -> None:
        """Every invariant that `verify` asks, and evidence only grows. Dates are those of the day they were last reckoned."""
        if not hasattr(self, "plans"):
            return
        seal_lapses(today=self.day)
        found = [
            fault
            for each in all_invariants()
            if each.key not in {"files", "chain-heads"}
            for fault in each.faults(lambda _rows: None)
        ]
        assert not found, found
        now = sum(model.objects.count() for model in (CheckRecord, Lapse, LapseNote, AuditEntry))
        assert now >= self.evidence
        self.evidence = now
        said = dict(Plan.objects.annotate(said=status_case(self.day)).values_list("pk", "said"))
        assert said == {plan.pk: plan.status(self.day).value for plan in Plan.objects.all()}
        assert not CheckRecord.objects.exclude(plan=None).exclude(site=F("plan__site")).exists()

    def teardown(self) -> None:
        """Undo the whole life."""
        if self.clock:
            self.clock.stop()
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)


@pytest.mark.django_db
def test_whatever_people_do_in_whatever_order_everything_that_must_hold_holds(library):
    checked = list(HealthCheck)
    run_state_machine_as_test(
        Estate,
        settings=settings(max_examples=RUNS, stateful_step_count=STEPS, deadline=None, suppress_health_check=checked),
    )
