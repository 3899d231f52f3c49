"""record_check(): the record, its defects and the plan's next due date, in one transaction; and its set form."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from backend.checks.actions.findings import raise_defects, withdraw_corrected
from backend.checks.actions.told import Allowed, NewRecord, corrections_of, place_of, sound
from backend.checks.evidence import RECORD_PHOTOS, RECORDS
from backend.checks.models import CheckRecord, CheckRevision, Plan, RecordPhoto
from backend.checks.reckoning import lock, reckon_loaded
from backend.core import audit
from backend.core.days import london_date
from backend.core.reading import rows_by_key
from backend.core.sets import copy_in, row_of
from backend.hr.models import Competence
from backend.rules.answers import Judgement


def record_check(new: NewRecord) -> CheckRecord:
    """Record one check. See record_checks; raises Problem when it cannot stand as it is."""
    return record_checks([new])[0]


@transaction.atomic
def record_checks(news: Sequence[NewRecord], *, why: str = "") -> list[CheckRecord]:
    """Record checks: rows, photos expected, findings, defects, dates, lapses and audit entries, in one transaction.

    Every item must be sound (`sound()` raises Problem for the first that is not, and then nothing is kept). The number of
    queries does not grow with the number of items. `why` is the reason that a lapse withdrawn by this will carry.
    """
    records, facts = add_records(news, why=why)
    audit.append(facts)  # last: the chain's lock is held to the end
    return records


@transaction.atomic(savepoint=False)
def add_records(news: Sequence[NewRecord], *, why: str = "", locked: bool = False) -> tuple[list[CheckRecord], list[audit.Fact]]:
    """Record checks as record_checks does, but for the audit chain: the caller appends the facts answered as its last step.

    `locked`: the items' plans were read by the caller under their locks, one object for each plan.
    """
    corrected = corrections_of(new.supersedes for new in news if new.supersedes)
    allowed: Allowed = set()
    judged = [(new, sound(new, corrected, allowed)) for new in news]
    held = competences({new.author.pk for new in news})
    records = [build(new, judgement, held[new.author.pk]) for new, judgement in judged]
    copy_in(records)
    photos = RecordPhoto.objects.bulk_create(
        [
            RecordPhoto(record_id=new.id, field=each.field, sha256=each.sha256, content_type=each.content_type, size=each.size)
            for new in news
            for each in new.photos
        ],
        batch_size=2000,
    )
    facts = [entry_for(record) for record in records] + [RECORD_PHOTOS.fact(each) for each in photos]
    facts += raise_defects([(new, record, judgement) for (new, judgement), record in zip(judged, records, strict=True)])
    facts = move_dates(news, records, locked, why or "A record of the work arrived.") + facts
    withdraw_corrected([(new, record) for new, record in zip(news, records, strict=True) if new.supersedes])
    return records, facts


def move_dates(news: Sequence[NewRecord], records: Sequence[CheckRecord], locked: bool, why: str) -> list[audit.Fact]:
    """Reckon the plans of these records; answers what is to be entered in the audit chain."""
    fresh: dict[uuid.UUID, list[CheckRecord]] = defaultdict(list)
    theirs: dict[uuid.UUID, Plan] = {}
    for new, record in zip(news, records, strict=True):
        if new.plan and not new.ad_hoc:
            fresh[new.plan.id].append(record)
            theirs[new.plan.id] = new.plan
    plans = list(theirs.values()) if locked else lock(theirs) if theirs else []
    return reckon_loaded(plans, today=london_date(timezone.now()), why=why, fresh=fresh) if plans else []


def competences(people: set[uuid.UUID]) -> dict[uuid.UUID, list[Competence]]:
    """What each person has held. One query."""
    found: dict[uuid.UUID, list[Competence]] = defaultdict(list)
    for each in rows_by_key(Competence, people, by="person"):
        found[each.person_id].append(each)
    return found


def proof(held: Sequence[Competence], revision: CheckRevision, on: dt.date) -> list[dict[str, Any]]:
    """The author's competences that cover this check on the day, as kept with the record."""
    covering = {revision.check_type_id, revision.content.get("discipline")}
    return [
        {"name": each.name, "expires_on": each.expires_on.isoformat() if each.expires_on else None}
        for each in held
        if covering & set(each.covers) and each.held_from <= on and (each.expires_on is None or each.expires_on >= on)
    ]


def build(new: NewRecord, judgement: Judgement, held: Sequence[Competence]) -> CheckRecord:
    """The record's row, not yet saved."""
    site, when = place_of(new), new.when
    done_on = london_date(when.done_at)
    asset = new.asset or (new.plan.asset if new.plan else None)
    building = new.building or (new.plan.building if new.plan else None) or (asset.building if asset else None)
    columns = {
        "id": new.id,
        "plan_id": new.plan.pk if new.plan else None,
        "revision_id": new.revision.pk,
        "check_type_id": new.revision.check_type_id,
        "site_id": site.pk,
        "building_id": building.pk if building else None,
        "asset_id": asset.pk if asset else None,
        "author_id": new.author.pk,
        "author_name": new.author.name,
        "competence": proof(held, new.revision, done_on) if new.competence is None else list(new.competence),
        "done_on": done_on,
        "done_at": when.done_at.astimezone(dt.UTC),
        "started_at": when.started_at.astimezone(dt.UTC) if when.started_at else None,
        "device_time": when.device_time.astimezone(dt.UTC),
        "device_offset_min": when.offset_min,
        "device_zone": when.zone[:60],
        "device_id": new.device_id,
        "received_at": when.received_at.astimezone(dt.UTC),
        "skew_ms": when.skew_ms,
        "uncertain_s": when.uncertain_s,
        "presence": new.presence,
        "tag": new.tag,
        "late_entry": new.late_entry,
        "ad_hoc": new.ad_hoc,
        "answers": dict(new.answers),
        "outcome": judgement.outcome,
        "stated_next": judgement.stated_next or new.stated_next,
        "supersedes_id": new.supersedes.pk if new.supersedes else None,
        "reason": new.reason,
        "notes": list(new.notes),
        "together": new.together,
    }
    record = row_of(CheckRecord, columns)
    record.found_nothing = not judgement.findings
    return record


def entry_for(record: CheckRecord) -> audit.Fact:
    """The audit entry of a record."""
    return RECORDS.fact(record, record.author_id, record.author_name)
