"""Filters of the other lists: assets, problems, missed checks and records."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When

from backend.assets.models import Asset, AssetModel, AssetType, Tag, Warranty
from backend.checks.models import CheckRecord, Lapse, LapseNote, Plan
from backend.checks.queries.compliance import standing_lapses
from backend.core.days import today
from backend.maintenance.models import AcceptedRisk, Defect, Severity, Stage
from backend.office.forms.lists import ListFilters
from backend.office.queries.board import OTHER
from backend.office.queries.library import disciplines
from backend.office.queries.tags import asset_of_code
from backend.rules.due import Status

SEVERITY_ORDER = Case(When(severity="high", then=0), When(severity="medium", then=1), default=2)


WAITING = [("late", "Late"), ("asked", "Asked to live with it"), ("run-out", "Acceptance run out")]
STANDS = [
    ("old", "Past its expected life"),
    ("10", "Installed ten years ago or more"),
    ("unknown", "Age not known"),
    ("warranty", "Under warranty"),
    ("ending", "Warranty ends within 90 days"),
]


def standing_so(rows: QuerySet[Any], stands: str | None) -> QuerySet[Any]:
    """Those of the assets whose age or warranty stands so, as of today."""
    now = today()
    if stands == "unknown":
        return rows.filter(installed_on=None)
    if stands == "10":
        return rows.filter(installed_on__lte=now - dt.timedelta(days=3652))
    if stands == "old":
        return rows.filter(installed_on__year__lt=Value(now.year) - F("product__expected_life"))
    if stands in ("warranty", "ending"):
        standing = Warranty.objects.filter(asset=OuterRef("pk"), withdrawn_at=None, starts_on__lte=now, ends_on__gte=now)
        if stands == "ending":
            standing = standing.filter(ends_on__lte=now + dt.timedelta(days=90))
        return rows.filter(Exists(standing))
    return rows


class AssetFilters(ListFilters):
    """Assets by place, kind and status."""

    shown = ("q", "site", "type", "status", "stands")
    hidden = ("school", "building", "discipline", "make", "product")
    sorts = {
        "name": ("name", "pk"),
        "age": (F("installed_on").asc(nulls_last=True), "name", "pk"),
        "type": ("type__name", "name", "pk"),
        "place": ("site__school__name", "site__name", "building__name", "space__name", "name", "pk"),
        "overdue": (F("overdue").desc(), "name", "pk"),
    }
    type = forms.ModelChoiceField(AssetType.objects.order_by("name"), label="Kind", required=False, empty_label="Every kind")
    status = forms.ChoiceField(required=False)
    stands = forms.ChoiceField(label="Age and warranty", required=False)
    make = forms.CharField(label="Make", required=False, max_length=80)
    product = forms.ModelChoiceField(AssetModel.objects.none(), label="Make and model", required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        del self.fields["asset"]
        self.fields["product"].queryset = AssetModel.objects.visible_to(self.person)  # type: ignore[attr-defined]
        self.choices("stands", "Whatever age", STANDS)
        self.choices("status", "In use or out of service", [*Asset.Status.choices, ("any", "Retired ones too")])

    def rows(self) -> QuerySet[Any]:
        """The assets wanted, in order, each with how many of its checks are `overdue`, and its label's `code`."""
        rows: QuerySet[Any] = Asset.objects.visible_to(self.person)
        if not self.is_valid():
            return rows.none()
        paths = {"school": "site__school_id", "site": "site_id", "building": "building_id", "type": "type_id"}
        paths |= {"make": "make__iexact", "product": "product"}
        rows = standing_so(self.narrowed(rows, paths | {"discipline": "type__discipline"}), self.value("stands"))
        status = self.value("status")
        if status != "any":
            rows = rows.filter(status=status) if status else rows.exclude(status=Asset.Status.RETIRED)
        if text := self.value("q"):
            tagged = asset_of_code(text)
            named = Asset.objects.visible_to(self.person).matching(text).values("pk")
            rows = rows.filter(pk=tagged) if tagged else rows.filter(pk__in=named)
        late = Plan.objects.filter(asset=OuterRef("pk")).standing(Status.OVERDUE, today())
        number = late.order_by().values("asset").annotate(n=Count("*")).values("n")
        label = Tag.objects.filter(asset=OuterRef("pk"), retired_at=None).order_by("-made_at").values("code")[:1]
        barring = Defect.objects.barring(today()).filter(asset=OuterRef("pk"))
        until = Warranty.objects.filter(asset=OuterRef("pk"), withdrawn_at=None).order_by("-ends_on").values("ends_on")[:1]
        rows = rows.annotate(
            overdue=Subquery(number), code=Subquery(label), barred=Exists(barring), warranty_until=Subquery(until)
        )
        return self.ordered(rows).select_related("type", "site__school", "building", "space", "product")


