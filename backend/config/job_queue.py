"""The state of the background jobs, from django-q2's own rows: what waits, what is being done, what is stuck, what failed."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, Min, Q
from django.utils import timezone
from django_q.models import Failure, OrmQ, Schedule, Task
from django_q.tasks import async_task

from backend.core.days import LONDON
from backend.core.problems import NotFound

LATE: Final = dt.timedelta(minutes=3)  # the timetable's quickest job comes every minute
WAITS_TOO_LONG: Final = dt.timedelta(minutes=5)
OVERRUN: Final = dt.timedelta(minutes=3)  # past the timeout, at which django-q2 itself ends a job
RETRY = dt.timedelta(seconds=settings.Q_CLUSTER["retry"])
TIMEOUT = dt.timedelta(seconds=settings.Q_CLUSTER["timeout"])


@dataclass(frozen=True, slots=True)
class Queue:
    """The queue at a moment: jobs that nobody has taken (since when the oldest), taken, and taken too long ago; and the time
    for which the timetable has been kept waiting (none when it is kept, or when there is none).
    """

    now: dt.datetime
    waiting: int
    oldest: dt.datetime | None
    taken: int
    stuck: int
    next_run: dt.datetime | None

    def kept_waiting(self) -> dt.timedelta:
        """How long a job of the timetable has been late."""
        return max(self.now - self.next_run, dt.timedelta()) if self.next_run else dt.timedelta()

    def oldest_waits(self) -> dt.timedelta:
        """How long the oldest job waits for a worker."""
        return max(self.now - self.oldest, dt.timedelta()) if self.oldest else dt.timedelta()

    def faults(self) -> list[str]:
        """One sentence for each thing that is wrong; none when jobs answer."""
        found = []
        if self.kept_waiting() > LATE and self.next_run:
            at = self.next_run.astimezone(LONDON)
            found.append(f"No worker has kept the timetable since {at:%H:%M on %d %B}. Start one: python manage.py worker")
        if self.stuck:
            found.append(f"{self.stuck} jobs were begun and have not ended in time. Restart the worker.")
        if self.waiting and self.oldest_waits() > WAITS_TOO_LONG and not self.taken:
            found.append(f"{self.waiting} jobs are waiting and no worker takes them.")
        return found


def look(now: dt.datetime) -> Queue:
    """The queue now. Two queries."""
    begun_too_long_ago = now + RETRY - TIMEOUT - OVERRUN  # a taken job is locked until it may be tried again
    rows: dict[str, Any] = OrmQ.objects.aggregate(
        waiting=Count("pk", filter=Q(lock__lte=now)),
        oldest=Min("lock", filter=Q(lock__lte=now)),
        taken=Count("pk", filter=Q(lock__gt=now)),
        stuck=Count("pk", filter=Q(lock__gt=now, lock__lt=begun_too_long_ago)),
    )
    next_run = Schedule.objects.exclude(repeats=0).aggregate(first=Min("next_run"))["first"]
    return Queue(now=now, next_run=next_run, **rows)


def failures(*, since: dt.datetime) -> Sequence[Failure]:
    """The jobs that failed since a moment, latest first, 50 at most."""
    return list(Failure.objects.filter(stopped__gte=since).order_by("-stopped")[:50])


def words_of(failure: Task) -> str:
    """Why a job failed: the last line of what it said, without personal data."""
    from backend.config.scrubbing import clean

    lines = [line.strip() for line in str(failure.result or "").strip().splitlines() if line.strip()]
    return clean(lines[-1])[:300] if lines else "It gave no reason."


def last_runs() -> dict[str, dict[str, dt.datetime | None]]:
    """By the timetable's names: when a job last ended well ("done") and last failed ("failed"). One query."""
    rows = Task.objects.exclude(group=None).values("group")
    seen = rows.annotate(done=Max("stopped", filter=Q(success=True)), failed=Max("stopped", filter=Q(success=False)))
    return {row["group"]: {"done": row["done"], "failed": row["failed"]} for row in seen}


@transaction.atomic
def retry_failed(*, id: str) -> None:
    """Put a failed job into the queue again and take it off the list. Raises NotFound when it is not there (any more)."""
    failed = Failure.objects.select_for_update().filter(pk=id).first()
    if failed is None:
        raise NotFound("That job")
    async_task(failed.func, *(failed.args or ()), q_options={"group": failed.group}, **(failed.kwargs or {}))
    failed.delete()


def run_now(*, name: str) -> None:
    """Have a job of the timetable run at the next round (within half a minute). Raises NotFound for a name that is not there."""
    if not Schedule.objects.filter(name=name).update(next_run=timezone.now()):
        raise NotFound("That job")
