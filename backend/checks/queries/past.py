"""A day that is past, from what was known on that day or from what is known now, and what came in between."""

import datetime as dt
import json
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from backend.checks.models import CheckRecord, Plan
from backend.core.days import LONDON
from backend.rules.due import Done, Rule, Status, once, status_on, stored_dates
from backend.trust.models import Person
from backend.trust.queries import calendars


class Known(StrEnum):
    """Known when: what had been received by the end of the day, or all that has been since, corrections included."""

    THEN = "then"
    NOW = "now"


def end_of(day: dt.date) -> dt.datetime:
    """The first moment after a day, London time."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), LONDON)


def records_known(day: dt.date, known: Known) -> QuerySet[CheckRecord]:
    """The records of work up to a day that count for plans, as they were known."""
    rows = CheckRecord.objects.filter(ad_hoc=False, done_on__lte=day)
    if known is Known.NOW:
        return rows.filter(correction=None)
    end = end_of(day)
    return rows.filter(received_at__lt=end).filter(Q(correction=None) | Q(correction__received_at__gte=end))


def owed_on(plans: QuerySet[Plan], day: dt.date, known: Known) -> QuerySet[Plan]:
    """Those of the plans that were in force at the end of a past day: begun, and not ended by then, whatever became of them.

    A one-off was in force until it was done, as far as that was known. A plan that was ended as not applicable, or with its
    asset, counts up to the day before.
    """
    done = records_known(day, known).filter(plan=OuterRef("pk"))
    one_off = Q(rule__isnull=True)
    rows = plans.filter(starts_on__lte=day).filter(
        Q(ended_on__gt=day) | Q(ended_on=None, active=True) | (one_off & Q(ended_on=None))
    )
    return rows.filter(~one_off | ~Exists(done))


def statuses_on(plans: Sequence[Plan], day: dt.date, known: Known) -> Iterator[tuple[Plan, Status]]:
    """How each plan (with `site` loaded) that was in force (owed_on) stood on a past day. Two queries, however many plans.

    Each by the rule that it was under then. Only the three dates are reckoned: what lapsed meanwhile is no part of it.
    """
    days = calendars({plan.site.school_id for plan in plans})
    done: dict[uuid.UUID, list[Done]] = defaultdict(list)
    rows = records_known(day, known).filter(plan__in=[plan.pk for plan in plans]).order_by("done_at")
    for plan_id, on, stated in rows.values_list("plan_id", "done_on", "stated_next"):
        if plan_id:
            done[plan_id].append(Done(on, stated))
    for plan in plans:
        spans = plan.spans()
        if (rule := plan.rule_on(day)) is None:
            dates = once(plan.starts_on)
        else:
            dates = stored_dates(rule_of(json.dumps(rule)), days[plan.site.school_id], plan.starts_on, done[plan.pk], spans)
        yield plan, status_on(dates, spans, day)


@lru_cache(maxsize=1024)
def rule_of(spelled: str) -> Rule:
    """A rule from its JSON: a trust has few different ones."""
    return Rule.from_mapping(json.loads(spelled))


def came_since(person: Person, day: dt.date, **where: Any) -> QuerySet[CheckRecord]:
    """What was received after a day about work up to it: late entries and corrections, the newest first."""
    rows = CheckRecord.objects.visible_to(person).filter(done_on__lte=day, received_at__gte=end_of(day), plan__isnull=False)
    rows = rows.filter(**where).select_related("check_type", "site", "building", "asset")
    return rows.order_by("-received_at", "pk")