class ProblemFilters(ListFilters):
    """Problems by place, seriousness and status. Open ones unless said."""

    shown = ("q", "site", "discipline", "severity", "stage")
    sorts = {
        "worst": (F("unsafe").desc(), SEVERITY_ORDER, "found_on", "pk"),
        "found": ("found_on", "pk"),
        "place": ("site__school__name", "site__name", "building__name", "pk"),
    }
    severity = forms.ChoiceField(required=False)
    status = forms.ChoiceField(required=False)
    unsafe = forms.BooleanField(required=False)
    stage = forms.ChoiceField(label="How far", required=False)
    since = forms.DateField(label="Found since", required=False)
    until = forms.DateField(label="Found until", required=False)
    closed_since = forms.DateField(label="Closed since", required=False)
    closed_until = forms.DateField(label="Closed until", required=False)
    open_on = forms.DateField(label="Open at the end of", required=False)
    hidden = ("school", "building", "asset", "since", "until", "closed_since", "closed_until", "open_on")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.choices("discipline", "Every discipline", [*disciplines().items(), (OTHER, "Other")])
        self.choices("severity", "However serious", Severity.choices)
        self.choices("status", "", [("open", "Open"), ("closed", "Closed"), ("all", "All")])
        self.choices(
            "stage",
            "However far",
            [*Stage.choices, *WAITING],
        )

    def so_far(self, rows: Any, stage: str | None) -> Any:
        """Those that have come so far, as of today."""
        if stage == "late":
            return rows.filter(target_on__lt=today()).exclude(stage=Stage.ACCEPTED, accepted_until__gte=today())
        if stage == "asked":
            return rows.filter(risks__decision=AcceptedRisk.Decision.WAITING).distinct()
        if stage == "run-out":
            return rows.run_out(today())
        if stage == Stage.ACCEPTED:
            return rows.accepted(today())
        if stage == Stage.TRIAGED:
            return rows.filter(Q(stage=stage) | Q(stage=Stage.ACCEPTED, accepted_until__lt=today()))
        return rows.filter(stage=stage) if stage else rows

    def rows(self) -> QuerySet[Any]:
        """The problems wanted, in order."""
        problems = Defect.objects.visible_to(self.person)
        if not self.is_valid():
            return problems.none()
        if self.value("unsafe"):
            problems = problems.barring(today())
        paths = {"school": "site__school_id", "site": "site_id", "building": "building_id", "asset": "asset_id"}
        dates = {"since": "found_on__gte", "until": "found_on__lte"}
        dates |= {"closed_since": "closed_at__date__gte", "closed_until": "closed_at__date__lte"}
        rows = self.narrowed(self.so_far(problems, self.value("stage")), paths | dates | {"severity": "severity"})
        if discipline := self.value("discipline"):
            rows = rows.filter(discipline="" if discipline == OTHER else discipline)
        if day := self.value("open_on"):
            rows = rows.filter(Q(closed_at=None) | Q(closed_at__date__gt=day), found_on__lte=day)
        status = self.value("status") or Defect.Status.OPEN
        rows = rows if status == "all" else rows.filter(status=status)
        if text := self.value("q"):
            assets = Asset.objects.visible_to(self.person).matching(text).values("pk")
            rows = rows.filter(Q(summary__icontains=text) | Q(asset__in=assets))
        return self.ordered(rows).select_related("site__school", "building", "space", "asset", "reported_by")


