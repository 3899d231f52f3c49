"""Pages of a list: `{"count", "next", "previous", "results"}`, rows and count in one query."""

from collections.abc import Sequence
from typing import Any

from django.db.models import IntegerField, QuerySet, Subquery
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from backend.core.problems import Problem

IN_ALL = "rows_in_all"
LAST_PAGE = 1_000_000


class RowsInAll(Subquery):
    """SQL: how many rows a query has, beside each row of its page. It does not depend on the row, so it is asked once."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


class Pages(PageNumberPagination):
    """`page` from 1, `page_size` rows each (50 unless asked; more than 200 gives 200)."""

    page_size = 50
    page_size_query_param = "page_size"
    page_query_description = "Which page, from 1."
    page_size_query_description = "Rows on a page: 50 unless asked. More than 200 gives 200."
    max_page_size = 200

    request: Request
    number: int
    size: int
    count: int

    def paginate_queryset(self, queryset: QuerySet[Any] | Sequence[Any], request: Request, view: Any = None) -> list[Any]:
        """The page's rows. Raises Problem: 400 for what is no page number, 404 past the last page."""
        self.request = request
        self.number = positive(request, self.page_query_param, 1, LAST_PAGE)
        self.size = min(positive(request, "page_size", self.page_size, 10**9), self.max_page_size)
        start = (self.number - 1) * self.size
        if isinstance(queryset, QuerySet):
            rows = self.rows(queryset, start)
        else:
            rows, self.count = list(queryset[start : start + self.size]), len(queryset)
        if not rows and self.number > 1:
            last = max(1, -(-self.count // self.size))
            raise Problem("no_such_page", f"The last page is {last}.", status=404)
        return rows

    def rows(self, queryset: QuerySet[Any], start: int) -> list[Any]:
        """The rows from `start`, with `count` set from the query that fetched them."""
        counted = RowsInAll(queryset.order_by().values("pk"))
        rows = list(queryset.annotate(**{IN_ALL: counted})[start : start + self.size])
        if not rows:
            self.count = queryset.count() if start else 0
        else:
            self.count = rows[0][IN_ALL] if isinstance(rows[0], dict) else getattr(rows[0], IN_ALL)
        return rows

    def get_paginated_response(self, data: Any) -> Response:
        """The page with its links."""
        following = self.number + 1 if self.number * self.size < self.count else None
        before = self.number - 1 if self.number > 1 else None
        return Response({"count": self.count, "next": self.link(following), "previous": self.link(before), "results": data})

    def link(self, number: int | None) -> str | None:
        """The address of another page."""
        if number is None:
            return None
        here = self.request.build_absolute_uri()
        if number == 1:
            return str(remove_query_param(here, self.page_query_param))
        return str(replace_query_param(here, self.page_query_param, number))


def positive(request: Request, name: str, default: int, most: int) -> int:
    """A whole number from 1 to `most` from the query, or the default. Raises Problem (400) for anything else."""
    text = request.query_params.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= most):
        wrong = {name: f"Write a whole number from 1 to {most:,}."}
        raise Problem("invalid", f"{name} is not a number that can be used.", fields=wrong)
    return int(text)
