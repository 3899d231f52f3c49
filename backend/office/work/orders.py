"""Work orders: the list, each one's page, and what can be done with one."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from backend.core.days import today
from backend.core.files import person_owner
from backend.core.ids import new_id
from backend.maintenance.actions import (
    cancel_work,
    change_work,
    chase_work,
    check_work,
    files_taken,
    finish_work,
    reassign_work,
    send_back,
    start_work,
)
from backend.maintenance.actions.work import require_office
from backend.maintenance.links import WORK_ORDER
from backend.maintenance.models import OnePurposeLink, WorkOrder
from backend.office.forms.money import pence
from backend.office.queries.photos import defect_photos
from backend.office.views.csv_out import ListFile
from backend.office.views.gate import estate
from backend.office.views.lists import export, list_answer
from backend.office.work import forms
from backend.office.work.doers import doer_of, doers
from backend.office.work.doing import done_and_back
from backend.office.work.filters import WorkOrderFilters
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import may, require

HEAD = (
    "Work", "How far", "How urgent", "Done by", "Who", "Kind", "School", "Site", "Building", "Place", "Asset", "Problem",
    "Given out", "Begun", "Done", "Checked", "Minutes", "Parts", "Cost in £",
)  # fmt: skip
Said = dict[str, Any]


@require_safe
@estate
def order_list(request: HttpRequest, person: Person) -> HttpResponse:
    """Work orders, what is due first."""
    return list_answer(request, "office/work/orders.html", WorkOrderFilters(request.GET, person=person), today=today())


@require_safe
@estate
def order_csv(request: HttpRequest, person: Person) -> ListFile:
    """The same list as CSV."""

    def line(order: WorkOrder) -> Sequence[Any]:
        defect = order.defect
        return (
            order.title, order.get_status_display(), order.get_priority_display(), order.target_on, order.whose,
            "Contractor" if order.contractor_id else "Own people", order.site.school.name, order.site.name,
            defect.building or "", defect.space or "", defect.asset or "", defect.summary, order.given_at, order.started_at,
            order.done_at, order.checked_at, order.minutes, order.parts,
            f"{order.cost_pence / 100:.2f}" if order.cost_pence is not None else "",
        )  # fmt: skip

    return export(WorkOrderFilters(request.GET, person=person), "work-orders", HEAD, line)


def found(person: Person, id: uuid.UUID) -> WorkOrder:
    """The work order, or NotFound."""
    beside = ("site__school", "assigned_to", "contractor", "given_by", "defect__site", "defect__building", "defect__space")
    return WorkOrder.objects.select_related(*beside, "defect__asset").get_visible(person, pk=id)


@require_safe
@estate
def order_page(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """One work order: what, where, until when, what was done, and what can be done now."""
    return page(request, person, found(person, id))


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing to do with a work order; `office` says that it is for whoever looks after the work."""

    words: str
    form: type[forms.Deed]
    office: bool
    states: Sequence[str]
    do: Callable[[WorkOrder, Person, Said], Any]
    told: str


def done(order: WorkOrder, person: Person, said: Said) -> None:
    """Say that it is done."""
    files = files_taken(said["photos"], owner=person_owner(person.pk))
    finish_work(
        id=new_id(), work_order=order, person=person, note=said["note"], made_at=timezone.now(), minutes=said["minutes"],
        photos=files, parts=said["parts"], cost_pence=pence(said["cost"]),
    )  # fmt: skip


def check(order: WorkOrder, person: Person, said: Said) -> None:
    """Agree that it is done well."""
    files = files_taken(said["photos"], owner=person_owner(person.pk))
    check_work(work_order=order, person=person, note=said["note"], photos=files, without=said["without"])


def change(order: WorkOrder, person: Person, said: Said) -> None:
    """Change day, urgency and cost."""
    change_work(
        work_order=order, person=person, target_on=said["target_on"], priority=said["priority"], today=today(),
        cost_pence=pence(said["cost"]),
    )  # fmt: skip


def reassign(order: WorkOrder, person: Person, said: Said) -> None:
    """Give it to somebody else."""
    to, despite = doer_of(said["to"]), said["despite"]
    reassign_work(work_order=order, person=person, to=to, reason=said["reason"], despite=despite)


