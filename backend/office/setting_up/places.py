"""Pages to add and change schools, sites, buildings and spaces by hand."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from backend.core.problems import Forbidden, Problem
from backend.office.setting_up.forms import BuildingForm, SchoolForm, SiteForm, SpaceForm, SpacesForm
from backend.office.setting_up.gate import building_of, school_of, sets_up, site_of, space_of
from backend.office.views.forms_said import put_on
from backend.trust import actions, permits
from backend.trust.models import Person, Space
from backend.trust.scope import may, reach, require

EDITS = ["GET", "HEAD", "POST"]
Trail = list[tuple[str, str]]


def edited(
    request: HttpRequest, form: forms.Form, *, title: str, button: str, trail: Trail, keep: Callable[[dict[str, Any]], str],
    said: str = "Saved.", lead: str = "",
) -> HttpResponse:  # fmt: skip
    """A page with one form: shown, or saved and left for the address that `keep` answers. Nothing typed is lost."""
    if request.method == "POST" and form.is_valid():
        try:
            onward = keep(form.cleaned_data)
        except Problem as problem:
            if problem.status in (403, 404):
                raise
            put_on(form, problem)
        else:
            messages.success(request, said)
            return HttpResponseRedirect(onward)
    context = {"form": form, "title": title, "button": button, "trail": trail, "lead": lead, "back": trail[-1][1]}
    return render(request, "office/setting_up/edit.html", context, status=422 if form.errors else 200)


def columns(row: Any, form: type[forms.Form]) -> dict[str, Any]:
    """What a row holds now, for its form."""
    return {name: getattr(row, name) for name in form.base_fields}


def require_whole(person: Person) -> None:
    """Refuse who does not change the trust itself."""
    if not reach(person, permits.TRUST_CHANGE).everywhere:
        raise Forbidden("Your role does not let you add or change schools. Ask your trust's estates lead.")


@require_http_methods(EDITS)
@sets_up
def school_add(request: HttpRequest, person: Person) -> HttpResponse:
    """Add a school."""
    require_whole(person)

    def keep(said: dict[str, Any]) -> str:
        from backend.trust.imports.kinds import the_trust

        school = actions.add_school(trust=the_trust(), actor=person, **said)
        return f"/schools/{school.pk}/sites/add/"

    trail = [("Setting up", "/set-up/")]
    form = SchoolForm(request.POST or None)
    return edited(
        request, form, title="Add a school", button="Add the school", trail=trail, keep=keep, said="Added. Now its site."
    )


@require_http_methods(EDITS)
@sets_up
def school_change(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Change a school; a new URN keeps its history."""
    school = school_of(person, id)
    require_whole(person)

    def keep(said: dict[str, Any]) -> str:
        urn = said.pop("urn")
        if urn != school.urn:
            actions.renumber_school(school, urn=urn, actor=person)
        actions.change_school(school, changes=said, actor=person)
        return f"/schools/{school.pk}/"

    form = SchoolForm(request.POST or None, initial=columns(school, SchoolForm))
    trail = [(str(school), f"/schools/{school.pk}/")]
    former = ", ".join(str(each.urn) for each in school.former_urns.all())
    lead = f"Its URN was {former} before." if former else ""
    return edited(request, form, title=f"Change {school}", button="Save", trail=trail, keep=keep, lead=lead)


@require_http_methods(EDITS)
@sets_up
def site_add(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Add a site to a school."""
    school = school_of(person, id)
    actions.require_school(person, permits.SITE_CHANGE, school, "add sites")

    def keep(said: dict[str, Any]) -> str:
        return f"/sites/{actions.add_site(school=school, actor=person, **said).pk}/"

    form = SiteForm(request.POST or None, initial={"name": f"{school} site"})
    trail = [(str(school), f"/schools/{school.pk}/")]
    return edited(request, form, title="Add a site", button="Add the site", trail=trail, keep=keep, said="Added.")


@require_http_methods(EDITS)
@sets_up
def site_change(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Change a site."""
    site = site_of(person, id)
    require(person, permits.SITE_CHANGE, site, "change this site")

    def keep(said: dict[str, Any]) -> str:
        actions.change_site(site, changes=said, actor=person)
        return f"/sites/{site.pk}/"

    form = SiteForm(request.POST or None, initial=columns(site, SiteForm))
    trail = [(str(site), f"/sites/{site.pk}/")]
    return edited(request, form, title=f"Change {site}", button="Save", trail=trail, keep=keep)


@require_http_methods(EDITS)
@sets_up
def building_add(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Add a building to a site."""
    site = site_of(person, id)
    require(person, permits.SITE_CHANGE, site, "add buildings")

    def keep(said: dict[str, Any]) -> str:
        return f"/buildings/{actions.add_building(site=site, actor=person, **said).pk}/spaces/"

    form = BuildingForm(request.POST or None)
    trail = [(str(site), f"/sites/{site.pk}/")]
    done = "Added. Now its rooms, if you like."
    return edited(request, form, title="Add a building", button="Add the building", trail=trail, keep=keep, said=done)


@require_http_methods(EDITS)
@sets_up
def building_change(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Change a building."""
    building = building_of(person, id)
    require(person, permits.SITE_CHANGE, building.site, "change buildings")

    def keep(said: dict[str, Any]) -> str:
        actions.change_building(building, changes=said, actor=person)
        return f"/buildings/{building.pk}/"

    form = BuildingForm(request.POST or None, initial=columns(building, BuildingForm))
    trail = [(str(building.site), f"/sites/{building.site_id}/"), (str(building), f"/buildings/{building.pk}/")]
    return edited(request, form, title=f"Change {building}", button="Save", trail=trail, keep=keep)


@require_http_methods(EDITS)
@sets_up
def spaces(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """A building's spaces, and a box to add several at once."""
    building = building_of(person, id)
    form = SpacesForm(request.POST or None)
    if request.method == "POST":
        require(person, permits.SITE_CHANGE, building.site, "add spaces")
    if request.method == "POST" and form.is_valid():
        names, floor = form.cleaned_data["names"], form.cleaned_data["floor"]
        try:
            made = [Space(name=name, floor=floor) for name in names]
            actions.add_spaces(building=building, spaces=made, actor=person)
        except Problem as problem:
            form.add_error("names", problem.detail)
        else:
            messages.success(request, f"Added {len(made)}.")
            return HttpResponseRedirect(f"/buildings/{building.pk}/spaces/")
    said = {
        "building": building,
        "spaces": building.spaces.order_by("floor", "name"),
        "form": form,
        "may_change": may(person, permits.SITE_CHANGE, building.site),
    }
    return render(request, "office/setting_up/spaces.html", said, status=422 if form.errors else 200)


@require_http_methods(EDITS)
@sets_up
def space_change(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponse:
    """Change a space."""
    space = space_of(person, id)
    building = space.building
    require(person, permits.SITE_CHANGE, building.site, "change spaces")

    def keep(said: dict[str, Any]) -> str:
        actions.change_space(space, changes=said, actor=person)
        return f"/buildings/{building.pk}/spaces/"

    form = SpaceForm(request.POST or None, initial=columns(space, SpaceForm))
    trail = [(str(building), f"/buildings/{building.pk}/"), ("Spaces", f"/buildings/{building.pk}/spaces/")]
    return edited(request, form, title=f"Change {space}", button="Save", trail=trail, keep=keep)
