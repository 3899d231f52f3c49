"""The pages of trends."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backend.core.days import today
from backend.core.problems import Problem
from backend.core.templatetags.words import counted
from backend.office.maps.charts import Chart, Value, bar_chart, line_chart
from backend.office.maps.forms import TrendFilters
from backend.office.maps.trends import Month, Where, open_ages, trends
from backend.office.views.csv_out import ListFile, csv_answer
from backend.office.views.gate import estate
from backend.trust.models import Person

HEAD: Final = (
    "Month", "Checks running", "In date", "In date, per cent", "Overdue", "Missed in the month", "Problems found",
    "Problems closed", "Problems open at its end",
)  # fmt: skip


def place_of(filters: TrendFilters) -> Where:
    """What the filters choose."""
    return Where(filters.value("school"), filters.value("site"), filters.value("discipline") or "")


@require_safe
@estate
def trends_page(request: HttpRequest, person: Person) -> HttpResponse:
    """In date, missed, and problems, month by month."""
    filters = TrendFilters(request.GET, person=person)
    filters.refuse_unknown()
    said: dict[str, Any] = {"filters": filters, "answer": "Trends"}
    if not filters.wrong:
        where = place_of(filters)
        months = trends(person, where, months=filters.span, today=today())
        known = [each for each in months if each.plans]
        said |= {
            "answer": answer(months),
            "months": [(each, links_of(where, each)) for each in reversed(months)],
            "charts": charts(where, months) if known or any(each.opened or each.missed for each in months) else [],
            "ages": open_ages(person, where, today()),
            "readings": where.address("/trends/readings/"),
            "pending": bool(known) and len(known) == 1,
        }
    return render(request, "office/maps/trends.html", said, status=filters.http_status)


def answer(months: Sequence[Month]) -> str:
    """How it went, in a sentence or two."""
    known = [each for each in months if each.share is not None]
    if not known:
        return "No checks are planned here, so there is no trend yet."
    now = known[-1].share or 0
    said = f"{now:g}% of checks are in date"
    if len(known) > 1:
        before = known[0].share or 0
        way = "up from" if now > before + 0.05 else "down from" if now < before - 0.05 else "as in"
        told = f"{before:g}% in {known[0].day:%B %Y}" if way != "as in" else f"{known[0].day:%B %Y}"
        said += f", {way} {told}"
    change = months[-1].open_then - months[0].open_then
    problems = f"{counted(months[-1].open_then, 'problem')} open"
    if change:
        problems += f", {abs(change):,} {'more' if change > 0 else 'fewer'} than {months[0].day:%B %Y}"
    return f"{said}. {problems}."


def links_of(where: Where, month: Month) -> dict[str, str]:
    """Where each figure of a month leads."""
    span = {"since": month.first, "until": month.day}
    board = f"{where.board}?{urlencode({'as_of': month.day, 'known': 'now'})}"
    return {
        "in_date": board,
        "overdue": where.address("/plans/", status="overdue") if month.running else board,
        "missed": where.address("/lapses/", **span),
        "opened": where.address("/problems/", status="all", **span),
        "closed": where.address("/problems/", status="closed", closed_since=month.first, closed_until=month.day),
        "open": where.address("/problems/", status="all", open_on=month.day),
    }


def charts(where: Where, months: Sequence[Month]) -> list[Chart]:
    """The three pictures."""
    links = {each.day: links_of(where, each) for each in months}

    def values(name: str, link: str, words: str) -> list[Value]:
        return [
            Value(each.day, getattr(each, name), links[each.day][link], f"{each.day:%B %Y}: {getattr(each, name)} {words}")
            for each in months
        ]

    shares = [
        Value(
            each.day, each.share, links[each.day]["in_date"],
            f"{each.day:%B %Y}: {each.share:g}% in date, {each.proved:,} of {each.plans:,}" if each.share is not None else "",
        )
        for each in months
    ]  # fmt: skip
    found = []
    if any(each.share is not None for each in months):
        found.append(line_chart("In date, per cent", "Checks in date at each month's end.", shares, unit="%", least=90, most=100))
    missed = values("missed", "missed", "missed")
    found.append(bar_chart("Missed checks, by month", "Checks that were missed in each month.", [("Missed", "missed", missed)]))
    opened, closed = values("opened", "opened", "problems found"), values("closed", "closed", "problems closed")
    both = [("Found", "opened", opened), ("Closed", "closed", closed)]
    found.append(bar_chart("Problems found and closed, by month", "Problems found and closed in each month.", both))
    still = values("open_then", "open", "problems open")
    found.append(line_chart("Problems open", "Problems open at each month's end.", still, least=0, most=4, whole=True))
    return found


@require_safe
@estate
def trends_csv(request: HttpRequest, person: Person) -> ListFile:
    """The months' figures."""
    filters = TrendFilters(request.GET, person=person)
    filters.refuse_unknown()
    if filters.wrong:
        raise Problem("filter", f"A filter was not understood. {' '.join(filters.wrong)}", status=filters.http_status)
    months = trends(person, place_of(filters), months=filters.span, today=today())
    rows = [
        (f"{each.day:%Y-%m}", each.plans, each.proved, each.share, each.overdue, each.missed, each.opened, each.closed,
         each.open_then)
        for each in months
    ]  # fmt: skip
    return csv_answer("trends", HEAD, rows)
