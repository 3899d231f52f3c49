"""The engine's own answers about plans, worked out on reading: the date shown, the reasons, the windows for the phone."""

import datetime as dt
from collections.abc import Iterable, Sequence

from backend.checks.models import CheckRecord, Plan
from backend.rules.days import SchoolDays
from backend.rules.due import Done, Explanation, Rule, State, Window, explain, state, windows
from backend.rules.due.words import full_day
from backend.trust.queries import calendars


def inputs(
    plans: Sequence[Plan], known_by: dt.date | None = None
) -> Iterable[tuple[Plan, Rule | None, SchoolDays, tuple[Done, ...]]]:
    """What the engine needs of each plan (with `site` loaded). Three queries, however many plans.

    With `known_by`, only completions up to that day, also those corrected later: what was known then.
    """
    days = calendars({plan.site.school_id for plan in plans})
    done: dict[object, list[Done]] = {}
    records = CheckRecord.objects.filter(plan__in=[plan.pk for plan in plans], ad_hoc=False)
    records = records.filter(done_on__lte=known_by) if known_by else records.counting()
    for plan_id, on, stated in records.order_by("done_at").values_list("plan_id", "done_on", "stated_next"):
        done.setdefault(plan_id, []).append(Done(on, stated))
    for plan in plans:
        rule = Rule.from_mapping(plan.rule) if plan.rule else None
        yield plan, rule, days[plan.site.school_id], tuple(done.get(plan.pk, ()))


def engine_states(plans: Sequence[Plan], today: dt.date, known_by: dt.date | None = None) -> Iterable[tuple[Plan, State | None]]:
    """The engine's state of each plan on `today`; None for a one-off, which has no rule."""
    for plan, rule, days, done in inputs(plans, known_by):
        yield plan, state(rule, days, plan.starts_on, done, plan.spans(), today) if rule else None


def explained(plans: Sequence[Plan], today: dt.date) -> Iterable[tuple[Plan, Explanation | None]]:
    """The engine's reasons for each plan, as data and as one sentence; None for a one-off."""
    for plan, rule, days, done in inputs(plans):
        yield plan, explain(rule, days, plan.starts_on, done, plan.spans(), today) if rule else None


def with_windows(plans: Sequence[Plan], today: dt.date) -> Iterable[tuple[Plan, str, tuple[Window, ...]]]:
    """Each plan with its sentence and the windows ahead, as the phone carries them."""
    for plan, rule, days, done in inputs(plans):
        if rule is None:
            yield plan, f"Once, by {full_day(plan.starts_on)}", ()
            continue
        spans = plan.spans()
        said = explain(rule, days, plan.starts_on, done, spans, today)
        yield plan, said.sentence, windows(rule, days, plan.starts_on, done, spans, today)
