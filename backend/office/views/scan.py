"""Where a label leads, and the search for anything printed on one."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from backend.assets.models import Asset, Tag
from backend.core.problems import NotFound
from backend.office.queries.tags import look_up
from backend.office.views.gate import estate, person_of
from backend.rules.tagcode import is_valid
from backend.trust import permits
from backend.trust.models import Person, Trust
from backend.trust.scope import reach


@require_safe
@never_cache
def scanned(request: HttpRequest, code: str) -> HttpResponse:
    """A label's address: the asset for those who may see it, else a page that says what the label is.

    Somebody not signed in is told nothing of the asset, nor whether the label is in use.
    """
    code = code.upper()
    if not is_valid(code):
        raise NotFound("That label")
    person = person_of(request)
    if person is None or reach(person, permits.ESTATE_VIEW).nowhere():
        said = {"code": code, "trust": Trust.objects.first(), "signed_in": person is not None, "next": f"/{code}"}
        return render(request, "office/scan_outside.html", said)
    tag = Tag.objects.filter(pk=code).first()
    if tag is None:
        raise NotFound("That label")
    if tag.asset_id is None or tag.retired_at:
        return render(request, "office/scan_unused.html", {"tag": tag})
    asset = Asset.objects.get_visible(person, pk=tag.asset_id)
    return HttpResponseRedirect(f"/assets/{asset.pk}/")


@require_safe
@estate
def search(request: HttpRequest, person: Person) -> HttpResponse:
    """Search for a label's code, an asset's name, make, model or serial number. One exact answer is opened at once."""
    text = request.GET.get("q", "").replace("\x00", "")[:100].strip()
    found = look_up(person, text)
    if found.exact and text:
        return HttpResponseRedirect(f"/assets/{found.exact.pk}/")
    said = {"looked_for": text, "found": found, "hosts": settings.LABEL_HOSTS}
    return render(request, "office/search.html", said)
