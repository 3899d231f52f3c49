"""Agreeing that a check does not apply to a thing: asked by one person, agreed by another, for a reason and until a day."""

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils import timezone

from backend.assets.models import Asset
from backend.checks.actions.ending import ended
from backend.checks.evidence import NOT_APPLICABLE
from backend.checks.models import CheckType, NotApplicable, Plan
from backend.checks.queries.excused import basis, revisions
from backend.checks.queries.places import judgings
from backend.core import audit
from backend.core.problems import Problem
from backend.rules.applying import Key
from backend.rules.known_facts import Judging
from backend.trust import permits
from backend.trust.models import Building, Person, Site
from backend.trust.scope import require

MOST_DAYS: Final = 3 * 366


@transaction.atomic
def ask_not_applicable(
    *,
    check_type: CheckType,
    site: Site,
    person: Person,
    reason: str,
    expires_on: dt.date,
    today: dt.date,
    building: Building | None = None,
    asset: Asset | None = None,
    judged: Judging | None = None,
    at: dt.datetime | None = None,
) -> NotApplicable:
    """Ask that a check does not apply here until a day, at most three years ahead. Until somebody agrees, it does.

    `judged` is what is known of the site, where the caller has read it already; `at` the moment, now unless said.

    Raises Problem without a reason, for a day that cannot be, for a thing elsewhere, and while one is asked for already.
    """
    require(person, permits.PLAN_CHANGE, site, "say that a check does not apply")
    if not reason.strip():
        raise Problem("reason_missing", "Say why it does not apply.", fields={"reason": "Write a reason."})
    if not today < expires_on <= today + dt.timedelta(days=MOST_DAYS):
        raise Problem("expires", "Choose a day after today, at most three years ahead.", fields={"expires_on": "Within 3 years."})
    if any(thing and thing.site_id != site.pk for thing in (building, asset)):
        raise Problem("wrong_place", "That is at another site.")
    same = NotApplicable.objects.filter(check_type=check_type, site=site, building=building, asset=asset)
    if same.waiting().exists():
        raise Problem("asked_already", "That has been asked already, and waits to be decided.", status=409)
    key = Key(check_type.pk, str(building.pk) if building else "", str(asset.pk) if asset else "")
    known = revisions([check_type.pk]).get(check_type.pk)
    row = NotApplicable.objects.create(
        check_type=check_type,
        site=site,
        building=building,
        asset=asset,
        reason=reason.strip()[:1000],
        basis=basis(known.content, judged or judgings([site])[site.pk], key) if known else {},
        expires_on=expires_on,
        asked_at=at or timezone.now(),
        asked_by=person,
    )
    audit.append([NOT_APPLICABLE.fact(row, person.pk, person.name, kind="not-applicable-asked")])
    return row


@transaction.atomic
def decide_not_applicable(
    row: NotApplicable,
    *,
    agree: bool,
    person: Person,
    today: dt.date,
    answer: str = "",
    expires_on: dt.date | None = None,
    at: dt.datetime | None = None,
) -> NotApplicable:
    """Agree, until the day asked for or an earlier one, or not. Never the person who asked. Its plan, if any, is ended.

    Raises Problem when it was decided or ended already, when the day is past, and without words when it is not agreed.
    """
    require(person, permits.RISK_DECIDE, row.site, "agree that a check does not apply")
    row = locked(row)
    if row.decided_at or row.ended_at:
        raise Problem("decided_already", "That was decided already.", status=409)
    if row.asked_by_id == person.pk:
        raise Problem("own", "You asked for this. Somebody else must decide.", status=403)
    if not agree and not answer.strip():
        raise Problem("reason_missing", "Say why not.", fields={"answer": "Write a few words."})
    last = expires_on or row.expires_on
    if agree and not today <= last <= row.expires_on:
        raise Problem("expires", "Choose a day from today to the day asked for.", fields={"expires_on": "That day cannot be."})
    row.agreed, row.expires_on, row.answer = agree, last, answer.strip()[:1000]
    row.decided_at, row.decided_by = at or timezone.now(), person
    row.save(update_fields=["agreed", "expires_on", "answer", "decided_at", "decided_by"])
    facts = []
    if agree:
        plans = Plan.objects.filter(check_type=row.check_type_id, site=row.site_id, building=row.building_id, asset=row.asset_id)
        why = f"It was agreed that it does not apply until {last:%-d %b %Y}: {row.reason}"
        facts = ended(list(plans.filter(active=True, rule__isnull=False)), reason=why, person=person, today=today)
    audit.append([*facts, NOT_APPLICABLE.fact(row, person.pk, person.name, kind="not-applicable-decided")])
    return row


@transaction.atomic
def end_not_applicable(row: NotApplicable, *, reason: str, person: Person) -> NotApplicable:
    """End one before its day, or take back what was asked: the check is proposed again. Raises Problem without a reason."""
    require(person, permits.PLAN_CHANGE, row.site, "end this")
    row = locked(row)
    if row.ended_at:
        raise Problem("ended_already", "That has ended already.", status=409)
    if not reason.strip():
        raise Problem("reason_missing", "Say why.", fields={"reason": "Write a reason."})
    row.ended_at, row.ended_why = timezone.now(), reason.strip()[:300]
    row.save(update_fields=["ended_at", "ended_why"])
    audit.append([NOT_APPLICABLE.fact(row, person.pk, person.name, kind="not-applicable-ended")])
    return row


def locked(row: NotApplicable) -> NotApplicable:
    """The row as it is now, held until the end of the transaction."""
    held = NotApplicable.objects.select_for_update(of=("self",)).select_related("site", "check_type", "building", "asset")
    return held.get(pk=row.pk)
