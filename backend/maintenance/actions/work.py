"""Work orders: do one, check it, close it. Giving them out is beside (giving.py)."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from backend.core import audit
from backend.core.pictures import PICTURES
from backend.core.problems import Problem
from backend.maintenance.actions.defects import close_defect, note_defect
from backend.maintenance.actions.notes import changed, write_note
from backend.maintenance.evidence import WORK_ORDERS
from backend.maintenance.models import SENT_BACK, Contractor, Defect, DefectNote, DefectPhoto, Proof, Stage, WorkOrder
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import may, require

MOST_PENCE = 1_000_000_00


def order_locked(order: WorkOrder) -> WorkOrder:
    """The work order and its problem as they are now, held until the transaction ends: both are entered whole."""
    rows = WorkOrder.objects.select_for_update(of=("self", "defect"))
    found: WorkOrder = rows.select_related("site", "defect__site", "contractor", "assigned_to").get(pk=order.pk)
    return found


def brought_up_to_date(order: WorkOrder) -> WorkOrder:
    """The same object with what it and its problem hold now, held: it may have been read before somebody else changed them."""
    now = order_locked(order)
    for mine, theirs in ((order, now), (order.defect, now.defect)):
        for column in mine._meta.concrete_fields:
            setattr(mine, column.attname, getattr(theirs, column.attname))
    return order


def require_office(person: Person, order: WorkOrder, doing: str) -> None:
    """Refuse unless they look after this work: a firm's is also for whoever looks after contractors."""
    permit = permits.CONTRACTOR_MANAGE if order.contractor_id else permits.OFFICE_SETTLE
    require(person, permit, order.site, doing)


@transaction.atomic
def finish_work(
    *,
    id: uuid.UUID,
    work_order: WorkOrder,
    person: Person,
    note: str,
    made_at: dt.datetime,
    minutes: int | None = None,
    photos: Sequence[Mapping[str, Any]] = (),
    parts: str = "",
    cost_pence: int | None = None,
) -> DefectNote:
    """Finish a work order. Its defect stays open until the office has checked it. Whether the photos it needs are there is
    asked then: what was done is never refused."""
    made = note_defect(
        id=id,
        defect=work_order.defect,
        person=person,
        note=note or "Work done.",
        made_at=made_at,
        minutes=minutes,
        photos=photos,
        kind="work",
        work_order=work_order,
    )
    audit.append(finished(brought_up_to_date(work_order), person, made_at, minutes, parts, cost_pence))
    return made


def finished(
    order: WorkOrder, person: Person | None, at: dt.datetime, minutes: int | None, parts: str, cost_pence: int | None
) -> list[audit.Fact]:
    """Set a work order done, and its problem put right when no other work is running; what is to be entered of it.

    What is done after its problem was closed waits for nobody: whoever closed that has looked at it.
    """
    if cost_pence is not None and not 0 <= cost_pence <= MOST_PENCE:
        raise Problem("cost", "That cost cannot be right.", fields={"cost": "Up to £1,000,000."})
    order.status, order.done_at, order.minutes = WorkOrder.Status.DONE, at.astimezone(dt.UTC), minutes
    order.parts, order.cost_pence = parts.strip()[:500] or order.parts, order.cost_pence if cost_pence is None else cost_pence
    if not order.defect.is_open and order.defect.merged_into_id is None:
        order.status, order.checked_at = WorkOrder.Status.CHECKED, timezone.now()
    order.save(update_fields=["status", "done_at", "checked_at", "minutes", "parts", "cost_pence"])
    actor = (person.pk, person.name) if person else (None, "A firm's link")
    facts = [WORK_ORDERS.fact(order, *actor, kind="work-done")]
    defect = order.defect
    others = WorkOrder.objects.filter(defect=defect).running().exclude(pk=order.pk)
    if defect.is_open and defect.stage != Stage.ACCEPTED and not others.exists():
        facts += changed(defect, person, {"stage": Stage.PUT_RIGHT}, by="A firm's link")
    return facts


