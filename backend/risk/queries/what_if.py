"""What if: a firm goes, somebody is away for weeks, a school joins. Read from what was done lately and what is due next."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import OuterRef, Subquery

from backend.checks.models import Booking, CheckRecord, Plan
from backend.checks.queries.booked import occurrences
from backend.maintenance.models import Contractor, WorkOrder
from backend.maintenance.queries.contractors import standings
from backend.risk.estate import funding
from backend.risk.queries.brief import HURTS
from backend.risk.queries.capital import trust_route
from backend.risk.queries.exposure import USUAL_MINUTES
from backend.risk.queries.gathered import Sums, gather, summed_by
from backend.risk.queries.money import forecast
from backend.rules.capital import Route, route_of_trust
from backend.trust import permits
from backend.trust.models import Person, School, Site

AHEAD: Final = dt.timedelta(days=91)
LATELY: Final = dt.timedelta(days=182)
TWO_YEARS: Final = dt.timedelta(days=730)
WEEKS: Final = (1, 2, 4, 6, 12, 26)


@dataclass(slots=True)
class FirmGoes:
    """What hangs on a firm: checks it did or is booked for, of which `soon` fall due within three months; its work in hand.

    `others`: by field of work, the firms that are ready to work and know it; an empty list means nobody else is known.
    """

    firm: Contractor
    plans: list[Any]
    soon: list[Any]
    orders: list[Any]
    bookings: list[Any]
    others: dict[str, list[Contractor]]

    @property
    def grave(self) -> list[Any]:
        """Of those due soon, the checks that keep somebody from being badly hurt."""
        return [each for each in self.soon if each.check_type.weight >= HURTS]

    @property
    def alone(self) -> list[str]:
        """Fields of work for which no other firm is known."""
        return [key for key, firms in self.others.items() if not firms]


def plans_seen(person: Person) -> Any:
    """Running plans in sight of who may see risk."""
    rows = Plan.objects.visible_to(person, permits.RISK_VIEW).filter(active=True)
    return rows.select_related("check_type", "site__school", "building", "asset__building")


def firm_goes(person: Person, firm: Contractor, day: dt.date) -> FirmGoes:
    """What would be left undone if a firm came no more. Six queries."""
    held = CheckRecord.objects.filter(
        certified__certificate__contractor=firm, certified__certificate__examined_on__gt=day - TWO_YEARS
    )
    sites = Site.objects.visible_to(person, permits.RISK_VIEW)
    bookings = Booking.objects.filter(contractor=firm, cancelled_at=None, day__gte=day, site__in=sites)
    ids = set(held.filter(plan__isnull=False).values_list("plan_id", flat=True))
    ids |= set(bookings.filter(checks__dropped_at=None).values_list("checks__plan_id", flat=True))
    plans = list(plans_seen(person).filter(pk__in=ids - {None}).order_by("due_on", "pk"))
    orders = WorkOrder.objects.filter(contractor=firm, site__in=sites).out().select_related("site__school", "defect")
    firms = [each for each in Contractor.objects.visible_to(person).filter(active=True) if each != firm]
    ready = standings(firms, day) if firms else {}
    fields = sorted({each.discipline for each in plans})
    return FirmGoes(
        firm=firm,
        plans=plans,
        soon=[each for each in plans if each.due_on and each.due_on <= day + AHEAD],
        orders=list(orders),
        bookings=list(bookings.select_related("site__school").order_by("day", "pk")),
        others={key: [each for each in firms if key in each.trades and not ready[each.pk].missing] for key in fields},
    )


@dataclass(slots=True)
class SomebodyAway:
    """What falls to others while somebody is away: (plan, how often, minutes); by site, who else did checks there lately."""

    who: Person
    weeks: int
    until: dt.date
    due: list[tuple[Any, int, int]]
    others: list[tuple[Site, list[str]]]

    @property
    def times(self) -> int:
        """How many checks fall due."""
        return sum(times for _, times, _ in self.due)

    @property
    def minutes(self) -> int:
        """How long they take together."""
        return sum(times * minutes for _, times, minutes in self.due)

    @property
    def grave(self) -> int:
        """How many of them keep somebody from being badly hurt."""
        return sum(times for plan, times, _ in self.due if plan.check_type.weight >= HURTS)

    @property
    def alone(self) -> list[Site]:
        """Sites where nobody else did any check lately."""
        return [site for site, names in self.others if not names]


def did_lately(person: Person, day: dt.date) -> Any:
    """Records of the last half year in sight of who may see risk."""
    return CheckRecord.objects.visible_to(person, permits.RISK_VIEW).filter(done_on__gt=day - LATELY, done_on__lte=day)


def people_of(person: Person, day: dt.date) -> Any:
    """Who did checks lately where somebody may see risk."""
    authors = did_lately(person, day).order_by().values("author").distinct()
    return Person.objects.filter(pk__in=authors, is_active=True).order_by("name")


def somebody_away(person: Person, who: Person, weeks: int, day: dt.date) -> SomebodyAway:
    """The checks that somebody did last and that fall due while they are away, by the school's days. Six queries."""
    until = day + dt.timedelta(weeks=weeks)
    last = CheckRecord.objects.filter(plan=OuterRef("pk")).order_by("-done_at").values("author")[:1]
    rows = plans_seen(person).annotate(last_by=Subquery(last)).filter(last_by=who.pk, last_done_on__gt=day - LATELY)
    plans = list(rows)
    dates = occurrences(plans, day, until)
    found = [(each, len(dates[each.pk]), each.minutes or USUAL_MINUTES) for each in plans]
    due = sorted((each for each in found if each[1]), key=gravest)
    sites = {plan.site_id: plan.site for plan, _, _ in due}
    names: Mapping[Any, set[str]] = defaultdict(set)
    helpers = did_lately(person, day).filter(site__in=sites).exclude(author=who).order_by()
    for site, name in helpers.values_list("site", "author__name").distinct():
        names[site].add(name)
    others = sorted(((sites[key], sorted(names[key])) for key in sites), key=lambda each: (len(each[1]), str(each[0])))
    return SomebodyAway(who, weeks, until, due, others)


