"""record_check(): the record, its defects and the plan's next due date, in one transaction; and its set form."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from backend.assets.models import Asset
from backend.checks.models import CheckRecord, CheckRevision, Finding, Plan, RecordPhoto
from backend.checks.reckoning import reckon
from backend.core import audit
from backend.core.days import london_date
from backend.core.ids import new_id
from backend.core.problems import Problem
from backend.core.sets import copy_in
from backend.hr.models import Competence
from backend.maintenance.actions import withdraw_defect
from backend.maintenance.models import Defect
from backend.rules.answers import Judgement, judge
from backend.trust import permits
from backend.trust.models import Building, Person, Site
from backend.trust.scope import require

FUTURE = dt.timedelta(minutes=5)
EARLIEST = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)  # older papers belong in the register, not among the checks


@dataclass(frozen=True, slots=True)
class When:
    """When it was done. All moments are aware; `done_at` is the corrected one, by which due dates count."""

    done_at: dt.datetime
    device_time: dt.datetime
    received_at: dt.datetime
    started_at: dt.datetime | None = None
    offset_min: int = 0
    zone: str = "Europe/London"
    skew_ms: int | None = None
    uncertain_s: int | None = None

    @classmethod
    def now(cls) -> "When":
        """Done this moment, as known to the server."""
        moment = timezone.now()
        return cls(moment, moment, moment)


@dataclass(frozen=True, slots=True)
class NewPhoto:
    """A file that the record says it has: hex SHA-256, size in bytes, the question it answers."""

    sha256: str
    content_type: str
    size: int
    field: str


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A check that was done, as somebody tells it. `plan` is None only for an event check, which names its thing itself."""

    author: Person
    revision: CheckRevision
    answers: Mapping[str, Any]
    when: When
    presence: str
    plan: Plan | None = None
    site: Site | None = None
    building: Building | None = None
    asset: Asset | None = None
    tag: str = ""
    photos: Sequence[NewPhoto] = ()
    id: uuid.UUID = field(default_factory=new_id)
    late_entry: bool = False
    ad_hoc: bool = False
    device_id: str = ""
    supersedes: CheckRecord | None = None
    reason: str = ""
    notes: Sequence[str] = ()


def record_check(new: NewRecord) -> CheckRecord:
    """Record one check. See record_checks; raises Problem when it cannot stand as it is."""
    return record_checks([new])[0]


@transaction.atomic
def record_checks(news: Sequence[NewRecord], *, why: str = "") -> list[CheckRecord]:
    """Record checks: rows, photos expected, findings, defects, dates, lapses and audit entries, in one transaction.

    Every item must be sound (`sound()` raises Problem for the first that is not, and then nothing is kept). The number of
    queries does not grow with the number of items. `why` is the reason that a lapse withdrawn by this will carry.
    """
    judged = [(new, sound(new)) for new in news]
    held = competences({new.author.pk for new in news})
    records = [build(new, judgement, held[new.author.pk]) for new, judgement in judged]
    copy_in(records)
    RecordPhoto.objects.bulk_create(
        [
            RecordPhoto(record=record, field=each.field, sha256=each.sha256, content_type=each.content_type, size=each.size)
            for (new, _), record in zip(judged, records, strict=True)
            for each in new.photos
        ],
        batch_size=2000,
    )
    raised = raise_defects([(record, judgement) for (_, judgement), record in zip(judged, records, strict=True)])
    moved = {record.plan_id for record in records if record.plan_id and not record.ad_hoc}
    reckon(moved, today=london_date(timezone.now()), why=why or "A record of the work arrived.")
    withdraw_corrected([(new, record) for (new, _), record in zip(judged, records, strict=True) if new.supersedes])
    audit.append([*map(entry_for, records), *map(defect_entry, raised)])  # last: the chain's lock is held to the end
    return records


def sound(new: NewRecord) -> Judgement:
    """Judge one item before anything is written. Raises Problem naming what is wrong; its `code` is what sync holds it under."""
    site = place_of(new)
    require(new.author, permits.CHECK_RECORD, site, "log checks")
    if new.when.done_at > new.when.received_at + FUTURE:
        raise Problem("in_future", "The time of this check lies in the future. Put the phone's clock right.")
    if new.when.done_at < EARLIEST:
        raise Problem("too_early", "The time of this check lies before the year 2000. Was the date mistyped?")
    if new.plan and new.plan.check_type_id != new.revision.check_type_id:
        raise Problem("wrong_check", "These answers are for another check than the plan's.")
    if new.plan and not new.plan.active:
        raise Problem("plan_ended", "This check is no longer planned here.", status=409)
    asset = new.asset or (new.plan.asset if new.plan else None)
    if asset and asset.status == Asset.Status.RETIRED:
        raise Problem("asset_retired", f"{asset.name} has been retired from the register.", status=409)
    if new.supersedes:
        may_supersede(new, new.supersedes)
    judgement = judge(
        new.revision.questions(),
        dict(new.answers),
        [{"field": each.field, "sha256": each.sha256} for each in new.photos],
    )
    if judgement.problems:
        fields = {each.question: each.words for each in judgement.problems}
        raise Problem("answers", "Some answers are missing or not possible.", fields=fields)
    if judgement.stated_next and judgement.stated_next <= london_date(new.when.done_at):
        words = "The next date that the report states must be after the day of the work. Was the work done earlier? Say when."
        raise Problem("stated_date", words)
    return judgement


