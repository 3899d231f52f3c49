"""What may be wrong with background work: no worker, a stuck queue, failures, a timetable out of step."""

import datetime as dt

from django_q.models import Schedule

from backend.config import job_queue
from backend.config.jobs import TIMETABLE
from backend.config.models import Sighting
from backend.core.days import LONDON
from backend.core.doctor import Check, Finding, fine
from backend.core.templatetags.words import counted

START = "Start it: python manage.py worker (with the compose files: docker compose up -d worker)."


def worker_alive(now: dt.datetime) -> Finding:
    """Jobs were done within the last minutes."""
    last = Sighting.objects.filter(name="jobs").values_list("at", flat=True).first()
    if last is None:
        return Finding("wrong", "No background job was ever done here.", START)
    if now - last > job_queue.LATE:
        return Finding("wrong", f"No background job was done since {last.astimezone(LONDON):%H:%M on %d %B %Y}.", START)
    count = Sighting.objects.workers().filter(at__gt=now - job_queue.LATE).count()
    return fine(f"Background jobs are done; {count} {'worker is' if count == 1 else 'workers are'} at it.")


def queue_moves(now: dt.datetime) -> Finding:
    """What waits is taken, and what was begun ends."""
    state = job_queue.look(now)
    if state.stuck:
        says = (
            f"{counted(state.stuck, 'job')} begun more than {job_queue.TIMEOUT.total_seconds() / 60:.0f} minutes ago did not end."
        )
        return Finding("wrong", says, "Restart the worker: what was cut off is done again by itself.")
    if state.oldest_waits() > job_queue.WAITS_TOO_LONG:
        minutes = state.oldest_waits().total_seconds() / 60
        says = f"{counted(state.waiting, 'job')} waiting, the oldest for {minutes:.0f} minutes."
        return Finding("warning" if state.taken else "wrong", says, f"{START} If it runs, set SITEWARD_WORKERS higher.")
    return fine(f"{counted(state.waiting, 'job')} waiting, {state.taken} being done.")


def failures(now: dt.datetime) -> Finding:
    """Jobs that failed since yesterday."""
    failed = job_queue.failures(since=now - dt.timedelta(days=1))
    if failed:
        name = failed[0].group or failed[0].func
        says = f"{counted(len(failed), 'job')} failed in the last 24 hours; the latest, {name}: {job_queue.words_of(failed[0])}"
        return Finding("warning", says, "See them on the status page (/status/), mend the cause, and try them again there.")
    return fine("No job failed in the last 24 hours.")


def timetable_in_step(_now: dt.datetime) -> Finding:
    """The scheduler's rows are those of this version's timetable."""
    there = {row.name: (row.func, row.minutes) for row in Schedule.objects.all()}
    wanted = {job.name: (job.does, job.minutes) for job in TIMETABLE}
    if there != wanted:
        differ = sorted(name for name in there.keys() | wanted.keys() if there.get(name) != wanted.get(name))
        says = f"The timetable of background work is not this version's: {', '.join(str(name) for name in differ)}."
        return Finding("wrong", says, "Run: python manage.py sync_jobs")
    return fine(f"All {len(wanted)} jobs of the timetable are scheduled.")


CHECKS = [
    Check("worker", "The worker", worker_alive),
    Check("queue", "The queue", queue_moves),
    Check("failed-jobs", "Failed jobs", failures),
    Check("timetable", "The timetable", timetable_in_step),
]
