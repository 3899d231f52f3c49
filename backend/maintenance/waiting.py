"""What of problems waits for somebody: new ones and strangers' reports to look at, late work, risks to decide or run out."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

from django.db.models import QuerySet, Value

from backend.core.agenda import Waiting
from backend.core.templatetags.words import day
from backend.maintenance.models import AcceptedRisk, Defect, FaultReport, Stage, WorkOrder
from backend.maintenance.waiting_firms import FIRMS
from backend.trust import permits
from backend.trust.scope import reach

MOST: Final = 50
SOON: Final = dt.timedelta(days=14)
UNSAFE, LATE, NEW, RISK, MINE, CHASE, CHECK = "unsafe", "late", "triage", "risk-ends", "do", "chase", "check"


def together(lists: dict[str, Any]) -> QuerySet[Any]:
    """Several short lists of the same sort of row by one query, each row with the list that it stands in as `why`.

    A row that stands in two comes twice. At most MOST of each, the first by its own order.
    """
    each_alone = [rows.annotate(why=Value(why))[:MOST] for why, rows in lists.items()]
    first, *others = each_alone
    found: QuerySet[Any] = first.union(*others, all=True)
    return found


def problems(person: Any, today: dt.date) -> Iterator[Waiting]:
    """Problems to be looked at, made safe, past their day, or whose accepted risk ends. One query."""
    mine = Defect.objects.visible_to(person, permits.OFFICE_SETTLE).filter(status=Defect.Status.OPEN)
    late = mine.filter(target_on__lt=today).exclude(stage__in=(Stage.NEW, Stage.ACCEPTED))
    late = late.exclude(work_orders__status__in=("open", "started"))
    new = mine.filter(stage=Stage.NEW, found_on__gte=today - dt.timedelta(days=400))
    ending = mine.filter(stage=Stage.ACCEPTED, accepted_until__lte=today + SOON)
    lists = {
        UNSAFE: unsafe_things(person, today).order_by("found_on", "pk"),
        LATE: late.order_by("target_on", "pk"),
        NEW: new.order_by("-unsafe", "found_on", "pk"),
        RISK: ending.order_by("accepted_until", "pk"),
    }
    for each in together({why: rows.select_related("site") for why, rows in lists.items()}):
        yield problem(each, today)


def unsafe_things(person: Any, today: dt.date) -> QuerySet[Defect]:
    """What must not be used, for who works on it or answers for the school; new ones wait to be looked at instead."""
    if reach(person, permits.DEFECT_WORK).nowhere() and reach(person, permits.RISK_DECIDE).nowhere():
        return Defect.objects.none()
    mine = Defect.objects.visible_to(person, permits.DEFECT_WORK) | Defect.objects.visible_to(person, permits.RISK_DECIDE)
    to_look_at = Defect.objects.visible_to(person, permits.OFFICE_SETTLE).filter(stage=Stage.NEW)
    return mine.exclude(pk__in=to_look_at.values("pk")).barring(today)


def problem(each: Any, today: dt.date) -> Waiting:
    """One problem that waits, by the list in which it stands."""
    key, path, said = f"defect:{each.pk}:{each.why}", f"/problems/{each.pk}/", f"{each.summary[:120]}"
    if each.why == UNSAFE:
        return Waiting(key, "unsafe", f"Unsafe at {each.site}: {said}", path, 5, each.safe_by or each.found_on, each.site_id)
    if each.why == RISK:
        ended = each.accepted_until and each.accepted_until < today
        words = f"The accepted risk {'has ended' if ended else 'ends soon'}: {each.summary[:100]}, {each.site}"
        return Waiting(key, "risk", words, path, 4, each.accepted_until, each.site_id)
    weight = 4 if each.severity == "high" else 3
    if each.why == LATE:
        return Waiting(key, "defect", f"Past its day at {each.site}: {said}", path, weight, each.target_on, each.site_id)
    due = each.safe_by or (each.found_on if each.unsafe else None)
    words, path = f"Look at a new problem at {each.site}: {said}", f"/problems/triage/#p-{each.pk}"
    return Waiting(key, "defect", words, path, 5 if each.unsafe else weight, due, each.site_id)


def reports_to_settle(person: Any, today: dt.date) -> Iterator[Waiting]:  # noqa: ARG001  as every one is asked
    """Reports from strangers. One query."""
    rows = FaultReport.objects.visible_to(person, permits.OFFICE_SETTLE).filter(status=FaultReport.Status.WAITING)
    for each in rows.select_related("site", "asset").order_by("-unsafe", "received_at")[:MOST]:
        words = f"Somebody reported by a label at {each.site}: {each.asset or each.reference}"
        path = f"/problems/triage/reports/{each.pk}/"
        yield Waiting(f"report:{each.pk}:settle", "defect", words, path, 5 if each.unsafe else 3, None, each.site_id)


def work(person: Any, today: dt.date) -> Iterator[Waiting]:
    """Work given to this person; work that others have not done by its day; work done that is to be checked. One query."""
    mine = WorkOrder.objects.visible_to(person, permits.DEFECT_WORK).running().filter(assigned_to=person.pk)
    theirs = WorkOrder.objects.visible_to(person, permits.CONTRACTOR_MANAGE)
    lists = {
        MINE: mine.order_by("target_on", "pk"),
        CHASE: theirs.late(today).exclude(assigned_to=person.pk).order_by("target_on", "pk"),
        CHECK: theirs.filter(status=WorkOrder.Status.DONE).order_by("done_at", "pk"),
    }
    beside = ("site", "contractor", "assigned_to")
    for each in together({why: rows.select_related(*beside) for why, rows in lists.items()}):
        key, path = f"work:{each.pk}:{each.why}", f"/work-orders/{each.pk}/"
        if each.why == MINE:
            weight = 4 if each.priority in ("emergency", "urgent") else 2
            yield Waiting(key, "work", f"{each.title[:120]}, {each.site}", path, weight, each.target_on, each.site_id)
        elif each.why == CHASE:
            words = f"{each.whose} has not done {each.title[:100]}, {each.site}"
            yield Waiting(key, "work", words, path, 3, each.target_on, each.site_id)
        else:
            yield Waiting(key, "work", f"Check work that is done: {each.title[:100]}, {each.site}", path, 2, None, each.site_id)


def risks_to_decide(person: Any, today: dt.date) -> Iterator[Waiting]:  # noqa: ARG001  as every one is asked
    """Risks that somebody else asked to have accepted. One query."""
    asked = AcceptedRisk.objects.visible_to(person, permits.RISK_DECIDE).filter(decision=AcceptedRisk.Decision.WAITING)
    for each in asked.exclude(asked_by=person.pk).select_related("defect__site").order_by("asked_at", "pk")[:MOST]:
        words = f"Accept a risk until {day(each.until)}? {each.defect.summary[:100]}, {each.defect.site}"
        path = f"/problems/{each.defect_id}/#risk"
        yield Waiting(f"risk:{each.pk}:decide", "risk", words, path, 4, None, each.defect.site_id)


WAITING = [problems, reports_to_settle, work, risks_to_decide, *FIRMS]
