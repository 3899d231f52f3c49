"""Printing labels: choose assets or places, see the sheet on the screen, get the PDF."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from backend.assets.actions import by_site, ensure_place_tags, ensure_tags, keep_run
from backend.assets.labels import MOST_LABELS, host_warning
from backend.assets.models import Asset, LabelRun, Tag
from backend.core.problems import Problem
from backend.office.forms.estate import AssetFilters
from backend.office.labels.forms import LabelForm
from backend.office.labels.paper import Wanted, enough, printed, prints, remember, shown
from backend.trust import permits
from backend.trust.models import Building, Person, Site, Space

NAMED = 12
Making = Callable[[], list[Wanted]]


def answered(
    person: Person, form: LabelForm, wanted: Sequence[Wanted], kind: str, make: Making, *, preview: bool
) -> HttpResponse | dict[str, Any]:
    """The PDF, kept as printed; or what the preview page shows, which changes nothing. Raises Problem."""
    enough(len(wanted))
    said = form.cleaned_data
    stock = form.stocks[said["stock"]]
    if preview:
        return shown([each.label(said) for each in wanted], stock, said["first"] - 1)
    made = make()
    answer = printed(person, made, stock, said)
    keep_run(person=person, codes=by_site([(each.site, each.code) for each in made]), kind=kind, stock=stock.name)
    remember(person, said)
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@prints
def labels(request: HttpRequest, person: Person) -> HttpResponse:
    """GET: what would be printed (the assets chosen, or those of the filter). POST: the PDF, or how it will look."""
    asked = request.POST if request.method == "POST" else request.GET
    filters = AssetFilters(asked, person=person)
    chosen = chosen_assets(person, asked, filters)
    form = LabelForm(request.POST if request.method == "POST" else None, person=person)
    sheet, wrong = None, ""
    if request.method == "POST" and form.is_valid():
        assets = list(chosen[: MOST_LABELS + 1])
        codes = dict(Tag.objects.filter(asset__in=assets, retired_at=None).order_by("made_at").values_list("asset_id", "code"))
        wanted = [Wanted(each.site, each, codes.get(each.pk, "")) for each in assets]

        def make() -> list[Wanted]:
            tags = ensure_tags(assets)
            return [Wanted(each.site, each, tags[each.pk].code) for each in assets]

        try:
            sheet = answered(person, form, wanted, LabelRun.Kind.ASSETS, make, preview="preview" in request.POST)
        except Problem as problem:
            wrong = problem.detail
        if isinstance(sheet, HttpResponse):
            return sheet
    return choose(request, filters, form, chosen, wrong, sheet)


def chosen_assets(person: Person, asked: QueryDict, filters: AssetFilters) -> QuerySet[Asset]:
    """The assets ticked in a list, else those that the filter gives; always where the person may print labels."""
    printable = Asset.objects.visible_to(person, permits.LABEL_PRINT).exclude(status=Asset.Status.RETIRED)
    if asked.getlist("asset"):
        printable = printable.filter(pk__in=ids_of(asked, "asset"))
    elif filters.is_narrowed():
        printable = printable.filter(pk__in=filters.rows().order_by().values("pk"))
    else:
        printable = printable.none()
    return printable.select_related("site__school", "building", "space").order_by("site__name", "building__name", "name", "pk")


def ids_of(asked: QueryDict, name: str) -> list[uuid.UUID]:
    """The ids ticked. Raises Problem for what is none."""
    try:
        return [uuid.UUID(each) for each in asked.getlist(name)[: MOST_LABELS + 1]]
    except ValueError:
        raise Problem("malformed", f"One of the chosen {name}s could not be read. Choose them again.") from None


def choose(
    request: HttpRequest, filters: AssetFilters, form: LabelForm, chosen: QuerySet[Asset], wrong: str, sheet: Any
) -> HttpResponse:
    """The page on which to choose."""
    asked = request.POST if request.method == "POST" else request.GET
    number = chosen.count()
    said: dict[str, Any] = {
        "filters": filters,
        "form": form,
        "stocks": form.stocks.values(),
        "number": number,
        "named": chosen[:NAMED],
        "more": max(number - NAMED, 0),
        "too_many": number > MOST_LABELS,
        "most": MOST_LABELS,
        "ids": asked.getlist("asset"),
        "host_warning": host_warning(settings.LABEL_HOST),
        "wrong": wrong,
        "sheet": sheet,
    }
    return render(request, "office/labels/choose.html", said, status=422 if wrong or form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@prints
def place_labels(request: HttpRequest, person: Person) -> HttpResponse:
    """Labels for rooms and buildings. GET: a site's places to tick. POST: the PDF, or how it will look."""
    asked = request.POST if request.method == "POST" else request.GET
    sites = Site.objects.visible_to(person, permits.LABEL_PRINT).select_related("school").order_by("name")
    site = site_asked(sites, asked)
    form = LabelForm(request.POST if request.method == "POST" else None, person=person)
    places = chosen_places(person, site, asked) if site and request.method == "POST" else []
    sheet, wrong = None, ""
    if request.method == "POST" and form.is_valid():
        codes = codes_of(places)
        wanted = [Wanted(holder(each).site, each, codes.get(each.pk, "")) for each in places]

        def make() -> list[Wanted]:
            tags = ensure_place_tags(places, person=person)
            return [Wanted(holder(each).site, each, tags[each.pk].code) for each in places]

        try:
            sheet = answered(person, form, wanted, LabelRun.Kind.PLACES, make, preview="preview" in request.POST)
        except Problem as problem:
            wrong = problem.detail
        if isinstance(sheet, HttpResponse):
            return sheet
    said = {
        "sites": sites,
        "site": site,
        "buildings": Building.objects.visible_to(person).filter(site=site).prefetch_related("spaces", "tags", "spaces__tags")
        if site
        else (),
        "ticked": {str(each.pk) for each in places} | set(request.GET.getlist("place")),
        "form": form,
        "stocks": form.stocks.values(),
        "wrong": wrong,
        "sheet": sheet,
    }
    return render(request, "office/labels/places.html", said, status=422 if wrong or form.errors else 200)


