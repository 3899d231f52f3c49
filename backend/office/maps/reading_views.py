"""The page of readings: small pictures side by side, each with its limits and what it is coming to."""

import datetime as dt
from typing import Any, Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backend.core.days import today
from backend.core.problems import Problem
from backend.office.maps.forms import ReadingFilters
from backend.office.maps.readings import Series, readings, worst_by_month
from backend.office.queries.board import OTHER
from backend.office.views.csv_out import ListFile, csv_answer
from backend.office.views.gate import estate
from backend.rules.answer_words import unit_word
from backend.trust.models import Person, Site

PER_PAGE: Final = 24
HEAD: Final = ("Site", "What", "Check", "Reading", "Day", "Value", "Unit", "At least", "At most", "Outside its limits")


def wanted(filters: ReadingFilters, person: Person) -> tuple[Site | None, list[Series]]:
    """The site that is looked at and its readings, or those of one asset."""
    if filters.wrong:
        return None, []
    asset = filters.value("asset")
    site = asset.site if asset else filters.value("site")
    if site is None:
        return None, []
    now = today()
    since = now - dt.timedelta(days=round(30.44 * filters.span))
    where: dict[str, Any] = {"site": site}
    discipline = filters.value("discipline") or ""
    found = readings(person, since=since, today=now, discipline="-" if discipline == OTHER else discipline, **where)
    return site, [each for each in found if asset is None or each.asset == asset.pk]


@require_safe
@estate
def readings_page(request: HttpRequest, person: Person) -> HttpResponse:
    """The readings of a site, the worst first."""
    filters = ReadingFilters(request.GET, person=person)
    filters.refuse_unknown()
    site, series = wanted(filters, person)
    page = Paginator(series, PER_PAGE).get_page(request.GET.get("page"))
    now = today()
    whole = worst_by_month(series, now) if page.number == 1 else []
    said = {
        "filters": filters,
        "site": site,
        "page": page,
        "answer": answer(site, series),
        "whole": [(each, each.chart(now), each.sentence(now)) for each in whole],
        "shown": [(each, each.chart(now), each.sentence(now)) for each in page],
    }
    return render(request, "office/maps/readings.html", said, status=filters.http_status)


def answer(site: Site | None, series: list[Series]) -> str:
    """How the readings stand, in a sentence."""
    if site is None:
        return "Readings"
    if not series:
        return f"{site}: no readings with a limit in this time."
    out = sum(each.of.outside(each.last) for each in series)
    soon = sum(bool(each.drifting and each.drifting.meets_on) and not each.of.outside(each.last) for each in series)
    said = f"{site}: {len(series) - out} of {len(series)} were within their limits when last read"
    return f"{said}; {soon} of them {'drifts' if soon == 1 else 'drift'} towards a limit." if soon else f"{said}."


@require_safe
@estate
def readings_csv(request: HttpRequest, person: Person) -> ListFile:
    """The readings, one a line."""
    filters = ReadingFilters(request.GET, person=person)
    filters.refuse_unknown()
    if filters.wrong:
        raise Problem("filter", f"A filter was not understood. {' '.join(filters.wrong)}", status=filters.http_status)
    site, series = wanted(filters, person)
    rows = [
        (site, each.thing, each.of.title, each.of.label, day, value, unit_word(each.of.unit), each.of.low, each.of.high,
         each.of.outside(value))
        for each in series
        for day, value, _ in each.readings
    ]  # fmt: skip
    return csv_answer("readings", HEAD, rows)
