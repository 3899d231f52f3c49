"""Who comes in: signed in or not, and whether the estate's pages are theirs."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase

from backend.core.problems import Forbidden
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import reach

Given = ParamSpec("Given")
Page = Callable[Concatenate[HttpRequest, Person, Given], HttpResponseBase]
View = Callable[Concatenate[HttpRequest, Given], HttpResponseBase]


def person_of(request: HttpRequest) -> Person | None:
    """Who is signed in."""
    return request.user if isinstance(request.user, Person) else None


def signed_in(page: Page[Given]) -> View[Given]:
    """A page for whoever is signed in, given as `person`; others are sent to sign in and come back afterwards."""

    def asked(request: HttpRequest, /, *args: Given.args, **kwargs: Given.kwargs) -> HttpResponseBase:
        person = person_of(request)
        if person is None:
            back = request.get_full_path() if request.method in {"GET", "HEAD"} else "/"
            return HttpResponseRedirect(f"{settings.LOGIN_URL}?{urlencode({'next': back})}")
        return page(request, person, *args, **kwargs)

    update_wrapper(asked, page)
    return asked


def estate(page: Page[Given]) -> View[Given]:
    """A page of the estate: refused to those whose roles show none of it."""

    def asked(request: HttpRequest, person: Person, /, *args: Given.args, **kwargs: Given.kwargs) -> HttpResponseBase:
        if reach(person, permits.ESTATE_VIEW).nowhere():
            raise Forbidden("Your role does not include the buildings and their checks.")
        return page(request, person, *args, **kwargs)

    update_wrapper(asked, page)
    return signed_in(asked)
