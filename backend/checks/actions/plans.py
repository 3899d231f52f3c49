"""Making, pausing and reckoning plans."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from backend.assets.models import Asset
from backend.checks.evidence import PLANS
from backend.checks.models import CheckType, Plan
from backend.checks.reckoning import reckon, reckon_loaded
from backend.core import audit
from backend.core.problems import Problem
from backend.rules.due import Rule, RuleRefused
from backend.trust import permits
from backend.trust.models import Building, Person, Site
from backend.trust.scope import require

BATCH = 1000


@dataclass(frozen=True, slots=True)
class NewPlan:
    """A check to be owed on an asset, a building or a site from a day. `rule` None takes the library's own rule."""

    check_type: CheckType
    site: Site
    starts_on: dt.date
    building: Building | None = None
    asset: Asset | None = None
    rule: Mapping[str, Any] | None = None
    one_off: bool = False
    note: str = ""
    origin: str = ""
    why: str = ""


@transaction.atomic
def make_plans(news: Sequence[NewPlan], *, person: Person, today: dt.date) -> list[Plan]:
    """Make plans and reckon their first dates. Raises Problem for a rule that the engine refuses; then none is made."""
    for site in {new.site.pk: new.site for new in news}.values():
        require(person, permits.PLAN_CHANGE, site, "plan checks")
    plans = [
        Plan(
            check_type=new.check_type,
            discipline=new.check_type.discipline,
            site=new.site,
            building=new.building,
            asset=new.asset,
            rule=None if new.one_off else checked_rule(new),
            starts_on=new.starts_on,
            note=new.note,
            origin=new.origin,
            why=new.why[:300],
        )
        for new in news
    ]
    Plan.objects.bulk_create(plans, batch_size=BATCH)
    facts: list[audit.Fact] = []
    for start in range(0, len(plans), BATCH):
        facts += reckon_loaded(plans[start : start + BATCH], today=today, why="The plan was made.")
    audit.append(facts + [PLANS.fact(plan, person.pk, person.name) for plan in plans])
    return plans


def checked_rule(new: NewPlan) -> dict[str, Any]:
    """The plan's rule, given or the library's, as the engine reads it. Raises Problem when there is none or it is refused."""
    current = new.check_type.current
    given = new.rule if new.rule is not None else (current.content.get("rule") if current else None)
    if not given:
        raise Problem("no_rule", f"{new.check_type.title} has no interval: plan it as a one-off with a date.")
    try:
        return Rule.from_mapping(dict(given)).as_mapping()
    except RuleRefused as refused:
        raise Problem("rule", str(refused), fields={"rule": str(refused)}) from refused


@transaction.atomic
def pause_plans(plans: Iterable[Plan], *, first: dt.date, last: dt.date | None, person: Person, today: dt.date) -> None:
    """Add a paused span (both days included; `last` None while it is not known) and reckon anew."""
    span = DateRange(first, last + dt.timedelta(days=1) if last else None)
    changed = list(plans)
    for plan in changed:
        require(person, permits.PLAN_CHANGE, plan.site, "pause checks")
        plan.pauses = [*plan.pauses, span]
    save_pauses(changed, person, today)


def save_pauses(plans: Sequence[Plan], person: Person, today: dt.date) -> None:
    """Write changed pauses and reckon the plans anew; the change enters the audit chain."""
    Plan.objects.bulk_update(plans, ["pauses"], batch_size=BATCH)
    facts = reckon_loaded(plans, today=today, why="The pause was changed.")
    audit.append(facts + [PLANS.fact(plan, person.pk, person.name, kind="pause") for plan in plans])


def reckon_school(school_id: uuid.UUID, *, today: dt.date) -> None:
    """Reckon every plan of a school anew, after its calendar changed (a snow day entered afterwards)."""
    ids = list(Plan.objects.filter(active=True, site__school_id=school_id).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        reckon(ids[start : start + BATCH], today=today, why="The school calendar was changed.")
