"""Compliance counts by school, site and discipline: one statement for today, a few for the past, whatever the size."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any, Final

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value

from backend.checks.models import CheckRecord, Finding, Lapse, LapseNote, Plan
from backend.checks.plan_rows import PlanQuerySet
from backend.checks.queries.counted_now import counted_now
from backend.checks.queries.past import Known, end_of, owed_on, records_known, statuses_on
from backend.maintenance.models import Defect, Severity
from backend.rules.due import Status
from backend.trust import permits
from backend.trust.models import Site
from backend.trust.scope import Appointed, in_scope, reach

YEAR = dt.timedelta(days=365)
DISCIPLINE: Final = attrgetter("discipline")


@dataclass(slots=True)
class Counts:
    """How many plans stand how, the standing lapses of the last twelve months, and the open defects.

    `unsatisfactory` are plans whose last report was so and is not put right, whatever their date; `unsafe` and `serious` are
    open defects so marked, both part of `defects_open`. `unproved` are plans in date or due soon by their dates alone, of which
    nothing is recorded here: what is unknown is not fine.
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
    unproved: int = 0

    def add(self, other: "Counts") -> None:
        """Add another's counts to these. Written out: it is done for every cell of every board."""
        self.in_date += other.in_date
        self.due_soon += other.due_soon
        self.due += other.due
        self.overdue += other.overdue
        self.paused += other.paused
        self.lapses += other.lapses
        self.defects_open += other.defects_open
        self.unsatisfactory += other.unsatisfactory
        self.unsafe += other.unsafe
        self.serious += other.serious
        self.unproved += other.unproved

    def as_mapping(self) -> dict[str, int]:
        """The counts by name."""
        return dict(zip(NAMES, numbers_of(self), strict=True))

    @property
    def plans(self) -> int:
        """All active plans."""
        return self.in_date + self.due_soon + self.due + self.overdue + self.paused

    @property
    def satisfied(self) -> int:
        """Plans that are in date: nothing is late (due soon included)."""
        return self.in_date + self.due_soon

    @property
    def proved(self) -> int:
        """Plans that are in date by something that was recorded."""
        return self.satisfied - self.unproved


NAMES: Final = tuple(each.name for each in fields(Counts))
numbers_of: Final[Callable[[Counts], tuple[int, ...]]] = attrgetter(*NAMES)


@dataclass(frozen=True, slots=True, eq=False)
class SchoolOf:
    """A school, as far as counts name it. There is one of each in an answer, so they are told apart by being themselves."""

    pk: uuid.UUID
    name: str
    urn: int


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A site, as far as counts name it; one of each in an answer."""

    pk: uuid.UUID
    name: str
    school: SchoolOf

    @property
    def school_id(self) -> uuid.UUID:
        """The school's id."""
        return self.school.pk


@dataclass(slots=True)
class Cell:
    """The counts of one discipline at one site."""

    site: Place
    discipline: str
    counts: Counts = field(default_factory=Counts)


def standing_lapses(until: dt.datetime | None = None) -> Any:
    """Lapses that were not withdrawn (or stand again), by what was said before a moment. The newest note but excuses decides."""
    said = LapseNote.objects.filter(made_at__lt=until) if until else LapseNote.objects.all()
    withdrawn = said.filter(lapse=OuterRef("pk"), kind=LapseNote.Kind.WITHDRAWN).exclude(
        Exists(said.filter(lapse=OuterRef("lapse"), kind=LapseNote.Kind.RESTORED, pk__gt=OuterRef("pk")))
    )
    return Lapse.objects.filter(~Exists(withdrawn))


def compliance(person: Appointed, *, today: dt.date, as_of: dt.date | None = None, known: Known = Known.THEN) -> list[Cell]:
    """The counts of every discipline at every site that `person` may see, on `as_of` (today unless said).

    A day in the past is reckoned from the records, those received by then or (`known`) all; else the stored dates answer.
    """
    day = as_of or today
    if day >= today:
        return from_dates(person, day)
    cells = from_records(person, day, today, known)
    return sorted(cells, key=lambda each: (each.site.school.name, each.site.name, each.discipline))


