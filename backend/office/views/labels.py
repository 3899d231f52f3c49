"""Printing labels: choose the assets, the stock and the place to start; get a PDF."""

import uuid
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from backend.assets.actions import ensure_tags
from backend.assets.labels import MOST_LABELS, STOCKS, Label, host_warning, sheet
from backend.assets.models import Asset
from backend.core.days import today
from backend.core.problems import Forbidden, Problem
from backend.office.forms.estate import AssetFilters
from backend.office.forms.labels import LabelForm
from backend.office.views.gate import estate
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import reach

NAMED = 12


@require_http_methods(["GET", "HEAD", "POST"])
@estate
def labels(request: HttpRequest, person: Person) -> HttpResponse:
    """GET: what would be printed (the assets chosen, or those of the filter). POST: the PDF."""
    if reach(person, permits.LABEL_PRINT).nowhere():
        raise Forbidden("Your role does not let you print labels. Ask your site manager.")
    asked = request.POST if request.method == "POST" else request.GET
    filters = AssetFilters(asked, person=person)
    chosen = chosen_assets(person, asked, filters)
    form = LabelForm(request.POST if request.method == "POST" else None, initial={"stock": next(iter(STOCKS)), "first": 1})
    wrong = ""
    if request.method == "POST" and form.is_valid():
        try:
            return pdf(list(chosen[: MOST_LABELS + 1]), form.cleaned_data)
        except Problem as problem:
            wrong = problem.detail
    return choose(request, filters, form, chosen, wrong)


def chosen_assets(person: Person, asked: QueryDict, filters: AssetFilters) -> QuerySet[Asset]:
    """The assets ticked in a list, else those that the filter gives; always where the person may print labels."""
    printable = Asset.objects.visible_to(person, permits.LABEL_PRINT).exclude(status=Asset.Status.RETIRED)
    if ids := asked.getlist("asset"):
        try:
            printable = printable.filter(pk__in=[uuid.UUID(each) for each in ids[: MOST_LABELS + 1]])
        except ValueError:
            raise Problem("malformed", "One of the chosen assets could not be read. Choose them again.") from None
    elif filters.is_narrowed():
        printable = printable.filter(pk__in=filters.rows().order_by().values("pk"))
    else:
        printable = printable.none()
    return printable.select_related("site__school", "building", "space").order_by("site__name", "building__name", "name", "pk")


def choose(request: HttpRequest, filters: AssetFilters, form: LabelForm, chosen: QuerySet[Asset], wrong: str) -> HttpResponse:
    """The page on which to choose."""
    asked = request.POST if request.method == "POST" else request.GET
    number = chosen.count()
    said: dict[str, Any] = {
        "filters": filters,
        "form": form,
        "stocks": STOCKS.values(),
        "number": number,
        "named": chosen[:NAMED],
        "more": max(number - NAMED, 0),
        "too_many": number > MOST_LABELS,
        "most": MOST_LABELS,
        "ids": asked.getlist("asset"),
        "host_warning": host_warning(settings.LABEL_HOST),
        "wrong": wrong,
    }
    return render(request, "office/labels.html", said, status=422 if wrong or form.errors else 200)


def pdf(assets: list[Asset], chosen: dict[str, Any]) -> HttpResponse:
    """The sheet, shown in the browser; assets that have no label yet are given a code now."""
    if len(assets) > MOST_LABELS:
        raise Problem("too_many_labels", f"That is more than {MOST_LABELS:,} labels. Narrow the choice, by site or by kind.")
    stock = STOCKS[chosen["stock"]]
    tags = ensure_tags(assets)
    wanted = [Label(tags[each.pk].code, each.name, site_line(each)) for each in assets]
    made = sheet(wanted, stock, settings.LABEL_HOST, first=(chosen["first"] - 1) % stock.per_page)
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="labels-{today().isoformat()}.pdf"'
    return answer


def site_line(asset: Asset) -> str:
    """Where the asset belongs, for the label: the site, and the room when there is one."""
    return f"{asset.site.name}, {asset.space.name}" if asset.space else asset.site.name
