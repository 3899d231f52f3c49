"""The timetable of background work: one place, from which `manage.py sync_jobs` makes django-q2's rows.

Every job may run twice and act once. None stores arguments: the scheduler would evaluate them.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django_q.models import Schedule


@dataclass(frozen=True, slots=True)
class Job:
    """A function (by its dotted path, taking nothing) to be run every so many minutes."""

    name: str
    does: str
    minutes: int
    why: str


TIMETABLE = (
    Job(
        "seal-lapses",
        "backend.checks.tasks.seal_lapses_now",
        180,
        "A check that was missed is sealed as a fact. Several times a day, so that an early stop costs little.",
    ),
    Job(
        "take-in-waiting",
        "backend.sync.tasks.take_in_waiting_now",
        10,
        "What a phone sent before what it belongs to is taken in after each push; this is for a push that was cut off.",
    ),
    Job(
        "forget-unfinished",
        "backend.sync.tasks.forget_unfinished_now",
        24 * 60,
        "Pieces of photos that nobody has gone on sending for two months only take room.",
    ),
    Job(
        "forget-expired",
        "backend.trust.tasks.forget_expired_now",
        24 * 60,
        "Sessions and tokens that have expired are of no use but to a thief.",
    ),
)


@transaction.atomic
def sync_jobs() -> tuple[int, int, int]:
    """Make the scheduler's rows match the timetable: how many were added, changed and removed. Twice changes nothing.

    A job that is already there keeps its next run; a new one runs at once.
    """
    there = {row.name: row for row in Schedule.objects.select_for_update().order_by("pk")}
    added = changed = 0
    kept: set[int] = set()
    for job in TIMETABLE:
        row = there.get(job.name)
        if row is None:
            row = Schedule(name=job.name, next_run=timezone.now())
        before = (row.func, row.schedule_type, row.minutes, row.args, row.kwargs, row.repeats)
        row.func, row.schedule_type, row.minutes = job.does, Schedule.MINUTES, job.minutes
        row.args, row.kwargs, row.repeats = None, None, -1
        if row.pk is None:
            added += 1
        elif before != (row.func, row.schedule_type, row.minutes, row.args, row.kwargs, row.repeats):
            changed += 1
        row.save()
        kept.add(row.pk)
    removed, _ = Schedule.objects.exclude(pk__in=kept).delete()
    return added, changed, removed
