"""What ends when a problem ends: work that is still out for it, and a risk that somebody asked to live with."""

import datetime as dt
from functools import partial

from django.db import transaction
from django_q.tasks import async_task

from backend.core import audit
from backend.maintenance.actions.notes import write_note
from backend.maintenance.evidence import RISKS, WORK_ORDERS
from backend.maintenance.links import WORK_ORDER, revoke_links
from backend.maintenance.models import AcceptedRisk, Defect, WorkOrder
from backend.trust.models import Person


def end_with_it(defect: Defect, person: Person, at: dt.datetime) -> list[audit.Fact]:
    """End what was under way for a problem that is closed, and what is to be entered of it.

    Work that was said to be done counts as checked: whoever closes the problem has seen it. Work that is still out is taken
    back, its links end, and whoever has it is told. A risk that nobody has decided on is not decided any more.
    """
    facts: list[audit.Fact] = []
    held = WorkOrder.objects.of(defect).out().select_for_update(of=("self",)).select_related("contractor", "assigned_to")
    for order in held.order_by("pk"):
        if order.status == WorkOrder.Status.DONE:
            order.status, order.checked_at = WorkOrder.Status.CHECKED, at.astimezone(dt.UTC)
            order.save(update_fields=["status", "checked_at"])
            facts.append(WORK_ORDERS.fact(order, person.pk, person.name, kind="work-checked"))
            continue
        order.status = WorkOrder.Status.CANCELLED
        order.save(update_fields=["status"])
        revoke_links(purpose=WORK_ORDER, about=order.pk, person=person)
        words = f"Taken back, as the problem is closed: {order.title} ({order.whose})."
        facts += write_note(defect, kind="order", words=words, at=at, person=person, order=order)[1]
        facts.append(WORK_ORDERS.fact(order, person.pk, person.name, kind="work-cancelled"))
        if (order.assigned_to_id or order.contractor_id) and order.assigned_to_id != person.pk:
            transaction.on_commit(partial(async_task, "backend.maintenance.tasks.send_over", str(order.pk)))
    for risk in defect.risks.filter(decision=AcceptedRisk.Decision.WAITING).select_for_update(of=("self",)):
        risk.decision = AcceptedRisk.Decision.ENDED
        risk.save(update_fields=["decision"])
        facts.append(RISKS.fact(risk, person.pk, person.name, kind="risk-ended"))
    return facts
