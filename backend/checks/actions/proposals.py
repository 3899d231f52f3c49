"""Accepting the plans that a site's facts and assets ask for: all in one go, or none."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.db import transaction

from backend.assets.models import Asset
from backend.checks.actions.ending import end_plans
from backend.checks.actions.not_applicable import ask_not_applicable
from backend.checks.actions.plans import NewPlan, make_plans
from backend.checks.models import CheckType, Plan
from backend.checks.queries.proposed import New, Proposal, proposal
from backend.core.templatetags.words import day
from backend.rules.applying import Key
from backend.rules.days import SchoolDays
from backend.rules.due import Counts, Done, Rule, state
from backend.trust import permits
from backend.trust.models import Building, Person, Site
from backend.trust.queries import calendars
from backend.trust.scope import require


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A check that was left out of the plans: why it does not apply, and until when that is to hold."""

    reason: str
    expires_on: dt.date


@dataclass(frozen=True, slots=True)
class Accepted:
    """What is accepted of a proposal. `last_done` says when, for what somebody knows; the rest is due from `starts_on`."""

    make: Collection[Key] = ()
    end: Collection[str] = ()
    left_out: Mapping[Key, LeftOut] = field(default_factory=dict)
    last_done: Mapping[Key, dt.date] = field(default_factory=dict)
    starts_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many plans were made and ended, and how many were asked not to apply."""

    made: int
    ended: int
    asked: int


@transaction.atomic
def accept_proposal(site: Site, accepted: Accepted, *, person: Person, today: dt.date) -> Outcome:
    """Make and end the plans that are ticked, as far as they are still proposed: accepted twice makes nothing new.

    Raises Problem when anything of it cannot be; then nothing is kept.
    """
    require(person, permits.PLAN_CHANGE, site, "plan checks")
    Site.objects.select_for_update().get(pk=site.pk)  # two people who accept at once do so one after the other
    found = proposal(site, today=today, extended=True)
    days = calendars([site.school_id])[site.school_id]
    wanted = [new for new in found.new if new.key in set(accepted.make)]
    buildings = {str(each.pk): each for each in Building.objects.filter(site=site)}
    assets = {
        str(each.pk): each for each in Asset.objects.filter(site=site, pk__in=[new.key.asset for new in wanted if new.key.asset])
    }
    news = [new_plan(new, site, buildings, assets, accepted, days, today) for new in wanted]
    make_plans(news, person=person, today=today)
    ends = [gone for gone in found.gone if str(gone.plan.pk) in set(accepted.end)]
    by_why: dict[str, list[Plan]] = {}
    for gone in ends:
        by_why.setdefault(gone.why, []).append(gone.plan)
    for why, plans in by_why.items():
        end_plans(plans, reason=f"It does not apply any more: {why}", person=person, today=today)
    asked = leave_out(found, accepted.left_out, person=person, today=today)
    return Outcome(len(news), len(ends), asked)


def new_plan(
    new: New,
    site: Site,
    buildings: Mapping[str, Building],
    assets: Mapping[str, Asset],
    accepted: Accepted,
    days: SchoolDays,
    today: dt.date,
) -> NewPlan:
    """The plan of a check that applies, from the day on which it is owed next as far as anybody knows."""
    rule = dict(new.finding.rule or {})
    starts_on, note = accepted.starts_on or today, ""
    if last := accepted.last_done.get(new.key):
        starts_on, note = first_due(rule, days, last, today), f"Last done {day(last)}, by what the school told."
    building, asset = buildings.get(new.key.building), assets.get(new.key.asset)
    kind = new.revision.check_type
    kind.current = new.revision
    why = new.finding.why[:1].upper() + new.finding.why[1:]
    return NewPlan(kind, site, starts_on, building, asset, rule, note=note, origin=Plan.Origin.PROPOSED, why=why)


def first_due(rule: Mapping[str, object], days: SchoolDays, last: dt.date, today: dt.date) -> dt.date:
    """The day on which a plan is owed first, when it was last done on `last`. What is owed in every week begins today."""
    read = Rule.from_mapping(dict(rule))
    if read.counts is Counts.CALENDAR:
        return today
    return state(read, days, last, [Done(last, None)], (), today).stored.due_on or today


def leave_out(found: Proposal, left: Mapping[Key, LeftOut], *, person: Person, today: dt.date) -> int:
    """Ask that what was left out does not apply; answers how many were asked."""
    site, new = found.site, {each.key for each in found.new}
    wanted = [key for key in left if key in new]
    buildings = {str(each.pk): each for each in Building.objects.filter(site=site)}
    assets = {str(each.pk): each for each in Asset.objects.filter(site=site, pk__in=[key.asset for key in wanted if key.asset])}
    kinds = CheckType.objects.in_bulk({key.code for key in wanted})
    for key in wanted:
        ask_not_applicable(
            check_type=kinds[key.code],
            site=site,
            building=buildings.get(key.building),
            asset=assets.get(key.asset),
            reason=left[key].reason,
            expires_on=left[key].expires_on,
            person=person,
            today=today,
            judged=found.judged,
        )
    return len(wanted)