def may_supersede(new: NewRecord, old: CheckRecord) -> None:
    """A correction names a record of the same plan or thing, not yet corrected, and says why."""
    if not new.reason.strip():
        raise Problem("reason_missing", "A correction must say why.", fields={"reason": "Say what was wrong."})
    if (old.plan_id, old.check_type_id) != (new.plan.pk if new.plan else None, new.revision.check_type_id):
        raise Problem("wrong_check", "A correction must be of the same check.")
    if CheckRecord.objects.filter(supersedes=old).exclude(pk=new.id).exists():
        raise Problem("already_corrected", "That record has been corrected already. Correct the newer one.", status=409)


def place_of(new: NewRecord) -> Site:
    """The site where it was done: the plan's, or the named thing's. Raises Problem when they do not belong together."""
    sites = [each.site for each in (new.plan, new.asset, new.building) if each is not None]
    sites += [new.site] if new.site else []
    if not sites:
        raise Problem("no_place", "Say which asset, building or site was checked.")
    if len({each.pk for each in sites}) > 1:
        raise Problem("wrong_place", "The plan and the thing checked are at different sites.")
    if new.plan and new.asset and new.plan.asset_id and new.plan.asset_id != new.asset.pk:
        raise Problem("wrong_asset", "The asset scanned is not the one that this check is planned for.")
    return sites[0]


def competences(people: set[uuid.UUID]) -> dict[uuid.UUID, list[Competence]]:
    """What each person has held. One query."""
    found: dict[uuid.UUID, list[Competence]] = defaultdict(list)
    for each in Competence.objects.filter(person_id__in=people):
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
    return CheckRecord(
        id=new.id,
        plan=new.plan,
        revision=new.revision,
        check_type_id=new.revision.check_type_id,
        site=site,
        building=building,
        asset=asset,
        author=new.author,
        author_name=new.author.name,
        competence=proof(held, new.revision, done_on),
        done_on=done_on,
        done_at=when.done_at.astimezone(dt.UTC),
        started_at=when.started_at.astimezone(dt.UTC) if when.started_at else None,
        device_time=when.device_time.astimezone(dt.UTC),
        device_offset_min=when.offset_min,
        device_zone=when.zone[:60],
        device_id=new.device_id,
        received_at=when.received_at.astimezone(dt.UTC),
        skew_ms=when.skew_ms,
        uncertain_s=when.uncertain_s,
        presence=new.presence,
        tag=new.tag,
        late_entry=new.late_entry,
        ad_hoc=new.ad_hoc,
        answers=dict(new.answers),
        outcome=judgement.outcome,
        stated_next=judgement.stated_next,
        supersedes=new.supersedes,
        reason=new.reason,
        notes=list(new.notes),
    )


def raise_defects(judged: Sequence[tuple[CheckRecord, Judgement]]) -> list[Defect]:
    """A defect for each finding; one that the same plan's same question left open before is not raised twice."""
    plans = {record.plan_id for record, judgement in judged if judgement.findings and record.plan_id}
    still_open: dict[tuple[Any, str, str], Defect] = {}
    for each in Finding.objects.filter(record__plan_id__in=plans, defect__status=Defect.Status.OPEN).select_related(
        "defect", "record"
    ):
        still_open[each.record.plan_id, each.question, each.summary] = each.defect
    defects, findings = [], []
    for record, judgement in judged:
        for found in judgement.findings:
            key = (record.plan_id, found.question, found.summary)
            defect = still_open.get(key) if record.plan_id else None
            if defect is None:
                defect = defect_for(record, found)
                defects.append(defect)
                still_open[key] = defect
            findings.append(
                Finding(
                    record=record,
                    question=found.question,
                    summary=defect.summary,
                    severity=found.severity,
                    defect=defect,
                )
            )
    Defect.objects.bulk_create(defects, batch_size=1000)
    Finding.objects.bulk_create(findings, batch_size=2000)
    return defects


def withdraw_corrected(corrections: Sequence[tuple[NewRecord, CheckRecord]]) -> None:
    """Close the defects that only a corrected record had found, saying so; what the correction found too stays open."""
    for new, record in corrections:
        others = Finding.objects.exclude(record=new.supersedes).values("defect")
        gone = Defect.objects.filter(findings__record=new.supersedes, status=Defect.Status.OPEN).exclude(pk__in=others)
        for defect in gone.distinct():
            withdraw_defect(defect=defect, person=new.author, at=record.done_at, why=f"The record was corrected: {new.reason}")


def defect_entry(defect: Defect) -> audit.Fact:
    """The audit entry of a defect that a record raised."""
    return audit.Fact("defect", f"defect:{defect.pk}", {"id": defect.pk, "summary": defect.summary})


def defect_for(record: CheckRecord, found: Any) -> Defect:
    """The defect that a finding raises, not yet saved."""
    return Defect(
        site_id=record.site_id,
        building_id=record.building_id,
        asset_id=record.asset_id,
        summary=found.summary[:500],
        severity=found.severity,
        unsafe=found.critical,
        discipline=record.revision.content.get("discipline", ""),
        found_on=record.done_on,
        reported_at=record.done_at,
        reported_by_id=record.author_id,
    )


def entry_for(record: CheckRecord) -> audit.Fact:
    """The audit entry of a record."""
    return audit.Fact("record", f"record:{record.pk}", record_content(record), record.author_id, record.author_name)


def record_content(record: CheckRecord) -> dict[str, Any]:
    """What the audit chain covers of a record: every column. Reads the row alone, so that it can be checked for ever."""
    return {column.attname: getattr(record, column.attname) for column in CheckRecord._meta.concrete_fields}
