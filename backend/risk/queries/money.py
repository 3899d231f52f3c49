"""Money: what the next twelve months of checks cost, and the backlog of condition by priority. All in pence."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Count, F

from backend.checks.models import Plan
from backend.risk.queries.assumed import Assumed
from backend.risk.queries.condition import price_today, waiting_of
from backend.risk.queries.exposure import IN_HOUSE, USUAL_MINUTES, price_of_check
from backend.rules.forecast import MONTHS, times_ahead
from backend.trust import permits
from backend.trust.models import Person, Site


@dataclass(frozen=True, slots=True)
class Ahead:
    """One check of the year ahead: how often in each month, what one costs (pence), who does it, whose minutes."""

    plan: uuid.UUID
    title: str
    discipline: str
    where: str
    site: Site
    by_month: tuple[int, ...]
    each_pence: int
    minutes: int
    own: bool
    assumed_by: str

    @property
    def times(self) -> int:
        """How often in the twelve months."""
        return sum(self.by_month)

    @property
    def pence(self) -> int:
        """What it costs in the twelve months: a firm's visits. Our own people's time is counted in hours, not in money."""
        return 0 if self.own else self.times * self.each_pence


@dataclass(slots=True)
class Forecast:
    """The twelve months ahead: pence for firms and minutes of our own people, by month; pence by discipline and by school."""

    months: list[int] = field(default_factory=lambda: [0] * MONTHS)
    minutes: int = 0
    by_discipline: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    by_school: dict[uuid.UUID, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def pence(self) -> int:
        """What firms are paid for checks in the twelve months."""
        return sum(self.months)


LEVEL: Final = F("check_type__current__content__competence__level")


def plans_of(person: Person) -> Any:
    """The plans in sight of who may see risk, with who does each (`level`)."""
    return Plan.objects.visible_to(person, permits.RISK_VIEW).filter(active=True).annotate(level=LEVEL)


def forecast(person: Person, day: dt.date, figures: Mapping[str, Assumed]) -> Forecast:
    """The year ahead of every check in sight of who may see risk, summed: one query, and no plan is made of a row."""
    found = Forecast()
    columns = (
        "discipline",
        "site__school_id",
        "due_on",
        "rule__every",
        "rule__unit",
        "own_minutes",
        "check_type__minutes",
        "level",
    )
    rows = plans_of(person).order_by().values_list(*columns).annotate(n=Count("pk"))
    for discipline, school, due_on, every, unit, own, usual, level, number in rows.iterator(chunk_size=5000):
        by_month = times_ahead(due_on, every, unit or "", day)
        minutes = own or usual
        if (level or "") in IN_HOUSE:
            found.minutes += number * sum(by_month) * (minutes or USUAL_MINUTES)
            continue
        each = number * (price_of_check(level or "", discipline, minutes, figures).pence or 0)
        for month, times in enumerate(by_month):
            found.months[month] += times * each
        found.by_discipline[discipline] += sum(by_month) * each
        found.by_school[school] += sum(by_month) * each
    return found


def checks_ahead(person: Person, day: dt.date, figures: Mapping[str, Assumed]) -> list[Ahead]:
    """The same, check by check. One query."""
    plans = plans_of(person).select_related("check_type", "site__school", "building", "asset")
    return [ahead_of(each, day, figures) for each in plans.order_by("check_type_id", "pk")]


def ahead_of(plan: Any, day: dt.date, figures: Mapping[str, Assumed]) -> Ahead:
    """The year ahead of one plan."""
    rule = plan.rule or {}
    price = price_of_check(plan.level or "", plan.discipline, plan.minutes, figures)
    return Ahead(
        plan=plan.pk,
        title=plan.check_type.title,
        discipline=plan.discipline,
        where=", ".join(str(each) for each in (plan.asset, plan.building, plan.site) if each),
        site=plan.site,
        by_month=times_ahead(plan.due_on, rule.get("every"), rule.get("unit", ""), day),
        each_pence=price.pence or 0,
        minutes=plan.minutes or USUAL_MINUTES,
        own=(plan.level or "") in IN_HOUSE,
        assumed_by=price.by,
    )


@dataclass(slots=True)
class Backlog:
    """The open work of one priority: how many items, pence at today's prices, how many without a price, what a year adds."""

    priority: int
    items: int = 0
    pence: int = 0
    unpriced: int = 0
    waiting: int = 0


def backlog(items: Sequence[Any], day: dt.date, figures: Mapping[str, Assumed]) -> dict[int, Backlog]:
    """The open items of condition by priority, 1 to 4; those without a priority (good or satisfactory) are not backlog."""
    found = {priority: Backlog(priority) for priority in (1, 2, 3, 4)}
    for item in items:
        if item.priority is None:
            continue
        price, row = price_today(item, day, figures), found[item.priority]
        row.items += 1
        row.pence += price.pence or 0
        row.unpriced += price.pence is None
        row.waiting += waiting_of(item, price, figures) or 0
    return found
