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
        "beat",
        "backend.config.tasks.beat_now",
        1,
        "The health page goes by it: a job that is done every minute proves that timetable, queue and worker all work.",
    ),
    Job(
        "tell-people",
        "backend.office.notices.running.tell_now",
        15,
        "Daily letters, what cannot wait, and who hears next when nobody acts. Each is told once, however often it is asked.",
    ),
    Job(
        "tell-other-systems",
        "backend.office.events.delivering.deliver_now",
        1,
        "Other systems hear within a minute of what happened; what one of them did not take is tried again.",
    ),
    Job(
        "forget-contractors-people",
        "backend.maintenance.tasks.forget_firms_people_now",
        24 * 60,
        "Who came for a firm and has come no more for years is named no longer.",
    ),
    Job(
        "seal-lapses",
        "backend.checks.tasks.seal_lapses_now",
        180,
        "A check that was missed is sealed as a fact. Several times a day, so that an early stop costs little.",
    ),
    Job(
        "follow-ages",
        "backend.checks.tasks.follow_ages_now",
        24 * 60,
        "A check that is owed more often once a thing is so many years old follows its age by itself.",
    ),
    Job(
        "tally-plans",
        "backend.checks.tasks.tally_now",
        24 * 60,
        "Each plan added leaves a row in the tally that boards count by: once a day they are summed.",
    ),
    Job(
        "keep-month-ends",
        "backend.checks.tasks.keep_month_ends_now",
        24 * 60,
        "Trends show how checks stood at the end of each month: worked out once, and again when a record arrives late.",
    ),
    Job(
        "take-in-waiting",
        "backend.sync.tasks.take_in_waiting_now",
        10,
        "What a phone sent before what it belongs to is taken in after each push; this is for a push that was cut off.",
    ),
    Job(
        "scan-waiting",
        "backend.core.malware.scan_waiting",
        10,
        "Files that arrived while the malware scanner was down, or before there was one, wait unseen until it has looked.",
    ),
    Job(
        "publish-head",
        "backend.core.tasks.publish_head_now",
        60,
        "Once a day the audit chain's head leaves the machine. Asked every hour, so that a failure is made good the same day.",
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
    Job(
        "forget-reporters",
        "backend.maintenance.tasks.forget_reporters_now",
        24 * 60,
        "Names and addresses that strangers left with a report are erased 90 days after it was settled.",
    ),
    Job(
        "forget-packs",
        "backend.checks.tasks.forget_packs_now",
        24 * 60,
        "The file of an evidence pack is kept for its period and no longer; that it was made stays.",
    ),
    Job(
        "forget-exports",
        "backend.office.lists.exporting.forget_exports_now",
        60,
        "A long list that was made into a file lies there for a day: it holds much, and is soon out of date.",
    ),
    Job(
        "back-up",
        "backend.config.backup.scheduled.back_up_now",
        6 * 60,
        "A backup a day, where they are set up; asked four times a day, so that one that failed is tried again.",
    ),
    Job(
        "prove-backup",
        "backend.config.backup.scheduled.prove_newest_now",
        24 * 60,
        "Once a week the newest backup is restored aside and asked whether all holds: only then is it one.",
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
