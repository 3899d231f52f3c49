"""What must hold of records, plans and lapses; asked by `manage.py verify`."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import F, OuterRef, Subquery

from backend.checks import invariants_applying
from backend.checks.evidence import ATTEMPTS, RECORDS
from backend.checks.models import BookedCheck, CheckRecord, Lapse, NotDone, Plan, Round
from backend.checks.packs_held import PACKS
from backend.checks.papers_held import PAPERS
from backend.checks.reckoning import History, histories, reckon_one, standing
from backend.checks.tally import astray
from backend.core.days import today
from backend.core.evidence import Evidence
from backend.core.invariants import Invariant, Tick
from backend.core.models import AuditEntry
from backend.rules.days import SchoolDays
from backend.rules.due import Rule, RuleRefused, basis, lapses
from backend.rules.due.going_on import ENGINE
from backend.trust.queries import calendars

PLANS = 1000
DATES = ("due_on", "overdue_from", "soon_from")
KEPT = ("due_on", "overdue_from", "soon_from", "last_done_on", "last_done_at", "last_outcome", "active")


def name_faults(evidence: Evidence) -> Callable[[Tick], Iterator[str]]:
    """How to find rows that bear another name than their author had when they were entered (unless that one was erased)."""

    def faults(tick: Tick) -> Iterator[str]:
        rows = evidence.model._base_manager.order_by()
        entries = AuditEntry.objects.filter(subject=OuterRef("chain_key")).order_by("number").values("named__name")[:1]
        named = rows.annotate(chain_key=evidence.key(), signed=Subquery(entries))
        for pk in named.exclude(signed="").exclude(author_name=F("signed")).values_list("pk", flat=True).iterator():
            yield f"{evidence.subject} {pk} bears another name than its author had"
        tick(rows.count())

    return faults


def plans_in_chunks() -> Iterator[list[Plan]]:
    """Every plan, a thousand at a time, with its site."""
    ids = list(Plan.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), PLANS):
        yield list(Plan.objects.filter(pk__in=ids[start : start + PLANS]).select_related("site").order_by("pk"))


def readable(plan: Plan) -> bool:
    """Whether the due engine takes the plan's rule; one that was tampered with it may refuse."""
    try:
        return plan.rule is None or bool(Rule.from_mapping(plan.rule))
    except RuleRefused:
        return False


def date_faults(tick: Tick) -> Iterator[str]:
    """Reckon every plan anew from its records and compare with the dates it keeps."""
    now = today()
    for plans in plans_in_chunks():
        days, known = calendars({plan.site.school_id for plan in plans}), histories([plan.pk for plan in plans])
        for plan in plans:
            if plan.ended_on:
                if plan.active or any(getattr(plan, name) for name in (*DATES, "sealed_to", "basis")):
                    yield f"plan {plan.pk} was ended on {plan.ended_on}, and something is still owed by it"
                continue
            if not readable(plan):
                yield f"plan {plan.pk} has a rule that the due engine refuses: its dates cannot be worked out"
                continue
            before = {name: getattr(plan, name) for name in KEPT}
            yield from going_on_faults(plan, days[plan.site.school_id], now)
            plan.active = plan.active or plan.rule is None  # a one-off ends by being done, and by nothing else
            reckon_one(plan, days[plan.site.school_id], known.get(plan.pk, History()), now)
            for name in KEPT:
                if before[name] != getattr(plan, name):
                    yield f"plan {plan.pk} keeps {name} {before[name]}; its records give {getattr(plan, name)}"
        tick(len(plans))


def going_on_faults(plan: Plan, days: SchoolDays, now: dt.date) -> Iterator[str]:
    """By what a plan goes on from its dates: up to which day it was reckoned, and by which rule, calendar and pauses."""
    if plan.rule is None:
        if plan.basis or plan.sealed_to:
            yield f"plan {plan.pk} has no rule, and keeps by what it was reckoned"
        return
    if plan.sealed_to is None:
        yield f"plan {plan.pk} does not keep up to which day it was reckoned: its misses were not looked for"
    elif plan.sealed_to > now:
        yield f"plan {plan.pk} is reckoned up to {plan.sealed_to}, which is still to come"
    known = [basis(plan.rule, days, plan.starts_on, plan.spans(), engine) for engine in range(1, ENGINE + 1)]
    if plan.basis and plan.basis not in known:  # "" asks for all of it to be reckoned anew; so does that of an earlier engine
        yield f"plan {plan.pk} keeps basis {plan.basis}; its rule, calendar, start and pauses give {known[-1]}"


