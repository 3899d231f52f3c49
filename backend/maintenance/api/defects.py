"""Defects: list, one, report, note, close."""

from typing import Any

import django_filters
from django.db import IntegrityError, transaction
from django.db.models import Prefetch, QuerySet
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
from backend.core.problems import NotFound, Problem
from backend.maintenance.actions import (
    ask_to_accept,
    close_defect,
    decide_risk,
    give_work,
    merge_defects,
    note_defect,
    report_defect,
    triage_defect,
)
from backend.maintenance.api.shapes import (
    AskingRisk,
    Closing,
    DecidingRisk,
    DefectAlone,
    DefectRow,
    Giving,
    Merging,
    NewDefect,
    Note,
    Triage,
    WorkOrderAlone,
)
from backend.maintenance.models import Contractor, Defect, DefectNote, Severity, WorkOrder
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.named import named, named_place
from backend.trust.queries import colleagues
from backend.trust.scope import require
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
        closed = close_defect(
            defect=defect, person=asker(request), note=sent["note"], photos=sent.get("photos", ()), without=sent["without"]
        )
        return Response(self.shown_alone(closed))

    @extend_schema(request=Triage, responses=DefectAlone)
    @action(detail=True, methods=["post"])
    def triage(self, request: Request, **_where: Any) -> Response:
        """Say how bad it is and by when it is put right. A day that a competent person has set cannot be moved (409)."""
        defect, sent = self.one(), self.body(Triage)
        kept = triage_defect(
            defect=defect, person=asker(request), severity=sent["severity"], unsafe=sent["unsafe"], today=today(),
            target_on=sent.get("target_on"), safe_by=sent.get("safe_by"), note=sent["note"],
        )  # fmt: skip
        return Response(self.shown_alone(kept))

    @extend_schema(request=Giving, responses={201: WorkOrderAlone})
    @action(detail=True, methods=["post"])
    def give(self, request: Request, **_where: Any) -> Response:
        """Give the work on it to one of the trust's people or to a firm, who is told by e-mail."""
        defect, person, sent = self.one(), asker(request), self.body(Giving)
        order = give_work(
            defect=defect, person=person, to=doer(sent, person), today=today(), title=sent["title"],
            instructions=sent["instructions"], priority=sent.get("priority", ""), target_on=sent.get("target_on"),
            proof=sent.get("proof"), cost_pence=sent.get("cost_pence"), despite=sent["despite"],
        )  # fmt: skip
        return Response(WorkOrderAlone(order).data, status=201)

    @extend_schema(request=Merging, responses=DefectAlone)
    @action(detail=True, methods=["post"])
    def merge(self, request: Request, **_where: Any) -> Response:
        """Say that other problems are the same as this one. Both stay readable; this one is followed."""
        defect, sent = self.one(), self.body(Merging)
        same = [self.another(pk) for pk in dict.fromkeys(sent["same"])]
        return Response(self.shown_alone(merge_defects(survivor=defect, duplicates=same, person=asker(request))))

    @extend_schema(request=AskingRisk, responses=DefectAlone)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, **_where: Any) -> Response:
        """Ask that the trust lives with it until a day. Somebody else decides, with `decide-risk`."""
        defect, sent = self.one(), self.body(AskingRisk)
        ask_to_accept(
            defect=defect, person=asker(request), reason=sent["reason"], meanwhile=sent["meanwhile"], until=sent["until"],
            today=today(),
        )  # fmt: skip
        return Response(self.shown_alone(self.one()))

    @extend_schema(request=DecidingRisk, responses=DefectAlone)
    @action(detail=True, methods=["post"], url_path="decide-risk")
    def decide_risk(self, request: Request, **_where: Any) -> Response:
        """Agree that it is lived with until a day, or not. Never by the person who asked."""
        defect, person, sent = self.one(), asker(request), self.body(DecidingRisk)
        require(person, permits.RISK_DECIDE, defect.site, "accept risks")
        risk = defect.risks.filter(decision="waiting").select_related("defect__site").first()
        if risk is None:
            raise Problem("nothing_asked", "Nobody asked for that, or it was decided already.", status=409)
        decide_risk(risk=risk, person=person, agree=sent["agree"], today=today(), answer=sent["answer"], until=sent.get("until"))
        return Response(self.shown_alone(self.one()))

    def another(self, pk: Any) -> Defect:
        """Another defect that the body names. Raises NotFound for what the asker may not know of."""
        found: Defect | None = self.get_queryset().filter(pk=pk).first()
        if found is None:
            raise NotFound(self.called)
        return found

    def one(self) -> Any:
        """The row that the address names. Whoever reported it may read it too, with how it ended and no more of what was said."""
        try:
            return super().one()
        except NotFound:
            told = Prefetch("notes", DefectNote.objects.filter(kind__in=("closed", "made-safe", "reopened")))
            rows = self.rows.prefetch_related(told, Prefetch("work_orders", WorkOrder.objects.none()))
            mine = rows.filter(reported_by=asker(self.request).pk, pk=self.kwargs["id"]).first()
            if self.action != "retrieve" or mine is None:
                raise
            return mine


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


def doer(sent: dict[str, Any], person: Person) -> Person | Contractor | None:
    """Who is to do the work. Raises Problem for two at once, and (404) for those not known to the asker."""
    if sent.get("person") and sent.get("contractor"):
        wrong = {"contractor": "Name a person or a firm, not both."}
        raise Problem("two_doers", "Name a person or a firm, not both.", fields=wrong)
    rows: dict[str, QuerySet[Any]] = {"person": colleagues(person), "contractor": Contractor.objects.filter(active=True)}
    for name, theirs in rows.items():
        if sent.get(name):
            found: Person | Contractor | None = theirs.filter(pk=sent[name]).first()
            if found is None:
                wrong = {name: f"There is no {name} with this id that you work with."}
                raise Problem("not_found", f"That {name} does not exist, or you do not work with them.", status=404, fields=wrong)
            return found
    return None


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
