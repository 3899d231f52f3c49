"""Visits of firms: the list, planning one, and signing in and out."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from backend.core.days import today
from backend.core.problems import Forbidden, Problem
from backend.maintenance.actions.visits import call_off_visit, plan_visit, sign_in_visit, sign_out_visit
from backend.maintenance.models import ContractorPerson, ContractorVisit
from backend.maintenance.queries.contractors import people_missing, standing
from backend.office.contractors.firm_forms import VisitFilters, VisitForm
from backend.office.contractors.firms import manages
from backend.office.contractors.pages import Asked, form_page, looks_after, sent
from backend.office.views.csv_out import ListFile
from backend.office.views.gate import estate
from backend.office.views.lists import export, list_answer
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import may

HEAD = ("Day", "Firm", "School", "Site", "What for", "State", "Arrived", "Left", "Asbestos register shown", "Let in although")


@require_safe
@estate
def visit_list(request: HttpRequest, person: Person) -> HttpResponse:
    """Visits, the latest first."""
    return list_answer(request, "office/contractors/visits.html", VisitFilters(request.GET, person=person), may=manages(person))


@require_safe
@estate
def visit_csv(request: HttpRequest, person: Person) -> ListFile:
    """The same list as a file."""

    def line(visit: ContractorVisit) -> Sequence[Any]:
        return (
            visit.planned_on, visit.contractor.name, visit.site.school.name, visit.site.name, visit.purpose, visit.state,
            visit.arrived_at, visit.left_at, visit.asbestos_seen if visit.arrived_at else "", visit.let_in_why,
        )  # fmt: skip

    return export(VisitFilters(request.GET, person=person), "contractor-visits", HEAD, line)


@require_http_methods(["GET", "HEAD", "POST"])
@looks_after
def visit_add(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Plan a visit."""

    def act(said: dict[str, Any]) -> HttpResponseBase:
        visit = plan_visit(person=person, **said)
        return HttpResponseRedirect(f"/contractors/visits/{visit.pk}/")

    initial = {"contractor": request.GET.get("contractor", ""), "site": request.GET.get("site", "")}
    trail = [("Contractors", "/contractors/"), ("Visits", "/contractors/visits/")]
    asked = Asked(
        "A contractor is to come", "Here already? Plan it for today and sign them in on the next page.", "Plan it", trail
    )
    return form_page(request, VisitForm(sent(request), person=person, initial=initial), asked, act)


@require_http_methods(["GET", "HEAD", "POST"])
@estate
def visit_page(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """One visit: who comes, may they work here, sign in and out."""
    rows = ContractorVisit.objects.select_related(
        "site__school", "contractor", "building", "work_order", "let_in_by", "planned_by"
    )
    visit = rows.get_visible(person, pk=id)
    if request.method == "POST":
        try:
            said = done(request, person, visit)
        except Forbidden:
            raise
        except Problem as problem:
            return page(request, person, rows.get(pk=visit.pk), wrong=problem)
        messages.success(request, said)
        return HttpResponseRedirect(f"/contractors/visits/{visit.pk}/")
    return page(request, person, visit)


def done(request: HttpRequest, person: Person, visit: ContractorVisit) -> str:
    """Do what the button says; answers what to tell. Raises Problem."""
    typed = request.POST
    text = {name: typed.get(name, "").replace("\x00", "") for name in ("others", "let_in_why", "note", "why")}
    match typed.get("act"):
        case "in":
            chosen = [each for each in typed.getlist("people") if is_id(each)]
            people = list(ContractorPerson.objects.filter(pk__in=chosen, contractor=visit.contractor, left_on=None))
            sign_in_visit(
                person=person, visit=visit, people=people, others=text["others"], let_in_why=text["let_in_why"],
                asbestos_seen=bool(typed.get("asbestos_seen")),
            )  # fmt: skip
            return "Signed in."
        case "out":
            sign_out_visit(person=person, visit=visit, note=text["note"])
            return "Signed out."
        case "off":
            call_off_visit(person=person, visit=visit, why=text["why"])
            return "Called off."
    raise Problem("act", "Choose what to do with this visit.")


def is_id(text: str) -> bool:
    """Whether a text is an id."""
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def page(request: HttpRequest, person: Person, visit: ContractorVisit, wrong: Problem | None = None) -> HttpResponse:
    """The visit's page; `wrong` is why what was sent could not be done."""
    allowed = may(person, permits.CONTRACTOR_MANAGE, visit.site)
    people = list(ContractorPerson.objects.filter(contractor=visit.contractor, left_on=None)) if allowed else []
    missing = people_missing(people, visit.site, today()) if people else {}
    came = set(visit.people) if allowed else set()
    said = {
        "visit": visit,
        "stand": standing(visit.contractor, today()),
        "may": allowed,
        "people": [(each, missing.get(each.pk, [])) for each in people],
        "came": list(ContractorPerson.objects.filter(pk__in=came)) if came else [],
        "wrong": wrong,
        "sent": request.POST if wrong else {},
    }
    return render(request, "office/contractors/visit.html", said, status=422 if wrong else 200)