def site_asked(sites: QuerySet[Site], asked: QueryDict) -> Site | None:
    """The site whose places are shown: the one asked for, else the only one. Raises NotFound for one not theirs."""
    if text := asked.get("site"):
        try:
            key = uuid.UUID(text)
        except ValueError:
            raise Problem("malformed", "That site could not be read. Choose it again.") from None
        if found := sites.filter(pk=key).first():
            return found
        raise Problem("not_found", "That site was not found.", status=404)
    first = list(sites[:2])
    return first[0] if len(first) == 1 else None


def holder(place: Building | Space) -> Building:
    """The building of a place."""
    return place.building if isinstance(place, Space) else place


def chosen_places(person: Person, site: Site, asked: QueryDict) -> list[Building | Space]:
    """The places ticked, of those of the site: each building before its rooms."""
    keys = ids_of(asked, "place")
    buildings = Building.objects.visible_to(person, permits.LABEL_PRINT).filter(site=site, pk__in=keys)
    spaces = Space.objects.visible_to(person, permits.LABEL_PRINT).filter(building__site=site, pk__in=keys)
    found: list[Building | Space] = [*buildings.select_related("site__school"), *spaces.select_related("building__site__school")]
    return sorted(found, key=lambda each: (holder(each).name, isinstance(each, Space), each.name, each.pk))


def codes_of(places: Sequence[Building | Space]) -> dict[uuid.UUID, str]:
    """The codes of the labels that places have already, by the place's id."""
    keys = [each.pk for each in places]
    on = Tag.objects.filter(building__in=keys) | Tag.objects.filter(space__in=keys)
    placed = ((tag.building_id or tag.space_id, tag.code) for tag in on.order_by("made_at"))
    return {key: code for key, code in placed if key}
