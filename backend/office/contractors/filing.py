"""Filing a certificate: choose what it is of, then one form; and the certificate of work that put a problem right."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from backend.checks.actions import file_certificate, file_remedial, withdraw_certificate
from backend.checks.models import Certificate, CheckType, Plan
from backend.core.files import person_owner, vouch
from backend.core.models import StoredFile
from backend.core.problems import Forbidden, NotFound, Problem
from backend.maintenance.models import Defect, ReportUpload
from backend.office.contractors.certificate_forms import CertificateForm, RemedialForm
from backend.office.contractors.firm_forms import WhyForm
from backend.office.contractors.handed_in import upload_of
from backend.office.contractors.pages import Asked, files, form_page, hold, looks_after, sent, taken_or_held
from backend.office.views.forms_said import put_on
from backend.rules.papers import ENGINEER, FIRM, NEXT, NUMBER
from backend.trust import permits
from backend.trust.models import Person, Site
from backend.trust.scope import may, require

MOST_ROWS = 400
SEVERAL = "several"
"""A report for several sites: what it covers is chosen on the form."""
WITH_PAPER = ("certificate", "document")


def plans_of(person: Person) -> Any:
    """The planned checks for which somebody files certificates."""
    rows = Plan.objects.visible_to(person, permits.CONTRACTOR_MANAGE).filter(active=True)
    return rows.select_related("check_type__current", "site__school", "building", "asset__building")


def ids(values: Sequence[str]) -> list[uuid.UUID]:
    """The ids among texts."""
    found = []
    for each in values:
        try:
            found.append(uuid.UUID(each))
        except ValueError:
            raise NotFound("That check") from None
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@looks_after
def file_page(request: HttpRequest, person: Person) -> HttpResponseBase:
    """File a certificate. Without a check chosen, the page asks which."""
    asked = request.GET
    upload = upload_of(person, ids([asked["upload"]])[0]) if asked.get("upload") else None
    corrects = to_correct(person, asked["corrects"]) if asked.get("corrects") else None
    rows = plans_of(person)
    chosen = list(rows.filter(pk__in=ids(asked.getlist("plan")))) if asked.get("plan") else []
    if asked.get("plan") and not chosen:
        raise NotFound("That check")
    if corrects:
        items = corrects.items.values_list("record__plan_id", flat=True)
        chosen = list(rows.filter(pk__in=list(items)))
    check = corrects.check_type if corrects else chosen[0].check_type if chosen else check_named(asked.get("check", ""))
    if check is None:
        return choose(request, person, upload)
    if not (chosen or asked.get("site") or upload) and (places := planned_at(rows, check)) > 1:
        return choose(request, person, upload, check=check, places=places)
    plans = covered_by(rows, check, chosen, asked.get("site", ""), upload)
    if not plans:
        raise Problem("nothing_planned", "That check is planned nowhere that you look after.", status=404)
    initial = said_before(asked, upload, corrects, chosen)
    form = CertificateForm(sent(request), files(request), person=person, check=check, plans=plans[:MOST_ROWS], initial=initial)
    if request.method == "POST" and "more" not in request.POST and (answer := filed(request, person, form, upload, corrects)):
        return answer
    said = {
        "form": form, "check": check, "upload": upload, "corrects": corrects, "too_many": len(plans) > MOST_ROWS,
        "held": StoredFile.objects.filter(pk=form["held"].value() or "").exists(),
    }  # fmt: skip
    return render(
        request, "office/contractors/file.html", said, status=422 if form.errors and "more" not in request.POST else 200
    )


def to_correct(person: Person, text: str) -> Certificate:
    """The certificate that a new one is to correct, or NotFound."""
    row = Certificate.objects.select_related("check_type__current", "contractor", "site").get_visible(person, pk=ids([text])[0])
    if hasattr(row, "correction") or row.check_type is None:
        raise Problem("corrected_already", "That certificate is corrected already. Correct the newer one.", status=409)
    require(person, permits.CONTRACTOR_MANAGE, row.site, "file certificates")
    return row


def check_named(code: str) -> CheckType | None:
    """The check of a code; None for none."""
    return CheckType.objects.select_related("current").filter(pk=code, withdrawn=False).first() if code else None


def covered_by(rows: Any, check: CheckType, chosen: Sequence[Plan], site: str, upload: ReportUpload | None) -> list[Plan]:
    """The planned checks that the report may cover: of the check, at the sites of what is chosen, or the site named."""
    rows = rows.filter(check_type=check)
    if chosen:
        rows = rows.filter(site__in={each.site_id for each in chosen})
    elif site and site != SEVERAL:
        rows = rows.filter(site__in=ids([site]))
    elif upload and upload.site_id:
        rows = rows.filter(site=upload.site_id)
    order = ("site__school__name", "site__name", "asset__name", "pk")
    wanted = {each.pk for each in chosen}
    return sorted(rows.order_by(*order)[: MOST_ROWS + 1], key=lambda plan: plan.pk not in wanted)


def said_before(asked: Any, upload: ReportUpload | None, corrects: Certificate | None, chosen: Sequence[Plan]) -> dict[str, Any]:
    """What the form knows before anything is typed."""
    said: dict[str, Any] = {"covers": {str(each.pk) for each in chosen}, "corrects": corrects}
    if asked.get("contractor"):
        said["contractor"] = asked["contractor"]
    if upload:
        said |= {"contractor": upload.contractor_id, "held": upload.sha256}
    if corrects:
        names = ("contractor", "firm", "engineer", "number", "examined_on", "stated_next", "result", "note")
        said |= {name: getattr(corrects, name) for name in names} | {"held": corrects.sha256}
        said["firm"] = "" if corrects.contractor_id else corrects.firm
    return said


def filed(
    request: HttpRequest, person: Person, form: CertificateForm, upload: ReportUpload | None, corrects: Certificate | None
) -> HttpResponse | None:
    """File what was sent; None when something is wrong, which then stands on the form. The file is kept either way."""
    try:
        file = file_sent(request, person, form, (upload, corrects))
    except Problem as problem:
        form.is_valid()
        put_on(form, problem)
        return None
    if not form.is_valid():
        return None
    if file is None:
        form.add_error("file", "Add the report itself.")
        return None
    new = form.new(file, upload if upload and file.pk == upload.sha256 else None, corrects)
    if form.errors:
        return None
    try:
        made = file_certificate(person=person, new=new)
    except Forbidden:
        raise
    except Problem as problem:
        own = {box: said for name, said in problem.fields.items() if (box := box_of(name)) in form.fields}
        put_on(form, Problem(problem.code, problem.detail, fields={**problem.fields, **own}))
        return None
    covered = len(new.covers)
    words = f"Filed: {covered} {'check is' if covered == 1 else 'checks are'} recorded"
    raised = len(new.remedials)
    asked = f", and {raised} {'problem is' if raised == 1 else 'problems are'} raised" if raised else ""
    messages.success(request, f"{words}{asked}.")
    return HttpResponseRedirect(f"/certificates/{made[0].pk}/")


def box_of(question: str) -> str:
    """The box of the form in which a check's question is answered: what stands on every report has a box of its own."""
    for box, questions in (("number", NUMBER), ("firm", FIRM), ("engineer", ENGINEER), ("stated_next", NEXT)):
        if question in questions:
            return box
    return f"q-{question}"


