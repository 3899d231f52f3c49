"""Changing the register: add a document, or its next version; and what is not needed where."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from backend.assets.models import Asset
from backend.checks.actions.documents import add_document, ask_not_needed, decide_not_needed, take_back_not_needed
from backend.checks.models import DocumentNotNeeded
from backend.checks.queries.documents import kinds
from backend.core.days import today
from backend.core.problems import Forbidden, NotFound, Problem
from backend.office.contractors.documents import may_add, titled
from backend.office.contractors.pages import Asked, date_field, file_field, files, form_page, hold, sent, taken_or_held
from backend.office.views.gate import estate
from backend.rules.documents import ASSET, BUILDING, TRUST, Kind
from backend.trust import permits
from backend.trust.models import Building, Person, Site
from backend.trust.scope import may, reach


class DocumentForm(forms.Form):
    """A paper to be added to the register."""

    file = file_field("The document", required=False, help_text="A PDF, JPEG or PNG. Drop it here, or choose it.")
    held = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    issued_on = date_field("Issued on")
    valid_until = date_field("Last day, if it has one", required=False)
    title = forms.CharField(label="Title, if another", required=False, max_length=200)
    note = forms.CharField(label="Note", required=False, max_length=1000)


def place_asked(request: HttpRequest, person: Person, permit: str) -> tuple[Kind, Site | None, Building | None, Asset | None]:
    """The kind and the place that an address names. Raises NotFound for what the asker may not know of."""
    kind = kinds().get(request.GET.get("kind", ""))
    if kind is None:
        raise NotFound("That kind of document")
    try:
        named = {name: uuid.UUID(request.GET[name]) for name in ("site", "building", "asset") if request.GET.get(name)}
    except ValueError:
        raise NotFound("That place") from None
    site = Site.objects.get_visible(person, pk=named["site"]) if "site" in named else None
    building = Building.objects.get_visible(person, pk=named["building"]) if "building" in named else None
    asset = Asset.objects.get_visible(person, pk=named["asset"]) if "asset" in named else None
    if not (may(person, permit, site) if site else reach(person, permit).everywhere):
        raise Forbidden("Your role does not let you change the documents of this place. Ask your site manager.")
    return kind, site, building, asset


def words_of(site: Site | None, building: Building | None, asset: Asset | None) -> str:
    """A place in words."""
    return ", ".join(str(each) for each in (asset, building, site) if each) or "the whole trust"


@require_http_methods(["GET", "HEAD", "POST"])
@estate
def document_add(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Add a document, or its next version. Without a kind and a place, the page asks for them."""
    if not request.GET.get("kind"):
        if reach(person, permits.SITE_CHANGE).nowhere():
            raise Forbidden("Your role does not let you change documents. Ask your site manager.")
        return choose(request, person)
    kind, site, building, asset = place_asked(request, person, permits.SITE_CHANGE)
    if (
        (kind.held_for != TRUST and site is None)
        or (kind.held_for == BUILDING and building is None)
        or (kind.held_for == ASSET and asset is None)
    ):
        return choose(request, person, kind, site)
    form = DocumentForm(sent(request), files(request))

    def act(said: dict[str, Any]) -> HttpResponseBase:
        file = taken_or_held(person, said.pop("file"), said.pop("held"))
        if file is None:
            raise Problem("file_missing", "Add the document itself.", fields={"file": "Choose the file."})
        hold(form, file)
        row = add_document(person=person, kind=kind.key, file=file, site=site, building=building, asset=asset, **said)
        messages.success(request, f"Added as version {row.version}.")
        return HttpResponseRedirect(f"/documents/{row.pk}/")

    lead = f"For {words_of(site, building, asset)}. {kind.validity}. One that is held already stays, as the version before."
    return form_page(request, form, Asked(kind.title, lead, "Add it", [("Documents", "/documents/")]), act)


def choose(request: HttpRequest, person: Person, kind: Kind | None = None, site: Site | None = None) -> HttpResponse:
    """Choose the kind, then the site, then the building or asset."""
    sites = Site.objects.visible_to(person, permits.SITE_CHANGE)
    within: Any = ()
    if kind and site:
        rows = Building.objects if kind.held_for == BUILDING else Asset.objects.exclude(status="retired")
        within = rows.visible_to(person).filter(site=site)[:500]
    said = {"kind": kind, "kinds": kinds().values(), "sites": sites, "site": site, "within": within}
    return render(request, "office/contractors/document_choose.html", said)


class NotNeededForm(forms.Form):
    """Why a document is not needed here, and until when."""

    reason = forms.CharField(label="Why it is not needed here", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    expires_on = date_field(
        "Look again on", help_text="Within five years: then it is needed again unless somebody says otherwise."
    )


@require_http_methods(["GET", "HEAD", "POST"])
@estate
def not_needed_add(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Ask that a document need not be held at a place."""
    kind, site, building, asset = place_asked(request, person, permits.SITE_CHANGE)

    def act(said: dict[str, Any]) -> HttpResponseBase:
        ask_not_needed(person=person, kind=kind.key, site=site, building=building, **said)
        messages.success(request, "Asked. Somebody who may accept a risk has to agree; until then it is missing.")
        return HttpResponseRedirect("/documents/")

    lead = f"At {words_of(site, building, asset)}. Somebody else, who may accept a risk, has to agree."
    asked = Asked(f"Not needed: {kind.title}", lead, "Ask", [("Documents", "/documents/")])
    return form_page(request, NotNeededForm(sent(request)), asked, act)


@require_http_methods(["GET", "HEAD", "POST"])
@estate
def not_needed_page(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """What is asked not to be needed: agree, or not; or take it back."""
    rows = DocumentNotNeeded.objects.visible_to(person).select_related("site__school", "building", "asked_by", "decided_by")
    row = rows.filter(pk=id).first()
    if row is None:
        raise NotFound("That question")
    wrong = ""
    if request.method == "POST":
        answer = request.POST.get("answer", "").replace("\x00", "")
        try:
            match request.POST.get("act"):
                case "agree":
                    decide_not_needed(person=person, row=row, agree=True, answer=answer)
                case "refuse":
                    decide_not_needed(person=person, row=row, agree=False, answer=answer)
                case "end":
                    take_back_not_needed(person=person, row=row)
                case _:
                    raise Problem("act", "Choose what to do.")
            return HttpResponseRedirect(f"/documents/not-needed/{row.pk}/")
        except Forbidden:
            raise
        except Problem as problem:
            wrong = " ".join([problem.detail, *map(str, problem.fields.values())])
    decides = may(person, permits.RISK_DECIDE, row.site) if row.site else reach(person, permits.RISK_DECIDE).everywhere
    said = {
        "row": rows.get(pk=row.pk), "title": titled(row.kind), "wrong": wrong, "may_end": may_add(person, row.site),
        "may_decide": decides and row.asked_by_id != person.pk, "today": today(),
    }  # fmt: skip
    return render(request, "office/contractors/not_needed.html", said, status=422 if wrong else 200)