def gravest(one: tuple[Any, int, int]) -> tuple[Any, ...]:
    """Sorts the checks that matter most first."""
    plan, times, _ = one
    return (-plan.check_type.weight, -times, plan.check_type.title, str(plan.site))


@dataclass(slots=True)
class SchoolJoins:
    """What a school of so many pupils would bring, as the trust's own schools like it have it (`like`), pupil for pupil.

    Money is pence a year; `bands` are exposures; `backlog` pence. Of what a new school has nothing is proved at first: its
    checks all count as unproved until its papers are here.
    """

    phase: str
    pupils: int
    like: list[School]
    checks: int = 0
    minutes: int = 0
    firms: int = 0
    backlog: int = 0
    sums: Sums = field(default_factory=Sums)
    route: Route | None = None
    route_now: Route | None = None

    @property
    def route_title(self) -> str:
        """Who would pay for large works."""
        return funding().titles[self.route.key] if self.route else ""


def school_joins(person: Person, phase: str, pupils: int, day: dt.date) -> SchoolJoins:
    """What a school would bring. Some thirty queries: all of the trust's risk is read."""
    found = gather(person, day)
    schools = {each.school_id: each.school for each in found.sites if each.school.pupils}
    like = [each for each in schools.values() if each.phase == phase] or list(schools.values())
    joins = SchoolJoins(phase, pupils, sorted(like, key=str))
    held = sum(each.pupils or 0 for each in like)
    said = list(School.objects.filter(closed_on=None).values_list("pupils", flat=True))
    joins.route_now = trust_route()
    known = sum(each or 0 for each in said)
    joins.route = route_of_trust(funding(), len(said) + 1, known + pupils, said.count(None))
    if not held:
        return joins
    keys = {each.pk for each in like}
    ahead = forecast(person, day, found.figures)
    sums = summed_by([each for each in found.exposures if each.site], lambda each: each.site.school_id if each.site else None)
    own = plans_seen(person).filter(site__school__in=keys)
    joins.checks = share(own.count(), pupils, held)
    joins.firms = share(sum(ahead.by_school.get(key, 0) for key in keys), pupils, held)
    joins.minutes = share(ahead.minutes, pupils, sum(each.pupils or 0 for each in schools.values()))
    joins.backlog = share(sum(item.cost_pence or 0 for item in found.items if item.survey.site.school_id in keys), pupils, held)
    for key in keys & set(sums):
        for band, number in sums[key].bands.items():
            joins.sums.bands[band] += number
        joins.sums.pence += sums[key].pence
    joins.sums.bands = {band: share(number, pupils, held) for band, number in joins.sums.bands.items()}
    joins.sums.pence = share(joins.sums.pence, pupils, held)
    return joins


def share(of_those: int, pupils: int, held: int) -> int:
    """What so many pupils would bring, of what those schools with `held` pupils have."""
    return of_those * pupils // held
