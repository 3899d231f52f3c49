"""The condition of buildings as the newest surveys say it: what is open, what it costs, what changed since the one before."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from backend.risk.estate import estate
from backend.risk.models import ConditionItem, ConditionSurvey, ItemEnding
from backend.risk.queries.assumed import Assumed
from backend.risk.queries.exposure import NO_PRICE, SURVEYED, Exposure, Price
from backend.rules import exposures
from backend.rules.estate import POOR, at_todays_prices, cost_of_waiting
from backend.trust.models import Person


def standing_items(rows: QuerySet[ConditionItem], day: dt.date) -> QuerySet[ConditionItem]:
    """The items that count on a day: of surveys not withdrawn, where no later survey of the site looked at the
    same building. Our own look at one thing stands beside a survey, and replaces nothing.
    """
    later = ConditionItem.objects.filter(
        survey__site=OuterRef("survey__site"), survey__withdrawn_at=None, survey__done_on__lte=day
    ).exclude(survey__source=ConditionSurvey.Source.OWN)
    later = later.filter(
        Q(survey__done_on__gt=OuterRef("survey__done_on"))
        | Q(survey__done_on=OuterRef("survey__done_on"), survey__entered_at__gt=OuterRef("survey__entered_at"))
    )
    same = later.filter(building=OuterRef("building"))
    whole = later.filter(building=None)
    rows = rows.filter(survey__withdrawn_at=None, survey__done_on__lte=day)
    return rows.exclude(Q(building__isnull=False) & Exists(same)).exclude(Q(building=None) & Exists(whole))


def with_ending(rows: QuerySet[ConditionItem]) -> QuerySet[ConditionItem]:
    """The items with `ended`: the kind of the newest word on how it ended ("" or "taken-back": it is open)."""
    newest = ItemEnding.objects.filter(item=OuterRef("pk")).order_by("-made_at", "-pk").values("kind")[:1]
    return rows.annotate(ended=Subquery(newest))


def open_items(person: Person, day: dt.date) -> QuerySet[ConditionItem]:
    """The items that count on a day, somebody may see, and are not put right or set aside."""
    rows = with_ending(standing_items(ConditionItem.objects.visible_to(person), day))
    rows = rows.filter(Q(ended=None) | Q(ended=ItemEnding.Kind.TAKEN_BACK))
    return rows.select_related("survey__site__school", "building", "space", "asset")


def price_today(item: Any, day: dt.date, figures: Mapping[str, Assumed]) -> Price:
    """What an item costs at the prices of a day. None while the survey gave no price."""
    if item.cost_pence is None:
        return NO_PRICE
    rise = figures["prices-rise"].value
    return Price(at_todays_prices(item.cost_pence, item.survey.priced_on, day, rise), SURVEYED, "prices-rise")


def waiting_of(item: Any, price: Price, figures: Mapping[str, Assumed]) -> int | None:
    """What a year's wait adds to an item, in pence. None without a price or a priority."""
    if price.pence is None or item.priority is None:
        return None
    return cost_of_waiting(price.pence, figures[f"wait-{item.priority}"].value)


def of_condition(items: Sequence[Any], day: dt.date, figures: Mapping[str, Assumed]) -> Iterator[Exposure]:
    """Open items in poor or bad condition."""
    for item in items:
        if item.grade not in POOR:
            continue
        price = price_today(item, day, figures)
        site = item.survey.site
        scored = exposures.condition(
            estate(), grade=item.grade, priority=item.priority, years_past=max(0, day.year - item.year) if item.year else 0
        )
        yield Exposure(
            key=f"condition.{item.pk}",
            kind=exposures.CONDITION,
            title=f"{estate().elements.get(item.element, item.element)}: {item.words}",
            where=", ".join(str(one) for one in (item.asset, item.space, item.building, site) if one),
            site=site,
            score=scored,
            link=f"/condition/items/{item.pk}/",
            building_id=item.building_id,
            law_key="condition",
            since=item.survey.done_on,
            price=price,
            waiting=waiting_of(item, price, figures),
        )


@dataclass(frozen=True, slots=True)
class Change:
    """One element of one building, before and now: the worst grade and the sum of the prices, at each survey's own prices."""

    building: str
    element: str
    before: str
    now: str
    before_pence: int | None
    now_pence: int | None

    @property
    def words(self) -> str:
        """What became of it."""
        if not self.before:
            return "New"
        if not self.now:
            return "No longer named"
        if self.now > self.before:
            return "Worse"
        return "Better" if self.now < self.before else "As before"


def changes(survey: ConditionSurvey, before: ConditionSurvey) -> list[Change]:
    """What changed between two surveys of a site, element by element of each building; the worst changes first."""
    now, then = by_element(survey), by_element(before)
    found = []
    for place in sorted({*now, *then}):
        grade, pence = now.get(place, ("", None))
        grade_before, pence_before = then.get(place, ("", None))
        element = estate().elements.get(place[1], place[1])
        found.append(Change(place[0], element, grade_before, grade, pence_before, pence))
    order = ("Worse", "New", "Better", "No longer named", "As before")
    return sorted(found, key=lambda each: (order.index(each.words), each.building, each.element))


def by_element(survey: ConditionSurvey) -> dict[tuple[str, str], tuple[str, int | None]]:
    """(building, element) -> the worst grade and the sum of the prices of a survey."""
    found: dict[tuple[str, str], tuple[str, int | None]] = {}
    for item in survey.items.select_related("building"):
        place = (str(item.building or "The whole site"), item.element)
        grade, pence = found.get(place, ("", None))
        total = pence if item.cost_pence is None else (pence or 0) + item.cost_pence
        found[place] = (max(grade, item.grade), total)
    return found
