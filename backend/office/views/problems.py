"""Problems: the list, and each one's page with what can be done."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backend.core.days import today
from backend.maintenance.actions.remedials import code_found
from backend.maintenance.models import Defect, DefectNote, Stage, WorkOrder
from backend.office.forms.estate import ProblemFilters
from backend.office.maps.pictured import where_is
from backend.office.queries.library import discipline_title
from backend.office.queries.photos import defect_photos
from backend.office.templatetags.work import stage_words
from backend.office.views.csv_out import ListFile
from backend.office.views.gate import estate
from backend.office.views.lists import export, list_answer
from backend.office.work import forms
from backend.office.work.deeds import DEEDS, form_for, may_do
from backend.trust.models import Person

HEAD = (
    "What is wrong", "How serious", "Unsafe", "Made safe by", "Status", "Found on", "Closed on", "School", "Site", "Building",
    "Place", "Asset", "Discipline", "Reported by", "How far", "Code", "Put right by", "Date fixed", "Accepted until",
)  # fmt: skip


@require_safe
@estate
def problem_list(request: HttpRequest, person: Person) -> HttpResponse:
    """Problems, the worst first."""
    filters = ProblemFilters(request.GET, person=person)
    return list_answer(request, "office/problems.html", filters)


@require_safe
@estate
def problem_csv(request: HttpRequest, person: Person) -> ListFile:
    """The same list as CSV."""

    def line(defect: Defect) -> Sequence[Any]:
        return (
            defect.summary, defect.get_severity_display(), defect.unsafe, defect.made_safe, defect.get_status_display(),
            defect.found_on, defect.closed_at, defect.site.school.name, defect.site.name, defect.building or "",
            defect.space or "", defect.asset or "", discipline_title(defect.discipline), defect.reported_by or "",
            stage_words(defect), defect.code, defect.target_on, defect.deadline_fixed, defect.accepted_until,
        )  # fmt: skip

    return export(ProblemFilters(request.GET, person=person), "problems", HEAD, line)


def found(person: Person, id: uuid.UUID) -> Defect:
    """The problem, or NotFound."""
    rows = Defect.objects.select_related("site__school", "building", "space", "asset", "reported_by")
    return rows.get_visible(person, pk=id)


@require_safe
@estate
def problem_page(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """One problem: what is wrong, where, what has happened since, and what can be done."""
    return page(request, person, found(person, id))


def page(request: HttpRequest, person: Person, defect: Defect, *, tried: tuple[str, forms.Deed] | None = None) -> HttpResponse:
    """The problem's page; `tried` is the form that was not taken, with what was typed."""
    own, by_note = defect_photos(defect)
    now = today()
    standing = defect.standing(now)
    family = DefectNote.objects.filter(Q(defect=defect) | Q(defect__merged_into=defect))
    notes = family.select_related("made_by", "work_order", "firm", "defect").order_by("made_at", "pk")
    orders = list(WorkOrder.objects.of(defect).select_related("assigned_to", "contractor"))
    said = {
        "defect": defect,
        "standing": standing,
        "stage": defect.get_ending_display() if standing == "closed" else Stage(standing).label,
        "barred": defect.bars_use(now),
        "late": defect.is_open and defect.target_on is not None and defect.target_on < now,
        "code": code_found(defect.scheme, defect.code),
        "pictured": own,
        "where": where_is(person, defect.asset),
        "notes": [{"note": note, "pictured": by_note.get(note.pk)} for note in notes],
        "findings": defect.findings.select_related("record__check_type"),
        "work_orders": orders,
        "out": [order for order in orders if order.is_out] if defect.is_open else [],
        "duplicates": defect.duplicates.all(),
        "risk": defect.risks.filter(decision__in=("waiting", "agreed")).select_related("asked_by", "decided_by").first(),
        "deeds": offered(defect, standing, person, tried),
        "wrong": tried is not None,
    }
    return render(request, "office/problem.html", said, status=422 if tried else 200)


def offered(defect: Defect, standing: str, person: Person, tried: tuple[str, forms.Deed] | None) -> list[dict[str, Any]]:
    """What somebody can do with it now, the likeliest first, each with its form."""
    shown = []
    for key in order_of(standing):
        if not may_do(key, defect, person) or not DEEDS[key].offered(defect, standing):
            continue
        form = tried[1] if tried and tried[0] == key else form_for(key, defect, person)
        if key == "merge" and not form.fields["same"].choices:  # type: ignore[attr-defined]
            continue
        if key == "decide-risk" and not waiting_risk(defect, person):
            continue
        files = any(isinstance(each, forms.FilesField) for each in form.fields.values())
        shown.append({"key": key, "words": DEEDS[key].words, "form": form, "files": files, "wrong": form.errors})
    if tried and tried[0] not in {each["key"] for each in shown}:
        shown.insert(0, {"key": tried[0], "words": DEEDS[tried[0]].words, "form": tried[1], "wrong": True, "over": True})
    return shown


def waiting_risk(defect: Defect, person: Person) -> bool:
    """Whether a risk that somebody else asked for is to be decided."""
    return defect.risks.filter(decision="waiting").exclude(asked_by=person.pk).exists()


def order_of(standing: str) -> list[str]:
    """The deeds, the likeliest for how it stands first."""
    first = {Stage.NEW.value: "triage", Stage.PUT_RIGHT.value: "close", "closed": "reopen"}.get(standing, "close")
    likely = ["decide-risk", first] if standing != Stage.TRIAGED else ["decide-risk", "give"]
    return [*likely, *(key for key in DEEDS if key not in likely)]
