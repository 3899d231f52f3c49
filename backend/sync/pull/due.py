"""What is owed at a site: plans with their dates, reasons and windows; rounds; open problems and work orders; last readings;
and what the office made of work that was held."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

import msgspec
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from backend.assets.models import Reading
from backend.checks.models import BookedCheck, CheckType, Plan, Round
from backend.checks.queries.booked import bookings_of
from backend.checks.queries.explained import with_windows
from backend.checks.queries.lately import (
    Attempt,
    LastRecord,
    Trend,
    last_attempts,
    last_records,
    rotation_suggestions,
    trends,
)
from backend.core.days import london_date
from backend.core.pictures import PICTURES
from backend.maintenance.models import SENT_BACK, Defect, DefectNote, DefectPhoto, WorkOrder
from backend.rules.due import Window
from backend.sync.models import Op
from backend.trust.models import Site

MOST_PHOTOS: Final = 6  # of a problem
SETTLED_DAYS: Final = 30
SETTLED_MOST: Final = 500
TOGETHER: Final = 500  # plans; hardly a school has so many


def due(site: Site, today: dt.date) -> dict[str, Any]:
    """What is owed at a site on `today`. Sixteen queries for up to TOGETHER plans, and a few more for each further so many."""
    plans = plans_of(site)
    return {
        "protocol": 1,
        "site": str(site.pk),
        "as_of": today.isoformat(),
        "plans": [each for start in range(0, len(plans), TOGETHER) for each in owed(plans[start : start + TOGETHER], today)],
        "rounds": rounds(site, {plan.pk for plan in plans}),
        "defects": defects(site, today),
        "work_orders": work_orders(site),
        "readings": readings(site),
        "settled": settled(site),
    }


def owed(plans: list[Plan], today: dt.date) -> list[msgspec.Raw]:
    """Plans, each as JSON that `whole.body_of` takes as it stands: as Python's objects they, and all that was ever done for
    them, are many times as large. Some hundreds are worked out together, so that a web process stays small at the largest site.
    """
    last = last_records([each.pk for each in plans])
    turns = rotation_suggestions(plans)
    read = trends(plans)
    tried = last_attempts(plans)
    visits = bookings_of([each.pk for each in plans])
    return [
        written(
            said(plan, last.get(plan.pk), turns.get(plan.pk, {}))
            | beside(plan, read.get(plan.pk), tried.get(plan.pk))
            | visit(next(iter(visits.get(plan.pk, ())), None))
            | {"sentence": why, "windows": [*map(spoken, ahead)]}
        )
        for plan, why, ahead in with_windows(plans, today)
    ]


def written(said: Mapping[str, Any]) -> msgspec.Raw:
    """What is said, as JSON."""
    return msgspec.Raw(msgspec.json.encode(said))


def rounds(site: Site, owed: set[uuid.UUID]) -> list[dict[str, Any]]:
    """The site's rounds by name: whose, on which weekdays (Monday is 1), their plans still owed, in walking order."""
    return [
        {
            "id": str(each.pk),
            "name": each.name,
            "often": each.often,
            "days": list(each.days),
            "person": text(each.person_id),
            "plans": [str(stop) for stop in each.stops if stop in owed],
        }
        for each in Round.objects.filter(site=site, ended_at=None).order_by("name", "pk")
    ]


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


def beside(plan: Plan, read: Trend | None, tried: Attempt | None) -> dict[str, Any]:
    """What only some plans have: the last readings of each question, oldest first; the minutes that the office says; and the
    attempt that came to nothing since it was last done, which changes no date."""
    attempt = (
        {"attempt": {"on": iso(tried.on), "reason": tried.reason, "by": tried.by, "again_on": iso(tried.again_on)}}
        if tried
        else {}
    )
    trend = {"trend": {key: [[day.isoformat(), value] for day, value in row] for key, row in read.items()}} if read else {}
    return trend | attempt | ({"minutes": plan.own_minutes} if plan.own_minutes else {})


def visit(line: BookedCheck | None) -> dict[str, Any]:
    """The next visit that is booked for a plan and not done: its day, its time where one is agreed, who comes, and the note."""
    if line is None:
        return {}
    booking = line.booking
    at = f"{booking.starts_at:%H:%M}" if booking.starts_at else None
    said = {"on": iso(booking.day), "at": at, "person": text(booking.person_id), "who": booking.who, "note": booking.note}
    return {"booked": said}


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


