"""Work orders: list, one, begin, done, check, send back, chase, cancel."""

from typing import Any

import django_filters
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backend.core.api.asking import Day, Filters, words
from backend.core.api.resources import ScopedViewSet
from backend.core.ids import new_id
from backend.core.problems import Problem
from backend.maintenance.actions import cancel_work, chase_work, check_work, finish_work, send_back, start_work
from backend.maintenance.api.shapes import Checking, Reason, WorkDone, WorkOrderAlone
from backend.maintenance.models import WorkOrder
from backend.trust import permits
from backend.trust.scope import require
from backend.trust.tokens import asker


class WorkOrderFilters(Filters):
    """Work orders by place, who has them, how far they are and their day."""

    site = django_filters.UUIDFilter("site_id")
    school = django_filters.UUIDFilter("site__school_id")
    defect = django_filters.UUIDFilter("defect_id")
    contractor = django_filters.UUIDFilter("contractor_id")
    status = words(WorkOrder.Status.choices)
    priority = words(WorkOrder.Priority.choices)
    due_before = Day("target_on", lookup_expr="lt", help_text="To be done before this day.")


class WorkOrders(ScopedViewSet):
    """Work to be done about what is wrong."""

    rows = WorkOrder.objects.select_related("site", "assigned_to", "contractor", "defect__site").order_by("target_on", "id")
    called = "That work order"
    serializer_class = WorkOrderAlone
    filterset_class = WorkOrderFilters

    @extend_schema(request=None, responses=WorkOrderAlone)
    @action(detail=True, methods=["post"])
    def start(self, request: Request, **_where: Any) -> Response:
        """Say that it has begun."""
        return Response(self.shown_alone(start_work(work_order=self.one(), person=asker(request))))

    @extend_schema(request=WorkDone, responses=WorkOrderAlone)
    @action(detail=True, methods=["post"])
    def done(self, request: Request, **_where: Any) -> Response:
        """Say that it is done. The office checks it, and closes its problem with it."""
        order, person = self.one(), asker(request)
        require(person, permits.DEFECT_WORK, order.site, "work on problems")
        sent = self.body(WorkDone)
        if not order.is_running:
            raise Problem("work_over", "That work is over.", status=409)
        finish_work(
            id=new_id(), work_order=order, person=person, note=sent["note"], made_at=timezone.now(),
            minutes=sent.get("minutes"), photos=sent.get("photos", ()), parts=sent["parts"], cost_pence=sent.get("cost_pence"),
        )  # fmt: skip
        return Response(self.shown_alone(order))

    @extend_schema(request=Checking, responses=WorkOrderAlone)
    @action(detail=True, methods=["post"])
    def check(self, request: Request, **_where: Any) -> Response:
        """Agree that it is done well."""
        order, sent = self.one(), self.body(Checking)
        checked = check_work(work_order=order, person=asker(request), note=sent["note"], without=sent["without"])
        return Response(self.shown_alone(checked))

    @extend_schema(request=Reason, responses=WorkOrderAlone)
    @action(detail=True, methods=["post"], url_path="send-back")
    def send_back(self, request: Request, **_where: Any) -> Response:
        """Say what is not right: it is to be done again."""
        order, sent = self.one(), self.body(Reason)
        return Response(self.shown_alone(send_back(work_order=order, person=asker(request), reason=sent["reason"])))

    @extend_schema(request=None, responses=WorkOrderAlone)
    @action(detail=True, methods=["post"])
    def chase(self, request: Request, **_where: Any) -> Response:
        """Remind whoever has it, by e-mail; once a day at most."""
        order = self.one()
        chase_work(work_order=order, person=asker(request))
        return Response(self.shown_alone(order))

    @extend_schema(request=Reason, responses=WorkOrderAlone)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, **_where: Any) -> Response:
        """Take it back."""
        order, sent = self.one(), self.body(Reason)
        return Response(self.shown_alone(cancel_work(work_order=order, person=asker(request), reason=sent["reason"])))
