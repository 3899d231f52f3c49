"""What was done lately: the last record of a plan, the numbers it read, whose turn is next, and photos still to come."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef
from django.db.models.functions import JSONObject

from backend.assets.models import Asset
from backend.checks.models import CheckRecord, NotDone, Plan, RecordPhoto
from backend.core.days import london_date
from backend.core.models import StoredFile

Number = int | float
Trend = dict[str, list[tuple[dt.date, Number]]]
"""By the key of a number question: (London date, value) of the last readings, oldest first."""
READINGS: Final = 6


@dataclass(frozen=True, slots=True)
class LastRecord:
    """The newest record that counts for a plan: its London date, its outcome, who made it, and the numbers it read."""

    id: uuid.UUID
    on: dt.date
    outcome: str
    by: str
    numbers: Mapping[str, int | float] = field(default_factory=dict)


def last_records(plan_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, LastRecord]:
    """The newest record of each plan that has one. One query."""
    rows = (
        CheckRecord.objects.counting()
        .filter(plan_id__in=plan_ids)
        .order_by("plan_id", "-done_at", "-id")
        .distinct("plan_id")
        .values_list("plan_id", "id", "done_on", "outcome", "author_name", "answers")
    )
    return {plan: LastRecord(pk, on, outcome, by, numbers_in(answers)) for plan, pk, on, outcome, by, answers in rows}


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt that came to nothing: its London date, the reason's key, who made it, and when it is to be tried again."""

    on: dt.date
    reason: str
    by: str
    again_on: dt.date | None


def last_attempts(plans: Sequence[Plan]) -> dict[uuid.UUID, Attempt]:
    """The newest attempt on each plan since it was last done; none where it was done that day or later. One query."""
    rows = NotDone.objects.filter(plan__in=[plan.pk for plan in plans]).order_by("plan_id", "-made_at", "-id").distinct("plan_id")
    newest = {
        plan: Attempt(london_date(made_at), reason, by, again_on)
        for plan, made_at, reason, by, again_on in rows.values_list("plan_id", "made_at", "reason", "author_name", "try_again_on")
    }
    found = ((plan, newest.get(plan.pk)) for plan in plans)
    return {plan.pk: attempt for plan, attempt in found if attempt and (not plan.last_done_on or attempt.on > plan.last_done_on)}


def numbers_in(answers: Mapping[str, Any]) -> dict[str, int | float]:
    """The answers that are numbers: only number questions have them."""
    return {key: each for key, each in answers.items() if isinstance(each, int | float) and not isinstance(each, bool)}


def trends(plans: Sequence[Plan]) -> dict[uuid.UUID, Trend]:
    """The last READINGS readings of each plan that asks for a number, oldest first; only from two on is it a trend.

    Readings of different things are no trend: a plan whose records name another thing each time has none. `plans` need
    `check_type.current` loaded. One query, however many plans; none when no plan asks.
    """
    asking = {plan.pk: asset_questions(plan) for plan in plans if asks_for_numbers(plan)}
    if not asking:
        return {}
    newest = CheckRecord.objects.counting().filter(plan=OuterRef("pk")).order_by("-done_on", "-done_at", "-id")
    rows = Plan.objects.filter(pk__in=list(asking)).annotate(
        lately=ArraySubquery(newest.values(said=JSONObject(on="done_on", answers="answers"))[:READINGS])
    )
    return {pk: trend_of(lately, asking[pk]) for pk, lately in rows.order_by().values_list("pk", "lately")}


def asks_for_numbers(plan: Plan) -> bool:
    """Whether the plan's current form asks for a number."""
    current = plan.check_type.current
    return any(each["type"] == "number" for each in (current.content.get("questions", []) if current else []))


def trend_of(lately: Sequence[Mapping[str, Any]], things: Collection[str]) -> Trend:
    """Of one plan's records, newest first: its readings by question. `things` are its questions that name one asset."""
    if len({tuple(each["answers"].get(key) for key in things) for each in lately}) > 1:
        return {}
    found: Trend = defaultdict(list)
    for each in reversed(lately):
        for key, value in numbers_in(each["answers"]).items():
            found[key].append((dt.date.fromisoformat(each["on"]), value))
    return {key: row for key, row in found.items() if len(row) > 1}


