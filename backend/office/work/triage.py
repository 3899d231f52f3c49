"""The triage page: what is new, the worst first, each with what is to be decided beside it; and strangers' reports."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from backend.core.days import today
from backend.core.problems import NotFound, Problem
from backend.maintenance.actions import accept_report, join_report, refuse_report
from backend.maintenance.models import Defect, FaultReport, Stage
from backend.office.forms.estate import SEVERITY_ORDER
from backend.office.queries.photos import Photo, Pictured, mark_here
from backend.office.views.gate import estate
from backend.office.views.lists import page_of
from backend.office.work import forms
from backend.office.work.doers import doers
from backend.office.work.similar import similar_to
from backend.rules.remedials import usual_target
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import require

SHOWN = 50


@require_safe
@estate
def triage_page(request: HttpRequest, person: Person) -> HttpResponse:
    """New problems, the worst first, fifty at a time; and reports that wait. The number of queries does not grow with them."""
    theirs = Defect.objects.visible_to(person, permits.OFFICE_SETTLE).filter(status=Defect.Status.OPEN, stage=Stage.NEW)
    places = ("site__school", "building", "space", "asset", "reported_by")
    rows = theirs.select_related(*places).order_by("-unsafe", SEVERITY_ORDER, "found_on", "pk")
    reports = FaultReport.objects.visible_to(person, permits.OFFICE_SETTLE).filter(status=FaultReport.Status.WAITING)
    number = theirs.count()
    shown = list(rows[:SHOWN])
    people = doers([each.site for each in shown], person)
    same = similar_to(shown, person)
    said = {
        "number": number,
        "more": number - len(shown),
        "new": [{"defect": each, "form": form_of(each, people), "same": same[each.pk]} for each in shown],
        "reports": page_of(
            request, reports.select_related("site__school", "asset", "building").order_by("-unsafe", "received_at")
        ),
        "today": today(),
    }
    return render(request, "office/work/triage.html", said)


def form_of(defect: Defect, people: object) -> forms.TriageForm:
    """What is to be decided, with what follows from how bad it was said to be."""
    choices = people[defect.site_id]  # type: ignore[index]
    target = defect.target_on or usual_target(defect.severity, today())
    first = {"severity": defect.severity, "unsafe": defect.unsafe, "target_on": target}
    return forms.TriageForm(initial=first, choices=choices, auto_id=f"t{defect.pk}-%s")


def report_found(person: Person, id: uuid.UUID) -> FaultReport:
    """The report, or NotFound; Forbidden for a colleague who does not settle reports."""
    rows = FaultReport.objects.visible_to(person).select_related("site__school", "asset__type", "building", "space", "defect")
    found = rows.filter(pk=id).first()
    if found is None:
        raise NotFound("That report")
    require(person, permits.OFFICE_SETTLE, found.site, "settle reports")
    return found


@require_safe
@estate
def report_page(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """One report from somebody without an account, and what can be done with it."""
    return show_report(request, person, report_found(person, id))


def known_near(report: FaultReport, person: Person) -> list[tuple[str, str]]:
    """The open problems that it may be about."""
    about = Defect(id=report.pk, asset_id=report.asset_id, space_id=report.space_id, building_id=report.building_id)
    return [(str(each.pk), each.summary) for each in similar_to([about], person)[about.pk]]


def show_report(
    request: HttpRequest, person: Person, report: FaultReport, *, tried: tuple[str, forms.Deed] | None = None
) -> HttpResponse:
    """The page of a report; `tried` is the form that was not taken."""
    pictured = Pictured(report, [Photo(each.sha256, each.content_type) for each in report.photos.order_by("pk")])
    mark_here(pictured.photos)
    made: dict[str, forms.Deed] = {
        "accept": forms.AcceptForm(
            initial={"summary": report.said[:500], "unsafe": report.unsafe, "severity": "high" if report.unsafe else "medium"},
            auto_id="accept-%s",
        ),
        "join": forms.JoinForm(choices=known_near(report, person), auto_id="join-%s"),
        "refuse": forms.ReasonForm(auto_id="refuse-%s"),
    } | dict([tried] if tried else [])
    said = {"report": report, "pictured": pictured, "made": made, "waiting": report.status == FaultReport.Status.WAITING}
    return render(request, "office/work/report.html", said, status=422 if tried else 200)


@require_POST
@estate
def accept(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Take a report on as a problem."""
    report = report_found(person, id)
    return settle(request, person, report, "accept", forms.AcceptForm(request.POST, auto_id="accept-%s"))


@require_POST
@estate
def join(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Add a report to a problem that is known."""
    report = report_found(person, id)
    form = forms.JoinForm(request.POST, choices=known_near(report, person), auto_id="join-%s")
    return settle(request, person, report, "join", form)


@require_POST
@estate
def refuse(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Do not take a report on."""
    report = report_found(person, id)
    return settle(request, person, report, "refuse", forms.ReasonForm(request.POST, auto_id="refuse-%s"))


def settle(request: HttpRequest, person: Person, report: FaultReport, key: str, form: forms.Deed) -> HttpResponse:
    """Do it, or show the page again with what was wrong."""
    if form.is_valid():
        try:
            settled(report, person, key, form.cleaned_data)
        except Problem as problem:
            if problem.status in {403, 404}:
                raise
            form.show(problem)
        else:
            messages.success(request, "Settled. Whoever reported it is told, if they left an address.")
            return HttpResponseRedirect("/problems/triage/")
    report.refresh_from_db()
    return show_report(request, person, report, tried=(key, form))


def settled(report: FaultReport, person: Person, key: str, said: dict[str, object]) -> None:
    """Call the action."""
    if key == "accept":
        accept_report(
            report=report,
            person=person,
            severity=str(said["severity"]),
            unsafe=bool(said["unsafe"]),
            summary=str(said["summary"]),
        )
    elif key == "join":
        join_report(report=report, person=person, defect=Defect.objects.get_visible(person, pk=said["defect"]))
    else:
        refuse_report(report=report, person=person, reason=str(said["reason"]))
