"""Works a plan's dates and lapses out of its completions, with the due engine. The one place where they are written.

The same completions in any order of arrival leave the same state: everything here is reckoned anew from all of them.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from backend.checks.models import CheckRecord, Lapse, LapseNote, Plan
from backend.core import audit
from backend.core.sets import update_many
from backend.rules.days import SchoolDays
from backend.rules.due import Done, Rule, State, StoredDates, state
from backend.trust.queries import calendars

ONE_OFF_WARNING = dt.timedelta(days=28)
DATES = ["due_on", "overdue_from", "soon_from", "last_done_on", "last_outcome", "active", "sealed_to"]


@dataclass(slots=True)
class History:
    """What is known of a plan's past: its completions, when last and with what outcome."""

    done: list[Done] = field(default_factory=list)
    last_on: dt.date | None = None
    last_outcome: str = ""


def histories(plan_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, History]:
    """The completions of each plan, oldest first. One query."""
    found: dict[uuid.UUID, History] = defaultdict(History)
    rows = (
        CheckRecord.objects.counting()
        .filter(plan_id__in=plan_ids)
        .order_by("done_at", "id")
        .values_list("plan_id", "done_on", "stated_next", "outcome")
    )
    for plan_id, on, stated, outcome in rows.iterator(chunk_size=5000):
        history = found[plan_id]
        history.done.append(Done(on, stated))
        history.last_on, history.last_outcome = on, outcome
    return found


def one_off(plan: Plan, history: History) -> State | None:
    """A one-off duty has no rule: owed by its date until it is done once."""
    if history.done:
        plan.active = False
        plan.due_on = plan.overdue_from = plan.soon_from = None
    else:
        plan.due_on, plan.overdue_from = plan.starts_on, plan.starts_on + dt.timedelta(days=1)
        plan.soon_from = plan.starts_on - ONE_OFF_WARNING
    return None


def engine_state(plan: Plan, days: SchoolDays, done: Sequence[Done], today: dt.date) -> State:
    """Ask the due engine about one plan (which must have a rule)."""
    return state(Rule.from_mapping(plan.rule or {}), days, plan.starts_on, tuple(done), plan.spans(), today)


def reckon_one(plan: Plan, days: SchoolDays, history: History, today: dt.date) -> State | None:
    """Set the plan's dates from its history (not yet saved) and answer the engine's state; None for a one-off."""
    plan.last_done_on, plan.last_outcome = history.last_on, history.last_outcome
    if plan.rule is None:
        return one_off(plan, history)
    answer = engine_state(plan, days, history.done, today)
    stored: StoredDates = answer.stored
    plan.due_on, plan.overdue_from, plan.soon_from = stored.due_on, stored.overdue_from, stored.soon_from
    plan.sealed_to = today
    return answer


@transaction.atomic
def reckon(plan_ids: Iterable[uuid.UUID], *, today: dt.date, why: str) -> list[Plan]:
    """Reckon these plans anew: save their dates, seal what has lapsed, withdraw lapses that no longer stand.

    The rows are locked in the order of their ids, so that two batches cannot block each other. `why` is the reason that a
    withdrawn lapse will carry. Five queries or so, however many plans.
    """
    locked = Plan.objects.select_for_update(of=("self",)).filter(pk__in=set(plan_ids)).order_by("pk")
    plans = list(locked.select_related("site"))
    reckon_loaded(plans, today=today, why=why)
    return plans


def reckon_loaded(plans: Sequence[Plan], *, today: dt.date, why: str) -> None:
    """Reckon plans that the caller has just made, or holds locked (with `site` loaded); their rows are saved too."""
    days = calendars({plan.site.school_id for plan in plans})
    known = histories([plan.pk for plan in plans])
    missed: dict[uuid.UUID, tuple[dt.date, ...]] = {}
    for plan in plans:
        answer = reckon_one(plan, days[plan.site.school_id], known.get(plan.pk, History()), today)
        missed[plan.pk] = answer.lapses if answer else ()
    update_many(plans, DATES)
    settle_lapses(plans, missed, why)


def settle_lapses(plans: Sequence[Plan], missed: dict[uuid.UUID, tuple[dt.date, ...]], why: str) -> None:
    """Make the sealed lapses agree with what the engine says: seal the new, withdraw or restore the others by a further row."""
    now = timezone.now()
    theirs = Lapse.objects.filter(plan_id__in=[plan.pk for plan in plans])
    sealed = {(plan_id, day): pk for pk, plan_id, day in theirs.order_by("due_on").values_list("pk", "plan_id", "due_on")}
    said = LapseNote.objects.filter(lapse__in=theirs).exclude(kind=LapseNote.Kind.EXCUSED).order_by("made_at", "pk")
    last = dict(said.values_list("lapse_id", "kind"))  # the newest note that is no excuse decides
    wanted = {(plan_id, day) for plan_id, dates in missed.items() for day in dates}
    new = [Lapse(plan_id=plan_id, due_on=day, sealed_at=now) for plan_id, day in sorted(wanted - sealed.keys())]
    Lapse.objects.bulk_create(new, batch_size=2000)
    notes = []
    for key, lapse_id in sealed.items():
        stands = last.get(lapse_id) != LapseNote.Kind.WITHDRAWN
        if stands and key not in wanted:
            notes.append(LapseNote(lapse_id=lapse_id, kind=LapseNote.Kind.WITHDRAWN, reason=why, made_at=now))
        elif not stands and key in wanted:
            notes.append(LapseNote(lapse_id=lapse_id, kind=LapseNote.Kind.RESTORED, reason=why, made_at=now))
    LapseNote.objects.bulk_create(notes)
    facts = [audit.Fact("lapse", f"lapse:{each.pk}", lapse_content(each)) for each in new]
    facts += [audit.Fact("lapse-note", f"lapse:{each.lapse_id}", note_content(each)) for each in notes]
    audit.append(facts, at=now)


def standing(lapse: Lapse) -> bool:
    """Whether a lapse stands: not withdrawn, or restored since."""
    kinds = [note.kind for note in lapse.notes.all() if note.kind != LapseNote.Kind.EXCUSED]
    return not kinds or kinds[-1] == LapseNote.Kind.RESTORED


def lapse_content(lapse: Lapse) -> dict[str, object]:
    """What the audit chain covers of a lapse."""
    return {"id": lapse.pk, "plan": lapse.plan_id, "due_on": lapse.due_on, "sealed_at": lapse.sealed_at}


def note_content(note: LapseNote) -> dict[str, object]:
    """What the audit chain covers of a note on a lapse."""
    return {"lapse": note.lapse_id, "kind": note.kind, "reason": note.reason, "made_at": note.made_at}
