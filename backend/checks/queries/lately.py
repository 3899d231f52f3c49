"""What was done lately: the last record of a plan, the numbers it read, whose turn is next, and photos still to come."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef

from backend.assets.models import Asset
from backend.checks.models import CheckRecord, Plan, RecordPhoto
from backend.core.models import StoredFile


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


def numbers_in(answers: Mapping[str, Any]) -> dict[str, int | float]:
    """The answers that are numbers: only number questions have them."""
    return {key: each for key, each in answers.items() if isinstance(each, int | float) and not isinstance(each, bool)}


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
