"""Works a plan's dates and lapses out of its completions, with the due engine. The one place where they are written.

The same completions in any order of arrival leave the same state. A completion later than all before lets a plan go on from
the dates it keeps; whatever else happens, everything is reckoned anew from all of its completions.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple

import msgspec
from django.db import transaction
from django.utils import timezone

from backend.checks.evidence import LAPSE_NOTES, LAPSES
from backend.checks.models import CheckRecord, Lapse, LapseNote, Plan
from backend.core import audit
from backend.core.reading import answered, literal, rows_by_key
from backend.core.sets import update_many
from backend.rules.days import SchoolDays
from backend.rules.due import Done, Further, Kept, Rule, State, StoredDates, basis, go_on, once, state
from backend.trust.queries import calendars

DATES: Final = (
    "due_on", "overdue_from", "soon_from", "last_done_on", "last_done_at", "last_outcome", "active", "sealed_to", "basis",
)  # fmt: skip


SEALED: Final = (
    "SELECT lapse.plan_id, lapse.due_on, lapse.id, (SELECT note.kind FROM checks_lapsenote note"
    " WHERE note.lapse_id = lapse.id AND note.kind <> %s ORDER BY note.made_at DESC, note.id DESC LIMIT 1)"
    " FROM unnest(%s::uuid[], %s::date[]) AS asked(plan, since)"
    " JOIN checks_lapse lapse ON lapse.plan_id = asked.plan AND lapse.due_on >= asked.since ORDER BY lapse.due_on"
)


class SealedLapse(NamedTuple):
    """A lapse that was sealed once, and whether it stands: the newest note that is no excuse decides."""

    id: uuid.UUID
    stands: bool


Sealed = dict[uuid.UUID, dict[dt.date, SealedLapse]]
Missed = dict[uuid.UUID, tuple[dt.date, Iterable[dt.date]]]
"""Plan -> the first day spoken of, and the dates missed from then on. What was owed before that day stays as it is."""


@dataclass(slots=True)
class History:
    """What is known of a plan's past: its completions, when last and with what outcome."""

    done: list[Done] = field(default_factory=list)
    last_at: dt.datetime | None = None
    last_on: dt.date | None = None
    last_outcome: str = ""


def histories(plan_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, History]:
    """The completions of each plan, oldest first. One query."""
    found: dict[uuid.UUID, History] = defaultdict(History)
    rows = (
        CheckRecord.objects.counting()
        .filter(plan_id__in=plan_ids)
        .order_by("done_at", "id")
        .values_list("plan_id", "done_at", "done_on", "stated_next", "outcome")
    )
    for plan_id, at, on, stated, outcome in rows.iterator(chunk_size=5000):
        history = found[plan_id]
        history.done.append(Done(on, stated))
        history.last_at, history.last_on, history.last_outcome = at, on, outcome
    return found


def one_off(plan: Plan, history: History) -> State | None:
    """A one-off duty has no rule: owed by its date until it is done once."""
    if history.done:
        plan.active = False
        plan.due_on = plan.overdue_from = plan.soon_from = None
    else:
        plan.due_on, plan.overdue_from, plan.soon_from = once(plan.starts_on)
    return None


@lru_cache(maxsize=2048)
def read_rule(text: bytes) -> Rule:
    """The rule that stands in a plan as JSON: the same text gives the same object."""
    return Rule.from_mapping(msgspec.json.decode(text))


def rule_of(plan: Plan) -> Rule:
    """A plan's rule (it must have one)."""
    return read_rule(msgspec.json.encode(plan.rule, order="sorted"))


def reckon_one(plan: Plan, days: SchoolDays, history: History, today: dt.date) -> State | None:
    """Set the plan's dates from its history (not yet saved) and answer the engine's state; None for a one-off."""
    plan.last_done_at, plan.last_done_on, plan.last_outcome = history.last_at, history.last_on, history.last_outcome
    if plan.rule is None:
        return one_off(plan, history)
    answer = state(rule_of(plan), days, plan.starts_on, history.done, plan.spans(), today)
    set_dates(plan, answer.stored, today)
    plan.basis = basis(plan.rule, days, plan.starts_on, plan.spans())
    return answer


def set_dates(plan: Plan, stored: StoredDates, today: dt.date) -> None:
    """The dates that the engine gave, as reckoned on `today` (not yet saved)."""
    plan.due_on, plan.overdue_from, plan.soon_from = stored
    plan.sealed_to = today


def further(
    plan: Plan, days: SchoolDays, fresh: Sequence[CheckRecord], sealed: Collection[dt.date], today: dt.date
) -> Further | None:
    """How the plan goes on from what it keeps. None where its whole history must be asked."""
    if plan.rule is None or plan.sealed_to is None or any(each.supersedes_id for each in fresh):
        return None
    if plan.basis != basis(plan.rule, days, plan.starts_on, plan.spans()):
        return None
    if any(each.done_at == plan.last_done_at for each in fresh):
        return None  # which of the two is the last one hangs on the other's id
    kept = Kept(StoredDates(plan.due_on, plan.overdue_from, plan.soon_from), plan.last_done_on, plan.sealed_to)
    done = [Done(each.done_on, each.stated_next) for each in fresh]
    return go_on(rule_of(plan), days, plan.starts_on, kept, done, plan.spans(), sealed, today)


