"""How each entry of a push ended: written on its row, entered in the audit chain, and said to the phone."""

from collections.abc import Sequence
from typing import Any

from backend.core import audit
from backend.core.models import AuditEntry
from backend.core.sets import update_many
from backend.sync.envelope import Arrived
from backend.sync.evidence import KEPT, OPS
from backend.sync.intake import Ending, Push
from backend.sync.models import KeptAside, Op
from backend.sync.work import Work

APPLIED, HELD = Op.Outcome.APPLIED.value, Op.Outcome.HELD.value
ENDED = ("outcome", "code", "detail", "waiting_for", "notes", "doubt", "site")


def write_back(row: Op, work: Work) -> bool:
    """Set how the work ended on its row (not yet saved); answers whether that changed the row.

    An operation that was simply applied keeps no site: it is found by what it made.
    """
    outcome = APPLIED if work.applied else HELD
    if (row.outcome, row.code, row.notes, row.doubt, work.doubt) == (outcome, work.code, work.notes, "", ""):
        return False
    row.outcome = outcome
    row.code, row.detail = ("", "") if work.applied else (work.code, work.detail)
    row.waiting_for, row.notes, row.site = work.waiting_for, list(work.notes), work.site
    row.doubt = row.doubt or (work.doubt if work.applied else "")
    return True


def note_endings(push: Push) -> None:
    """Write on the rows what was not foreseen when they were made; in a good push that is nothing."""
    changed = [push.rows[pk] for pk, work in push.works.items() if write_back(push.rows[pk], work)]
    update_many(changed, ENDED)
    for each in push.arrived:
        row = push.rows.get(each.id) if each.id else None
        if row and each.index not in push.endings:
            push.endings[each.index] = Ending(row.outcome, row.code, row.detail, notes=row.notes)
        elif row and push.endings[each.index].outcome == "again":
            ending = push.endings[each.index]
            ending.was, ending.code, ending.detail, ending.notes = row.outcome, row.code, row.detail, row.notes


def give_receipts(push: Push, facts: Sequence[audit.Fact]) -> None:
    """Enter what the push brought in the audit chain; find the receipts of those seen before.

    First `facts`, what was recorded by it; then every new operation, also the held ones.
    """
    ops = [fact_of(row, "op") for row in push.rows.values()] + [fact_of_kept(row) for row in push.kept.values()]
    entries = audit.append([*facts, *ops], at=push.now)
    receipts: dict[str, audit.Entered | AuditEntry] = {entry.subject: entry for entry in entries[len(facts) :]}
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
    """The audit entry of an operation: what arrived, word for word, and how it ended."""
    by = row.pusher
    return OPS.fact(row, by.pk if by else None, by.name if by else "", kind=kind)


def fact_of_kept(row: KeptAside) -> audit.Fact:
    """The same for what was kept aside."""
    return KEPT.fact(row, kind="op-kept")


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
