"""What is owed at a site: plans with their dates, reasons and windows; open problems and work orders; last readings."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from backend.assets.models import Reading
from backend.checks.models import CheckType, Plan
from backend.checks.queries.explained import with_windows
from backend.checks.queries.lately import LastRecord, last_records, rotation_suggestions
from backend.maintenance.models import Defect, WorkOrder
from backend.rules.due import Window
from backend.trust.models import Site


def due(site: Site, today: dt.date) -> dict[str, Any]:
    """What is owed at a site on `today`. Ten queries, however many plans."""
    plans = plans_of(site)
    last = last_records([each.pk for each in plans])
    turns = rotation_suggestions(plans)
    return {
        "protocol": 1,
        "site": str(site.pk),
        "as_of": today.isoformat(),
        "plans": [
            {**said(plan, last.get(plan.pk), turns.get(plan.pk, {})), "sentence": sentence, "windows": list(map(spoken, ahead))}
            for plan, sentence, ahead in with_windows(plans, today)
        ],
        "defects": defects(site),
        "work_orders": work_orders(site),
        "readings": readings(site),
    }


def plans_of(site: Site) -> list[Plan]:
    """The active plans with what they refer to. The check types are read once each: their content is large."""
    plans = list(Plan.objects.filter(site=site, active=True).select_related("asset").order_by("pk"))
    codes = {plan.check_type_id for plan in plans}
    kinds = {each.pk: each for each in CheckType.objects.filter(pk__in=codes).select_related("current")}
    for plan in plans:
        plan.site, plan.check_type = site, kinds[plan.check_type_id]
    return plans


def said(plan: Plan, last: LastRecord | None, turns: Mapping[str, uuid.UUID]) -> dict[str, Any]:
    """A plan with its stored dates; the phone works out none."""
    current = plan.check_type.current
    return {
        "id": str(plan.pk),
        "check": plan.check_type_id,
        "revision": current.number if current else 1,
        "asset": text(plan.asset_id),
        "building": text(plan.building_id),
        "due_on": iso(plan.due_on),
        "overdue_from": iso(plan.overdue_from),
        "soon_from": iso(plan.soon_from),
        "pauses": [[first.isoformat(), iso(final)] for first, final in plan.spans()],
        "last": {"on": last.on.isoformat(), "outcome": last.outcome, "by": last.by} if last else None,
        "last_answers": dict(last.numbers) if last else {},
        "suggest": {key: str(asset) for key, asset in turns.items()},
        "weight": plan.check_type.weight,
    }


def spoken(window: Window) -> dict[str, str | None]:
    """A window ahead."""
    return {
        "counts_from": window.counts_from.isoformat(),
        "due_on": window.due_on.isoformat(),
        "overdue_from": window.overdue_from.isoformat(),
        "closes_on": iso(window.closes_on),
    }


def iso(day: dt.date | None) -> str | None:
    """A date as text, or None."""
    return day.isoformat() if day else None


def text(key: Any) -> str | None:
    """A key as text, or None."""
    return str(key) if key else None


def defects(site: Site) -> list[dict[str, Any]]:
    """Open problems, newest first."""
    columns = ("id", "asset_id", "building_id", "space_id", "summary", "severity", "unsafe", "found_on")
    rows = Defect.objects.filter(site=site, status=Defect.Status.OPEN).order_by("-found_on", "id").values_list(*columns)
    return [
        {
            "id": str(pk),
            "asset": text(asset),
            "building": text(building),
            "space": text(space),
            "summary": summary,
            "severity": severity,
            "unsafe": unsafe,
            "found_on": found_on.isoformat(),
        }
        for pk, asset, building, space, summary, severity, unsafe, found_on in rows
    ]


def work_orders(site: Site) -> list[dict[str, Any]]:
    """Open work orders, the most pressing first."""
    columns = ("id", "defect_id", "title", "assigned_to_id", "target_on")
    rows = WorkOrder.objects.filter(site=site, status=WorkOrder.Status.OPEN).order_by("target_on", "id").values_list(*columns)
    return [
        {"id": str(pk), "defect": str(defect), "title": title, "assigned_to": text(person), "target_on": iso(target)}
        for pk, defect, title, person, target in rows
    ]


def readings(site: Site) -> list[dict[str, Any]]:
    """The latest reading of each asset."""
    rows = Reading.objects.filter(asset__site=site).order_by("asset_id", "-taken_at", "-id").distinct("asset_id")
    return [
        {"asset": str(asset), "value": f"{value.normalize():f}", "unit": unit, "taken_at": taken_at.isoformat()}
        for asset, value, unit, taken_at in rows.values_list("asset_id", "value", "unit", "taken_at")
    ]
