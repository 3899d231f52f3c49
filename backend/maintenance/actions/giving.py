"""Giving work out: to one of the trust's people or to a firm, again to another, chasing it, taking it back."""

import datetime as dt
from collections.abc import Mapping
from functools import partial
from typing import Final

from django.db import transaction
from django.utils import timezone
from django_q.tasks import async_task

from backend.core import audit
from backend.core.days import today as now_here
from backend.core.problems import Problem
from backend.core.templatetags.words import day
from backend.maintenance.actions.notes import changed, write_note
from backend.maintenance.actions.triage import KEPT, locked
from backend.maintenance.actions.work import order_locked, require_office
from backend.maintenance.evidence import WORK_ORDERS
from backend.maintenance.links import WORK_ORDER, revoke_links
from backend.maintenance.models import Contractor, Defect, DefectNote, Proof, Stage, WorkOrder
from backend.maintenance.queries.contractors import standing
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import may

DAYS: Final[Mapping[str, int]] = {"emergency": 0, "urgent": 7, "routine": 28, "planned": 90}
"""Days until work is done by how urgent it is, unless a day is said. A common choice, not law."""
CHASED_AGAIN: Final = dt.timedelta(hours=20)
Doer = Person | Contractor


def priority_of(defect: Defect, today: dt.date) -> str:
    """How urgent the work on a problem is, from how bad it is."""
    if defect.bars_use(today) and not defect.made_safe:
        return WorkOrder.Priority.EMERGENCY
    return {"high": WorkOrder.Priority.URGENT, "medium": WorkOrder.Priority.ROUTINE}.get(
        defect.severity, WorkOrder.Priority.PLANNED
    )


def target_for(defect: Defect, priority: str, target_on: dt.date | None, today: dt.date) -> dt.date:
    """Until when: the day said, else the usual one, never after that of the problem when it is fixed. Raises Problem."""
    usual = today + dt.timedelta(days=DAYS[priority])
    if target_on is None:
        return max(min(usual, defect.target_on), today) if defect.target_on else usual
    if defect.deadline_fixed and defect.target_on and target_on > max(defect.target_on, today):
        raise Problem("deadline_fixed", KEPT, status=409, fields={"target_on": f"Not after {day(defect.target_on)}."})
    return target_on


@transaction.atomic
def give_work(
    *,
    defect: Defect,
    person: Person,
    to: Doer | None,
    today: dt.date,
    title: str = "",
    instructions: str = "",
    priority: str = "",
    target_on: dt.date | None = None,
    proof: str | None = None,
    cost_pence: int | None = None,
    tell: bool = True,
    despite: str = "",
) -> WorkOrder:
    """Give out the work on a problem. What is left unsaid follows from it: its words, how urgent, until when, the proof.
    Whoever gets it is told by e-mail (unless `tell` is False); a firm gets a link to this work alone. Raises Problem for
    somebody who does not work there, a firm that is given no new work, one that should not work here unless `despite` says
    why it does and who agreed, and a day after one that is fixed.
    """
    defect = locked(defect)
    priority = priority or priority_of(defect, today)
    check_choices(priority, proof or "")
    order = WorkOrder(
        site=defect.site,
        defect=defect,
        title=(title.strip() or defect.summary)[:200],
        instructions=instructions.strip()[:2000],
        priority=priority,
        target_on=target_for(defect, priority, target_on, today),
        proof=defect.proof if proof is None else proof,
        cost_pence=cost_pence,
        given_at=timezone.now(),
        given_by=person,
    )
    more = set_doer(order, to, despite)
    require_office(person, order, "give out work")
    order.save(force_insert=True)
    audit.append(noted(order, defect, person, more, today))
    if tell:
        send_later(order, "given")
    return order


def noted(order: WorkOrder, defect: Defect, person: Person, more: str, today: dt.date) -> list[audit.Fact]:
    """Note with its problem that work was given out, which is in hand now; what is to be entered of it."""
    words = f"{order.whose}: {order.title}, by {day(order.target_on)}.{more}"
    _, facts = write_note(defect, kind="order", words=words, at=order.given_at or timezone.now(), person=person, order=order)
    facts.append(WORK_ORDERS.fact(order, person.pk, person.name))
    if defect.standing(today) in (Stage.NEW, Stage.TRIAGED, Stage.PUT_RIGHT):
        facts += changed(defect, person, {"stage": Stage.IN_HAND})
    return facts


def check_choices(priority: str, proof: str) -> None:
    """Refuse an urgency and a proof that there are none. Raises Problem."""
    if priority not in WorkOrder.Priority.values:
        raise Problem("answers", "Say how urgent it is.", fields={"priority": "Choose one of the four."})
    if proof not in Proof.values:
        raise Problem("answers", "Say what must be shown.", fields={"proof": "Choose one of the three."})


