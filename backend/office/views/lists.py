"""What every list page does: filter, sort, page, keep as a view, choose rows to be changed; or hand out as CSV and XLSX."""

from collections.abc import Callable, Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from backend.core.problems import Problem
from backend.office.forms.lists import ListFilters
from backend.office.lists.registry import bulk_of
from backend.office.lists.saved import Views, default_view
from backend.office.views.csv_out import ListFile, csv_answer

PER_PAGE = 50
CHUNK = 1000


def page_of(request: HttpRequest, rows: QuerySet[Any] | Sequence[Any]) -> Page[Any]:
    """The page of rows asked for; a page that is not there gives the nearest."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))


def list_answer(request: HttpRequest, template: str, filters: ListFilters, **more: Any) -> HttpResponse:
    """The list as a page. What was not understood is said, and nothing is listed then.

    Without anything asked for, a list opens with the view that its reader chose for it, if there is one.
    """
    if own := default_view(request, filters.person):
        return HttpResponseRedirect(own)
    filters.refuse_unknown()
    said = {
        "filters": filters,
        "page": page_of(request, filters.rows()),
        "views": Views(request, filters.person, may_keep=not filters.wrong),
        "bulk": bulk_of(request.path, filters),
        **more,
    }
    return render(request, template, said, status=filters.http_status)


def refuse_misread(filters: ListFilters) -> None:
    """Raise Problem when a filter was not understood."""
    filters.refuse_unknown()
    if filters.wrong:
        raise Problem("filter", f"A filter was not understood. {' '.join(filters.wrong)}", status=filters.http_status)


def export(
    filters: ListFilters, name: str, head: Sequence[str], row: Callable[[Any], Sequence[Any]], *, evidence: bool = False
) -> ListFile:
    """The same rows as CSV; at an address made by `downloads`, as XLSX too. Very long lists are made by a worker.

    Raises Problem when a filter was not understood, rather than hand out another list.
    """
    refuse_misread(filters)
    lines = (row(each) for each in filters.rows().iterator(chunk_size=CHUNK))
    return csv_answer(name, head, lines, evidence=evidence, count=lambda: filters.rows().count())
