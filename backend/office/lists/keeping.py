"""The pages on which views are kept, renamed, shared, thrown away, and chosen to open a list."""

import re
import uuid
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_POST, require_safe

from backend.core.problems import NotFound, Problem
from backend.office.lists import saved
from backend.office.models import DefaultView, SavedView
from backend.office.views.gate import signed_in
from backend.trust import permits
from backend.trust.models import Person, School
from backend.trust.scope import reach

ADDRESS: Final = re.compile(r"/[a-z][a-z0-9/-]{0,70}/")
TRUST, OWN = "trust", "own"


def list_page(asked: str) -> str:
    """The address of one of our pages, as it was sent; Problem when it is none, so that no view leads elsewhere."""
    try:
        if ADDRESS.fullmatch(asked) and resolve(asked):
            return asked
    except Resolver404:
        pass
    raise Problem("no_list", "That is not one of Siteward's lists.")


def sharing(person: Person, asked: str) -> tuple[str, School | None]:
    """With whom a view is to be shared: "own", "trust", or a school by its id, which is NotFound when it is not theirs."""
    if asked in {"", OWN, TRUST}:
        return asked or OWN, None
    try:
        school = School.objects.visible_to(person).filter(pk=uuid.UUID(asked)).first()
    except ValueError:
        raise Problem("share", "Choose with whom the view is shared.") from None
    if school is None:
        raise NotFound("That school")
    return SavedView.Shared.SCHOOL, school


@require_safe
@signed_in
def kept_views(request: HttpRequest, person: Person) -> HttpResponse:
    """One's own views and those shared with one, list by list."""
    return page(request, person)


def page(request: HttpRequest, person: Person, problem: Problem | None = None) -> HttpResponse:
    """The page of all views, with what was wrong."""
    usable = SavedView.objects.visible_to(person).select_related("school", "person").order_by("page", "name", "pk")
    opens = set(DefaultView.objects.filter(person=person).values_list("view_id", flat=True))
    said = {
        "views": [{"view": each, "own": each.person_id == person.pk, "opens": each.pk in opens} for each in usable],
        "schools": saved.schools_to_share(person),
        "everywhere": reach(person, permits.ESTATE_VIEW).everywhere,
        "wrong": problem.detail if problem else "",
    }
    return render(request, "office/lists/views.html", said, status=problem.status if problem else 200)


@require_POST
@signed_in
def keep(request: HttpRequest, person: Person) -> HttpResponse:
    """Keep the list that one is looking at under a name; it may become the one with which the list opens."""
    typed = request.POST
    where = list_page(typed.get("page", ""))
    shared, school = sharing(person, typed.get("shared", ""))
    query = typed.get("query", "").replace("\x00", "")
    try:
        view = saved.keep_view(
            person=person, page=where, name=typed.get("name", "").replace("\x00", ""), query=query, shared=shared, school=school
        )
    except Problem as problem:
        return page(request, person, problem)
    if typed.get("opens"):
        saved.open_with(view, person=person, page=where)
    messages.success(request, f"Kept as “{view.name}”. You find it under Views, above the list.")
    return HttpResponseRedirect(view.address)


@require_POST
@signed_in
def change(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Rename one's own view, and say who may use it."""
    view = saved.found(person, id, own=True)
    shared, school = sharing(person, request.POST.get("shared", ""))
    try:
        saved.change_view(
            view, person=person, name=request.POST.get("name", "").replace("\x00", ""), shared=shared, school=school
        )
    except Problem as problem:
        return page(request, person, problem)
    messages.success(request, f"“{view.name}” was changed.")
    return HttpResponseRedirect("/views/")


@require_POST
@signed_in
def drop(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Throw one's own view away."""
    view = saved.found(person, id, own=True)
    saved.drop_view(view)
    messages.success(request, f"“{view.name}” was thrown away. The list itself is as it was.")
    return HttpResponseRedirect("/views/")


@require_POST
@signed_in
def opening(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Let the view's list open with it from now on, or (`not`) with everything again."""
    view = saved.found(person, id)
    plainly = bool(request.POST.get("not"))
    saved.open_with(None if plainly else view, person=person, page=view.page)
    words = "opens with everything again." if plainly else f"opens with “{view.name}” from now on."
    messages.success(request, f"The list {words}")
    return HttpResponseRedirect("/views/")