def from_dates(person: Appointed, day: dt.date) -> list[Cell]:
    """The cells by the stored dates, by school, site and discipline."""
    reached = reach(person, permits.ESTATE_VIEW)
    if reached.nowhere():
        return []
    places = places_of(person)
    found: dict[str, list[Cell]] = {site: [] for site in places}
    for site, discipline, *numbers in counted_now(reached, places, day, day - YEAR):
        if site in places:  # one that came since is not told of
            found[site].append(Cell(places[site], discipline, Counts(*numbers)))
    return [cell for cells in found.values() for cell in sorted(cells, key=DISCIPLINE)]


def places_of(person: Appointed) -> dict[str, Place]:
    """The sites that `person` may see by their ids as text, in the order of their schools' and their own names."""
    rows = Site.objects.visible_to(person).values_list("pk", "name", "school_id", "school__name", "school__urn").order_by()
    schools: dict[uuid.UUID, SchoolOf] = {}
    found = [
        Place(site, name, schools.setdefault(school_id, SchoolOf(school_id, school, urn)))
        for site, name, school_id, school, urn in rows
    ]
    return {str(each.pk): each for each in sorted(found, key=lambda each: (each.school.name, each.name, each.pk))}


def from_records(person: Appointed, day: dt.date, today: dt.date, known: Known = Known.THEN) -> list[Cell]:
    """The cells of a past day, by what was known then or is known now, in no order."""
    until = end_of(day) if known is Known.THEN else None
    sites = {each.pk: each for each in places_of(person).values()}
    cells: dict[tuple[uuid.UUID, str], Cell] = {}

    def cell(site_id: uuid.UUID, discipline: str) -> Counts:
        key = (site_id, discipline)
        if key not in cells:
            cells[key] = Cell(sites[site_id], discipline)
        return cells[key].counts

    for site_id, discipline, status, number in statuses(person, day, known):
        counts, name = cell(site_id, discipline), status.replace("-", "_")
        setattr(counts, name, getattr(counts, name) + number)
    lapses = in_scope(standing_lapses(until), person, permits.ESTATE_VIEW, school="plan__site__school_id", site="plan__site_id")
    lapses = lapses.filter(due_on__gt=day - YEAR, due_on__lte=day)
    for site_id, discipline, number in lapses.values_list("plan__site_id", "plan__discipline").annotate(n=Count("pk")).order_by():
        cell(site_id, discipline).lapses = number
    badly = unsatisfactory(owed_on(Plan.objects.visible_to(person), day, known), day, today, known)
    for site_id, discipline, number in badly.values_list("site_id", "discipline").annotate(n=Count("pk")).order_by():
        cell(site_id, discipline).unsatisfactory = number
    told = Q(reported_at__lt=until) if until else Q()
    defects = Defect.objects.visible_to(person).filter(told, open_on(day, today)).values_list("site_id", "discipline").order_by()
    unsafe, serious = (
        Count("pk", filter=Q(unsafe=True) | Q(do_not_use_from__lte=day)),
        Count("pk", filter=Q(severity=Severity.HIGH)),
    )
    for site_id, discipline, *numbers in defects.annotate(n=Count("pk"), n_unsafe=unsafe, n_serious=serious):
        counts = cell(site_id, discipline)
        counts.defects_open, counts.unsafe, counts.serious = numbers
    return list(cells.values())


def open_on(day: dt.date, today: dt.date, of: str = "") -> Q:
    """Defects that were open on a day; `of` is the way to the defect ("defect__")."""
    if day >= today:
        return Q(**{f"{of}found_on__lte": day, f"{of}status": Defect.Status.OPEN})
    still = Q(**{f"{of}closed_at": None}) | Q(**{f"{of}closed_at__date__gt": day})
    return Q(**{f"{of}found_on__lte": day}) & still