class LapseFilters(ListFilters):
    """Missed checks by place and discipline; those withdrawn are left out unless asked for."""

    shown = ("q", "site", "discipline", "since")
    sorts = {
        "when": (F("due_on").desc(), "pk"),
        "check": ("plan__check_type__title", F("due_on").desc(), "pk"),
        "place": ("plan__site__school__name", "plan__site__name", F("due_on").desc(), "pk"),
    }
    since = forms.DateField(label="Since", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="Until", required=False)
    plan = forms.ModelChoiceField(Plan.objects.none(), label="Check", required=False)
    status = forms.ChoiceField(required=False)
    hidden = ("school", "building", "asset", "plan", "until")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["plan"].queryset = Plan.objects.visible_to(self.person)  # type: ignore[attr-defined]
        self.choices("status", "", [("stands", "Missed"), ("excused", "Excused"), ("all", "Withdrawn ones too")])

    def rows(self) -> QuerySet[Any]:
        """The lapses wanted, newest first, each with whether it is `excused`."""
        if not self.is_valid():
            return Lapse.objects.none()
        theirs = Plan.objects.visible_to(self.person)
        rows: QuerySet[Any] = Lapse.objects.get_queryset() if self.value("status") == "all" else standing_lapses()
        rows = rows.filter(plan__in=theirs)
        notes = LapseNote.objects.filter(lapse=OuterRef("pk"), kind=LapseNote.Kind.EXCUSED)
        rows = rows.annotate(excused=Exists(notes))
        if self.value("status") in {"stands", "excused"}:
            rows = rows.filter(excused=self.value("status") == "excused")
        paths = {"school": "plan__site__school_id", "site": "plan__site_id", "discipline": "plan__discipline"}
        paths |= {"asset": "plan__asset_id", "plan": "plan_id", "since": "due_on__gte", "until": "due_on__lte"}
        rows = self.narrowed(rows, paths)
        if building := self.value("building"):
            rows = rows.filter(Q(plan__building=building) | Q(plan__asset__building=building))
        if text := self.value("q"):
            rows = rows.filter(Q(plan__check_type__title__icontains=text) | Q(plan__asset__name__icontains=text))
        plan = ("plan__check_type", "plan__site__school", "plan__building", "plan__asset__building", "plan__asset__space")
        return self.ordered(rows).select_related(*plan).prefetch_related("notes__made_by")


class RecordFilters(ListFilters):
    """Records of checks by place, discipline, outcome and date."""

    shown = ("q", "site", "discipline", "outcome", "since")
    until = forms.DateField(label="Until", required=False)
    hidden = ("school", "building", "asset", "plan", "check", "until")
    sorts = {
        "when": (F("done_at").desc(), "pk"),
        "check": ("check_type__title", F("done_at").desc(), "pk"),
        "place": ("site__school__name", "site__name", F("done_at").desc(), "pk"),
    }
    outcome = forms.ChoiceField(required=False)
    since = forms.DateField(label="Since", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    plan = forms.ModelChoiceField(Plan.objects.none(), label="Planned check", required=False)
    check = forms.SlugField(required=False, max_length=60)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["plan"].queryset = Plan.objects.visible_to(self.person)  # type: ignore[attr-defined]
        words = [("satisfactory", "Satisfactory"), ("unsatisfactory", "Not satisfactory")]
        self.choices("outcome", "Every outcome", words)

    def rows(self) -> QuerySet[Any]:
        """The records wanted, newest first, each with whether it was `corrected` since."""
        rows: QuerySet[Any] = CheckRecord.objects.visible_to(self.person)
        if not self.is_valid():
            return rows.none()
        paths = {"school": "site__school_id", "site": "site_id", "building": "building_id", "asset": "asset_id"}
        paths |= {"plan": "plan_id", "check": "check_type_id", "discipline": "check_type__discipline"}
        rows = self.narrowed(rows, paths | {"outcome": "outcome", "since": "done_on__gte", "until": "done_on__lte"})
        if text := self.value("q"):
            assets = Asset.objects.visible_to(self.person).matching(text).values("pk")
            rows = rows.filter(Q(check_type__title__icontains=text) | Q(author_name__icontains=text) | Q(asset__in=assets))
        later = CheckRecord.objects.filter(supersedes=OuterRef("pk"))
        rows = rows.annotate(corrected=Exists(later))
        return self.ordered(rows).select_related("check_type", "site__school", "building", "asset")
