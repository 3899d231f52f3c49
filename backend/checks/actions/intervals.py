"""Changing how often a planned check is owed. What was done and missed before stays as it is; the new rule counts from today."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from backend.checks.actions.plans import BATCH
from backend.checks.evidence import PLANS
from backend.checks.models import Plan
from backend.checks.reckoning import History, histories, lock, reckon_loaded, reckon_one
from backend.core import audit
from backend.core.problems import Problem
from backend.rules.due import Clock, Rule, RuleRefused, Status, Unit
from backend.trust import permits
from backend.trust.actions.acting import Actor, fact
from backend.trust.models import Person
from backend.trust.queries import calendars
from backend.trust.scope import require

Rules = Sequence[tuple[Plan, Mapping[str, Any]]]
DAYS = {Unit.DAY: 1, Unit.WEEK: 7, Unit.MONTH: 30, Unit.TERM: 90, Unit.YEAR: 365}


@dataclass(frozen=True, slots=True)
class Moved:
    """What a new rule would do to one plan's date."""

    plan: Plan
    before: dt.date | None
    after: dt.date | None
    becomes_overdue: bool

    @property
    def moves(self) -> bool:
        """Whether the date is another one."""
        return self.before != self.after


@transaction.atomic
def change_rules(changes: Rules, *, why: str, person: Person, today: dt.date) -> list[Plan]:
    """Give plans new rules and reckon their dates. Raises Problem for a rule that the engine refuses."""
    for plan, _ in changes:
        require(person, permits.PLAN_CHANGE, plan.site, "change how often checks are owed")
    return rules_changed(changes, why=why, person=person, today=today)


@transaction.atomic
def rules_changed(changes: Rules, *, why: str, person: Actor, today: dt.date) -> list[Plan]:
    """As change_rules, for callers that have asked for a permit of their own."""
    wanted = {plan.pk: read_rule(rule) for plan, rule in changes}
    plans = [plan for plan in lock(wanted) if plan.active and plan.rule is not None and plan.rule != wanted[plan.pk]]
    facts: list[audit.Fact] = []
    for start in range(0, len(plans), BATCH):  # by the old rule, everything up to today is settled first
        facts += reckon_loaded(plans[start : start + BATCH], today=today, why="Reckoned before its rule was changed.")
    for plan in plans:
        plan.earlier_rules = [*plan.earlier_rules, [today.isoformat(), plan.rule]]
        plan.rule, plan.rule_since, plan.basis = wanted[plan.pk], today, ""
    Plan.objects.bulk_update(plans, ["rule", "rule_since", "basis", "earlier_rules"], batch_size=BATCH)
    for start in range(0, len(plans), BATCH):
        facts += reckon_loaded(plans[start : start + BATCH], today=today, why=why)
    audit.append(facts + [fact("plan-rule", plan, person) for plan in plans])
    return plans


def read_rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    """A rule as plans keep it. Raises Problem when the engine refuses it."""
    try:
        return Rule.from_mapping(dict(rule)).as_mapping()
    except RuleRefused as refused:
        raise Problem("rule", str(refused), fields={"every": str(refused)}) from refused


def would_move(changes: Rules, *, today: dt.date) -> list[Moved]:
    """What new rules would do to the plans' dates (their sites loaded); nothing is written. Two queries."""
    days = calendars({plan.site.school_id for plan, _ in changes})
    known = histories([plan.pk for plan, _ in changes])
    found = []
    for plan, rule in changes:
        tried = Plan(rule=read_rule(rule), starts_on=plan.starts_on, pauses=plan.pauses, site=plan.site)
        reckon_one(tried, days[plan.site.school_id], known.get(plan.pk, History()), today)
        late = tried.status(today) == Status.OVERDUE and plan.status(today) != Status.OVERDUE
        found.append(Moved(plan, plan.due_on, tried.due_on, late))
    return found


def choose_interval(plan: Plan, *, every: int, unit: str, reason: str, person: Person, today: dt.date) -> Plan:
    """Change how often a check is owed, where that is the trust's to choose. Raises Problem.

    A risk-based interval may be any; that of a standard only with a reason; that of law only shorter.
    """
    require(person, permits.PLAN_CHANGE, plan.site, "change how often checks are owed")
    if plan.rule is None or not plan.active:
        raise Problem("no_rule", "This check is owed once, or not any more: it has no interval.", status=409)
    if not reason.strip():
        raise Problem("reason_missing", "Say why.", fields={"reason": "Write a reason: an inspector may ask for it."})
    old = Rule.from_mapping(plan.rule)
    try:
        new = replace(old, every=every, unit=Unit(unit))
    except (RuleRefused, ValueError) as refused:
        raise Problem("rule", str(refused), fields={"every": str(refused)}) from refused
    legal = legal_rule(plan)
    if legal and longer(new, legal):
        said = f"The law wants it {legal.in_words()}. You may have it done more often, not less often."
        raise Problem("legal", said, status=409, fields={"every": said})
    change_rules([(plan, new.as_mapping())], why=f"The interval was changed: {reason.strip()}"[:500], person=person, today=today)
    changed = Plan.objects.select_related("site").get(pk=plan.pk)
    often = new.in_words()
    changed.why = f"{often[:1].upper()}{often[1:]}, chosen here: {reason.strip()}"[:300]
    changed.save(update_fields=["why"])
    audit.append([PLANS.fact(changed, person.pk, person.name, kind="plan-why")])
    return changed


def legal_rule(plan: Plan) -> Rule | None:
    """The law's own rule of a plan's check, where a legal clock runs."""
    if plan.rule is None:
        return None
    content = plan.check_type.current.content if plan.check_type.current else {}
    library = Rule.from_mapping(content["rule"]) if content.get("rule") else Rule.from_mapping(plan.rule)
    if library.clock is not Clock.LEGAL:
        return None
    variants = [
        library,
        *(replace(library, every=each["every"], unit=Unit(each["unit"])) for each in content.get("variants", ())),
    ]
    return max(variants, key=nominal)


def nominal(rule: Rule) -> int:
    """About how many days lie between one time and the next."""
    return rule.every * DAYS[rule.unit]


def longer(new: Rule, legal: Rule) -> bool:
    """Whether one interval is longer than another; months are compared with months, so that 12 months are a year."""
    months = {Unit.MONTH: 1, Unit.YEAR: 12}
    if new.unit in months and legal.unit in months:
        return new.every * months[new.unit] > legal.every * months[legal.unit]
    return nominal(new) > nominal(legal)
