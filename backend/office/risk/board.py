"""The CFO's page: what could hurt somebody, what could cost us, what do I decide this month."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backend.core.days import today
from backend.office.maps.charts import Chart
from backend.office.queries.library import discipline_title
from backend.office.risk.drawn import columns
from backend.office.risk.gates import manages_all, risky
from backend.office.risk.said import headline
from backend.risk.queries.brief import brief
from backend.trust.models import Person


@require_safe
@risky
def board(request: HttpRequest, person: Person) -> HttpResponse:
    """The page. Its figures are those that a board paper freezes."""
    figures = brief(person, today())
    said = {
        "figures": figures,
        "answer": headline(figures),
        "manages": manages_all(person),
        "months": chart_of(figures),
        "disciplines": [{**each, "title": discipline_title(each["key"])} for each in figures["forecast"]["disciplines"]],
        "most": max((each["pence"] for each in figures["forecast"]["disciplines"]), default=0),
    }
    return render(request, "office/risk/board.html", said)


def chart_of(figures: dict[str, Any]) -> Chart:
    """The twelve months ahead as columns."""
    months = [(dt.date.fromisoformat(each["month"]), each["pence"]) for each in figures["forecast"]["months"]]
    return columns("What firms' checks cost, month by month", months)