def photos_of(site: Site) -> dict[uuid.UUID, list[str]]:
    """The pictures that open problems came with, by problem, in the order in which they were taken. One query."""
    found: dict[uuid.UUID, list[str]] = defaultdict(list)
    open_now = Defect.objects.filter(site=site, status=Defect.Status.OPEN)
    rows = DefectPhoto.objects.filter(defect__in=open_now, note=None, content_type__in=PICTURES).order_by("pk")
    for defect, sha256 in rows.values_list("defect_id", "sha256"):
        found[defect].append(sha256)
    return found


def defects(site: Site, today: dt.date) -> list[dict[str, Any]]:
    """Open problems, newest first. `unsafe`: the thing must not be used (also because the date in a report has passed).

    `do_not_use_from` is that date where it is still to come, so that a phone which was offline meanwhile shows it in time.
    """
    columns = (
        "id", "asset_id", "building_id", "space_id", "summary", "severity", "unsafe", "found_on", "do_not_use_from", "made_safe",
    )  # fmt: skip
    rows = Defect.objects.filter(site=site, status=Defect.Status.OPEN).order_by("-found_on", "id").values_list(*columns)
    photos = photos_of(site)
    return [
        {
            "id": str(pk),
            "asset": text(asset),
            "building": text(building),
            "space": text(space),
            "summary": summary,
            "severity": severity,
            "unsafe": unsafe or (barred is not None and barred <= today),
            "found_on": found_on.isoformat(),
            "do_not_use_from": iso(barred),
            "made_safe": made_safe,
            "photos": photos.get(pk, [])[:MOST_PHOTOS],
        }
        for pk, asset, building, space, summary, severity, unsafe, found_on, barred, made_safe in rows
    ]


JOB: Final = (
    "id", "defect_id", "title", "assigned_to_id", "target_on", "priority", "instructions", "proof", "status",
    "assigned_to__name", "contractor__name", "defect__asset_id", "defect__building_id", "defect__space_id", "defect__summary",
)  # fmt: skip


def work_orders(site: Site) -> list[dict[str, Any]]:
    """Open work orders, the most pressing first: where, what is wrong, what to do, whose, and what must be shown at the end."""
    why = DefectNote.objects.filter(work_order=OuterRef("pk"), note__startswith=SENT_BACK).order_by("-made_at", "-id")
    running = WorkOrder.objects.filter(site=site).running().annotate(why=Subquery(why.values("note")[:1]))
    rows = running.order_by("target_on", "id").values(*JOB, "why")
    return [
        {
            "id": str(each["id"]),
            "defect": str(each["defect_id"]),
            "title": each["title"],
            "assigned_to": text(each["assigned_to_id"]),
            "target_on": iso(each["target_on"]),
            "asset": text(each["defect__asset_id"]),
            "building": text(each["defect__building_id"]),
            "space": text(each["defect__space_id"]),
            "problem": each["defect__summary"],
            "priority": each["priority"],
            "instructions": each["instructions"],
            "proof": each["proof"] or "words",
            "begun": each["status"] == WorkOrder.Status.STARTED,
            "sent_back": (each["why"] or "").removeprefix(SENT_BACK),
            "whose": each["contractor__name"] or each["assigned_to__name"] or "",
        }
        for each in rows
    ]


def settled(site: Site) -> list[dict[str, Any]]:
    """What the office made of work that was held here in the last SETTLED_DAYS days: applied after all or put aside, and why."""
    since = timezone.now() - dt.timedelta(days=SETTLED_DAYS)
    rows = Op.objects.filter(site=site, settled_at__gte=since).order_by("settled_at", "id")
    return [
        {"op": str(pk), "how": "applied" if outcome == Op.Outcome.APPLIED else "aside", "on": iso(london_date(at)), "why": why}
        for pk, outcome, at, why in rows.values_list("id", "outcome", "settled_at", "settled_reason")[:SETTLED_MOST]
        if at
    ]


def readings(site: Site) -> list[dict[str, Any]]:
    """The latest reading of each asset."""
    rows = Reading.objects.filter(asset__site=site).order_by("asset_id", "-taken_at", "-id").distinct("asset_id")
    return [
        {"asset": str(asset), "value": f"{value.normalize():f}", "unit": unit, "taken_at": taken_at.isoformat()}
        for asset, value, unit, taken_at in rows.values_list("asset_id", "value", "unit", "taken_at")
    ]
