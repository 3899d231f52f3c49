"""Where a label leads."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from backend.assets.models import Tag, TagRetirement
from backend.core.problems import NotFound
from backend.office.labels.paper import IN_FULL
from backend.office.labels.tags import sees, where
from backend.office.views.gate import person_of
from backend.office.work.outside import label_page
from backend.rules.tagcode import is_valid
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import reach


@require_safe
@never_cache
def scanned(request: HttpRequest, code: str) -> HttpResponse:
    """A label's address: the asset, the room or the building for those who may see it, else a page that says what the label is.

    Somebody not signed in, or who sees none of the estate, is told the asset's kind and school, and can report a fault.
    """
    code = code.upper().replace(" ", "").replace("-", "")  # typed as it is printed, in two groups
    if not is_valid(code):
        raise NotFound("That label")
    person = person_of(request)
    if person is None or reach(person, permits.ESTATE_VIEW).nowhere():
        return label_page(request, code, person)
    tag = Tag.objects.select_related(*IN_FULL).filter(pk=code).first()
    if tag is None:
        raise NotFound("That label")
    if tag.thing is None:
        said = unused(tag, person)
        if said["gone"] is None and TagRetirement.objects.filter(tag=tag).exists():
            raise NotFound("That label")  # what it was on is not theirs to know
        return render(request, "office/scan_unused.html", said)
    if not sees(person, tag.thing):
        raise NotFound("That label")  # in the words for a label that was never printed
    if on_a_phone(request) and not reach(person, permits.CHECK_RECORD).nowhere():
        return HttpResponseRedirect(f"/field/label/{code}")  # the phone's own camera: there the thing opens without a signal too
    return HttpResponseRedirect(where(tag.thing))


def on_a_phone(request: HttpRequest) -> bool:
    """Whether the browser says that it is a phone's."""
    return request.headers.get("Sec-CH-UA-Mobile") == "?1" or "Mobi" in request.headers.get("User-Agent", "")


def unused(tag: Tag, person: Person) -> dict[str, Any]:
    """What is said of a label that is on nothing: of one that was replaced, by which and on what, as far as they may know it."""
    rows = TagRetirement.objects.visible_to(person).select_related("asset__site", "building__site", "space__building__site")
    gone = rows.filter(tag=tag).first()
    thing = gone.thing if gone and sees(person, gone.thing) else None
    return {"tag": tag, "gone": gone, "thing": thing, "thing_page": where(thing)}
