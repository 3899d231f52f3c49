"""What the phones of a run carry: made before it, through PgBouncer like everything else."""

from dataclasses import dataclass
from typing import Any

from backend.checks.actions import publish_library
from backend.config.jobs import sync_jobs
from tests.conftest import make_world
from tests.sync.phone import Phone, check_done
from tests.sync.pictures import jpeg


@dataclass(frozen=True, slots=True)
class Scene:
    """Phones, each one's operations, each one's photo."""

    phones: list[Phone]
    work: list[list[dict[str, Any]]]
    photos: list[bytes]


def make(phones: int, operations: int) -> Scene:
    """The small world with a plan for each phone, in the database that Django is set to."""
    publish_library(actor="scale")
    world = make_world()
    carried = [Phone(world.caretaker) for _ in range(phones)]
    plans = [world.plan() for _ in carried]
    for each in carried:
        each.headers()  # the token is made here, before the threads
    work = [
        [each.op("check_done", check_done(plan)) for _ in range(operations)] for each, plan in zip(carried, plans, strict=True)
    ]
    sync_jobs()
    return Scene(carried, work, [jpeg(600 + number, 400) for number in range(phones)])