RUNNING: Final = ("open", "started")
DEEDS: Final[dict[str, Deed]] = {
    "start": Deed("Begin", forms.Deed, False, ("open",), lambda o, p, _s: start_work(work_order=o, person=p), "Begun."),
    "done": Deed("Say that it is done", forms.DoneForm, False, RUNNING, done, "Done. The office checks it."),
    "check": Deed("Check it and close the problem", forms.CheckForm, True, ("done",), check, "Checked."),
    "send-back": Deed(
        "Send it back", forms.ReasonForm, True, ("done",),
        lambda o, p, s: send_back(work_order=o, person=p, reason=s["reason"]), "Sent back.",
    ),
    "chase": Deed(
        "Send a reminder", forms.ChaseForm, True, RUNNING,
        lambda o, p, s: chase_work(work_order=o, person=p, words=s["words"]), "A reminder is on its way.",
    ),
    "reassign": Deed(
        "Give it to somebody else", forms.ReassignForm, True, RUNNING,
        reassign, "Given on.",
    ),
    "change": Deed("Change the day or the cost", forms.ChangeWorkForm, True, RUNNING, change, "Changed."),
    "cancel": Deed(
        "Take it back", forms.ReasonForm, True, RUNNING,
        lambda o, p, s: cancel_work(work_order=o, person=p, reason=s["reason"]), "Taken back.",
    ),
}  # fmt: skip


def may_do(key: str, order: WorkOrder, person: Person) -> bool:
    """Whether somebody may do it."""
    office = permits.CONTRACTOR_MANAGE if order.contractor_id else permits.OFFICE_SETTLE
    return may(person, office if DEEDS[key].office else permits.DEFECT_WORK, order.site)


def form_for(key: str, order: WorkOrder, person: Person, data: Any = None, files: Any = None) -> forms.Deed:
    """The form of a deed, with what stands or what was typed."""
    more: dict[str, Any] = {"choices": doers([order.site], person)[order.site_id]} if key == "reassign" else {}
    cost = order.cost_pence / 100 if order.cost_pence is not None else None
    first = {"target_on": order.target_on, "priority": order.priority, "cost": cost} if key == "change" else {}
    made: forms.Deed = DEEDS[key].form(data, files, initial=first, auto_id=f"{key}-%s", **more)
    return made


def page(request: HttpRequest, person: Person, order: WorkOrder, *, tried: tuple[str, forms.Deed] | None = None) -> HttpResponse:
    """The page; `tried` is the form that was not taken."""
    own, by_note = defect_photos(order.defect)
    shown = []
    for key, deed in DEEDS.items():
        mine = tried is not None and tried[0] == key
        if may_do(key, order, person) and (order.status in deed.states or mine):
            form = tried[1] if tried and mine else form_for(key, order, person)
            files = any(isinstance(each, forms.FilesField) for each in form.fields.values())
            shown.append({"key": key, "words": deed.words, "form": form, "files": files, "wrong": form.errors})
    notes = order.notes.select_related("made_by", "firm").order_by("made_at", "pk")
    links = OnePurposeLink.objects.filter(purpose=WORK_ORDER, about=order.pk).select_related("contractor")
    office = may_do("check", order, person)
    said = {
        "order": order,
        "late": order.is_late(today()),
        "before": own,
        "notes": [{"note": each, "pictured": by_note.get(each.pk)} for each in notes],
        "deeds": shown,
        "links": list(links[:5]) if office else [],
        "cost": f"£{order.cost_pence / 100:,.2f}" if order.cost_pence is not None else "",
        "wrong": tried is not None,
    }
    return render(request, "office/work/order.html", said, status=422 if tried else 200)


def act(request: HttpRequest, person: Person, id: uuid.UUID, key: str) -> HttpResponse:
    """Do one of them, or show the page again with what was wrong."""
    order, deed = found(person, id), DEEDS[key]
    if deed.office:
        require_office(person, order, deed.words[0].lower() + deed.words[1:])
    else:
        require(person, permits.DEFECT_WORK, order.site, "work on problems")
    form = form_for(key, order, person, request.POST, request.FILES)
    back = f"/work-orders/{order.pk}/"
    done = done_and_back(request, form, lambda: deed.do(order, person, form.cleaned_data), told=deed.told, back=back)
    return done or page(request, person, found(person, id), tried=(key, form))
