"""The base of every address: who asks, what may be asked, whose rows."""

from collections.abc import Collection
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.core.api.asking import Filters, only
from backend.core.api.bodies import Body
from backend.core.api.paging import Pages
from backend.core.api.parsing import SoundJSON
from backend.core.problems import NotFound

Rows = list[Any]


class Address(APIView):
    """One address of the API. Parameters that it does not name in `known` are refused."""

    parser_classes = [SoundJSON]
    metadata_class = None
    known: ClassVar[Collection[str]] = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """DRF's checks (who asks, may they at all), then ours."""
        super().initial(request, *args, **kwargs)
        only(request, self.known_parameters())

    def finalize_response(self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any) -> Any:
        """What one person may see is kept by nobody between us and them, unless an address says otherwise."""
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return super().finalize_response(request, response, *args, **kwargs)  # type: ignore[arg-type]

    def known_parameters(self) -> Collection[str]:
        """The query parameters that exist here."""
        return self.known

    def body(self, kind: type[Body]) -> dict[str, Any]:
        """The body that was sent, read as `kind`. Raises ValidationError naming the fields that are wrong."""
        sent = kind(data=self.request.data)
        sent.is_valid(raise_exception=True)
        read: dict[str, Any] = sent.validated_data
        return read


class ScopedViewSet(Address, viewsets.GenericViewSet[Any]):
    """Rows of `rows`, cut to what the signed-in person may know of: the same cut for lists, details, counts and writes.

    A subclass names `rows`, `called` (what one is called in a refusal), `serializer_class` (the shape of a row in a list),
    `detail_class` where one alone shows more, `filterset_class`, and, where it is hot, `shown()` in place of serializers.
    """

    rows: ClassVar[QuerySet[Any]]
    called: ClassVar[str]
    detail_class: ClassVar[type[serializers.BaseSerializer[Any]] | None] = None
    filterset_class: ClassVar[type[Filters] | None] = None
    filter_backends = [DjangoFilterBackend]
    pagination_class = Pages
    lookup_field = "pk"
    lookup_url_kwarg = "id"
    lookup_value_converter = "uuid"

    def known_parameters(self) -> Collection[str]:
        """The list's filters and pages; a detail takes none."""
        if self.action != "list":
            return ()
        return {*(self.filterset_class.names() if self.filterset_class else ()), "page", "page_size"}

    def get_queryset(self) -> QuerySet[Any]:
        """`rows.visible_to(person)`."""
        if getattr(self, "swagger_fake_view", False):
            return self.rows.none()
        visible: QuerySet[Any] = self.rows.all().visible_to(self.request.user)  # type: ignore[attr-defined]
        return visible

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Any]]:
        """The shape of a row: one alone may show more than one of a list."""
        return self.detail_class if self.detail_class and self.action != "list" else super().get_serializer_class()

    def list(self, request: Request) -> Response:
        """A page of what the asker may know of."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.shown(list(page or ())))

    def shown(self, page: Rows) -> Rows:
        """The rows of a page as they are sent."""
        return list(self.get_serializer(page, many=True).data)

    def retrieve(self, request: Request, **_where: Any) -> Response:
        """One of them."""
        return Response(self.shown_alone(self.one()))

    def one(self) -> Any:
        """The row that the address names. Raises NotFound: to a stranger it looks the same as if it did not exist."""
        found = self.get_queryset().filter(**{self.lookup_field: self.kwargs[str(self.lookup_url_kwarg)]}).first()
        if found is None:
            raise NotFound(self.called)
        return found

    def shown_alone(self, row: Any) -> Any:
        """One row as it is sent."""
        return self.get_serializer(row).data