def note_last(plan: Plan, fresh: Sequence[CheckRecord]) -> None:
    """Note the last of the plan's completions, when it is among the fresh ones (not yet saved)."""
    last = max(fresh, key=lambda each: (each.done_at, each.id)) if len(fresh) > 1 else fresh[0]
    if plan.last_done_at is None or last.done_at > plan.last_done_at:
        plan.last_done_at, plan.last_done_on, plan.last_outcome = last.done_at, last.done_on, last.outcome


def lock(plan_ids: Iterable[uuid.UUID]) -> list[Plan]:
    """These plans with their sites, locked in the order of their ids, so that two batches cannot block each other."""
    return rows_by_key(Plan, set(plan_ids), beside=("site",), locked=True)


@transaction.atomic
def reckon(plan_ids: Iterable[uuid.UUID], *, today: dt.date, why: str) -> list[Plan]:
    """Reckon these plans anew: save their dates, seal what has lapsed, withdraw lapses that no longer stand.

    `why` is the reason that a withdrawn lapse will carry. Five queries or so, however many plans.
    """
    plans = lock(plan_ids)
    audit.append(reckon_loaded(plans, today=today, why=why))
    return plans


def reckon_loaded(
    plans: Sequence[Plan], *, today: dt.date, why: str, fresh: Mapping[uuid.UUID, Sequence[CheckRecord]] | None = None
) -> list[audit.Fact]:
    """Reckon plans that the caller has just made, or holds locked (with `site` loaded); their rows are saved too.

    `fresh` are the records just added, by plan, when nothing else has changed: then most plans go on from what they keep.
    Answers what is to be entered in the audit chain: the caller appends it as its last step.
    """
    days = calendars({plan.site.school_id for plan in plans})
    missed: Missed = {}
    fresh = fresh or {}
    going = {plan.id: asked_from(plan, added) for plan in plans if (added := fresh.get(plan.id))}
    sealed = sealed_lapses(going)
    anew = []
    for plan in plans:
        key, found = plan.id, None
        if (since := going.get(key)) and (plan.rule_since is None or since >= plan.rule_since):
            found = further(plan, days[plan.site.school_id], fresh[key], sealed[key], today)
        if found and since and found.first >= since:
            set_dates(plan, found.stored, today)
            note_last(plan, fresh[key])
            missed[key] = found.first, found.lapses
        else:
            anew.append(plan)
    if anew:
        known = histories([plan.pk for plan in anew])
        sealed |= sealed_lapses(dict.fromkeys((plan.pk for plan in anew), dt.date.min))
    for plan in anew:
        answer = reckon_one(plan, days[plan.site.school_id], known.get(plan.pk, History()), today)
        first = plan.rule_since or dt.date.min  # by an earlier rule other days were owed: what was sealed then stays
        missed[plan.pk] = first, [day for day in answer.lapses if day >= first] if answer else ()
    update_many(plans, DATES)
    return settle_lapses(missed, sealed, why)


def asked_from(plan: Plan, fresh: Sequence[CheckRecord]) -> dt.date:
    """The first day whose lapses matter to a plan that goes on from what it keeps: seldom is anything owed earlier than this."""
    return min(plan.due_on or dt.date.max, *(each.done_on for each in fresh))


def sealed_lapses(since: Mapping[uuid.UUID, dt.date]) -> Sealed:
    """Every lapse ever sealed on these plans that was owed on the plan's day or later, by its date. One query; none for none."""
    sealed: Sealed = {plan: {} for plan in since}
    if not since:
        return sealed
    asked = [LapseNote.Kind.EXCUSED.value, literal(since), literal(since.values())]
    for plan, day, pk, said in answered(SEALED, asked):
        sealed[plan][day] = SealedLapse(pk, said != LapseNote.Kind.WITHDRAWN.value)
    return sealed


def settle_lapses(missed: Missed, sealed: Sealed, why: str) -> list[audit.Fact]:
    """Make the sealed lapses agree with what the engine says: seal the new, withdraw or restore the others by a further row.

    Answers what is to be entered in the audit chain.
    """
    now = timezone.now()
    spoken_of = [(plan, day) for plan, (first, _) in missed.items() for day in sealed[plan] if day >= first]
    wanted = {(plan, day) for plan, (_, days) in missed.items() for day in days}
    new = [Lapse(plan_id=plan, due_on=day, sealed_at=now) for plan, day in sorted(wanted) if day not in sealed[plan]]
    Lapse.objects.bulk_create(new, batch_size=2000)
    notes = []
    for plan, day in spoken_of:
        lapse, stand = sealed[plan][day], (plan, day) in wanted
        if lapse.stands != stand:
            kind = LapseNote.Kind.RESTORED if stand else LapseNote.Kind.WITHDRAWN
            notes.append(LapseNote(lapse_id=lapse.id, kind=kind, reason=why, made_at=now))
    LapseNote.objects.bulk_create(notes)
    return [*map(LAPSES.fact, new), *map(LAPSE_NOTES.fact, notes)]


def standing(lapse: Lapse) -> bool:
    """Whether a lapse stands: not withdrawn, or restored since."""
    kinds = [note.kind for note in lapse.notes.all() if note.kind != LapseNote.Kind.EXCUSED]
    return not kinds or kinds[-1] == LapseNote.Kind.RESTORED
