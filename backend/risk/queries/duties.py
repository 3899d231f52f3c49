"""Exposures from checks: overdue, with nothing recorded, or with a report that was not satisfactory. Five queries."""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Count, F

from backend.checks.models import CheckType, Finding, Plan
from backend.checks.plan_rows import PlanQuerySet
from backend.checks.queries.compliance import YEAR, standing_lapses, unproved, unsatisfactory
from backend.maintenance.models import Defect
from backend.risk.estate import estate
from backend.risk.queries.assumed import Assumed
from backend.risk.queries.dangers import dangerous
from backend.risk.queries.exposure import Exposure, price_of_check
from backend.rules import exposures
from backend.rules.due import Status
from backend.trust import permits
from backend.trust.models import Person, Site

DAYS_OF: Final = {"day": 1, "week": 7, "month": 30, "term": 120, "year": 365}
"""About how many days each unit of an interval has: only to say how late something is against how often it is owed."""
CONTENT: Final = {
    "reason": F("current__content__risk__reason"),
    "level": F("current__content__competence__level"),
    "laws": F("current__content__law"),
}
"""What is needed of a check's text."""
COLUMNS: Final = (
    "check_type_id", "site_id", "discipline", "rule", "starts_on", "overdue_from", "last_done_on", "own_minutes",
    "building__name", "asset__name", "asset__building__name",
)  # fmt: skip
"""What is needed of a plan and its place; checks and sites are read once each."""


@dataclass(slots=True)
class Duties:
    """What of checks is open on a day where somebody may see risk; `places` are (check, site, building) of what is listed."""

    person: Person
    day: dt.date
    figures: Mapping[str, Assumed]
    sites: Mapping[uuid.UUID, Site]
    places: set[tuple[str, Any, Any]] = field(default_factory=set)
    checks: dict[str, Any] = field(default_factory=dict)

    @property
    def plans(self) -> Any:
        """The plans in sight, with what is needed to say where they are."""
        rows: PlanQuerySet = Plan.objects.visible_to(self.person, permits.RISK_VIEW).filter(active=True)
        return rows.select_related("building", "asset__building").only(*COLUMNS)

    def told(self, plans: Any) -> Iterator[Any]:
        """The plans with their check and their site."""
        if not self.checks:
            self.checks.update({each.pk: each for each in CheckType.objects.annotate(**CONTENT)})
        for plan in plans:
            plan.check_type, plan.site = self.checks[plan.check_type_id], self.sites[plan.site_id]
            yield plan

    def all(self) -> Iterator[Exposure]:
        """Every exposure of checks."""
        yield from self.overdue()
        yield from self.unproved()
        yield from self.unsatisfactory()

    def overdue(self) -> Iterator[Exposure]:
        """Checks past their date."""
        those = Plan.objects.visible_to(self.person, permits.RISK_VIEW).filter(active=True, overdue_from__lte=self.day)
        lapses = standing_lapses().filter(due_on__gt=self.day - YEAR, due_on__lte=self.day, plan__in=those.values("pk"))
        lapses = lapses.values_list("plan_id").annotate(n=Count("pk")).order_by()
        misses = dict(lapses)
        for plan in self.told(self.plans.standing(Status.OVERDUE, self.day)):
            late = (self.day - plan.overdue_from).days + 1
            scored = exposures.overdue(
                estate(),
                weight=plan.check_type.weight,
                reason=plan.check_type.reason or "",
                days_late=late,
                interval_days=days_between(plan.rule),
                misses=misses.get(plan.pk, 0),
            )
            yield self.of_plan(plan, exposures.OVERDUE, scored, plan.overdue_from)

    def unproved(self) -> Iterator[Exposure]:
        """Checks that are in date by their dates alone."""
        those: Any = unproved(self.plans, self.day)
        scores: dict[str, exposures.Score] = {}  # of a check it is the same for every plan
        for plan in self.told(those):
            check = plan.check_type
            if check.pk not in scores:
                scores[check.pk] = exposures.unproved(estate(), weight=check.weight, reason=check.reason or "")
            yield self.of_plan(plan, exposures.UNPROVED, scores[check.pk], plan.starts_on)

    def unsatisfactory(self) -> Iterator[Exposure]:
        """Checks whose report was not satisfactory; not those of which a dangerous defect is listed by itself."""
        known = dangerous(Defect.objects.visible_to(self.person, permits.RISK_VIEW), self.day)
        listed = set(Finding.objects.filter(defect__in=known.values("pk")).values_list("record__plan_id", flat=True))
        those: Any = unsatisfactory(self.plans, self.day, self.day)
        for plan in self.told(those):
            if plan.pk not in listed:
                scored = exposures.unsatisfactory(estate(), weight=plan.check_type.weight, reason=plan.check_type.reason or "")
                yield self.of_plan(plan, exposures.UNSATISFACTORY, scored, plan.last_done_on)

    def of_plan(self, plan: Any, kind: str, scored: exposures.Score, since: dt.date | None) -> Exposure:
        """The exposure of a plan."""
        building = plan.building_id or (plan.asset.building_id if plan.asset else None)
        if kind != exposures.UNSATISFACTORY:
            self.places.add((plan.check_type_id, plan.site_id, building))
        return Exposure(
            key=f"{kind}.{plan.pk}",
            kind=kind,
            title=plan.check_type.title,
            where=where_of(plan),
            site=plan.site,
            score=scored,
            link=f"/plans/{plan.pk}/",
            building_id=building,
            discipline=plan.discipline,
            law=tuple(plan.check_type.laws or ()),
            since=since,
            price=price_of_check(plan.check_type.level or "", plan.discipline, plan.minutes, self.figures),
        )


def where_of(plan: Any) -> str:
    """What and where, in words: "Boiler 1, Main block, Oakfield site"."""
    building = plan.building or (plan.asset.building if plan.asset else None)
    return ", ".join(str(each) for each in (plan.asset, building, plan.site) if each)


def days_between(rule: Mapping[str, Any] | None) -> int | None:
    """About how many days lie between two of these checks. None: it is owed once."""
    return int(rule["every"]) * DAYS_OF[rule["unit"]] if rule else None
