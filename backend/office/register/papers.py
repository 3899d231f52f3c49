"""Photos, manuals and papers of assets, and their warranties."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backend.assets.actions import add_paper, add_warranty, withdraw_paper, withdraw_warranty
from backend.assets.models import AssetPaper, Warranty
from backend.core.files import missing
from backend.core.pictures import SIZES
from backend.core.problems import NotFound, Problem
from backend.office.contractors.pages import Asked, content_of, files, form_page, handed_on, sent
from backend.office.register.assets import GET_AND_POST, back, to_change, trail
from backend.office.register.forms import PaperForm, WarrantyForm
from backend.office.views.gate import estate
from backend.office.views.photos import copy_of, stand_in
from backend.sync.queries import sent_by
from backend.trust import permits
from backend.trust.models import Person


@require_http_methods(GET_AND_POST)
@estate
def paper_add(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:
    """Add a photo, a manual or another paper."""
    asset = to_change(person, id, permits.ASSET_CHANGE, "add papers to assets")

    def act(said: dict[str, Any]) -> HttpResponseBase:
        add_paper(asset, kind=said["kind"], title=said["title"], content=content_of(said["file"]), person=person)
        messages.success(request, "Added.")
        return back(asset, "papers")

    form = PaperForm(sent(request), files(request), initial={"kind": request.GET.get("kind", "plate")})
    return form_page(request, form, Asked(f"Add a photo or paper of {asset.name}", "", "Add it", trail(asset)), act)


def paper_of(person: Person, id: uuid.UUID) -> AssetPaper:
    """The paper, or NotFound."""
    row: AssetPaper = AssetPaper.objects.select_related("asset__site").get_visible(person, pk=id)
    return row


def is_here(row: AssetPaper) -> bool:
    """Whether its bytes are here, and from whoever named them: a phone names its photos before it sends them."""
    return not missing([row.sha256]) and (row.added_by_id is None or sent_by(row.added_by_id, row.sha256))


@require_safe
@estate
def paper_file(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:  # noqa: ARG001  every page is given it
    """The photo or paper itself."""
    row = paper_of(person, id)
    if row.withdrawn_at:
        raise NotFound("That paper")
    if not is_here(row):
        raise Problem("on_its_way", "The phone has not sent this photo yet. It comes when it has a signal.", status=404)
    return handed_on(row.sha256, row.content_type, f"asset-{row.sha256[:12]}")


@require_safe
@estate
def paper_shown(request: HttpRequest, person: Person, id: uuid.UUID, size: str) -> HttpResponseBase:  # noqa: ARG001
    """A photo redrawn for a page, "small" or "large"; until the worker has made it, a picture that says so."""
    row = paper_of(person, id)
    if row.withdrawn_at or not row.is_picture or size not in SIZES:
        raise NotFound("That picture")
    if not is_here(row):
        return stand_in(sealed=False)
    return copy_of(row.sha256, size)


@require_POST
@estate
def paper_withdraw(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:
    """Take a paper back."""
    row = withdraw_paper(paper_of(person, id), person=person)
    messages.success(request, "Taken back.")
    return back(row.asset, "papers")


@require_http_methods(GET_AND_POST)
@estate
def warranty_add(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:
    """Enter a warranty."""
    asset = to_change(person, id, permits.ASSET_CHANGE, "enter warranties")

    def act(said: dict[str, Any]) -> HttpResponseBase:
        content = content_of(said.pop("file"))
        add_warranty(asset, person=person, content=content, **said)
        messages.success(request, "Entered.")
        return back(asset, "warranties")

    form = WarrantyForm(sent(request), files(request), initial={"starts_on": asset.installed_on})
    return form_page(request, form, Asked(f"A warranty of {asset.name}", "", "Enter it", trail(asset)), act)


@require_POST
@estate
def warranty_withdraw(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:
    """Take a warranty back that was entered wrongly."""
    found: Warranty = Warranty.objects.select_related("asset__site").get_visible(person, pk=id)
    row = withdraw_warranty(found, person=person)
    messages.success(request, "Taken back.")
    return back(row.asset, "warranties")
