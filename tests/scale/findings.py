"""What is asked after a run: nothing lost, nothing doubled, every job done once, every invariant holding."""

from collections import Counter
from collections.abc import Iterable

from django.core.files.storage import default_storage
from django_q.models import OrmQ, Schedule, Success, Task

from backend.checks.models import CheckRecord, Lapse
from backend.core.invariants import all_invariants
from backend.core.models import AuditEntry, StoredFile
from backend.core.pictures import SIZES, shown_path
from backend.sync.models import Op


def of_operations(sent: Iterable[str], acknowledged: dict[str, str]) -> list[str]:
    """What is wrong with the operations: each sent one acknowledged, kept, applied and entered exactly once."""
    sent = list(sent)
    wanted, wrong = set(sent), []
    wrong += [f"operation {each} was never acknowledged" for each in wanted - set(acknowledged)]
    wrong += [f"operation {each} was {how}" for each, how in acknowledged.items() if how != "applied"]
    there = {str(pk) for pk in CheckRecord.objects.filter(pk__in=wanted).values_list("pk", flat=True)}
    wrong += [f"record {each} is LOST" for each in set(acknowledged) - there]
    wrong += [f"operation {each} is LOST" for each in wanted - {str(pk) for pk in Op.objects.values_list("pk", flat=True)}]
    entered = Counter(AuditEntry.objects.filter(kind="record").values_list("subject", flat=True))
    wrong += [f"record {each} was entered {entered[f'record:{each}']} times" for each in wanted if entered[f"record:{each}"] != 1]
    return wrong


def of_jobs(photos: Iterable[str]) -> list[str]:
    """What is wrong with the jobs: every photo has its copies, every miss is sealed once, no job failed, none waits."""
    wrong = [f"job {task.func} failed: {task.result}" for task in Task.objects.filter(success=False)]
    wrong += [f"photo {each} is not kept" for each in set(photos) - set(StoredFile.objects.values_list("pk", flat=True))]
    for each in photos:
        wrong += [f"photo {each} has no {size} copy" for size in SIZES if not default_storage.exists(shown_path(each, size))]
    sealed = Counter(Lapse.objects.values_list("plan_id", "due_on"))
    return wrong + [f"{plan} {day} was sealed {count} times" for (plan, day), count in sealed.items() if count != 1]


def done_more_than_once() -> list[str]:
    """Jobs of the queue (not of the timetable) that were done more than once."""
    done = Counter((task.func, str(task.args)) for task in Success.objects.filter(group=None))
    return [f"{func} {args} was done {count} times" for (func, args), count in done.items() if count != 1]


def all_done() -> bool:
    """Whether no job waits, and every job of the timetable was done at least once."""
    done = set(Task.objects.values_list("group", flat=True))
    return not OrmQ.objects.exists() and set(Schedule.objects.values_list("name", flat=True)) <= done


def hourly_jobs() -> list[str]:
    """What is wrong with the jobs asked for hourly or less often, over a run of minutes: each is done once, by one worker."""
    done = Counter(Task.objects.values_list("group", flat=True))
    names = Schedule.objects.filter(minutes__gte=60).values_list("name", flat=True)
    return [f"job {name} was done {done[name]} times" for name in names if done[name] != 1]


def of_invariants() -> list[str]:
    """Every fault that `manage.py verify` would find."""
    return [f"{each.key}: {fault}" for each in all_invariants() for fault in each.faults(lambda _count: None)]
