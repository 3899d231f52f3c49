"""How a plan is sent: its stored facts, and its dates as the engine gives them on the day."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from rest_framework import serializers

from backend.checks.models import Plan
from backend.checks.queries.explained import engine_states, explained
from backend.rules.due import Rule, State, Status
from backend.rules.due.words import full_day

BESIDE: Final = ("site", "building", "asset", "check_type")
ONCE: Final = "once"
STATUSES: Final = [(each.value, each.value) for each in Status]


class PlanRow(serializers.Serializer[Any]):
    """A plan in a list. `due_on` is what is to be done now; `overdue_since` the first date missed; both null when nothing is."""

    id = serializers.UUIDField()
    check_type = serializers.CharField()
    title = serializers.CharField()
    verified = serializers.BooleanField()
    weight = serializers.IntegerField()
    discipline = serializers.CharField()
    site = serializers.UUIDField()
    site_name = serializers.CharField()
    building = serializers.UUIDField(allow_null=True)
    building_name = serializers.CharField(allow_null=True)
    asset = serializers.UUIDField(allow_null=True)
    asset_name = serializers.CharField(allow_null=True)
    status = serializers.ChoiceField(STATUSES)
    due_on = serializers.DateField(allow_null=True)
    overdue_since = serializers.DateField(allow_null=True)
    rule_words = serializers.CharField()
    starts_on = serializers.DateField()
    last_done_on = serializers.DateField(allow_null=True)
    last_outcome = serializers.CharField()
    active = serializers.BooleanField()


class Why(serializers.Serializer[Any]):
    """The engine's reasons: each has a `code` and ISO dates, in the order of the sentence."""

    sentence = serializers.CharField()
    reasons = serializers.ListField(child=serializers.DictField())


class Span(serializers.Serializer[Any]):
    """A paused span; `last` is null while its end is not known."""

    first = serializers.DateField()
    last = serializers.DateField(allow_null=True)


class PlanAlone(PlanRow):
    """One plan with its rule (null for a one-off), pauses, and the engine's sentence and reasons."""

    rule = serializers.DictField(allow_null=True)
    pauses = Span(many=True)
    note = serializers.CharField()
    sentence = serializers.CharField()
    reasons = serializers.ListField(child=serializers.DictField())


def plan_rows(plans: Sequence[Plan], today: dt.date) -> list[dict[str, Any]]:
    """Plans (with BESIDE loaded) as they are sent. Three queries, however many."""
    return [plan_row(plan, state, today) for plan, state in engine_states(plans, today)]


def plan_row(plan: Plan, state: State | None, today: dt.date) -> dict[str, Any]:
    """One plan; `state` is the engine's on `today`, None for a one-off."""
    due_on, status, since = standing(plan, state, today)
    return {
        "id": plan.pk,
        "check_type": plan.check_type_id,
        "title": plan.check_type.title,
        "verified": plan.check_type.verified,
        "weight": plan.check_type.weight,
        "discipline": plan.discipline,
        "site": plan.site_id,
        "site_name": plan.site.name,
        "building": plan.building_id,
        "building_name": plan.building.name if plan.building else None,
        "asset": plan.asset_id,
        "asset_name": plan.asset.name if plan.asset else None,
        "status": status.value,
        "due_on": due_on,
        "overdue_since": since,
        "rule_words": Rule.from_mapping(plan.rule).in_words() if plan.rule else ONCE,
        "starts_on": plan.starts_on,
        "last_done_on": plan.last_done_on,
        "last_outcome": plan.last_outcome,
        "active": plan.active,
    }


def standing(plan: Plan, state: State | None, today: dt.date) -> tuple[dt.date | None, Status, dt.date | None]:
    """(due_on, status, overdue_since) on the day. An ended plan owes nothing; a one-off is read from its stored dates."""
    if not plan.active:
        return None, Status.IN_DATE, None
    if state is not None:
        return state.due_on, state.status, state.overdue_since
    status = plan.status(today)
    return plan.due_on, status, plan.due_on if status == Status.OVERDUE else None


def reasons(plan: Plan, today: dt.date) -> dict[str, Any]:
    """The engine's sentence and reasons for one plan."""
    if not plan.active:
        return {"sentence": "This check is no longer planned here.", "reasons": []}
    [(_, said)] = explained([plan], today)
    if said is None:
        return {"sentence": f"Once, by {full_day(plan.starts_on)}.", "reasons": []}
    return {"sentence": said.sentence, "reasons": said.reasons}


def alone(plan: Plan, today: dt.date) -> dict[str, Any]:
    """One plan with everything."""
    return {
        **plan_rows([plan], today)[0],
        "rule": plan.rule,
        "pauses": [{"first": first, "last": last} for first, last in plan.spans()],
        "note": plan.note,
        **reasons(plan, today),
    }
