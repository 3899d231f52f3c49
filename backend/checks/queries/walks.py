"""The stops of rounds: what a plan is on a walk, which walks a site's checks propose, the plans of a round in its order."""

import uuid
from collections import defaultdict
from typing import Final

from backend.checks.models import Plan, Round
from backend.rules.rounds import Stop, often_of, proposed
from backend.trust.models import Site

WORDS: Final = {
    "day": "Daily round",
    "week": "Weekly round",
    "month": "Monthly round",
    "term": "Termly round",
    "year": "Yearly round",
}
OUTSIDE: Final = "competent-contractor"
"""Whose checks are not walked: a firm does them on a visit."""
BESIDE: Final = ("check_type__current", "building", "asset__building", "asset__space")


def in_house(plan: Plan) -> bool:
    """Whether the school's own people do it (with the check's revision loaded)."""
    current = plan.check_type.current
    return current is None or current.content.get("competence", {}).get("level") != OUTSIDE


def stop_of(plan: Plan) -> Stop:
    """The plan as a stop (with BESIDE loaded)."""
    asset = plan.asset
    building = plan.building or (asset.building if asset else None)
    space = asset.space if asset else None
    return Stop(
        key=str(plan.pk),
        title=plan.check_type.title,
        building=building.name if building else "",
        floor=space.floor if space else "",
        space=space.name if space else "",
        thing=asset.name if asset else "",
        minutes=plan.minutes,
    )


def proposals(site: Site) -> dict[str, list[Stop]]:
    """The walks that a site's own checks make, by how often, in the order of a walk; what is in a round already is left out."""
    walked = {stop for each in Round.objects.filter(site=site, ended_at=None) for stop in each.stops}
    found: dict[str, list[Stop]] = defaultdict(list)
    for plan in Plan.objects.filter(site=site, active=True).exclude(pk__in=walked).select_related(*BESIDE).order_by("pk"):
        often = often_of(plan.rule)
        if often and in_house(plan):
            found[often].append(stop_of(plan))
    return proposed(found)


def plans_walked(round: Round) -> list[Plan]:
    """The round's plans that are still active, in its order."""
    found: dict[uuid.UUID, Plan] = {
        plan.pk: plan for plan in Plan.objects.filter(pk__in=round.stops, active=True, site=round.site_id).select_related(*BESIDE)
    }
    return [found[stop] for stop in round.stops if stop in found]