def set_doer(order: WorkOrder, to: Doer | None, despite: str = "") -> str:
    """Say who has it to do; answers what the order's note adds where that is a firm which should not work here.

    Raises Problem for somebody who cannot, and for such a firm unless `despite` says why it does and who agreed.
    """
    order.assigned_to = to if isinstance(to, Person) else None
    order.contractor = to if isinstance(to, Contractor) else None
    if order.assigned_to and not may(order.assigned_to, permits.DEFECT_WORK, order.site):
        raise Problem("not_here", f"{order.assigned_to.name} does not work on problems here.", fields={"to": "Choose another."})
    if order.contractor and not order.contractor.active:
        raise Problem("not_active", f"{order.contractor} is given no new work.", fields={"to": "Choose another."})
    if order.contractor is None or (how := standing(order.contractor, now_here())).may_work:
        return ""
    if not despite.strip():
        said = f"{order.contractor} should not work here: {' '.join(how.missing)}"
        raise Problem("may_not_work", said, status=409, fields={"to": said, "despite": "Say why they do, and who agreed."})
    return f" It should not work here, and does all the same: {despite.strip()[:300]}"


def send_later(order: WorkOrder, template: str) -> None:
    """Have a worker tell whoever has it to do, once what is being done is kept."""
    if order.assigned_to_id or order.contractor_id:
        transaction.on_commit(partial(async_task, "backend.maintenance.tasks.send_work", str(order.pk), template))


def running(work_order: WorkOrder, person: Person, doing: str) -> WorkOrder:
    """The work order, held, when it is still to be done and theirs to look after. Raises Problem."""
    require_office(person, work_order, doing)
    order = order_locked(work_order)
    if not order.is_running:
        raise Problem("work_over", "That work is over.", status=409)
    return order


@transaction.atomic
def reassign_work(*, work_order: WorkOrder, person: Person, to: Doer | None, reason: str = "", despite: str = "") -> WorkOrder:
    """Give work to somebody else. Links that were sent for it end. `despite` as in give_work."""
    order = running(work_order, person, "give out work")
    before = order.whose
    more = set_doer(order, to, despite)
    require_office(person, order, "give out work")
    order.save(update_fields=["assigned_to", "contractor"])
    revoke_links(purpose=WORK_ORDER, about=order.pk, person=person)
    words = f"{order.title}: from {before} to {order.whose}. {reason.strip()}".strip() + more
    _, facts = write_note(order.defect, kind="order", words=words, at=timezone.now(), person=person, order=order)
    audit.append([*facts, WORK_ORDERS.fact(order, person.pk, person.name, kind="work-reassigned")])
    send_later(order, "given")
    return order


@transaction.atomic
def change_work(
    *,
    work_order: WorkOrder,
    person: Person,
    target_on: dt.date | None,
    priority: str,
    today: dt.date,
    cost_pence: int | None = None,
) -> WorkOrder:
    """Change until when, how urgent, and what it costs. Raises Problem for a day after one that is fixed."""
    order = running(work_order, person, "change work")
    if priority not in WorkOrder.Priority.values:
        raise Problem("answers", "Say how urgent it is.", fields={"priority": "Choose one of the four."})
    order.target_on = target_for(order.defect, priority, target_on, today)
    order.priority, order.cost_pence = priority, cost_pence
    order.save(update_fields=["target_on", "priority", "cost_pence"])
    audit.append([WORK_ORDERS.fact(order, person.pk, person.name, kind="work-changed")])
    return order


@transaction.atomic
def cancel_work(*, work_order: WorkOrder, person: Person, reason: str) -> WorkOrder:
    """Take work back, saying why. Links that were sent for it end."""
    order = running(work_order, person, "take work back")
    if not reason.strip():
        raise Problem("reason_missing", "Say why.", fields={"reason": "Write a few words."})
    order.status = WorkOrder.Status.CANCELLED
    order.save(update_fields=["status"])
    revoke_links(purpose=WORK_ORDER, about=order.pk, person=person)
    words = f"Cancelled: {order.title}. {reason.strip()}"
    _, facts = write_note(order.defect, kind="order", words=words, at=timezone.now(), person=person, order=order)
    facts.append(WORK_ORDERS.fact(order, person.pk, person.name, kind="work-cancelled"))
    others = WorkOrder.objects.filter(defect=order.defect).exclude(status=WorkOrder.Status.CANCELLED)
    if order.defect.is_open and order.defect.stage == Stage.IN_HAND and not others.exists():
        facts += changed(order.defect, person, {"stage": Stage.TRIAGED})
    audit.append(facts)
    return order


@transaction.atomic
def chase_work(*, work_order: WorkOrder, person: Person, words: str = "") -> DefectNote:
    """Remind whoever has it to do, by e-mail; what was sent when is kept with the problem. Once a day at most."""
    order = running(work_order, person, "chase work")
    if not (order.assigned_to_id or order.contractor_id):
        raise Problem("nobody", "Nobody has this to do yet. Give it to somebody first.", status=409)
    if order.contractor and not order.contractor.email:
        raise Problem("no_email", f"{order.contractor} has no e-mail address here. Ring them, and add it.", status=409)
    if DefectNote.objects.filter(work_order=order, kind="chased", made_at__gt=timezone.now() - CHASED_AGAIN).exists():
        raise Problem("chased_already", f"{order.whose} was reminded within the last day.", status=409)
    said = f"{order.whose} was reminded by e-mail: {order.title}. {words.strip()}".strip()
    made, facts = write_note(order.defect, kind="chased", words=said, at=timezone.now(), person=person, order=order)
    audit.append(facts)
    send_later(order, "chased")
    return made
