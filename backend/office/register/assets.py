"""Adding and changing assets in the office; moves, parts, and how they go."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from backend.assets.actions import add_assets, change_asset, make_part_of, move_asset
from backend.assets.models import Asset, AssetModel, Disposal
from backend.checks.actions.following import change_details, follow_facts
from backend.checks.actions.leaving import Going, dispose, undo_disposal
from backend.checks.actions.moving_on import move_to_site
from backend.core.days import today
from backend.core.problems import Forbidden, NotFound, Problem
from backend.core.templatetags.words import counted
from backend.office.contractors.pages import Asked, content_of, files, form_page, sent
from backend.office.forms.money import pence
from backend.office.register.forms import AssetForm, GoingForm, MoveForm, PartForm, PlaceField, StartForm, suggested
from backend.office.views.gate import estate
from backend.trust import permits
from backend.trust.actions import require_site
from backend.trust.models import Person, Site
from backend.trust.scope import reach

GET_AND_POST = ["GET", "HEAD", "POST"]
LOADED = ("site__school", "building", "space", "type", "parent", "product")


def to_change(person: Person, id: uuid.UUID, permit: str, doing: str) -> Asset:
    """The asset, for who holds a permit where it is. Raises NotFound for strangers, Forbidden for colleagues."""
    asset = Asset.objects.select_related(*LOADED).get_visible(person, pk=id)
    require_site(person, permit, asset.site, doing)
    return asset


def back(asset: Asset, part: str = "") -> HttpResponseRedirect:
    """To the asset's page."""
    return HttpResponseRedirect(f"/assets/{asset.pk}/{'#' + part if part else ''}")


def trail(asset: Asset) -> list[tuple[str, str]]:
    """Where a form about an asset is."""
    return [("Assets", "/assets/"), (asset.name, f"/assets/{asset.pk}/")]


