"""What every API list and detail shares: bounded pages, rows cut to the asker's scope, one error shape."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import viewsets
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request


class Pages(PageNumberPagination):
    """`{"count", "next", "previous", "results"}`; `page_size` up to 200."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200


class ScopedViewSet(viewsets.ReadOnlyModelViewSet[Any]):
    """Read-only rows of `rows`, cut to what the signed-in person may know of. Never give it `.objects.all()`."""

    rows: QuerySet[Any]
    request: Request

    def get_queryset(self) -> QuerySet[Any]:
        """`rows.visible_to(person)`: the same cut for lists, details, counts and exports."""
        if getattr(self, "swagger_fake_view", False):
            return self.rows.none()
        visible: QuerySet[Any] = self.rows.all().visible_to(self.request.user)  # type: ignore[attr-defined]
        return visible
