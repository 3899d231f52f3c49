"""Evidence packs by the API: ask for one, see how far it is, fetch its ZIP; for a system that files them elsewhere."""

from typing import Any

import django_filters
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backend.checks.actions.packs import ask_pack, note_handed_out
from backend.checks.models import PackRequest, Plan
from backend.core.api.asking import Filters
from backend.core.api.bodies import Body, DayField, LineField
from backend.core.api.resources import ScopedViewSet
from backend.core.problems import NotFound, Problem
from backend.office.proof.pages import zip_answer
from backend.office.proof.recipients import RECIPIENTS
from backend.office.queries.library import discipline_order
from backend.trust.named import named_place
from backend.trust.tokens import asker

MOST_DISCIPLINES = 40
FOR_WHOM = [(key, each.name) for key, each in RECIPIENTS.items()]


class PackRow(serializers.ModelSerializer[PackRequest]):
    """A pack, or how far its making has come: `done` in per cent, `told` in words. What is null comes once it is made."""

    site_name = serializers.CharField(source="site.name")
    recipient = serializers.ChoiceField(FOR_WHOM, read_only=True)
    version = serializers.IntegerField(source="pack.version", default=None, allow_null=True)
    answer = serializers.CharField(source="pack.answer", default=None, allow_null=True)
    sha256 = serializers.CharField(source="pack.sha256", default=None, allow_null=True, help_text="Of the ZIP.")
    size = serializers.IntegerField(source="pack.size", default=None, allow_null=True, help_text="Of the ZIP, in bytes.")
    made_at = serializers.DateTimeField(source="pack.made_at", default=None, allow_null=True)
    kept_until = serializers.DateField(source="pack.kept_until", default=None, allow_null=True)

    class Meta:
        model = PackRequest
        fields = [
            "id", "site", "site_name", "building", "disciplines", "first_day", "last_day", "recipient", "addressee", "photos",
            "state", "done", "told", "asked_at", "version", "answer", "sha256", "size", "made_at", "kept_until",
        ]  # fmt: skip
        read_only_fields = fields


class PackBody(Body):
    """What a pack is to show."""

    site = serializers.UUIDField()
    building = serializers.UUIDField(required=False, allow_null=True, help_text="The whole site unless said.")
    disciplines = serializers.ListField(
        child=LineField(max_length=40), required=False, max_length=MOST_DISCIPLINES, help_text="All that are planned unless said."
    )
    first_day, last_day = DayField(), DayField()
    recipient = serializers.ChoiceField(FOR_WHOM)
    addressee = LineField(max_length=160, allow_blank=True, default="")
    photos = serializers.BooleanField(default=True)


class PackFilters(Filters):
    """Packs by site and how far they are."""

    site = django_filters.UUIDFilter("site_id")
    state = django_filters.ChoiceFilter(choices=PackRequest.State.choices)


class EvidencePacks(ScopedViewSet):
    """Evidence packs: those made, those being made, and those that were not."""

    rows = PackRequest.objects.select_related("site", "pack").order_by("-asked_at", "id")
    called = "That evidence pack"
    serializer_class = PackRow
    filterset_class = PackFilters

    @extend_schema(request=PackBody, responses={202: PackRow})
    def create(self, request: Request) -> Response:
        """Ask for a pack. It is made within seconds by a worker: ask for its row again until `state` is made or failed."""
        person, sent = asker(request), self.body(PackBody)
        about = named_place({name: sent[name] for name in ("site", "building") if sent.get(name)}, person)
        site = about["site"]
        planned = set(Plan.objects.filter(site=site).order_by().values_list("discipline", flat=True).distinct())
        chosen = sent.get("disciplines") or sorted(planned, key=discipline_order)
        if unknown := sorted(set(chosen) - planned):
            wrong = f"Nothing is planned of {', '.join(unknown)} there."
            raise Problem("invalid", wrong, fields={"disciplines": wrong})
        row = PackRequest(
            site=site, building=about.get("building"), disciplines=list(dict.fromkeys(chosen)), first_day=sent["first_day"],
            last_day=sent["last_day"], recipient=sent["recipient"], addressee=sent["addressee"], photos=sent["photos"],
        )  # fmt: skip
        return Response(self.shown_alone(ask_pack(row, person=person)), status=202)

    @extend_schema(responses={(200, "application/zip"): OpenApiResponse(OpenApiTypes.BINARY, description="The ZIP.")})
    @action(detail=True, methods=["get"])
    def file(self, request: Request, **_where: Any) -> HttpResponseBase:
        """The ZIP of a pack that is made. Who fetched it is kept."""
        row = self.one()
        if row.pack is None:
            raise NotFound("The file of that evidence pack")
        answer = zip_answer(row.pack)
        note_handed_out(row.pack, what="zip", person=asker(request))
        return answer
