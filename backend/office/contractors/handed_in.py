"""Reports that firms hand in: their page without an account, and the office's, where each is filed or not used."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from rest_framework.exceptions import Throttled

from backend.checks.models import Certificate
from backend.core.problems import NotFound, Problem
from backend.maintenance.actions.uploads import PURPOSE, hand_in, settle_upload
from backend.maintenance.links import open_link
from backend.maintenance.models import ReportRequest, ReportUpload
from backend.office.contractors.firm_forms import WhyForm
from backend.office.contractors.pages import Asked, content_of, form_page, handed_on, looks_after, sent
from backend.trust.models import Person, Trust
from backend.trust.signin import address_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hand_in_page(request: HttpRequest, text: str) -> HttpResponse:
    """A firm's page: hand in the report that is asked for. It says nothing of the school but what is asked."""
    try:
        link = open_link(text, PURPOSE, address=address_of(request))
    except Throttled as refused:
        raise Problem("too_many_tries", str(refused.detail), status=429) from refused
    row = ReportRequest.objects.select_related("contractor", "site").get(pk=link.about)
    wrong: Problem | None = None
    if request.method == "POST":
        words = {name: request.POST.get(name, "").replace("\x00", "") for name in ("from_name", "note")}
        try:
            hand_in(link=link, content=content_of(request.FILES.get("file")), address=address_of(request), **words)
            return HttpResponseRedirect(f"/hand-in/{text}/?done=1")
        except Problem as problem:
            wrong = problem
        except Throttled as refused:
            wrong = Problem("too_many_tries", str(refused.detail), status=429)
    said: dict[str, Any] = {
        "row": row,
        "link": link,
        "wrong": wrong,
        "done": "done" in request.GET,
        "trust": Trust.objects.first(),
    }
    said |= {"from_name": request.POST.get("from_name", ""), "note": request.POST.get("note", "")}
    answer = render(request, "office/contractors/hand_in.html", said, status=wrong.status if wrong else 200)
    answer["X-Robots-Tag"] = "noindex"
    return answer


def upload_of(person: Person, id: uuid.UUID) -> ReportUpload:
    """The report handed in, or NotFound."""
    rows = ReportUpload.objects.visible_to(person).select_related("contractor", "site", "request", "settled_by")
    row: ReportUpload | None = rows.filter(pk=id).first()
    if row is None:
        raise NotFound("That report")
    return row


@require_safe
@looks_after
def upload_list(request: HttpRequest, person: Person) -> HttpResponse:
    """What has been handed in and waits."""
    rows = ReportUpload.objects.visible_to(person).filter(state=ReportUpload.State.WAITING)
    return render(
        request, "office/contractors/handed_in.html", {"uploads": rows.select_related("contractor", "site", "request")[:200]}
    )


@require_safe
@looks_after
def upload_page(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """One report handed in: look at it, file it, or do not use it."""
    row = upload_of(person, id)
    filed = Certificate.objects.visible_to(person).standing().filter(sha256=row.sha256).select_related("check_type", "site")
    plan = f"&plan={'&plan='.join(row.request.plan_ids)}" if row.request.plan_ids else ""
    said = {"row": row, "filed": filed[:20], "file_link": f"/certificates/file/?upload={row.pk}{plan}"}
    return render(request, "office/contractors/upload.html", said)


@require_safe
@looks_after
def upload_file(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:  # noqa: ARG001  every page is given it
    """The file as it came."""
    row = upload_of(person, id)
    return handed_on(row.sha256, row.content_type, f"report-{row.sha256[:12]}")


@require_http_methods(["GET", "HEAD", "POST"])
@looks_after
def upload_refuse(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:
    """Say why a report handed in is not used."""
    row = upload_of(person, id)

    def act(said: dict[str, Any]) -> HttpResponseBase:
        settle_upload(person=person, upload=row, filed=False, reason=said["why"])
        messages.success(request, "Noted. The file is kept with the reason.")
        return HttpResponseRedirect("/contractors/handed-in/")

    trail = [("Contractors", "/contractors/"), ("Handed in", "/contractors/handed-in/")]
    form = WhyForm(sent(request))
    form.fields["why"].label = "Why it is not used"
    return form_page(
        request, form, Asked(f"Do not use: {row.request.words}", "The file stays, with your reason.", "Do not use it", trail), act
    )