@transaction.atomic
def finish_by_firm(
    *,
    work_order: WorkOrder,
    firm: Contractor,
    who: str,
    note: str,
    photos: Sequence[Mapping[str, Any]] = (),
    minutes: int | None = None,
) -> DefectNote:
    """A firm says through its link that work is done. Raises Problem when it is not its work, is over, or lacks its proof."""
    order, now = order_locked(work_order), timezone.now()
    if order.contractor_id != firm.pk or not order.is_running:
        raise Problem("work_over", "This work has been finished or given to somebody else. There is nothing to do.", status=410)
    if not note.strip() or not who.strip():
        wrong = {"note": "Say what you did."} if not note.strip() else {"who": "Give your name."}
        raise Problem("answers", "Say what was done, and who you are.", fields=wrong)
    if order.proof and not proved(order, photos):
        detail = "Add a photo of it as it is now." if order.proof == Proof.PHOTO else "Add the certificate or report."
        raise Problem("proof_missing", detail, fields={"photos": detail})
    words = f"{note.strip()}\n{who.strip()[:120]}, {firm}"
    made, facts = write_note(
        order.defect, kind="work", words=words, at=now, person=None, firm=firm, order=order, minutes=minutes, photos=photos
    )
    audit.append([*facts, *finished(order, None, now, minutes, "", None)])
    return made


def proved(order: WorkOrder, photos: Sequence[Mapping[str, Any]] = ()) -> bool:
    """Whether the kind of file that the work needs came with it."""
    kinds = set(DefectPhoto.objects.filter(note__work_order=order).values_list("content_type", flat=True))
    kinds |= {str(each["type"]) for each in photos}
    return any(kind in PICTURES for kind in kinds) if order.proof == Proof.PHOTO else bool(kinds)


@transaction.atomic
def start_work(*, work_order: WorkOrder, person: Person) -> WorkOrder:
    """Say that work has begun. Raises Problem when it is over."""
    require(person, permits.DEFECT_WORK, work_order.site, "work on problems")
    order = order_locked(work_order)
    if order.status != WorkOrder.Status.OPEN:
        raise Problem("not_open", "That work has begun already, or is over.", status=409)
    order.status, order.started_at = WorkOrder.Status.STARTED, timezone.now()
    order.save(update_fields=["status", "started_at"])
    audit.append([WORK_ORDERS.fact(order, person.pk, person.name, kind="work-started")])
    return order


@transaction.atomic
def check_work(
    *,
    work_order: WorkOrder,
    person: Person,
    note: str = "",
    photos: Sequence[Mapping[str, Any]] = (),
    close: bool = True,
    without: str = "",
) -> WorkOrder:
    """Agree that work is done well, and close its problem with it (unless `close` is False, or other work still runs).

    Raises Problem while it is not done, and without the proof it needs.
    """
    require_office(person, work_order, "check work")
    order = order_locked(work_order)
    if order.status != WorkOrder.Status.DONE:
        raise Problem("not_done", "That work is not said to be done.", status=409)
    excused = order.proof == Proof.PHOTO and without.strip()
    if order.proof and not excused and not proved(order, photos):
        detail = "Add a photo of it as it is now." if order.proof == Proof.PHOTO else "Add the certificate or report."
        raise Problem("proof_missing", detail, fields={"photos": detail})
    now = timezone.now()
    order.status, order.checked_at = WorkOrder.Status.CHECKED, now
    order.save(update_fields=["status", "checked_at"])
    words = f"Checked: {order.title}. {note.strip()}".strip()
    _, facts = write_note(order.defect, kind="work", words=words, at=now, person=person, order=order, photos=photos)
    audit.append([*facts, WORK_ORDERS.fact(order, person.pk, person.name, kind="work-checked")])
    if close and closable(order.defect, person):
        close_defect(defect=order.defect, person=person, note=note or f"Put right: {order.title}.", without=without)
    return order


def closable(defect: Defect, person: Person) -> bool:
    """Whether a problem may be closed with the work that was just checked."""
    out = WorkOrder.objects.filter(defect=defect).out()
    return defect.is_open and may(person, permits.OFFICE_SETTLE, defect.site) and not out.exists()


@transaction.atomic
def send_back(*, work_order: WorkOrder, person: Person, reason: str) -> WorkOrder:
    """Say that work is not done well: it is to be done again. Raises Problem without a reason."""
    require_office(person, work_order, "send work back")
    order = order_locked(work_order)
    if order.status != WorkOrder.Status.DONE:
        raise Problem("not_done", "That work is not said to be done.", status=409)
    if not reason.strip():
        raise Problem("reason_missing", "Say what is not right.", fields={"reason": "Write a few words."})
    order.status, order.done_at = WorkOrder.Status.OPEN, None
    order.save(update_fields=["status", "done_at"])
    words = f"{SENT_BACK}{reason.strip()}"
    _, facts = write_note(order.defect, kind="order", words=words, at=timezone.now(), person=person, order=order)
    facts.append(WORK_ORDERS.fact(order, person.pk, person.name, kind="work-sent-back"))
    if order.defect.is_open and order.defect.stage == Stage.PUT_RIGHT:
        facts += changed(order.defect, person, {"stage": Stage.IN_HAND})
    audit.append(facts)
    return order
