"""The list of planned checks: its filters, its search and its order."""

import datetime as dt
import uuid
from collections import Counter
from functools import cached_property
from typing import Any, Final

from django import forms
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from backend.assets.models import Asset
from backend.checks.models import CheckType, Plan
from backend.checks.queries.compliance import counted, unproved, unsatisfactory
from backend.checks.queries.past import Known, owed_on, records_known, statuses_on
from backend.core.days import today
from backend.core.models import status_case
from backend.core.templatetags.words import STATUSES
from backend.office.forms.lists import ListFilters
from backend.office.queries.standing import plans_with_place
from backend.office.queries.tags import asset_of_code
from backend.rules.due import Status

IN_ORDER: Final = (Status.IN_DATE, Status.DUE_SOON)


class PlanFilters(ListFilters):
    """Planned checks by place, discipline, check, status and last report."""

    shown = ("q", "site", "discipline", "check")
    sorts = {
        "due": (F("due_on").asc(nulls_last=True), "pk"),
        "risk": (F("check_type__weight").desc(), F("due_on").asc(nulls_last=True), "pk"),
        "check": ("check_type__title", F("due_on").asc(nulls_last=True), "pk"),
        "place": ("site__school__name", "site__name", "building__name", "asset__name", "pk"),
        "last": (F("last_done_on").asc(nulls_first=True), "pk"),
    }
    hidden = (*ListFilters.hidden, "outcome", "due_by", "as_of", "known")
    due_by = forms.DateField(label="Due by", required=False)
    as_of = forms.DateField(label="As it stood on", required=False)
    known = forms.ChoiceField(label="From", required=False)
    check = forms.ChoiceField(required=False)
    outcome = forms.ChoiceField(label="Last report", required=False)
    status = forms.ChoiceField(required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        planned = Plan.objects.filter(check_type=OuterRef("pk"), active=True)
        kinds = CheckType.objects.filter(Exists(planned)).order_by("title").values_list("code", "title")
        self.choices("check", "Every check", kinds)
        self.choices("outcome", "", [("unsatisfactory", "Not satisfactory"), ("unproved", "Not proved: nothing recorded yet")])
        self.choices("known", "", [("then", "what was known then"), ("now", "what is known now")])
        self.choices("status", "", [(key, word) for key, (word, _) in STATUSES.items()])

    def anywhere(self) -> Any:
        """The plans wanted, of every status; `status_now` is each one's status today."""
        rows: Any = Plan.objects.visible_to(self.person)
        if not self.is_valid():
            return rows.none()
        day = self.past_day
        rows = owed_on(rows, day, self.known_when) if day else rows.filter(active=True)
        rows = rows.annotate(status_now=status_case(today()))
        paths = {"school": "site__school_id", "site": "site_id", "discipline": "discipline", "check": "check_type_id"}
        rows = self.narrowed(rows, paths | {"asset": "asset_id"})
        if self.value("outcome"):
            rows = self.of_outcome(rows)
        if day := self.value("due_by"):
            rows = rows.filter(due_on__lte=day).exclude(status_now="paused")
        if building := self.value("building"):
            rows = rows.filter(Q(building=building) | Q(asset__building=building))
        return rows.filter(self.looked_for(self.value("q"))) if self.value("q") else rows

    def words_of(self, name: str, value: Any) -> str:
        """A chosen value as people call it."""
        return dict(self.fields[name].choices)[value] if name == "known" else super().words_of(name, value)  # type: ignore[attr-defined]

    @property
    def past_day(self) -> dt.date | None:
        """The past day that is asked about; None for today."""
        day: dt.date | None = self.value("as_of") if self.is_valid() else None
        return day if day and day < today() else None

    @property
    def known_when(self) -> Known:
        """From what was known when."""
        return Known(self.value("known") or Known.THEN)

    def of_outcome(self, rows: Any) -> Any:
        """Those whose last report was not satisfactory, or of which nothing was recorded, on the day that is asked about."""
        day = self.past_day
        if self.value("outcome") != "unproved":
            return unsatisfactory(rows, day or today(), today(), self.known_when)
        if day is None:
            return unproved(rows, today())
        rows = rows.filter(~Exists(records_known(day, self.known_when).filter(plan=OuterRef("pk"))))
        fine = {plan.pk for plan, how in statuses_on(list(rows.select_related("site")), day, self.known_when) if how in IN_ORDER}
        return rows.filter(pk__in=fine)

    @cached_property
    def stood(self) -> dict[uuid.UUID, str]:
        """How each plan wanted stood on the past day that is asked about; empty for today."""
        day = self.past_day
        plans = list(self.anywhere().select_related("site")) if day else []
        return {plan.pk: how.value for plan, how in statuses_on(plans, day, self.known_when)} if day else {}

    def status_of(self, plan: Plan) -> str:
        """How a plan of the list stands, or stood on the day that is asked about."""
        return self.stood.get(plan.pk) or str(plan.status(today()))

    def looked_for(self, text: str) -> Q:
        """Plans of a check so called, or on an asset or building so called, or on what carries that label."""
        assets = Asset.objects.visible_to(self.person).matching(text).values("pk")
        found = Q(check_type__title__icontains=text) | Q(asset__in=assets) | Q(building__name__icontains=text)
        found |= Q(site__name__icontains=text)
        tagged: uuid.UUID | None = asset_of_code(text)
        return found | Q(asset_id=tagged) if tagged else found

    def numbers(self) -> dict[str, int]:
        """How many of each status, worst first; every status is there. One query."""
        found = dict.fromkeys(STATUSES, 0)
        if self.past_day:
            return found | Counter(self.stood.values())
        for numbers in counted(self.anywhere(), today(), "discipline").values():
            for status, number in numbers:
                found[status] += number
        return found

    def rows(self) -> QuerySet[Any]:
        """The plans wanted, in order, with what a list shows of them."""
        rows = self.anywhere()
        if self.is_valid() and self.value("status"):
            status = self.value("status")
            wanted = [pk for pk, how in self.stood.items() if how == status]
            rows = rows.filter(pk__in=wanted) if self.past_day else rows.standing(status, today())
        rows = plans_with_place(rows)
        return self.ordered(rows) if self.is_valid() else rows
