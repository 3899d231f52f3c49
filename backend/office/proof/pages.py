"""Evidence packs: the list, making one, its page while it is made and afterwards, downloads, links for outsiders."""

import uuid
from collections.abc import Callable
from functools import update_wrapper
from typing import Any, Concatenate
from zipfile import BadZipFile, ZipFile

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backend.checks.actions.packs import (
    CHOSEN,
    HANDED,
    OPENED,
    PURPOSE,
    ask_pack,
    end_share,
    note_handed_out,
    open_pack,
    share_pack,
)
from backend.checks.models import EvidencePack, PackRequest
from backend.core.days import today
from backend.core.models import Act, AuditEntry
from backend.core.problems import Forbidden, NotFound, Problem
from backend.maintenance.models import OnePurposeLink
from backend.office.proof.filters import HEAD, PackFilters, line
from backend.office.proof.forms import AgainForm, PackForm, ShareForm
from backend.office.proof.gathering import preview
from backend.office.proof.recipients import RECIPIENTS
from backend.office.queries.library import discipline_order, discipline_title
from backend.office.views.csv_out import ListFile
from backend.office.views.gate import Given, Page, View, estate
from backend.office.views.lists import export, list_answer
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import reach

COUNTED = (
    ("plans", "check planned|checks planned"),
    ("records", "record"),
    ("late_entries", "of them entered late|of them entered late"),
    ("lapses", "missed check"),
    ("attempts", "attempt that came to nothing|attempts that came to nothing"),
    ("defects", "problem"),
    ("certificates", "certificate"),
    ("documents", "standing paper"),
    ("photos", "photo or file|photos and files"),
    ("files", "photo or file|photos and files"),
)


def proof(page: Page[Given]) -> View[Given]:
    """A page of proof: refused to those whose role makes no evidence packs."""

    def asked(request: HttpRequest, person: Person, /, *args: Given.args, **kwargs: Given.kwargs) -> HttpResponseBase:
        if reach(person, permits.PROOF_MAKE).nowhere():
            raise Forbidden("Your role does not let you make evidence packs and log books. Ask your site manager.")
        return page(request, person, *args, **kwargs)

    update_wrapper(asked, page)
    return estate(asked)


@require_safe
@proof
def packs(request: HttpRequest, person: Person) -> HttpResponse:
    """Packs that were made, and those being made."""
    filters = PackFilters(request.GET, person=person)
    waiting = PackRequest.objects.visible_to(person).filter(asked_by=person, pack=None, seen_at=None).select_related("site")
    return list_answer(request, "office/proof/packs.html", filters, waiting=list(waiting[:20]), recipients=RECIPIENTS)


@require_safe
@proof
def pack_csv(request: HttpRequest, person: Person) -> ListFile:
    """The same list as a file."""
    return export(PackFilters(request.GET, person=person), "evidence-packs", HEAD, line, evidence=True)


@require_http_methods(["GET", "HEAD", "POST"])
@proof
def new_pack(request: HttpRequest, person: Person) -> HttpResponse:
    """Choose what a pack is to show; see how much that is; make it."""
    recipient = request.GET.get("recipient", "")
    if request.method != "POST" and recipient not in RECIPIENTS:
        return render(request, "office/proof/for_whom.html", {"recipients": RECIPIENTS, "site": request.GET.get("site", "")})
    form = PackForm(
        request.POST if request.method == "POST" else None,
        person=person,
        recipient=recipient,
        site=request.GET.get("site", ""),
    )
    counts, refused = None, None
    if request.method == "POST" and form.is_valid():
        chosen = form.made()
        if request.POST.get("do") != "see":
            try:
                return HttpResponseRedirect(f"/proof/{ask_pack(chosen, person=person).pk}/")
            except Problem as problem:
                if problem.status in (403, 404):
                    raise
                refused = problem
        counts = preview(chosen, today())
    key = form.data.get("recipient", recipient) if form.is_bound else recipient
    said = {
        "form": form,
        "asks": RECIPIENTS.get(key),
        "counts": [(counts[name], noun) for name, noun in COUNTED if name in counts] if counts else None,
        "refused": refused,
    }
    wrong = form.is_bound and not form.is_valid()
    return render(request, "office/proof/new.html", said, status=422 if wrong else refused.status if refused else 200)


def pack_of(person: Person, id: uuid.UUID) -> EvidencePack:
    """The pack, or NotFound."""
    return EvidencePack.objects.select_related("site__school", "building", "made_by", "supersedes").get_visible(person, pk=id)


