"""Trying, applying and undoing imports: at once when they are small, by a worker when they are not."""

import logging
from functools import partial
from typing import Any, Final

from django.db import transaction
from django_q.tasks import async_task

from backend.core.days import today
from backend.core.problems import Problem
from backend.office.setting_up.kinds import follow, kind_named
from backend.office.setting_up.progress import Progress
from backend.trust.actions import Actor, System
from backend.trust.imports import running, undoing
from backend.trust.imports.kinds import Options
from backend.trust.models import Import, Person

log = logging.getLogger(__name__)
AT_ONCE_BYTES: Final = 250_000  # about 2,000 rows of a register
AT_ONCE_ROWS: Final = 1_000
COMMAND: Final = System("manage.py import")
UNDO_REFUSED: Final = "undo_refused"  # of an import's report: why a worker did not undo it
HEAVY: Final = frozenset({"outlines"})  # geopandas is for workers: a web process would keep its 150 MB


def actor_of(row: Import) -> Actor:
    """Whoever sent the import in."""
    return row.made_by or COMMAND


def try_soon(row: Import, size: int) -> None:
    """Try an import: at once when the file is small, else by a worker. `size` in bytes."""
    if row.kind in HEAVY or size > AT_ONCE_BYTES:
        transaction.on_commit(partial(async_task, "backend.office.setting_up.importing.try_now", str(row.pk)))
    else:
        try_now(str(row.pk))


def try_now(row_id: str) -> str:
    """The trial, as a job does it; may run twice."""
    row = Import.objects.select_related("school", "site", "made_by").filter(pk=row_id, state=Import.State.READING).first()
    if row is None:
        return "nothing to do"
    try:
        running.trial(row, kind=kind_named(row.kind), actor=actor_of(row), tell=partial(note, row))
    except Exception:  # a fault of ours must not leave a page that waits for ever
        log.exception("import %s could not be tried", row_id)
        row.report = {"problem": "Siteward failed to read this file. It has been noted. Nothing was kept."}
        row.state = Import.State.REFUSED
        row.save(update_fields=["report", "state"])
    return row.state


def note(row: Import, said: str) -> None:
    """Say how far a trial has come, which runs in no transaction."""
    Import.objects.filter(pk=row.pk).update(told=said[:200])


def apply_soon(row: Import, *, person: Person) -> None:
    """Apply an import that was tried: at once when it is small, else by a worker. Raises Problem."""
    claimed = Import.objects.filter(pk=row.pk, state=Import.State.READY).update(state=Import.State.APPLYING)
    if not claimed:
        raise Problem("not_ready", "This import is being applied, was applied, or has mistakes.", status=409)
    kind_named(row.kind).require(person, running.options_of(row))
    if waited_for(row):
        job = partial(async_task, "backend.office.setting_up.importing.apply_now", str(row.pk), str(person.pk))
        transaction.on_commit(job)
        return
    apply_now(str(row.pk), str(person.pk))


def waited_for(row: Import) -> bool:
    """Whether it is so large that a worker does it, while a page shows how far it is."""
    return int(row.report.get("will_count", 0)) > AT_ONCE_ROWS or row.kind in HEAVY


def apply_now(row_id: str, person_id: str) -> str:
    """Apply, as a job does it: whole or not at all; may run twice."""
    row = Import.objects.get(pk=row_id)
    person = Person.objects.get(pk=person_id)
    try:
        with Progress(row.pk) as tell:
            applied(row, actor=person, tell=tell if waited_for(row) else None)
    except Problem as problem:
        said = {"problem": f"Nothing was imported. {problem.detail}"}
        Import.objects.filter(pk=row_id, applied_at=None).update(state=Import.State.REFUSED, report=said)
        return problem.detail
    except Exception:
        said = {"problem": "Siteward failed to import this, and kept nothing of it. It has been noted."}
        Import.objects.filter(pk=row_id, applied_at=None).update(state=Import.State.REFUSED, report=said)
        raise
    return "applied"


@transaction.atomic
def applied(row: Import, *, actor: Actor, tell: Any = None) -> Import:
    """Apply an import and all that follows from it, in one transaction. Raises Problem."""
    if Import.objects.filter(pk=row.pk, applied_at__isnull=False).exists():
        return row
    done = running.apply(row, kind=kind_named(row.kind), actor=actor, tell=tell or (lambda _said: None))
    follow(undoing.steps_of(done))
    return done


@transaction.atomic
def undone(row: Import, *, actor: Actor, tell: Any = None) -> Import:
    """Undo an import and all that followed. Raises Problem."""
    kind = kind_named(row.kind)
    kind.require(actor, Options(today(), row.school, row.site))
    steps = undoing.steps_of(row)
    done = undoing.undo(row, kind=kind, actor=actor, tell=tell or (lambda _said: None))
    follow(steps)
    return done


def is_long(row: Import) -> bool:
    """Whether an import made or changed so much that a worker undoes it."""
    return len(undoing.steps_of(row)) > AT_ONCE_ROWS


@transaction.atomic
def undo_soon(row: Import, *, person: Person) -> bool:
    """Undo an import: at once when it is small (True), else by a worker, while a page shows how far it is. Raises Problem."""
    kind_named(row.kind).require(person, Options(today(), row.school, row.site))
    if row.state != Import.State.DONE or not is_long(row):
        if row.state == Import.State.UNDOING:
            raise being_undone()
        undone(row, actor=person)
        return True
    report = {name: said for name, said in row.report.items() if name != UNDO_REFUSED}
    claimed = Import.objects.filter(pk=row.pk, state=Import.State.DONE)
    if not claimed.update(state=Import.State.UNDOING, told="", report=report):
        raise being_undone()
    transaction.on_commit(partial(async_task, "backend.office.setting_up.importing.undo_now", str(row.pk), str(person.pk)))
    return False


def being_undone() -> Problem:
    """The refusal of a second undoing."""
    return Problem("being_undone", "This import is being undone, or was undone already.", status=409)


def undo_now(row_id: str, person_id: str) -> str:
    """Undo, as a job does it: whole or not at all; may run twice."""
    row = Import.objects.select_related("school", "site").get(pk=row_id)
    if row.undone_at:
        return "nothing to do"
    person = Person.objects.get(pk=person_id)
    try:
        with Progress(row.pk) as tell:
            undone(row, actor=person, tell=tell)
    except Problem as problem:
        not_undone(row, problem.detail)
        return problem.detail
    except Exception:
        not_undone(row, "Siteward failed to undo this, and changed nothing. It has been noted.")
        raise
    return "undone"


def not_undone(row: Import, why: str) -> None:
    """Say on an import's page why it was not undone: it stands as it was."""
    said = {**row.report, UNDO_REFUSED: why}
    Import.objects.filter(pk=row.pk, undone_at=None).update(state=Import.State.DONE, told="", report=said)
