"""Defects: list, one, report, note, close."""

from typing import Any

import django_filters
from django.db import IntegrityError, transaction
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backend.assets.models import Asset
from backend.core.api.asking import Day, Filters, words
from backend.core.api.resources import ScopedViewSet
from backend.core.days import today
from backend.core.ids import new_id
from backend.core.problems import Problem
from backend.maintenance.actions import close_defect, note_defect, report_defect
from backend.maintenance.api.shapes import Closing, DefectAlone, DefectRow, NewDefect, Note
from backend.maintenance.models import Defect, Severity
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.named import named, named_place
from backend.trust.tokens import asker

BESIDE = ("site", "building", "space", "asset", "reported_by")


class DefectFilters(Filters):
    """Defects by place, status, severity and the day they were found."""

    site = django_filters.UUIDFilter("site_id")
    school = django_filters.UUIDFilter("site__school_id")
    asset = django_filters.UUIDFilter("asset_id")
    status = words(Defect.Status.choices)
    severity = words(Severity.choices)
    unsafe = django_filters.BooleanFilter()
    since = Day("found_on", lookup_expr="gte", help_text="Found on or after this day.")


class Defects(ScopedViewSet):
    """What is wrong."""

    rows = Defect.objects.select_related(*BESIDE).order_by("-found_on", "id")
    called = "That defect"
    serializer_class = DefectRow
    detail_class = DefectAlone
    filterset_class = DefectFilters

    @extend_schema(
        request=NewDefect,
        responses={201: DefectAlone, 200: OpenApiResponse(DefectAlone, description="It had been reported already.")},
    )
    def create(self, request: Request) -> Response:
        """Report a problem with an asset or a place."""
        person, sent = asker(request), self.body(NewDefect)
        about = subject(sent, person)
        pk = sent.get("id") or new_id()
        if "id" in sent and (before := Defect.objects.filter(pk=pk).first()):
            return Response(self.shown_alone(same_as(before, about, sent, person)))
        moment = timezone.now()
        plain = {name: sent[name] for name in ("summary", "severity", "unsafe", "made_safe")}
        try:
            with transaction.atomic():
                defect = report_defect(
                    id=pk, person=person, found_on=found_on(sent), reported_at=moment, photos=sent.get("photos", ()),
                    **plain, **about,
                )  # fmt: skip
        except IntegrityError:
            before = Defect.objects.filter(pk=pk).first()
            return Response(self.shown_alone(same_as(before, about, sent, person)))
        return Response(self.shown_alone(defect), status=201)

    @extend_schema(request=Note, responses=DefectAlone)
    @action(detail=True, methods=["post"])
    def note(self, request: Request, **_where: Any) -> Response:
        """Say what happened to it since."""
        defect, sent = self.one(), self.body(Note)
        note_defect(
            id=new_id(), defect=defect, person=asker(request), note=sent["note"], made_at=timezone.now(),
            minutes=sent.get("minutes"),
        )  # fmt: skip
        return Response(self.shown_alone(defect))

    @extend_schema(request=Closing, responses=DefectAlone)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, **_where: Any) -> Response:
        """Close it, saying what was done."""
        defect, sent = self.one(), self.body(Closing)
        return Response(self.shown_alone(close_defect(defect=defect, person=asker(request), note=sent["note"])))


def subject(sent: dict[str, Any], person: Person) -> dict[str, Any]:
    """What the report is about: site, building, space, asset. Raises Problem when it names none, or a stranger's."""
    permit = permits.DEFECT_REPORT
    about = named_place(sent, person, permit=permit)
    if sent.get("asset"):
        assets = Asset.objects.select_related("site", "building", "space", "type")
        about["asset"] = named(assets, person, "asset", sent["asset"], permit=permit)
        about.setdefault("site", about["asset"].site)
    if "site" not in about:
        raise Problem("no_place", "Say which asset or site this is about.", fields={"site": "Name a site, or an asset."})
    if space := about.get("space"):
        building = about.get("building") or space.building
        if building.pk != space.building_id:
            wrong = {"space": "Choose a space of this building."}
            raise Problem("wrong_place", "That space is in another building.", fields=wrong)
        about["building"] = building
    return about


def found_on(sent: dict[str, Any]) -> Any:
    """The day it was found: today unless said. Raises Problem for a day to come."""
    day = sent.get("found_on") or today()
    if day > today():
        raise Problem("in_future", "It cannot have been found in the future.", fields={"found_on": "Put the date right."})
    return day


def same_as(before: Defect | None, about: dict[str, Any], sent: dict[str, Any], person: Person) -> Defect:
    """The defect that has this id, when it is the one that was sent. Raises Problem (409) when it is another."""
    sent_now = (about["site"].pk, person.pk, sent["summary"])
    if before is None or (before.site_id, before.reported_by_id, before.summary) != sent_now:
        raise Problem("id_taken", "That id belongs to something else. Send a fresh one.", status=409)
    return before