def rotation_suggestions(plans: Sequence[Plan]) -> dict[uuid.UUID, dict[str, uuid.UUID]]:
    """For each plan with a question "which one did you test": question key -> the asset that has waited longest.

    One never tested comes first, then the one tested longest ago, so a missed week skips no device. `plans` need
    `check_type.current` loaded. Two queries, however many plans; none when no plan asks.
    """
    asked = {plan.pk: asset_questions(plan) for plan in plans}
    asking = [plan for plan in plans if asked[plan.pk]]
    if not asking:
        return {}
    kinds = {kind for plan in asking for kind in asked[plan.pk].values()}
    turns = last_turns([plan.pk for plan in asking])
    candidates = candidates_of(asking, kinds)
    found: dict[uuid.UUID, dict[str, uuid.UUID]] = {}
    for plan in asking:
        for key, kind in asked[plan.pk].items():
            near = nearest(plan, candidates[plan.site_id, kind])
            if near:
                last = turns.get((plan.pk, key), {})
                longest = min(near, key=lambda each: (last.get(str(each.pk), ""), each.name, str(each.pk)))
                found.setdefault(plan.pk, {})[key] = longest.pk
    return found


def asset_questions(plan: Plan) -> dict[str, str]:
    """The plan's current questions that ask for one asset: key -> kind of asset."""
    current = plan.check_type.current
    questions: list[dict[str, Any]] = current.content.get("questions", []) if current else []
    return {each["key"]: each["asset_type"] for each in questions if each["type"] == "asset-ref" and each.get("asset_type")}


def last_turns(plan_ids: Collection[uuid.UUID]) -> dict[tuple[uuid.UUID, str], dict[str, str]]:
    """(plan, question key) -> asset id -> when it was last named there, as sortable text. One query."""
    found: dict[tuple[uuid.UUID, str], dict[str, str]] = defaultdict(dict)
    rows = CheckRecord.objects.filter(plan_id__in=plan_ids, correction__isnull=True).order_by("done_at", "id")
    for plan_id, done_at, answers in rows.values_list("plan_id", "done_at", "answers").iterator(chunk_size=5000):
        for key, answer in answers.items():
            if isinstance(answer, str) and len(answer) == 36:
                found[plan_id, key][answer.lower()] = done_at.isoformat()
    return found


def candidates_of(plans: Sequence[Plan], kinds: Collection[str]) -> dict[tuple[uuid.UUID, str], list[Asset]]:
    """(site, kind) -> the assets in use there. One query."""
    found: dict[tuple[uuid.UUID, str], list[Asset]] = defaultdict(list)
    rows = Asset.objects.filter(site_id__in={plan.site_id for plan in plans}, type_id__in=kinds, status=Asset.Status.IN_USE)
    for each in rows.only("id", "name", "site_id", "type_id", "building_id", "parent_id").order_by():
        found[each.site_id, each.type_id].append(each)
    return found


def nearest(plan: Plan, candidates: Sequence[Asset]) -> Sequence[Asset]:
    """Of the candidates at the site, those that belong to the plan's asset, else those in its building, else all."""
    parts = [each for each in candidates if plan.asset_id and each.parent_id == plan.asset_id]
    if parts:
        return parts
    building = plan.building_id or (plan.asset.building_id if plan.asset else None)
    return [each for each in candidates if building and each.building_id == building] or candidates


def awaiting_photos(record_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    """How many of the files that each record says it has are not here yet; records with none missing are left out. One query."""
    here = StoredFile.objects.filter(pk=OuterRef("sha256"))
    missing: dict[uuid.UUID, set[str]] = defaultdict(set)
    rows = RecordPhoto.objects.filter(~Exists(here), record_id__in=list(record_ids)).values_list("record_id", "sha256")
    for record, sha256 in rows:
        missing[record].add(sha256)
    return {record: len(names) for record, names in missing.items()}
