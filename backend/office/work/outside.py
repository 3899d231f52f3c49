"""Pages for people without an account: a fault reported by a label, a firm's link to its work; and one's own reports."""

import re
import uuid
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backend.assets.models import Asset, Tag
from backend.core.days import today
from backend.core.ids import new_id
from backend.core.problems import NotFound, Problem
from backend.maintenance.actions import files_taken, finish_by_firm, receive_report, report_defect
from backend.maintenance.actions.notes import firm_owner
from backend.maintenance.links import WORK_ORDER, mark_used, open_link
from backend.maintenance.models import Defect, FaultReport, OnePurposeLink, Severity, Stage, WorkOrder
from backend.office.views.gate import person_of, signed_in
from backend.office.views.lists import page_of
from backend.office.work import forms
from backend.rules.tagcode import is_valid
from backend.trust import permits
from backend.trust.models import Building, Person, Site, Space, Trust
from backend.trust.scope import may
from backend.trust.signin import address_of
from backend.trust.tries import HOUR, count

REFERENCE: Final = re.compile(r"R-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}")
AN_HOUR_FROM_ONE_ADDRESS: Final = 20  # a school's pupils may share one address of the network
AN_HOUR_AT_ONE_LABEL: Final = 10


@dataclass(frozen=True, slots=True)
class Labelled:
    """What a label in use is on: an asset, or else a building or a room of it."""

    site: Site
    asset: Asset | None
    building: Building | None
    space: Space | None


def labelled(code: str) -> tuple[Tag | None, Labelled | None]:
    """The label and what it is on; None for what is in use nowhere."""
    places = ("building__site__school", "space__building__site__school")
    rows = Tag.objects.select_related("asset__site__school", "asset__type", *places)
    tag = rows.filter(pk=code, retired_at=None).first()
    if tag is None or tag.thing is None or (tag.asset and tag.asset.status == Asset.Status.RETIRED):
        return None, None
    site = tag.site
    assert site is not None  # it is on something
    return tag, Labelled(site, tag.asset, tag.space.building if tag.space else tag.building, tag.space)


def label_page(request: HttpRequest, code: str, person: Person | None, *, form: forms.FaultForm | None = None) -> HttpResponse:
    """What somebody sees who scans a label and may not see the asset: its kind and school, and a way to report a fault."""
    _, on = labelled(code)
    said = {
        "code": code,
        "on": on,
        "trust": Trust.objects.first(),
        "person": person,
        "form": form or forms.FaultForm(auto_id="fault-%s"),
        "next": f"/{code}",
    }
    return render(request, "office/scan_outside.html", said, status=422 if form else 200)


@require_POST
@never_cache
def report_fault(request: HttpRequest, code: str) -> HttpResponse:
    """Take in a fault that is reported by a label, from anybody."""
    code = code.upper()
    if not is_valid(code):
        raise NotFound("That label")
    limits = {f"fault:{address_of(request)}": AN_HOUR_FROM_ONE_ADDRESS, f"fault-at:{code}": AN_HOUR_AT_ONE_LABEL}
    count(limits, doing="to report a fault", seconds=HOUR)
    person = person_of(request)
    form = forms.FaultForm(request.POST, request.FILES, auto_id="fault-%s")
    if request.POST.get("website", "").strip():
        return HttpResponseRedirect("/reported/")  # a program: it learns nothing, and nothing is kept
    if form.is_valid():
        try:
            return HttpResponseRedirect(taken_in(code, person, form))
        except Problem as problem:
            form.show(problem)
    return label_page(request, code, person, form=form)


def taken_in(code: str, person: Person | None, form: forms.FaultForm) -> str:
    """Keep what was reported; answers where to go. Of somebody known who may report problems there it is a problem at once."""
    tag, on = labelled(code)
    if tag is None or on is None:
        raise Problem("label_unused", "This label is on nothing now. Please tell the school office.", status=409)
    said = form.cleaned_data
    if person is not None and may(person, permits.DEFECT_REPORT, on.site):
        taken = files_taken(said["photos"], owner=f"person:{person.pk}", papers=False)
        defect = report_defect(
            id=new_id(), site=on.site, person=person, summary=said["said"],
            severity=Severity.HIGH if said["unsafe"] else Severity.MEDIUM, unsafe=said["unsafe"], found_on=today(),
            reported_at=timezone.now(), asset=on.asset, building=on.building, space=on.space, photos=taken,
        )  # fmt: skip
        return f"/my-reports/{defect.pk}/?new=1"
    known = {"person": person} if person else {"name": said["name"], "email": said["email"]}
    report = receive_report(tag=tag, said=said["said"], unsafe=said["unsafe"], photos=said["photos"], **known)
    return f"/reported/{report.reference}/"