def file_sent(
    request: HttpRequest, person: Person, form: CertificateForm, known: tuple[ReportUpload | None, Certificate | None]
) -> StoredFile | None:
    """The file that was sent, or is here already, and which the form then holds. Raises Problem for one that is not taken."""
    held = clean_hash(request.POST.get("held", ""))
    if any(each is not None and held == each.sha256 for each in known):
        vouch([(held, person_owner(person.pk))])  # they see the file by its row, and hand it in again
    file = taken_or_held(person, request.FILES.get("file"), held)
    if file:
        hold(form, file)
    return file


def clean_hash(text: str) -> str:
    """A file's name as the form holds it; "" for anything else."""
    return text if len(text) == 64 and text.isalnum() else ""


def planned_at(rows: Any, check: CheckType) -> int:
    """At how many sites a check is planned."""
    return int(rows.filter(check_type=check).order_by().values("site").distinct().count())


def choose(
    request: HttpRequest, person: Person, upload: ReportUpload | None, *, check: CheckType | None = None, places: int = 0
) -> HttpResponse:
    """Choose what the certificate is of: the check and the site, or one of an asset's checks.

    `check` was chosen without a site, and is planned at several `places`: then the site must be said, as a report that is
    filed for another school's thing is worse than one that is not filed.
    """
    rows = plans_of(person)
    asset = request.GET.get("asset")
    if asset:
        rows = rows.filter(asset__in=ids([asset]))
        return render(
            request, "office/contractors/choose.html", {"plans": rows.order_by("due_on", "pk")[:100], "asset": rows.first()}
        )
    codes = rows.order_by().values("check_type_id").annotate(number=Count("pk")).values_list("check_type_id", "number")
    planned = dict(codes)
    checks = CheckType.objects.filter(pk__in=planned).filter(
        current__content__evidence__contains=["certificate"]
    ) | CheckType.objects.filter(pk__in=planned).filter(current__content__evidence__contains=["document"])
    sites = Site.objects.visible_to(person, permits.CONTRACTOR_MANAGE)
    said = {
        "checks": checks.order_by("discipline", "title"), "sites": sites, "upload": upload,
        "check": check, "places": places,
        "contractor": request.GET.get("contractor", ""), "chosen_site": upload.site_id if upload else None,
    }  # fmt: skip
    return render(request, "office/contractors/choose.html", said)


