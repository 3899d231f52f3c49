"""How each entry of a push ended: written on its row, entered in the audit chain, and said to the phone."""

from typing import Any

from backend.core import audit
from backend.core.models import AuditEntry
from backend.sync.envelope import Arrived
from backend.sync.intake import Ending, Push
from backend.sync.models import KeptAside, Op
from backend.sync.work import Work

ENDED = ["outcome", "code", "detail", "waiting_for", "notes", "site"]


def write_back(row: Op, work: Work) -> bool:
    """Set how the work ended on its row (not yet saved); answers whether that changed the row."""
    before = (row.outcome, row.code, row.notes, row.doubt)
    row.outcome = Op.Outcome.APPLIED if work.applied else Op.Outcome.HELD
    row.code, row.detail = ("", "") if work.applied else (work.code, work.detail)
    row.waiting_for, row.notes, row.site = work.waiting_for, list(work.notes), work.site
    return before != (row.outcome, row.code, row.notes, "")


def note_endings(push: Push) -> None:
    """Write on the rows what was not foreseen when they were made; in a good push that is nothing."""
    changed = [push.rows[pk] for pk, work in push.works.items() if write_back(push.rows[pk], work)]
    Op.objects.bulk_update(changed, ENDED, batch_size=500)
    for each in push.arrived:
        row = push.rows.get(each.id) if each.id else None
        if row and each.index not in push.endings:
            push.endings[each.index] = Ending(row.outcome, row.code, row.detail, notes=row.notes)
        elif row and push.endings[each.index].outcome == "again":
            ending = push.endings[each.index]
            ending.was, ending.code, ending.detail, ending.notes = row.outcome, row.code, row.detail, row.notes


def give_receipts(push: Push) -> None:
    """Enter every new operation, also the held ones, in the audit chain; find the receipts of those seen before."""
    facts = [fact_of(row, "op") for row in push.rows.values()] + [fact_of_kept(row) for row in push.kept.values()]
    receipts = {entry.subject: entry for entry in audit.append(facts, at=push.now)}
    subjects = {each.index: subject_of(each, push.endings[each.index]) for each in push.arrived}
    if earlier := set(subjects.values()) - receipts.keys():
        for entry in AuditEntry.objects.filter(subject__in=earlier).order_by("-number"):
            receipts[entry.subject] = entry
    for each in push.arrived:
        push.endings[each.index].receipt = receipts.get(subjects[each.index])


def subject_of(arrived: Arrived, ending: Ending) -> str:
    """What the audit entry of an entry is about."""
    return f"kept:{ending.kept}" if ending.kept else f"op:{arrived.id}"


def fact_of(row: Op, kind: str) -> audit.Fact:
    """What the audit chain covers of an operation: what arrived, by its digest, and how it ended."""
    said = {
        "digest": row.digest,
        "kind": row.kind,
        "author": row.author_id,
        "device": row.device_id,
        "outcome": row.outcome,
        "code": row.code,
        "notes": row.notes,
    }
    by = row.pusher
    return audit.Fact(kind, f"op:{row.pk}", said, by.pk if by else None, by.name if by else "")


def fact_of_kept(row: KeptAside) -> audit.Fact:
    """The same for what was kept aside."""
    said = {"digest": row.digest, "op": row.op_id, "device": row.device_id, "code": row.code}
    return audit.Fact("op-kept", f"kept:{row.pk}", said)


def result(arrived: Arrived, push: Push) -> dict[str, Any]:
    """What the phone is told about one entry."""
    ending = push.endings[arrived.index]
    given = arrived.sent.get("id") if isinstance(arrived.sent, dict) else None
    said: dict[str, Any] = {"id": given if isinstance(given, str) else None, "outcome": ending.outcome}
    if arrived.id is None:
        said["index"] = arrived.index
    if ending.was:
        said["was"] = ending.was
    if ending.code:
        said |= {"code": ending.code, "detail": ending.detail}
    receipt = ending.receipt
    said["receipt"] = {"entry": receipt.number, "hash": receipt.hash} if receipt else None
    return {**said, "notes": ending.notes}
