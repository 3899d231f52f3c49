"""Problems: the list, each one's page, and closing one with words."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from backend.core.problems import Problem
from backend.maintenance.actions import close_defect
from backend.maintenance.models import Defect
from backend.office.forms.estate import ProblemFilters
from backend.office.queries.library import discipline_title
from backend.office.queries.photos import defect_photos
from backend.office.views.gate import estate
from backend.office.views.lists import export, list_answer
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import may, require

HEAD = (
    "What is wrong", "How serious", "Unsafe", "Made safe by", "Status", "Found on", "Closed on", "School", "Site", "Building",
    "Place", "Asset", "Discipline", "Reported by",
)  # fmt: skip


@require_safe
@estate
def problem_list(request: HttpRequest, person: Person) -> HttpResponse:
    """Problems, the worst first."""
    filters = ProblemFilters(request.GET, person=person)
    return list_answer(request, "office/problems.html", filters)


@require_safe
@estate
def problem_csv(request: HttpRequest, person: Person) -> StreamingHttpResponse:
    """The same list as CSV."""

    def line(defect: Defect) -> Sequence[Any]:
        return (
            defect.summary, defect.get_severity_display(), defect.unsafe, defect.made_safe, defect.get_status_display(),
            defect.found_on, defect.closed_at, defect.site.school.name, defect.site.name, defect.building or "",
            defect.space or "", defect.asset or "", discipline_title(defect.discipline), defect.reported_by or "",
        )  # fmt: skip

    return export(ProblemFilters(request.GET, person=person), "problems", HEAD, line)


def found(person: Person, id: uuid.UUID) -> Defect:
    """The problem, or NotFound."""
    rows = Defect.objects.select_related("site__school", "building", "space", "asset", "reported_by")
    return rows.get_visible(person, pk=id)


@require_safe
@estate
def problem_page(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """One problem: what is wrong, where, what has happened since."""
    return page(request, person, found(person, id))


def page(request: HttpRequest, person: Person, defect: Defect, *, wrong: str = "", typed: str = "") -> HttpResponse:
    """The problem's page, with what was typed when it could not be taken."""
    own, by_note = defect_photos(defect)
    notes = list(defect.notes.select_related("made_by", "work_order"))
    said = {
        "defect": defect,
        "pictured": own,
        "notes": [{"note": note, "pictured": by_note.get(note.pk)} for note in notes],
        "findings": defect.findings.select_related("record__check_type"),
        "work_orders": defect.work_orders.select_related("assigned_to"),
        "may_close": may(person, permits.OFFICE_SETTLE, defect.site),
        "wrong": wrong,
        "typed": typed,
    }
    return render(request, "office/problem.html", said, status=422 if wrong else 200)


@require_POST
@estate
def close(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Close a problem, saying what was done."""
    defect = found(person, id)
    require(person, permits.OFFICE_SETTLE, defect.site, "close problems")
    note = request.POST.get("note", "").replace("\x00", "")[:4000]
    try:
        close_defect(defect=defect, person=person, note=note)
    except Problem as problem:
        defect.refresh_from_db(fields=["status", "closed_at"])
        return page(request, person, defect, wrong=str(problem.fields.get("note", problem.detail)), typed=note)
    messages.success(request, "Closed. What was done is kept with it.")
    return HttpResponseRedirect(f"/problems/{defect.pk}/")