@require_safe
@proof
@never_cache
def pack_page(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """A pack; or how far its making has come."""
    row = PackRequest.objects.visible_to(person).filter(pk=id).select_related("site__school", "asked_by", "pack").first()
    if row is None:
        raise NotFound("That evidence pack")
    if row.asked_by_id == person.pk and row.seen_at is None and not row.waits:
        PackRequest.objects.filter(pk=row.pk).update(seen_at=timezone.now())
    if row.pack is None:
        answer = render(request, "office/proof/making.html", {"row": row})
        if row.waits:
            answer["Refresh"] = "2"  # the page asks again until the job is done
        return answer
    return shown(request, pack_of(person, id))


def shown(request: HttpRequest, pack: EvidencePack, **more: Any) -> HttpResponse:
    """The page of a pack that was made."""
    acts = list(Act.objects.filter(kind__in=(HANDED, OPENED), about=f"evidence-pack:{pack.pk}").order_by("-at")[:200])
    entries = AuditEntry.objects.filter(subject__in=[f"act:{each.pk}" for each in acts]).select_related("named")
    who = {entry.subject: entry.named.name if entry.named else "" for entry in entries}
    links = list(OnePurposeLink.objects.filter(purpose=PURPOSE, about=pack.pk).select_related("made_by"))
    whom = {str(each.pk): each.details.get("whom", "") for each in links}
    now = timezone.now()
    said = {
        "pack": pack,
        "disciplines": [discipline_title(each) for each in sorted(pack.disciplines, key=discipline_order)],
        "recipient": pack.addressee or RECIPIENTS[pack.recipient].name,
        "counts": [(pack.counts[name], noun) for name, noun in COUNTED if pack.counts.get(name)],
        "newer": EvidencePack.objects.filter(supersedes=pack).first(),
        "openings": [(each, whom.get(each.said.get("link", ""), who.get(f"act:{each.pk}", ""))) for each in acts],
        "links": [(each, each.revoked_at is None and each.expires_at > now) for each in links],
        "share": more.pop("share", None) or ShareForm(auto_id="share-%s"),
        "again": more.pop("again", None) or AgainForm(auto_id="again-%s"),
        **more,
    }
    return render(request, "office/proof/pack.html", said, status=more.get("status", 200))


@require_safe
@proof
def pack_zip(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:
    """The ZIP, handed out and noted."""
    pack = pack_of(person, id)
    answer = zip_answer(pack)
    if request.method == "GET":
        note_handed_out(pack, what="zip", person=person)
    return answer


@require_safe
@proof
def pack_pdf(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:
    """The PDF alone."""
    pack = pack_of(person, id)
    answer = pdf_answer(pack)
    if request.method == "GET":
        note_handed_out(pack, what="pdf", person=person)
    return answer


def name_of(pack: EvidencePack, kind: str) -> str:
    """What the browser is to call the file."""
    school = "-".join("".join(each if each.isalnum() else " " for each in pack.site.school.name.lower()).split())[:60]
    return f'attachment; filename="evidence-{school or "pack"}-{pack.last_day}-{pack.reference}-v{pack.version}.{kind}"'


def zip_answer(pack: EvidencePack) -> HttpResponseBase:
    """The ZIP as a download."""
    answer = FileResponse(open_pack(pack), content_type="application/zip")
    answer["Content-Disposition"], answer["Content-Length"] = name_of(pack, "zip"), str(pack.size)
    answer["Cache-Control"] = "private, no-store"
    return answer


def pdf_answer(pack: EvidencePack) -> HttpResponseBase:
    """The PDF of the ZIP as a download. Raises Problem when the ZIP is damaged."""
    try:
        with open_pack(pack) as file, ZipFile(file) as archive:
            content = archive.read("evidence-pack.pdf")
    except (BadZipFile, KeyError) as wrong:
        raise Problem("damaged", "The file of this pack is damaged. Make the pack again.", status=500) from wrong
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = name_of(pack, "pdf")
    answer["Cache-Control"] = "private, no-store"
    return answer


Deed = Callable[Concatenate[HttpRequest, Person, EvidencePack, ...], HttpResponse]


@require_POST
@proof
def make_again(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Make the next version, with the reason."""
    pack, form = pack_of(person, id), AgainForm(request.POST, auto_id="again-%s")
    if not form.is_valid():
        return shown(request, pack, again=form, status=422)
    row = PackRequest(again=pack, reason=form.cleaned_data["reason"], **{name: getattr(pack, name) for name in CHOSEN})
    try:
        asked = ask_pack(row, person=person)
    except Problem as problem:
        if problem.status in (403, 404):
            raise
        return shown(request, pack, again=form, refused=problem, status=problem.status)
    return HttpResponseRedirect(f"/proof/{asked.pk}/")


@require_POST
@proof
@never_cache
def share(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Make a link for somebody outside; it is shown once."""
    pack, form = pack_of(person, id), ShareForm(request.POST, auto_id="share-%s")
    if not form.is_valid():
        return shown(request, pack, share=form, status=422)
    said = form.cleaned_data
    text = share_pack(pack, person=person, sent_to="", whom=said["whom"], days=said["days"], password=said["password"])
    return shown(request, pack, made=request.build_absolute_uri(f"/proof/open/{text}/"), whom=said["whom"])


@require_POST
@proof
def unshare(request: HttpRequest, person: Person, id: uuid.UUID, link: uuid.UUID) -> HttpResponse:  # noqa: ARG001  every page is given it
    """Take a link back."""
    end_share(pack_of(person, id), link, person=person)
    return HttpResponseRedirect(f"/proof/{id}/#links")
