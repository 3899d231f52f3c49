"""What things cost over their life, and whether to repair or replace them. Five queries, however many things."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, Sum

from backend.assets.models import Asset
from backend.maintenance.models import Defect, WorkOrder
from backend.risk.estate import estate
from backend.risk.queries.assumed import Assumed, assumed
from backend.risk.queries.dangers import dangerous
from backend.risk.queries.exposure import IN_HOUSE, price_of_check
from backend.risk.queries.money import plans_of
from backend.rules.estate import years_between
from backend.rules.forecast import times_ahead
from backend.rules.whole_life import ADVICE, YEARS, Life
from backend.trust import permits
from backend.trust.models import Person

THREE_YEARS = dt.timedelta(days=365 * YEARS)


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing of the register with what its life costs."""

    asset: Any
    life: Life

    @property
    def order(self) -> tuple[Any, ...]:
        """What presses most first, then what is oldest against its life."""
        left = self.life.left
        return (list(ADVICE).index(self.life.advice), left if left is not None else 999, self.asset.name, str(self.asset.pk))


def things(person: Person, day: dt.date) -> list[Thing]:
    """Every thing in sight of which a usual life or a price is known, what presses most first."""
    figures, lives = assumed(day), estate().lives
    rows = Asset.objects.visible_to(person, permits.RISK_VIEW).exclude(status=Asset.Status.RETIRED)
    rows = rows.filter(Q(type__in=lives) | Q(product__expected_life__isnull=False))
    assets = list(rows.select_related("type", "product", "site__school", "building").order_by("pk"))
    ids = [each.pk for each in assets]
    done = WorkOrder.objects.filter(defect__asset__in=ids).exclude(cost_pence=None).exclude(status=WorkOrder.Status.CANCELLED)
    ever = dict(done.values_list("defect__asset").annotate(sum=Sum("cost_pence")).order_by())
    since = day - THREE_YEARS
    recent = done.filter(Q(done_at=None) | Q(done_at__date__gt=since))
    lately = dict(recent.values_list("defect__asset").annotate(sum=Sum("cost_pence")).order_by())
    bad = set(dangerous(Defect.objects.filter(asset__in=ids), day).values_list("asset_id", flat=True))
    checks = checks_a_year(person, day, figures)
    found = [
        Thing(
            each,
            Life(
                age=years_between(each.installed_on, day) if each.installed_on else None,
                life=(each.product.expected_life if each.product else None) or lives.get(each.type_id),
                repairs=ever.get(each.pk, 0),
                lately=lately.get(each.pk, 0),
                checks=checks.get(each.pk, 0),
                new=figures[key].value if (key := f"replace-{each.type_id}") in figures else None,
                dangerous=each.pk in bad,
            ),
        )
        for each in assets
    ]
    return sorted(found, key=lambda each: each.order)


def checks_a_year(person: Person, day: dt.date, figures: Mapping[str, Assumed]) -> dict[Any, int]:
    """Asset -> what firms' checks of it cost in the twelve months ahead, in pence. One query."""
    found: dict[Any, int] = defaultdict(int)
    columns = ("asset_id", "discipline", "due_on", "rule__every", "rule__unit", "level")
    for asset, discipline, due_on, every, unit, level in plans_of(person).exclude(asset=None).order_by().values_list(*columns):
        if (level or "") not in IN_HOUSE:
            price = price_of_check(level or "", discipline, None, figures).pence or 0
            found[asset] += price * sum(times_ahead(due_on, every, unit or "", day))
    return found
