"""What records find wrong: a defect for each finding, and what a correction takes back."""

import uuid
from collections.abc import Sequence

from django.db.models import Q

from backend.checks.actions.told import NewRecord
from backend.checks.evidence import FINDINGS
from backend.checks.models import CheckRecord, Finding
from backend.core import audit
from backend.maintenance.actions import withdraw_defect
from backend.maintenance.evidence import DEFECTS
from backend.maintenance.models import Defect, Proof
from backend.rules.answers import Finding as Found
from backend.rules.answers import Judgement


def raise_defects(judged: Sequence[tuple[NewRecord, CheckRecord, Judgement]]) -> list[audit.Fact]:
    """Add the findings, and a defect for each but those that the same question left open before.

    Answers what is to be entered in the audit chain. No query where nothing was found.
    """
    found = [(new, record, each) for new, record, judgement in judged if not new.takes_back for each in judgement.findings]
    if not found:
        return []
    still_open = open_findings({record.plan_id for _, record, _ in found if record.plan_id})
    defects, findings = [], []
    for new, record, each in found:
        key = (record.plan_id, each.question, each.summary)
        told = new.raised.get(each.summary) or new.raised.get(each.question)
        defect = told or (still_open.get(key) if record.plan_id else None)
        if defect is None:
            defect = still_open[key] = defect_for(new, record, each)
            defects.append(defect)
        findings.append(
            Finding(record_id=record.pk, question=each.question, summary=defect.summary, severity=each.severity, defect=defect)
        )
    Defect.objects.bulk_create(defects, batch_size=1000)
    Finding.objects.bulk_create(findings, batch_size=2000)
    return [*map(FINDINGS.fact, findings), *map(DEFECTS.fact, defects)]


def open_findings(plans: set[uuid.UUID]) -> dict[tuple[uuid.UUID | None, str, str], Defect]:
    """The open defects that records of these plans found, by plan, question and words. One query; none for no plans.

    For one that was merged with another, it is that other.
    """
    if not plans:
        return {}
    standing = Q(defect__status=Defect.Status.OPEN) | Q(defect__merged_into__status=Defect.Status.OPEN)
    rows = Finding.objects.filter(standing, record__plan_id__in=plans).select_related("defect__merged_into", "record")
    return {
        (each.record.plan_id, each.question, each.summary): each.defect.merged_into or each.defect
        for each in rows
        if each.defect is not None
    }


def withdraw_corrected(corrections: Sequence[tuple[NewRecord, CheckRecord]]) -> None:
    """Close the defects that only a corrected record had found, saying so; what the correction found too stays open."""
    for new, record in corrections:
        others = Finding.objects.exclude(record=new.supersedes).values("defect")
        gone = Defect.objects.filter(findings__record=new.supersedes, status=Defect.Status.OPEN).exclude(pk__in=others)
        for defect in gone.distinct():
            withdraw_defect(defect=defect, person=new.author, at=record.done_at, why=f"The record was corrected: {new.reason}")


def defect_for(new: NewRecord, record: CheckRecord, found: Found) -> Defect:
    """The defect that a finding raises, not yet saved."""
    return Defect(
        site_id=record.site_id,
        building_id=record.building_id,
        asset_id=record.asset_id,
        summary=found.summary[:500],
        severity=found.severity,
        unsafe=found.critical,
        discipline=new.revision.content.get("discipline", ""),
        found_on=record.done_on,
        reported_at=record.done_at,
        reported_by_id=record.author_id,
        proof=Proof.PHOTO if any(photo.field == found.question for photo in new.photos) else Proof.WORDS,
    )
