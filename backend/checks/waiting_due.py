"""What waits of the checks themselves: overdue or due now. One by one for who looks after a few sites, else site by site."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

from django.db.models import Count, F, Min, Q

from backend.checks.models import Plan
from backend.core.agenda import Asked, Waiting
from backend.core.models import status_case
from backend.core.templatetags.words import age, counted
from backend.rules.due import Status
from backend.trust import permits
from backend.trust.models import Site
from backend.trust.scope import reach

MOST: Final = 50
FEW: Final = 3  # sites whose checks are named one by one


def due_now(person: Any, today: dt.date) -> Iterator[Waiting]:
    """Checks overdue or due, for who records them: the worst first. Two queries, or three with many sites."""
    if reach(person, permits.CHECK_RECORD).nowhere():
        return
    sites = list(Site.objects.visible_to(person, permits.CHECK_RECORD).values_list("pk", flat=True)[: FEW + 1])
    rows = Plan.objects.visible_to(person, permits.CHECK_RECORD)
    if len(sites) > FEW:
        yield from by_site(person, today)
        return
    rows = rows.filter(active=True, due_on__lte=today).alias(stands=status_case(today)).exclude(stands="paused")
    rows = rows.select_related("check_type", "site", "building", "asset")
    for plan in rows.order_by(F("check_type__weight").desc(), "due_on", "pk")[:MOST]:
        yield one(plan, today)


def one(plan: Plan, today: dt.date) -> Waiting:
    """One check that is owed. Its key holds the date that it was owed on: the next one is another thing."""
    assert plan.due_on
    where = plan.asset or plan.building or plan.site
    late = plan.overdue_from is not None and plan.overdue_from <= today
    how = f"overdue by {age((today - plan.due_on).days)}" if late else "due now"
    words = f"{plan.check_type.title}, {where}{'' if where == plan.site else f', {plan.site}'}: {how}"
    key = f"plan:{plan.pk}:{plan.due_on}"
    whole = f"/plans/?check={plan.check_type_id}&site={plan.site_id}&due_by={today}"
    return Waiting(
        key, "check", words, f"/plans/{plan.pk}/", plan.check_type.weight, plan.due_on, plan.site_id,
        together=f"{plan.check_type.title}, {plan.site}", together_path=whole,
    )  # fmt: skip


def by_site(person: Any, today: dt.date) -> Iterator[Waiting]:
    """Each site with anything overdue: how many, and the worst by what could happen, then by age. Two queries."""
    late = Plan.objects.visible_to(person, permits.CHECK_RECORD).standing(Status.OVERDUE, today)
    grouped = late.order_by().values("site_id").annotate(n=Count("*"), first=Min("due_on"))
    grouped = grouped.annotate(grave=Count("pk", filter=Q(check_type__weight__gte=5))).order_by("-grave", "-n", "site_id")
    found = {row["site_id"]: row for row in grouped[:MOST]}
    worst = late.filter(site__in=found).order_by("site_id", F("check_type__weight").desc(), "due_on", "pk").distinct("site_id")
    for plan in worst.select_related("check_type", "site"):
        row = found[plan.site_id]
        assert plan.due_on
        title = plan.check_type.title[0].lower() + plan.check_type.title[1:]
        words = f"{counted(row['n'], 'check')} overdue at {plan.site}; the worst is {title}, {age((today - plan.due_on).days)}"
        path = f"/plans/?status=overdue&sort=risk&site={plan.site_id}"
        yield Waiting(f"site:{plan.site_id}:overdue", "check", words, path, plan.check_type.weight, plan.due_on, plan.site_id)


DUE: list[Asked] = [due_now]