@require_http_methods(GET_AND_POST)
@estate
def asset_add(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Add an asset: first where and which kind, then what is known of it."""
    if reach(person, permits.ASSET_CHANGE).nowhere():
        raise Forbidden("Your role does not let you add assets. Ask your site manager.")
    start = StartForm(request.GET if "site" in request.GET or "type" in request.GET else None, person=person)
    if not start.is_bound or not start.is_valid():
        status = 422 if start.is_bound and start.errors else 200
        return render(request, "office/register/start.html", {"form": start}, status=status)
    site, kind = start.cleaned_data["site"], start.cleaned_data["type"]
    form = AssetForm(sent(request), person=person, site=site, kind=kind)

    def act(_said: dict[str, Any]) -> HttpResponseBase:
        [made] = add_assets([Asset(site=site, type=kind, **form.changes())], person=person)
        messages.success(request, "Added. Print its label, and plan its checks.")
        return back(made)

    lead = f"{kind.name} at {site}."
    return form_page(
        request, form, Asked("Add an asset", lead, "Add it", [("Assets", "/assets/"), ("Kind", "/assets/add/")]), act
    )


@require_http_methods(GET_AND_POST)
@estate
def asset_change(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:
    """Change what is known of an asset."""
    asset = to_change(person, id, permits.ASSET_CHANGE, "change assets")
    form = AssetForm(sent(request), person=person, site=asset.site, kind=asset.type, asset=asset)

    def act(said: dict[str, Any]) -> HttpResponseBase:
        change_details(asset, changes=form.changes(), person=person, today=today(), why=said["why"])
        messages.success(request, "Changed.")
        return back(asset)

    return form_page(request, form, Asked(f"Change {asset.name}", str(asset.type), "Save", trail(asset)), act)


@require_POST
@estate
def follow(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:
    """Let its checks have the intervals that its details call for."""
    asset = to_change(person, id, permits.PLAN_CHANGE, "change how often checks are owed")
    number = follow_facts(asset, person=person, today=today())
    messages.success(request, f"{number} {'check has' if number == 1 else 'checks have'} a new interval.")
    return back(asset)


@require_POST
@estate
def link(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:
    """Put an asset under the make and model that its plate names."""
    asset = to_change(person, id, permits.ASSET_CHANGE, "change assets")
    found: AssetModel | None = suggested(person, asset)
    if found is None:
        raise Problem("nothing_like_it", "No listed make and model is like what its plate says. Change its details.", status=409)
    change_asset(asset, changes={"product": found}, person=person)
    messages.success(request, f"It is a {found}.")
    return back(asset)


@require_http_methods(GET_AND_POST)
@estate
def move(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:
    """Move an asset: within its site, or, with ?site=, to another."""
    asset = to_change(person, id, permits.ASSET_CHANGE, "move assets")
    site = place_asked(request, person, asset)
    form = MoveForm(sent(request), person=person, asset=asset, site=site)

    def act(said: dict[str, Any]) -> HttpResponseBase:
        place = form.fields["place"]
        assert isinstance(place, PlaceField)
        where = place.of(said["place"])
        if site.pk == asset.site_id:
            moved = move_asset(asset, person=person, why=said["why"], with_parts=said["parts"], **where)
            messages.success(request, f"{len(moved)} moved." if len(moved) > 1 else "Moved.")
            return back(asset)
        there = move_to_site(asset, site=site, person=person, why=said["why"], today=today(), **where)
        messages.success(request, f"It is at {site} now, with its label, its papers and what it owes.")
        return back(there)

    if site.pk == asset.site_id:
        asked = Asked(f"Move {asset.name}", f"Within {asset.site}.", "Move it", trail(asset))
    else:
        lead = (
            f"From {asset.site} to {site}, with its parts. Its label, papers and warranties go along, and its checks are owed "
            f"there on the same days. What was recorded stays at {asset.site}."
        )
        asked = Asked(f"Move {asset.name} to {site}", lead, "Move it there", trail(asset))
    return form_page(request, form, asked, act)


def place_asked(request: HttpRequest, person: Person, asset: Asset) -> Site:
    """The site that the address names; the asset's own unless said. Raises NotFound."""
    try:
        wanted = uuid.UUID(request.GET.get("site") or str(asset.site_id))
    except ValueError:
        raise NotFound("That site") from None
    site: Site = Site.objects.select_related("school").get_visible(person, pk=wanted)
    return site


@require_http_methods(GET_AND_POST)
@estate
def part_of(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:
    """Say what an asset is part of."""
    asset = to_change(person, id, permits.ASSET_CHANGE, "change assets")

    def act(said: dict[str, Any]) -> HttpResponseBase:
        make_part_of(asset, parent=said["parent"], person=person)
        return back(asset)

    form = PartForm(sent(request), person=person, asset=asset)
    return form_page(request, form, Asked(f"What {asset.name} is part of", "", "Save", trail(asset)), act)


@require_http_methods(GET_AND_POST)
@estate
def retire(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:
    """Retire an asset for good."""
    asset = to_change(person, id, permits.PLAN_CHANGE, "retire equipment")
    parts = Asset.objects.visible_to(person).filter(parent=asset).exclude(status=Asset.Status.RETIRED).count()
    form = GoingForm(sent(request), files(request), parts=parts)

    def act(said: dict[str, Any]) -> HttpResponseBase:
        going = Going(
            said["method"], said["gone_on"], said["reason"], said["to_whom"], pence(said["value"]), said.get("parts", ""),
            content_of(said["file"]),
        )  # fmt: skip
        dispose(asset, going=going, person=person, today=today())
        messages.success(request, "Retired. Its checks are planned no longer; what was recorded stays.")
        return back(asset)

    lead = "Its checks end. A slip can be undone within 30 days."
    return form_page(request, form, Asked(f"Retire {asset.name}", lead, "Retire it", trail(asset)), act)


@require_POST
@estate
def undo(request: HttpRequest, person: Person, id: uuid.UUID) -> HttpResponseBase:
    """Undo a disposal that was a slip."""
    row = Disposal.objects.select_related("asset__site").get_visible(person, pk=id)
    asset, *parts = undo_disposal(row, person=person, today=today())
    parts_too = f", with {counted(len(parts), 'part')} that went with it" if parts else ""
    messages.success(request, f"It is {asset.get_status_display().lower()} again{parts_too}. What was owed is owed again.")
    return back(asset)
