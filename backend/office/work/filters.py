"""The filters of the list of work orders."""

from typing import Any

from django import forms
from django.db.models import Case, F, Q, QuerySet, When

from backend.core.days import today
from backend.maintenance.models import Contractor, WorkOrder
from backend.office.forms.lists import ListFilters

PRIORITY_ORDER = Case(*(When(priority=key, then=at) for at, key in enumerate(WorkOrder.Priority.values)), default=9)


class WorkOrderFilters(ListFilters):
    """Work orders by place, who has them, and how far they are. Those still to be done unless said."""

    shown = ("q", "site", "priority", "contractor")
    hidden = ("school", "mine", "late")
    sorts = {
        "due": (F("target_on").asc(nulls_last=True), "pk"),
        "urgent": (PRIORITY_ORDER, F("target_on").asc(nulls_last=True), "pk"),
        "place": ("site__school__name", "site__name", "pk"),
        "who": ("contractor__name", "assigned_to__name", "pk"),
    }
    priority = forms.ChoiceField(required=False)
    contractor = forms.ModelChoiceField(Contractor.objects.none(), label="Contractor", required=False, empty_label="Whoever")
    mine = forms.BooleanField(label="Mine", required=False)
    late = forms.BooleanField(label="Late", required=False)
    status = forms.ChoiceField(required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for name in ("building", "asset", "discipline"):
            del self.fields[name]
        theirs = WorkOrder.objects.visible_to(self.person).exclude(contractor=None).values("contractor")
        self.fields["contractor"].queryset = Contractor.objects.filter(pk__in=theirs)  # type: ignore[attr-defined]
        self.choices("priority", "However urgent", WorkOrder.Priority.choices)
        self.choices("status", "", [("running", "To do"), *WorkOrder.Status.choices, ("all", "All")])

    def rows(self) -> QuerySet[Any]:
        """The work orders wanted, in order."""
        orders = WorkOrder.objects.visible_to(self.person)
        if not self.is_valid():
            return orders.none()
        status = self.value("status") or "running"
        if status == "running":
            orders = orders.running()
        elif status != "all":
            orders = orders.filter(status=status)
        if self.value("late"):
            orders = orders.late(today())
        if self.value("mine"):
            orders = orders.filter(assigned_to=self.person.pk)
        paths = {"school": "site__school_id", "site": "site_id", "priority": "priority", "contractor": "contractor_id"}
        rows = self.narrowed(orders, paths)
        if text := self.value("q"):
            named = Q(assigned_to__name__icontains=text) | Q(contractor__name__icontains=text)
            rows = rows.filter(Q(title__icontains=text) | Q(defect__summary__icontains=text) | named)
        beside = ("site__school", "assigned_to", "contractor", "defect__building", "defect__space", "defect__asset")
        ordered: QuerySet[Any] = self.ordered(rows).select_related(*beside)
        return ordered
