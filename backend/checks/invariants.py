"""What must hold of records, plans and lapses; asked by `manage.py verify`."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Value
from django.db.models.functions import Cast, Concat

from backend.checks.actions.records import record_content
from backend.checks.models import CheckRecord, Lapse, Plan
from backend.checks.reckoning import History, histories, lapse_content, reckon_one, standing
from backend.core import audit
from backend.core.days import today
from backend.core.invariants import CHUNK, Invariant, Tick
from backend.core.models import AuditEntry
from backend.rules.due import Rule, lapses
from backend.trust.queries import calendars

PLANS = 1000
KEPT = ("due_on", "overdue_from", "soon_from", "last_done_on", "last_outcome", "active")


def content_faults(kind: str, rows: Any, content: Callable[[Any], object]) -> Callable[[Tick], Iterator[str]]:
    """How to compare every row of `rows` with what its audit entry says of it, and to find rows without one."""

    def faults(tick: Tick) -> Iterator[str]:
        entries = AuditEntry.objects.filter(kind=kind).order_by("number").values_list("number", "subject", "content_hash")
        chunk: list[tuple[int, str, str]] = []
        for entry in entries.iterator(chunk_size=CHUNK):
            chunk.append(entry)
            if len(chunk) == CHUNK:
                yield from compared(chunk, kind, rows, content)
                tick(len(chunk))
                chunk = []
        yield from compared(chunk, kind, rows, content)
        tick(len(chunk))
        subject = Concat(Value(f"{kind}:"), Cast("pk", CharField()))
        entered = AuditEntry.objects.filter(kind=kind, subject=OuterRef("subject"))
        for pk in rows.annotate(subject=subject).filter(~Exists(entered)).values_list("pk", flat=True).iterator():
            yield f"{kind} {pk} has no entry in the audit chain"

    return faults


def compared(chunk: Sequence[tuple[int, str, str]], kind: str, rows: Any, content: Callable[[Any], object]) -> Iterator[str]:
    """The rows that some entries speak of, against their hashes."""
    found = rows.in_bulk([uuid.UUID(subject.partition(":")[2]) for _, subject, _ in chunk])
    for number, subject, content_hash in chunk:
        row = found.get(uuid.UUID(subject.partition(":")[2]))
        if row is None:
            yield f"{kind} {subject.partition(':')[2]} is gone; entry {number} of the audit chain speaks of it"
        elif audit.digest(content(row)) != content_hash:
            yield f"{kind} {row.pk} is not what entry {number} of the audit chain says"


def plans_in_chunks() -> Iterator[list[Plan]]:
    """Every plan, a thousand at a time, with its site."""
    ids = list(Plan.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), PLANS):
        yield list(Plan.objects.filter(pk__in=ids[start : start + PLANS]).select_related("site").order_by("pk"))


def date_faults(tick: Tick) -> Iterator[str]:
    """Reckon every plan anew from its records and compare with the dates it keeps."""
    now = today()
    for plans in plans_in_chunks():
        days, known = calendars({plan.site.school_id for plan in plans}), histories([plan.pk for plan in plans])
        for plan in plans:
            before = {name: getattr(plan, name) for name in KEPT}
            reckon_one(plan, days[plan.site.school_id], known.get(plan.pk, History()), now)
            for name in KEPT:
                if before[name] != getattr(plan, name):
                    yield f"plan {plan.pk} keeps {name} {before[name]}; its records give {getattr(plan, name)}"
        tick(len(plans))


def lapse_faults(tick: Tick) -> Iterator[str]:
    """The lapses that stand are those that the engine finds up to the day each plan is sealed to."""
    for plans in plans_in_chunks():
        days, known = calendars({plan.site.school_id for plan in plans}), histories([plan.pk for plan in plans])
        sealed: dict[uuid.UUID, set[Any]] = {plan.pk: set() for plan in plans}
        for lapse in Lapse.objects.filter(plan__in=sealed).prefetch_related("notes"):
            if standing(lapse):
                sealed[lapse.plan_id].add(lapse.due_on)
        for plan in plans:
            if plan.rule is None or plan.sealed_to is None:
                continue
            done, school = known.get(plan.pk, History()).done, days[plan.site.school_id]
            rule, spans = Rule.from_mapping(plan.rule), plan.spans()
            missed = set(lapses(rule, school, plan.starts_on, done, spans, plan.sealed_to))
            for day in sorted(missed ^ sealed[plan.pk]):
                what = "was missed and is not sealed" if day in missed else "is sealed and was not missed"
                yield f"plan {plan.pk}: {day} {what}"
        tick(len(plans))


def place_faults(tick: Tick) -> Iterator[str]:
    """A record is at the site of its plan and its asset."""
    astray = CheckRecord.objects.exclude(plan=None).exclude(site=F("plan__site"))
    astray = astray | CheckRecord.objects.exclude(asset=None).exclude(site=F("asset__site"))
    for pk in astray.values_list("pk", flat=True).iterator():
        yield f"record {pk} is at another site than what was checked"
    tick(CheckRecord.objects.count())


INVARIANTS = [
    Invariant(
        "record-contents",
        "Every record is word for word what the audit chain says of it.",
        CheckRecord.objects.count,
        content_faults("record", CheckRecord.objects.all(), record_content),
    ),
    Invariant(
        "lapse-contents",
        "Every lapse is what the audit chain says of it.",
        Lapse.objects.count,
        content_faults("lapse", Lapse.objects.all(), lapse_content),
    ),
    Invariant("record-places", "Every record is at the site of what was checked.", CheckRecord.objects.count, place_faults),
    Invariant("plan-dates", "Every plan keeps the dates that its records give.", Plan.objects.count, date_faults),
    Invariant("lapses", "The misses that stand are those that the engine finds.", Plan.objects.count, lapse_faults),
]
