"""What every list page does: filter, page, or hand out as CSV."""

from collections.abc import Callable, Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render

from backend.core.problems import Problem
from backend.office.forms.lists import ListFilters
from backend.office.views.csv_out import csv_answer

PER_PAGE = 50
CHUNK = 1000


def page_of(request: HttpRequest, rows: QuerySet[Any] | Sequence[Any]) -> Page[Any]:
    """The page of rows asked for; a page that is not there gives the nearest."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))


def list_answer(request: HttpRequest, template: str, filters: ListFilters, **more: Any) -> HttpResponse:
    """The list as a page. What was not understood is said, and nothing is listed then."""
    said = {"filters": filters, "page": page_of(request, filters.rows()), **more}
    return render(request, template, said, status=filters.http_status)


def export(filters: ListFilters, name: str, head: Sequence[str], row: Callable[[Any], Sequence[Any]]) -> StreamingHttpResponse:
    """The same rows as CSV. Raises Problem when a filter was not understood, rather than hand out another list."""
    if filters.wrong:
        raise Problem("filter", f"A filter was not understood. {' '.join(filters.wrong)}", status=filters.http_status)
    return csv_answer(name, head, (row(each) for each in filters.rows().iterator(chunk_size=CHUNK)))
