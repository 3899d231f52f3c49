"""Who comes into setting up: those who change places somewhere, or the trust itself; and the rows that a page names."""

import uuid
from collections.abc import Callable
from functools import update_wrapper
from typing import Concatenate, ParamSpec

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from backend.core.problems import Forbidden, NotFound
from backend.office.views.gate import signed_in
from backend.trust import permits
from backend.trust.models import Building, Person, School, Site, Space
from backend.trust.scope import reach

Given = ParamSpec("Given")
Page = Callable[Concatenate[HttpRequest, Person, Given], HttpResponseBase]
View = Callable[Concatenate[HttpRequest, Given], HttpResponseBase]
OPENS = (permits.SITE_CHANGE, permits.TRUST_CHANGE)


def sets_up(page: Page[Given]) -> View[Given]:
    """A page of setting up: refused to those who change no places."""

    def asked(request: HttpRequest, person: Person, /, *args: Given.args, **kwargs: Given.kwargs) -> HttpResponseBase:
        if all(reach(person, permit).nowhere() for permit in OPENS):
            raise Forbidden("Your role does not include setting up places. Ask your trust's estates lead.")
        return page(request, person, *args, **kwargs)

    update_wrapper(asked, page)
    return signed_in(asked)


def imports(page: Page[Given]) -> View[Given]:
    """A page about imports: also for those who manage people alone."""

    def asked(request: HttpRequest, person: Person, /, *args: Given.args, **kwargs: Given.kwargs) -> HttpResponseBase:
        if all(reach(person, permit).nowhere() for permit in (*OPENS, permits.PEOPLE_MANAGE)):
            raise Forbidden("Your role does not include importing. Ask your trust's estates lead.")
        return page(request, person, *args, **kwargs)

    update_wrapper(asked, page)
    return signed_in(asked)


def school_of(person: Person, id: uuid.UUID) -> School:
    """The school, or NotFound: of schools of which the person may know."""
    found = School.objects.visible_to(person).filter(pk=id).first()
    if found is None:
        raise NotFound("That school")
    return found


def site_of(person: Person, id: uuid.UUID) -> Site:
    """The site, or NotFound."""
    return Site.objects.select_related("school").get_visible(person, pk=id)


def building_of(person: Person, id: uuid.UUID) -> Building:
    """The building, or NotFound."""
    return Building.objects.select_related("site__school").get_visible(person, pk=id)


def space_of(person: Person, id: uuid.UUID) -> Space:
    """The space, or NotFound."""
    return Space.objects.select_related("building__site__school").get_visible(person, pk=id)