@require_safe
@never_cache
def reported(request: HttpRequest, reference: str = "") -> HttpResponse:
    """Thank you, the reference, and what happens next. The page knows nothing of the report."""
    if reference and not REFERENCE.fullmatch(reference):
        raise NotFound()
    return render(request, "office/work/reported.html", {"reference": reference, "trust": Trust.objects.first()})


@require_safe
@signed_in
def my_reports(request: HttpRequest, person: Person) -> HttpResponse:
    """What somebody has reported, newest first, and what became of it."""
    rows = Defect.objects.filter(reported_by=person.pk).select_related("site", "building", "space", "asset")
    waiting = FaultReport.objects.filter(reported_by=person.pk).exclude(status=FaultReport.Status.ACCEPTED)
    shown = page_of(request, rows.order_by("-reported_at", "pk"))
    said = {
        "page": shown,
        "states": {each.pk: state_of(each) for each in shown},
        "waiting": waiting.order_by("-received_at")[:50],
    }
    return render(request, "office/work/my_reports.html", said)


@require_safe
@signed_in
def my_report(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """One report of one's own, whatever else one may see."""
    rows = Defect.objects.filter(reported_by=person.pk).select_related("site", "building", "space", "asset", "merged_into")
    defect = rows.filter(pk=id).first()
    if defect is None:
        raise NotFound("That report")
    told = ("closed", "made-safe", "reopened")
    said = {
        "defect": defect,
        "state": state_of(defect),
        "notes": defect.notes.filter(kind__in=told).order_by("made_at", "pk"),
        "new": request.GET.get("new") == "1",
        "sees": may(person, permits.ESTATE_VIEW, defect.site),
    }
    return render(request, "office/work/my_report.html", said)


def state_of(defect: Defect) -> str:
    """How a report stands, in the words of whoever made it."""
    if defect.merged_into_id:
        return "Somebody else reported it too: it is seen to together with that"
    standing = defect.standing(today())
    return {
        "closed": defect.get_ending_display() or "Closed",
        Stage.NEW.value: "Nobody has looked at it yet",
        Stage.TRIAGED.value: "Looked at",
        Stage.IN_HAND.value: "Somebody is working on it",
        Stage.PUT_RIGHT.value: "Put right, and being checked",
        Stage.ACCEPTED.value: "It stays as it is for now",
    }[standing]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def firm_page(request: HttpRequest, text: str) -> HttpResponse:
    """A firm's link: one work order, and a way to say that it is done."""
    link = open_link(text, WORK_ORDER, address=address_of(request))
    rows = WorkOrder.objects.select_related("site__school", "defect__building", "defect__space", "defect__asset", "contractor")
    order = rows.filter(pk=link.about, contractor=link.contractor_id).first()
    if order is None:
        raise Problem("link_over", "This link has ended. Ask the school for a new one.", status=410)
    form = forms.FirmForm(request.POST or None, request.FILES or None, auto_id="firm-%s")
    if request.method == "POST" and form.is_valid():
        try:
            said_done(order, link, form)
        except Problem as problem:
            form.show(problem)
        else:
            return HttpResponseRedirect(request.path)
    said = {"order": order, "form": form, "trust": Trust.objects.first(), "running": order.is_running, "link": link}
    # no "no-referrer" here: a browser then posts the form with `Origin: null`, and it is refused; other sites learn nothing
    return render(request, "office/work/firm.html", said, status=422 if request.method == "POST" else 200)


def said_done(order: WorkOrder, link: OnePurposeLink, form: forms.FirmForm) -> None:
    """Keep what a firm says of its work."""
    said = form.cleaned_data
    assert order.contractor is not None
    files = files_taken(said["photos"], owner=firm_owner(order.contractor))
    finish_by_firm(
        work_order=order, firm=order.contractor, who=said["who"], note=said["note"], photos=files, minutes=said["minutes"]
    )
    mark_used(link)
