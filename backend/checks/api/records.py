"""Records: what was done; and recording a check from a program, by the same action as the phone's."""

import datetime as dt
import uuid
from typing import Any, cast

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from backend.checks.actions import record_check
from backend.checks.api.check_types import known_check
from backend.checks.api.new_record import as_made, new_record, same_as
from backend.checks.api.record_shapes import BESIDE, UNSHOWN, NewRecordBody, RecordAlone, RecordRow, alone, record_rows
from backend.checks.models import CheckRecord
from backend.core.api.asking import DayInput, Filters, KeyOf, sound_day, words
from backend.core.api.resources import ScopedViewSet
from backend.core.problems import Problem
from backend.trust.tokens import asker


class SinceInput(DayInput):
    """A date, or a moment as ISO 8601."""

    def to_python(self, value: Any) -> Any:
        """A date, or an aware moment (without an offset, London's)."""
        if not value or "T" not in str(value):
            return super().to_python(value)
        try:
            moment = parse_datetime(str(value).replace(" ", "+"))  # a plus sign that the address turned into a space
            if moment is None:
                raise ValueError
            sound_day(moment.date())
        except ValueError as wrong:
            raise ValidationError("Write a date as YYYY-MM-DD, or a time as 2026-11-22T09:14:03Z.") from wrong
        return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


class Since(django_filters.DateFilter):  # type: ignore[misc]
    """Filters by a date or a moment."""

    field_class: type[forms.Field] = SinceInput


class RecordFilters(Filters):
    """Records by plan, thing, place, check and outcome; `since` a date or a moment when they were done."""

    plan = django_filters.UUIDFilter("plan_id")
    asset = django_filters.UUIDFilter("asset_id")
    site = django_filters.UUIDFilter("site_id")
    school = django_filters.UUIDFilter("site__school_id")
    check_type = KeyOf("check_type_id", known=known_check, what="check")
    outcome = words(CheckRecord.Outcome.choices)
    since = Since(method="from_then", help_text="Done on or after this date, or this moment (ISO 8601).")

    def from_then(self, rows: QuerySet[CheckRecord], _name: str, since: dt.date) -> QuerySet[CheckRecord]:
        """Those done on or after a day, or a moment."""
        return rows.filter(done_at__gte=since) if isinstance(since, dt.datetime) else rows.filter(done_on__gte=since)


class Records(ScopedViewSet):
    """What was done."""

    rows = CheckRecord.objects.select_related(*BESIDE).defer(*UNSHOWN).order_by("-done_at", "id")
    called = "That record"
    serializer_class = RecordRow
    detail_class = RecordAlone
    filterset_class = RecordFilters

    def shown(self, page: list[Any]) -> list[Any]:
        """The rows of a page."""
        return record_rows(cast(list[CheckRecord], page))

    def shown_alone(self, row: Any) -> Any:
        """One record with its answers, findings and files."""
        return alone(row)

    @extend_schema(
        request=NewRecordBody,
        responses={201: RecordAlone, 200: OpenApiResponse(RecordAlone, description="It had been recorded already.")},
    )
    def create(self, request: Request) -> Response:
        """Record a check: the record, its defects and the plan's next date, all or nothing."""
        sent, person = self.body(NewRecordBody), asker(request)
        new = new_record(sent, person)
        if "id" in sent and (before := self.by_id(new.id)):
            return Response(self.sent_again(before, same=same_as(before, new, sent)))
        try:
            made = record_check(new)
        except IntegrityError as raced:
            if before := self.by_id(new.id):
                return Response(self.sent_again(before, same=same_as(before, new, sent)))
            if new.supersedes is None:
                raise
            raise Problem("already_corrected", "That record has been corrected already.", status=409) from raced
        return Response(self.shown_alone(as_made(made, new)), status=201)

    def by_id(self, pk: uuid.UUID) -> CheckRecord | None:
        """A record whatever its site: an id is taken everywhere."""
        return self.rows.filter(pk=pk).first()

    def sent_again(self, before: CheckRecord, *, same: bool) -> Any:
        """The record that has this id, when it is the one that was sent. Raises Problem (409) when it is another."""
        if not same:
            raise Problem("id_taken", "That id belongs to another record. Send a fresh one.", status=409)
        return self.shown_alone(before)
