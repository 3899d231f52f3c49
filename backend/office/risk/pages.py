"""Exposures and the year ahead: lists, downloads, and one exposure explained line by line."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backend.core.days import today
from backend.core.problems import NotFound
from backend.office.queries.library import discipline_title
from backend.office.risk.filters import AheadFilters, ExposureFilters
from backend.office.risk.gates import manages_some, risky
from backend.office.views.csv_out import ListFile, csv_answer
from backend.office.views.lists import list_answer, refuse_misread
from backend.risk.models import Risk
from backend.risk.queries.exposure import Exposure
from backend.risk.queries.gathered import gather, summed
from backend.rules.exposures import CONSEQUENCE, LIKELIHOOD
from backend.trust.models import Person

EXPOSURE_HEAD = (
    "What", "Sort", "School", "Where", "Discipline", "How bad", "Score", "Likelihood", "Consequence", "Why", "Since",
    "To put right, £", "Price", "A year's wait, £", "Law",
)  # fmt: skip
AHEAD_HEAD = (
    "Check",
    "School",
    "Where",
    "Discipline",
    "Who",
    "Times in twelve months",
    "Each, £",
    "Twelve months, £",
    "Minutes each",
)


@require_safe
@risky
def exposure_list(request: HttpRequest, person: Person) -> HttpResponse:
    """Open exposures, the worst first."""
    filters = ExposureFilters(request.GET, person=person)
    sums = summed(filters.rows()) if not filters.wrong else None
    return list_answer(request, "office/risk/exposures.html", filters, sums=sums)


@require_safe
@risky
def exposure_csv(request: HttpRequest, person: Person) -> ListFile:
    """The same list as a file."""
    filters = ExposureFilters(request.GET, person=person)
    refuse_misread(filters)
    return csv_answer("exposures", EXPOSURE_HEAD, map(line_of, filters.rows()))


def line_of(one: Exposure) -> tuple[Any, ...]:
    """An exposure as a line of the file."""
    return (
        one.title, one.kind_words, str(one.site.school) if one.site else "The trust", one.where,
        discipline_title(one.discipline) if one.discipline else "", one.band.title, one.score.score, one.score.likelihood,
        one.score.consequence, " ".join(each.words for each in one.score.steps), one.since, pounds_of(one.price.pence),
        one.price.words, pounds_of(one.waiting), "; ".join(one.law),
    )  # fmt: skip


def pounds_of(pence: int | None) -> str:
    """Pence as pounds for a file: "1234.50"; empty for None."""
    return "" if pence is None else f"{pence // 100}.{pence % 100:02d}"


@require_safe
@risky
def exposure_page(request: HttpRequest, person: Person, key: str) -> HttpResponse:
    """One exposure: its score line by line, what can follow in law, what an inspector would ask, what it costs."""
    found = gather(person, today())
    one = next((each for each in found.exposures if each.key == key), None)
    if one is None:
        raise NotFound("That exposure")
    steps = {axis: [each for each in one.score.steps if each.axis == axis] for axis in (LIKELIHOOD, CONSEQUENCE)}
    price = found.figures.get(one.price.by)
    said = {
        "one": one,
        "likely": steps[LIKELIHOOD],
        "matters": steps[CONSEQUENCE],
        "assumed": price,
        "law": one.in_law,
        "risk": Risk.objects.visible_to(person).filter(exposure=key, closed_on=None).first(),
        "manages": manages_some(person),
    }
    return render(request, "office/risk/exposure.html", said)


@require_safe
@risky
def ahead_list(request: HttpRequest, person: Person) -> HttpResponse:
    """The checks of the twelve months ahead and what they cost."""
    filters = AheadFilters(request.GET, person=person)
    rows = filters.rows() if not filters.wrong else []
    said = {"pence": sum(each.pence for each in rows), "minutes": sum(each.times * each.minutes for each in rows if each.own)}
    return list_answer(request, "office/risk/ahead.html", filters, **said)


@require_safe
@risky
def ahead_csv(request: HttpRequest, person: Person) -> ListFile:
    """The same list as a file."""
    filters = AheadFilters(request.GET, person=person)
    refuse_misread(filters)
    rows = (
        (
            each.title, str(each.site.school), each.where, discipline_title(each.discipline),
            "Our own people" if each.own else "A firm", each.times, pounds_of(each.each_pence),
            pounds_of(each.pence), each.minutes if each.own else "",
        )
        for each in filters.rows()
    )  # fmt: skip
    return csv_answer("year-ahead", AHEAD_HEAD, rows)
