"""How the estate stands: counts by school, site and discipline."""

import datetime as dt
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backend.checks.queries.compliance import compliance
from backend.checks.queries.rolled_up import BY, roll_up
from backend.core.api.asking import sound_day
from backend.core.api.paging import Pages
from backend.core.api.quick import QuickJSON
from backend.core.api.resources import Address
from backend.core.days import today
from backend.core.problems import Problem
from backend.trust.tokens import asker


class SchoolNamed(serializers.Serializer[Any]):
    """A school's id, name and URN."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    urn = serializers.IntegerField()


class SiteNamed(serializers.Serializer[Any]):
    """A site's id and name."""

    id = serializers.UUIDField()
    name = serializers.CharField()


class ComplianceRow(serializers.Serializer[Any]):
    """Active plans by how they stand, lapses of the last twelve months that stand, and open defects.

    `unsatisfactory` counts active plans whose last report was unsatisfactory and is not put right, whatever their date;
    `unsafe` and `serious` count the open defects so marked; `unproved`, part of `in_date` and `due_soon`, the plans of which
    nothing is recorded yet.
    """

    school = SchoolNamed(required=False)
    site = SiteNamed(required=False)
    discipline = serializers.CharField(required=False)
    in_date = serializers.IntegerField()
    due_soon = serializers.IntegerField()
    due = serializers.IntegerField()
    overdue = serializers.IntegerField()
    paused = serializers.IntegerField()
    lapses = serializers.IntegerField()
    defects_open = serializers.IntegerField()
    unsatisfactory = serializers.IntegerField()
    unsafe = serializers.IntegerField()
    serious = serializers.IntegerField()
    unproved = serializers.IntegerField()


class ComplianceRows(serializers.Serializer[Any]):
    """All rows at once unless a page is asked for. `as_of` is the day that they are true for."""

    as_of = serializers.DateField()
    count = serializers.IntegerField()
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = ComplianceRow(many=True)


class Compliance(Address):
    """How the estate stands."""

    known = ("by", "as_of", "page", "page_size")
    renderer_classes = [QuickJSON]

    @extend_schema(
        operation_id="compliance_list",
        parameters=[
            OpenApiParameter(
                "by", str, description="Any of school, site, discipline, with commas between: all three unless said."
            ),
            OpenApiParameter("as_of", dt.date, description="The day asked about: today unless said."),
            OpenApiParameter("page", int, description="Which page, from 1: all rows at once unless said."),
            OpenApiParameter("page_size", int, description="Rows on a page, at most 200: all at once unless said."),
        ],
        responses=ComplianceRows,
    )
    def get(self, request: Request) -> Response:
        """The counts of everything that the asker may see. A day in the past is reckoned from what was known by then."""
        now = today()
        by, day = chosen(request.query_params.get("by")), asked_day(request.query_params.get("as_of"), now)
        rows = roll_up(compliance(asker(request), today=now, as_of=day), by)
        if {"page", "page_size"} & set(request.query_params):
            pages = Pages()
            body = pages.get_paginated_response(pages.paginate_queryset(rows, request)).data
        else:
            body = {"count": len(rows), "next": None, "previous": None, "results": rows}
        return Response({"as_of": day, **body})


def chosen(text: str | None) -> list[str]:
    """What to sum by. Raises Problem (400) for other words."""
    if text is None:
        return list(BY)
    asked = [word for word in text.split(",") if word]
    if wrong := [word[:40] for word in asked if word not in BY]:
        fields = {"by": f"{', '.join(wrong)}: choose any of {', '.join(BY)}, with commas between."}
        raise Problem("invalid", "Compliance can be counted by school, site and discipline.", fields=fields)
    return [word for word in BY if word in asked]


def asked_day(text: str | None, now: dt.date) -> dt.date:
    """The day asked about. Raises Problem (400) for what is no date."""
    if text is None:
        return now
    try:
        if len(text) != len("2026-01-31"):
            raise ValueError("Write a date as YYYY-MM-DD.")
        return sound_day(dt.date.fromisoformat(text))
    except ValueError as wrong:
        said = str(wrong) if str(wrong).startswith("Write") else "Write a date as YYYY-MM-DD."
        raise Problem("invalid", "as_of is not a date.", fields={"as_of": said}) from wrong
