"""Missed checks: the list, with what was said about each since."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from backend.checks.models import Lapse
from backend.office.forms.estate import LapseFilters
from backend.office.queries.library import discipline_title
from backend.office.queries.misses import as_miss
from backend.office.views.gate import estate
from backend.office.views.lists import export, list_answer
from backend.trust.models import Person

HEAD = ("Was due on", "School", "Site", "Building", "Asset", "Check", "Discipline", "Status", "What was said since", "Sealed")


@require_safe
@estate
def lapse_list(request: HttpRequest, person: Person) -> HttpResponse:
    """Missed checks, newest first."""
    filters = LapseFilters(request.GET, person=person)
    return list_answer(request, "office/lapses.html", filters)


@require_safe
@estate
def lapse_csv(request: HttpRequest, person: Person) -> StreamingHttpResponse:
    """The same list as CSV."""

    def line(lapse: Lapse) -> Sequence[Any]:
        miss, plan = as_miss(lapse), lapse.plan
        status = "Withdrawn" if not miss.stands else "Excused" if miss.excused else "Missed"
        said = "; ".join(f"{note.get_kind_display()}: {note.reason}" for note in miss.notes)
        building = plan.building or (plan.asset.building if plan.asset else None) or ""
        return (
            lapse.due_on, plan.site.school.name, plan.site.name, building, plan.asset or "", plan.check_type.title,
            discipline_title(plan.discipline), status, said, lapse.sealed_at,
        )  # fmt: skip

    return export(LapseFilters(request.GET, person=person), "missed-checks", HEAD, line)
