"""The search: a page of everything found, and suggestions while one types."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backend.core.problems import Forbidden
from backend.office.lists.searching import SHORTEST, Found
from backend.office.lists.searching import search as look_up
from backend.office.lists.sought import LONGEST
from backend.office.views.gate import signed_in
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import reach

SUGGESTED, SHOWN = 4, 12  # of each sort


def typed(request: HttpRequest) -> str:
    """What was typed into the box."""
    return request.GET.get("q", "").replace("\x00", "")[:LONGEST].strip()


def allowed(person: Person) -> None:
    """Forbidden, unless there is anything that `person` may look for."""
    if all(reach(person, each).nowhere() for each in (permits.ESTATE_VIEW, permits.PEOPLE_MANAGE)):
        raise Forbidden("Your role does not include the buildings and their checks.")


@require_safe
@signed_in
def search(request: HttpRequest, person: Person) -> HttpResponse:
    """Search for anything on a label, and for schools, places, checks, firms, people. What one label says opens at once."""
    allowed(person)
    text = typed(request)
    found = look_up(person, text, most=SHOWN)
    if found.exact:
        return HttpResponseRedirect(found.exact.href)
    said = {"looked_for": text, "found": found, "hosts": settings.LABEL_HOSTS}
    return render(request, "office/search.html", said)


@require_safe
@signed_in
def suggest(request: HttpRequest, person: Person) -> HttpResponse:
    """A few of each sort, while one types: a part of a page."""
    allowed(person)
    text = typed(request)
    found = look_up(person, text, most=SUGGESTED) if len(text) >= SHORTEST else Found()
    return render(request, "office/lists/suggested.html", {"looked_for": text, "found": found, "short": len(text) < SHORTEST})
