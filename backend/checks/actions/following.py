"""Plans follow what is known of their asset: another fact may mean another interval (the library's variants)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from backend.assets.actions import change_asset
from backend.assets.known import facts_on, library
from backend.assets.models import Asset
from backend.checks.actions.intervals import longer, rules_changed
from backend.checks.models import Plan
from backend.checks.queries.library_changes import as_kept
from backend.rules.due import Rule
from backend.trust import permits
from backend.trust.actions.acting import System
from backend.trust.models import Person
from backend.trust.scope import may, require

WHY = "Its details were changed, and with them how often it is owed."
AGED = "Its age calls for another interval."


def would_follow(asset: Asset, today: dt.date, before: Mapping[str, Any] | None = None) -> list[tuple[Plan, dict[str, Any]]]:
    """The plans of an asset that would have another rule by its facts as they are today, each with that rule. One query.

    With `before`, only those that followed the facts as they were: an interval that somebody chose stays.
    """
    rows = asset.plans.filter(active=True, rule__isnull=False).select_related("check_type__current", "site", "building", "asset")
    found = []
    for plan in rows.order_by("pk"):
        content = plan.check_type.current.content if plan.check_type.current else {}
        if not any(variant.get("facts") for variant in content.get("variants", ())):
            continue
        wanted = as_kept(content, facts_on(asset.type_id, asset.facts, today))
        followed = before is None or plan.rule == as_kept(content, facts_on(asset.type_id, before, today))
        if wanted and plan.rule != wanted and followed:
            found.append((plan, wanted))
    return found


@transaction.atomic
def change_details(asset: Asset, *, changes: Mapping[str, Any], person: Person, today: dt.date, why: str = "") -> Asset:
    """Change what is known of an asset (assets.actions.change_asset); the plans that followed its facts follow them on.

    Somebody who may not change plans can make a check owed sooner by this, never later: that is left on the asset's page.
    """
    before = dict(asset.facts)
    changed = change_asset(asset, changes=changes, person=person, why=why)
    if "facts" not in changes or before == changed.facts:
        return changed
    found = would_follow(changed, today, before)
    if not may(person, permits.PLAN_CHANGE, asset.site):
        found = [(plan, rule) for plan, rule in found if not longer(Rule.from_mapping(rule), Rule.from_mapping(plan.rule or {}))]
    if found:
        rules_changed(found, why=WHY, person=person, today=today)
    return changed


@transaction.atomic
def follow_facts(asset: Asset, *, person: Person, today: dt.date) -> int:
    """Let every plan of an asset have the rule that its facts call for; answers how many changed."""
    require(person, permits.PLAN_CHANGE, asset.site, "change how often checks are owed")
    return len(rules_changed(would_follow(asset, today), why=WHY, person=person, today=today))


@transaction.atomic
def follow_ages(today: dt.date) -> int:
    """Let plans follow what goes by itself, such as a vehicle's age; answers how many changed. May run twice.

    Only those whose rule was the one of the asset's facts on the day it was set: an interval that somebody chose stays.
    """
    kinds = [kind for kind, facts in library().facts.items() if any(fact.since for fact in facts.values())]
    rows = Plan.objects.filter(active=True, rule__isnull=False, asset__type__in=kinds).exclude(asset__facts={})
    rows = rows.select_related("check_type__current", "site", "building", "asset").order_by("pk")
    found = []
    for plan in rows:
        asset, content = plan.asset, plan.check_type.current.content if plan.check_type.current else {}
        assert asset is not None
        then, now = (
            as_kept(content, facts_on(asset.type_id, asset.facts, day)) for day in (plan.rule_since or plan.starts_on, today)
        )
        if now and now != then and plan.rule == then:
            found.append((plan, now))
    return len(rules_changed(found, why=AGED, person=System("Ages"), today=today)) if found else 0
