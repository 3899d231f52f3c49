"""Who comes in: signed in or not, and whether the estate's pages are theirs."""

import time
from collections.abc import Callable
from functools import update_wrapper
from typing import Concatenate, Final, ParamSpec
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase

from backend.core.problems import Forbidden
from backend.trust import factors, permits
from backend.trust.models import Person
from backend.trust.scope import reach
from backend.trust.sessions import CONFIRMED

Given = ParamSpec("Given")
Page = Callable[Concatenate[HttpRequest, Person, Given], HttpResponseBase]
View = Callable[Concatenate[HttpRequest, Given], HttpResponseBase]
SET_UP: Final = "/account/second-step/"
FRESH_SECONDS: Final = 30 * 60


def person_of(request: HttpRequest) -> Person | None:
    """Who is signed in."""
    return request.user if isinstance(request.user, Person) else None


def signed_in(page: Page[Given]) -> View[Given]:
    """A page for whoever is signed in, given as `person`; others are sent to sign in and come back afterwards.

    Who must set up a second step, and has had the days to do it, is led there before anything else.
    """

    def asked(request: HttpRequest, /, *args: Given.args, **kwargs: Given.kwargs) -> HttpResponseBase:
        person = person_of(request)
        if person is None:
            back = request.get_full_path() if request.method in {"GET", "HEAD"} else came_from(request)
            return HttpResponseRedirect(f"{settings.LOGIN_URL}?{urlencode({'next': back})}")
        if factors.overdue(person) and not request.path.startswith((SET_UP, "/sign-in/again/")):
            return HttpResponseRedirect(SET_UP)
        return page(request, person, *args, **kwargs)

    update_wrapper(asked, page)
    return asked


def came_from(request: HttpRequest) -> str:
    """The page of ours whose form this is, as the browser says, else "/". What was written is kept by kept.js."""
    page = urlsplit(request.headers.get("Referer", ""))
    return urlunsplit(("", "", page.path or "/", page.query, "")) if page.netloc == request.get_host() else "/"


def confirm_first(request: HttpRequest) -> HttpResponseRedirect | None:
    """The way to show again that it is you, for who signed in more than half an hour ago."""
    if time.time() - request.session.get(CONFIRMED, 0) <= FRESH_SECONDS:
        return None
    back = request.get_full_path() if request.method in {"GET", "HEAD"} else came_from(request)
    return HttpResponseRedirect(f"/sign-in/again/?{urlencode({'next': back})}")


def just_confirmed(page: Page[Given]) -> View[Given]:
    """A page that changes how somebody gets in: whoever signed in more than half an hour ago shows first that it is them."""

    def asked(request: HttpRequest, person: Person, /, *args: Given.args, **kwargs: Given.kwargs) -> HttpResponseBase:
        return confirm_first(request) or page(request, person, *args, **kwargs)

    update_wrapper(asked, page)
    return signed_in(asked)


def manages_people(page: Page[Given]) -> View[Given]:
    """A page about people and their access: refused to those who manage none."""

    def asked(request: HttpRequest, person: Person, /, *args: Given.args, **kwargs: Given.kwargs) -> HttpResponseBase:
        if reach(person, permits.PEOPLE_MANAGE).nowhere():
            raise Forbidden("Your role does not include people and their access.")
        return page(request, person, *args, **kwargs)

    update_wrapper(asked, page)
    return signed_in(asked)


def estate(page: Page[Given]) -> View[Given]:
    """A page of the estate: refused to those whose roles show none of it."""

    def asked(request: HttpRequest, person: Person, /, *args: Given.args, **kwargs: Given.kwargs) -> HttpResponseBase:
        if reach(person, permits.ESTATE_VIEW).nowhere():
            raise Forbidden("Your role does not include the buildings and their checks.")
        return page(request, person, *args, **kwargs)

    update_wrapper(asked, page)
    return signed_in(asked)
