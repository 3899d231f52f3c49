"""How the condition of each site is known: the newest survey, the one before, RAAC and asbestos."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q

from backend.assets.models import Asset
from backend.risk.models import ConditionSurvey
from backend.risk.queries.assumed import Assumed
from backend.risk.queries.money import Backlog, backlog
from backend.trust import permits
from backend.trust.models import Person, Site

RAAC: Final = "raac-panel"
ASBESTOS: Final = "asbestos-item"


@dataclass(frozen=True, slots=True)
class SiteCondition:
    """The open items of a site: how many of each grade, and its backlog."""

    site: Site
    grades: Mapping[str, int]
    backlog: Mapping[int, Backlog]

    @property
    def pence(self) -> int:
        """Its whole backlog at today's prices."""
        return sum(each.pence for each in self.backlog.values())

    @property
    def unpriced(self) -> int:
        """How many items of the backlog have no price."""
        return sum(each.unpriced for each in self.backlog.values())


def standing_of(site: Site, items: Sequence[Any], figures: Mapping[str, Assumed], day: dt.date) -> SiteCondition:
    """The condition of one site from its open items."""
    grades: dict[str, int] = dict.fromkeys("DCBA", 0)
    for item in items:
        grades[item.grade] += 1
    return SiteCondition(site, grades, backlog(items, day, figures))


@dataclass(frozen=True, slots=True)
class Hazards:
    """How many RAAC and asbestos items the register of assets has at a site."""

    raac: int
    asbestos: int


def raac_of(person: Person) -> dict[uuid.UUID, Hazards]:
    """Site -> what the register says of RAAC and asbestos. One query."""
    counts: dict[uuid.UUID, dict[str, int]] = defaultdict(lambda: {RAAC: 0, ASBESTOS: 0})
    rows = Asset.objects.visible_to(person, permits.RISK_VIEW).filter(type__in=(RAAC, ASBESTOS))
    for site, kind in rows.exclude(status=Asset.Status.RETIRED).values_list("site_id", "type_id"):
        counts[site][kind] += 1
    return {site: Hazards(each[RAAC], each[ASBESTOS]) for site, each in counts.items()}


def before(survey: ConditionSurvey) -> ConditionSurvey | None:
    """The survey of the same site before this one: not withdrawn, and no look of our own. None for the first."""
    rows = ConditionSurvey.objects.filter(site=survey.site_id, withdrawn_at=None).exclude(source=ConditionSurvey.Source.OWN)
    earlier = Q(done_on__lt=survey.done_on) | Q(done_on=survey.done_on, entered_at__lt=survey.entered_at)
    return rows.filter(earlier).order_by("-done_on", "-entered_at").first()