def unsatisfactory(plans: QuerySet[Plan], day: dt.date, today: dt.date, known: Known = Known.THEN) -> QuerySet[Plan]:
    """Those of the plans whose last report was unsatisfactory and is not put right, in date or not.

    It is put right when it raised problems and none that this check ever raised is open. A report that raised none stands
    until the next one: what was wrong is unknown, and unknown is not fine.
    """
    bad = CheckRecord.Outcome.UNSATISFACTORY
    if day >= today:
        plans = plans.filter(last_outcome=bad).alias(reported_on=F("last_done_on"))
    else:
        records = records_known(day, known).filter(plan=OuterRef("pk")).order_by("-done_on", "-done_at")
        last, on = Subquery(records.values("outcome")[:1]), Subquery(records.values("done_on")[:1])
        plans = plans.filter(starts_on__lte=day).alias(reported=last, reported_on=on).filter(reported=bad)
    found = Finding.objects.filter(record__plan=OuterRef("pk"))
    raised = Exists(found.filter(record__done_on=OuterRef("reported_on")))
    return plans.filter(~raised | Exists(found.filter(open_on(day, today, "defect__"))))


def unproved(plans: PlanQuerySet, day: dt.date) -> PlanQuerySet:
    """Those of the active plans that are in date or due soon on a day by their dates alone: nothing is recorded of them."""
    past = Q(overdue_from__lte=day) | Q(due_on__lt=day)
    found = plans.filter(last_done_on=None).exclude(pk__in=plans.filter(last_done_on=None).filter(past).values("pk"))
    return found.exclude(pk__in=plans.standing(Status.PAUSED, day).values("pk"))


def statuses(person: Appointed, day: dt.date, known: Known) -> Iterable[tuple[uuid.UUID, str, str, int]]:
    """(site, discipline, status, how many) of the plans in force on a past day, as was known then or is known now; and
    "unproved" for those in date of which nothing was recorded."""
    found: dict[tuple[uuid.UUID, str, str], int] = defaultdict(int)
    chosen = list(owed_on(Plan.objects.visible_to(person), day, known).select_related("site"))
    records = records_known(day, known).filter(plan__in=[plan.pk for plan in chosen])
    recorded = set(records.order_by().values_list("plan_id", flat=True).distinct())
    for plan, status in statuses_on(chosen, day, known):
        found[plan.site_id, plan.discipline, status.value] += 1
        if status in (Status.IN_DATE, Status.DUE_SOON) and plan.pk not in recorded:
            found[plan.site_id, plan.discipline, "unproved"] += 1
    return [(*key, number) for key, number in found.items()]


BY_DATES: Final = (Status.OVERDUE.value, Status.DUE.value, Status.DUE_SOON.value, Status.IN_DATE.value, Status.PAUSED.value)


def counted(plans: PlanQuerySet, day: dt.date, *by: str) -> dict[tuple[Any, ...], list[tuple[str, int]]]:
    """How many of the active `plans` stand how on a day, by the columns named: one query that reads nothing but indexes.

    The same comparisons as status_case(), of which a test makes sure. Every plan is counted by its dates alone; then the few
    with pauses are looked at, and those paused on the day are moved over.
    """
    paused = by_dates(plans.standing(Status.PAUSED, day), day, by, paused=True)
    found: dict[tuple[Any, ...], list[int]] = {}
    for *key, is_paused, n, n_late, n_past, n_near in by_dates(plans, day, by, paused=False).union(paused, all=True):
        sums = found.setdefault(tuple(key), [0] * len(BY_DATES))
        for at, number in enumerate((n_late, n_past - n_late, n_near - n_past, n - n_near)):
            sums[at] += -number if is_paused else number
        sums[-1] += n if is_paused else 0
    return {key: [(status, n) for status, n in zip(BY_DATES, sums, strict=True) if n] for key, sums in found.items()}


def by_dates(plans: QuerySet[Plan], day: dt.date, by: Sequence[str], *, paused: bool) -> QuerySet[Plan, Any]:
    """Rows of the columns in `by`, `paused`, and how many of the plans there are, are late, past their date, and due soon."""
    late = Q(overdue_from__lte=day)
    past = late | Q(due_on__lt=day)
    near = past | Q(soon_from__lte=day)
    each = {"n_late": late, "n_past": past, "n_near": near}
    sums = {"n": Count("*"), **{name: Count(Value(1), filter=condition) for name, condition in each.items()}}
    rows: QuerySet[Plan, Any] = plans.order_by().values(*by).annotate(is_paused=Value(paused), **sums)
    return rows.values_list(*by, "is_paused", *sums)
