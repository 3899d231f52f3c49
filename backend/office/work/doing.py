"""Doing one of the things that a problem's or a work order's page offers: the same way for both."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from backend.core.problems import Problem
from backend.office.views.gate import estate
from backend.office.work import forms
from backend.trust.models import Person

Act = Callable[[HttpRequest, Person, uuid.UUID, str], HttpResponse]


def done_and_back(request: HttpRequest, form: forms.Deed, do: Callable[[], Any], *, told: str, back: str) -> HttpResponse | None:
    """Do it when the form is good, say so (in the words of `do`, else `told`) and go `back`.

    None when something is wrong, which then stands on the form.
    Raises Problem for what the person may not do, or may not know of.
    """
    if not form.is_valid():
        return None
    try:
        words = do()
    except Problem as problem:
        if problem.status in {403, 404}:
            raise
        form.show(problem)
        return None
    messages.success(request, words if isinstance(words, str) else told)
    return HttpResponseRedirect(back)


def view_of(act: Act, key: str) -> Any:
    """The address of one thing to do."""

    @require_POST
    @estate
    def doing(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
        return act(request, person, id, key)

    doing.__name__ = key.replace("-", "_")
    return doing
