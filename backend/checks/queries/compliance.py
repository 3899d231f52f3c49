"""Compliance counts by school, site and discipline: four queries of the estate, whatever its size."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from backend.checks.models import CheckRecord, Finding, Lapse, LapseNote, Plan
from backend.checks.queries.explained import engine_states
from backend.core.models import status_case
from backend.maintenance.models import Defect, Severity
from backend.rules.due import Status
from backend.trust.models import Site
from backend.trust.scope import Appointed

YEAR = dt.timedelta(days=365)
BY = ("school", "site", "discipline")


@dataclass(slots=True)
class Counts:
    """How many plans stand how, the standing lapses of the last twelve months, and the open defects.

    `unsatisfactory` are plans whose last report was so and is not put right, whatever their date; `unsafe` and `serious` are
    open defects so marked, both part of `defects_open`.
    """

    in_date: int = 0
    due_soon: int = 0
    due: int = 0
    overdue: int = 0
    paused: int = 0
    lapses: int = 0
    defects_open: int = 0
    unsatisfactory: int = 0
    unsafe: int = 0
    serious: int = 0

    def add(self, other: "Counts") -> None:
        """Add another's counts to these."""
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))

    @property
    def plans(self) -> int:
        """All active plans."""
        return self.in_date + self.due_soon + self.due + self.overdue + self.paused

    @property
    def satisfied(self) -> int:
        """Plans that are in date: nothing is late (due soon included)."""
        return self.in_date + self.due_soon


@dataclass(slots=True)
class Cell:
    """The counts of one discipline at one site."""

    site: Site
    discipline: str
    counts: Counts = field(default_factory=Counts)


def standing_lapses() -> Any:
    """Lapses that were not withdrawn (or stand again). The newest note that is no excuse decides."""
    notes = LapseNote.objects.filter(lapse=OuterRef("pk")).exclude(kind=LapseNote.Kind.EXCUSED)
    withdrawn = notes.filter(kind=LapseNote.Kind.WITHDRAWN).exclude(
        Exists(LapseNote.objects.filter(lapse=OuterRef("lapse"), kind=LapseNote.Kind.RESTORED, pk__gt=OuterRef("pk")))
    )
    return Lapse.objects.filter(~Exists(withdrawn))


def compliance(person: Appointed, *, today: dt.date, as_of: dt.date | None = None) -> list[Cell]:
    """The counts of every discipline at every site that `person` may see, on `as_of` (today unless said).

    A day in the past is reckoned from the records made by then; from today on, the stored dates answer.
    """
    day = as_of or today
    sites = {site.pk: site for site in Site.objects.visible_to(person).select_related("school")}
    cells: dict[tuple[uuid.UUID, str], Cell] = {}

    def cell(site_id: uuid.UUID, discipline: str) -> Counts:
        key = (site_id, discipline)
        if key not in cells:
            cells[key] = Cell(sites[site_id], discipline)
        return cells[key].counts

    for site_id, discipline, status, number in statuses(person, day, today):
        counts, name = cell(site_id, discipline), str(status).replace("-", "_")
        setattr(counts, name, getattr(counts, name) + number)
    lapses = standing_lapses().filter(plan__in=Plan.objects.visible_to(person), due_on__gt=day - YEAR, due_on__lte=day)
    for site_id, discipline, number in lapses.values_list("plan__site_id", "plan__discipline").annotate(n=Count("pk")).order_by():
        cell(site_id, discipline).lapses = number
    badly = unsatisfactory(Plan.objects.visible_to(person).filter(active=True), day, today)
    for site_id, discipline, number in badly.values_list("site_id", "discipline").annotate(n=Count("pk")).order_by():
        cell(site_id, discipline).unsatisfactory = number
    defects = Defect.objects.visible_to(person).filter(open_on(day, today)).values_list("site_id", "discipline").order_by()
    unsafe, serious = Count("pk", filter=Q(unsafe=True)), Count("pk", filter=Q(severity=Severity.HIGH))
    for site_id, discipline, *numbers in defects.annotate(n=Count("pk"), n_unsafe=unsafe, n_serious=serious):
        counts = cell(site_id, discipline)
        counts.defects_open, counts.unsafe, counts.serious = numbers
    return sorted(cells.values(), key=lambda each: (each.site.school.name, each.site.name, each.discipline))


def open_on(day: dt.date, today: dt.date, of: str = "") -> Q:
    """Defects that were open on a day; `of` is the way to the defect ("defect__")."""
    if day >= today:
        return Q(**{f"{of}found_on__lte": day, f"{of}status": Defect.Status.OPEN})
    still = Q(**{f"{of}closed_at": None}) | Q(**{f"{of}closed_at__date__gt": day})
    return Q(**{f"{of}found_on__lte": day}) & still


def unsatisfactory(plans: QuerySet[Plan], day: dt.date, today: dt.date) -> QuerySet[Plan]:
    """Those of the plans whose last report was unsatisfactory and is not put right, in date or not.

    It is put right when it raised problems and none that this check ever raised is open. A report that raised none stands
    until the next one: what was wrong is unknown, and unknown is not fine.
    """
    bad = CheckRecord.Outcome.UNSATISFACTORY
    if day >= today:
        plans = plans.filter(last_outcome=bad).alias(reported_on=F("last_done_on"))
    else:
        records = CheckRecord.objects.filter(plan=OuterRef("pk"), ad_hoc=False, done_on__lte=day).order_by("-done_on", "-done_at")
        last, on = Subquery(records.values("outcome")[:1]), Subquery(records.values("done_on")[:1])
        plans = plans.filter(starts_on__lte=day).alias(reported=last, reported_on=on).filter(reported=bad)
    found = Finding.objects.filter(record__plan=OuterRef("pk"))
    raised = Exists(found.filter(record__done_on=OuterRef("reported_on")))
    return plans.filter(~raised | Exists(found.filter(open_on(day, today, "defect__"))))


def statuses(person: Appointed, day: dt.date, today: dt.date) -> Iterable[tuple[uuid.UUID, str, str, int]]:
    """(site, discipline, status, how many) of the active plans on a day."""
    plans = Plan.objects.visible_to(person).filter(active=True)
    if day >= today:
        rows = plans.annotate(status_now=status_case(day)).order_by()
        return rows.values_list("site_id", "discipline", "status_now").annotate(n=Count("*"))
    counted: dict[tuple[uuid.UUID, str, str], int] = defaultdict(int)
    chosen = list(plans.filter(starts_on__lte=day).select_related("site"))
    for plan, state in engine_states(chosen, day, known_by=day):
        counted[plan.site_id, plan.discipline, state.status.value if state else Status.IN_DATE.value] += 1
    return [(*key, number) for key, number in counted.items()]


def roll_up(cells: Sequence[Cell], by: Sequence[str]) -> list[dict[str, Any]]:
    """Sum the cells by any of school, site, discipline: rows with their keys and the counts, in the order of the cells."""
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    sums: dict[tuple[Any, ...], Counts] = defaultdict(Counts)
    for each in cells:
        named = {
            "school": {"id": each.site.school_id, "name": each.site.school.name, "urn": each.site.school.urn},
            "site": {"id": each.site.pk, "name": each.site.name},
            "discipline": each.discipline,
        }
        keys = {"school": each.site.school_id, "site": each.site.pk, "discipline": each.discipline}
        key = tuple(keys[name] for name in by)
        rows.setdefault(key, {name: named[name] for name in by})
        sums[key].add(each.counts)
    return [{**row, **{name.name: getattr(sums[key], name.name) for name in fields(Counts)}} for key, row in rows.items()]