@require_http_methods(["GET", "HEAD", "POST"])
@looks_after
def remedial_page(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:
    """File the certificate of work that put a problem right."""
    defect = Defect.objects.select_related("site__school").get_visible(person, pk=id)
    require(person, permits.CONTRACTOR_MANAGE, defect.site, "file certificates")
    closes = may(person, permits.OFFICE_SETTLE, defect.site) and defect.status == Defect.Status.OPEN
    form = RemedialForm(sent(request), files(request), person=person, may_close=closes)

    def act(said: dict[str, Any]) -> HttpResponseBase:
        file = taken_or_held(person, said.pop("file"), clean_hash(said.pop("held")))
        if file is None:
            raise Problem("file_missing", "Add the certificate itself.", fields={"file": "Choose the file."})
        hold(form, file)
        made = file_remedial(person=person, defect=defect, file=file, **said)
        messages.success(request, "Filed. It is the evidence that the problem was put right.")
        return HttpResponseRedirect(f"/certificates/{made.pk}/")

    trail = [("Problems", "/problems/"), (defect.summary[:60], f"/problems/{defect.pk}/")]
    return form_page(request, form, Asked("Certificate of work put right", defect.summary, "File it", trail), act)


@require_http_methods(["GET", "HEAD", "POST"])
@looks_after
def withdraw_page(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:
    """Withdraw a certificate that should never have been filed."""
    rows = Certificate.objects.select_related("site__school", "check_type", "defect__site")
    row = rows.get_visible(person, pk=id)
    require(person, permits.CONTRACTOR_MANAGE, row.site, "withdraw certificates")
    number = row.items.count()
    form = WhyForm(sent(request))
    form.fields["why"].label = "Why it should not have been filed"

    def act(said: dict[str, Any]) -> HttpResponseBase:
        withdraw_certificate(person=person, certificate=row, reason=said["why"])
        messages.success(request, "Withdrawn. The paper stays here with your reason; nothing counts by it any more.")
        return HttpResponseRedirect(f"/certificates/{row.pk}/")

    records = f"{number} {'record is' if number == 1 else 'records are'} taken back and the dates move back. " if number else ""
    lead = f"{records}Problems that only it raised are withdrawn. Nothing is deleted. To correct a detail, correct it instead."
    trail = [("Certificates", "/certificates/"), (str(row), f"/certificates/{row.pk}/")]
    return form_page(
        request, form, Asked(f"Withdraw: {row.check_type or row.defect}, {row.site}", lead, "Withdraw it", trail), act
    )