def lapse_faults(tick: Tick) -> Iterator[str]:
    """The lapses that stand are those that the engine finds up to the day each plan is sealed to."""
    for plans in plans_in_chunks():
        days, known = calendars({plan.site.school_id for plan in plans}), histories([plan.pk for plan in plans])
        sealed: dict[uuid.UUID, set[Any]] = {plan.pk: set() for plan in plans}
        for lapse in Lapse.objects.filter(plan__in=sealed).prefetch_related("notes"):
            if standing(lapse):
                sealed[lapse.plan_id].add(lapse.due_on)
        for plan in plans:
            if plan.rule is None or plan.sealed_to is None or not readable(plan):
                continue
            done, school = known.get(plan.pk, History()).done, days[plan.site.school_id]
            rule, spans = Rule.from_mapping(plan.rule), plan.spans()
            first = plan.rule_since or dt.date.min  # what was sealed by an earlier rule stays as it was
            missed = {day for day in lapses(rule, school, plan.starts_on, done, spans, plan.sealed_to) if day >= first}
            sealed[plan.pk] = {day for day in sealed[plan.pk] if day >= first}
            for day in sorted(missed ^ sealed[plan.pk]):
                what = "was missed and is not sealed" if day in missed else "is sealed and was not missed"
                yield f"plan {plan.pk}: {day} {what}"
        tick(len(plans))


def place_faults(tick: Tick) -> Iterator[str]:
    """A record is at the site of its plan and its asset."""
    astray = CheckRecord.objects.exclude(plan=None).exclude(site=F("plan__site"))
    astray = astray | CheckRecord.objects.exclude(asset=None).exclude(site=F("asset__site"))
    for pk in astray.values_list("pk", flat=True).iterator():
        yield f"record {pk} is at another site than what was checked"
    tick(CheckRecord.objects.count())


def tally_faults(tick: Tick) -> Iterator[str]:
    """Boards and figures count by the tallies: they are how many plans and lapses there are."""
    yield from astray()
    tick(Plan.objects.count())


def round_faults(tick: Tick) -> Iterator[str]:
    """A round's stops are plans of its site, each once; a booked check is of its booking's site."""
    for walk in Round.objects.order_by("pk"):
        if len(set(walk.stops)) != len(walk.stops) or Plan.objects.filter(pk__in=walk.stops, site=walk.site_id).count() != len(
            walk.stops
        ):
            yield f"round {walk.pk} has a stop twice, or one that is not at its site"
        tick(1)
    for pk in BookedCheck.objects.exclude(plan__site=F("booking__site")).values_list("pk", flat=True).iterator():
        yield f"booked check {pk} is at another site than its booking"


INVARIANTS = [
    Invariant(
        "author-names",
        "Every record bears the name that its author had.",
        CheckRecord.objects.count,
        name_faults(RECORDS),
    ),
    Invariant(
        "attempt-names",
        "Every attempt that came to nothing bears the name that its author had.",
        NotDone.objects.count,
        name_faults(ATTEMPTS),
    ),
    Invariant("record-places", "Every record is at the site of what was checked.", CheckRecord.objects.count, place_faults),
    Invariant("plan-dates", "Every plan keeps the dates that its records give.", Plan.objects.count, date_faults),
    Invariant("lapses", "The misses that stand are those that the engine finds.", Plan.objects.count, lapse_faults),
    Invariant("tallies", "The tallies of plans and lapses are how many there are.", Plan.objects.count, tally_faults),
    *PACKS,
    *PAPERS,
    Invariant("rounds", "Rounds and bookings hold checks of their own site.", Round.objects.count, round_faults),
    *invariants_applying.INVARIANTS,
]
