"""Who comes in: those whose role sees risk somewhere, and those who manage it for the whole trust."""

from functools import update_wrapper

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from backend.core.problems import Forbidden
from backend.office.views.gate import Given, Page, View, estate
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import reach


def risky(page: Page[Given]) -> View[Given]:
    """A page of risk: refused to those whose role sees none."""

    def asked(request: HttpRequest, person: Person, /, *args: Given.args, **kwargs: Given.kwargs) -> HttpResponseBase:
        if reach(person, permits.RISK_VIEW).nowhere():
            raise Forbidden("Your role does not show what the estate risks. Ask your school business manager.")
        return page(request, person, *args, **kwargs)

    update_wrapper(asked, page)
    return estate(asked)


def manages_all(person: Person) -> bool:
    """Whether somebody manages the risk of the whole trust."""
    return reach(person, permits.RISK_MANAGE).everywhere


def manages_some(person: Person) -> bool:
    """Whether somebody manages the risks of some school."""
    held = reach(person, permits.RISK_MANAGE)
    return not held.nowhere()


def managing(page: Page[Given]) -> View[Given]:
    """A page for who manages the risk of the whole trust."""

    def asked(request: HttpRequest, person: Person, /, *args: Given.args, **kwargs: Given.kwargs) -> HttpResponseBase:
        if not manages_all(person):
            raise Forbidden("Your role does not let you do this for the whole trust. Ask the estates lead or the CFO.")
        return page(request, person, *args, **kwargs)

    update_wrapper(asked, page)
    return risky(asked)
