"""Running an import: taking the file, the trial, and applying it whole or not at all. Undoing is in `undoing`."""

import contextlib
import hashlib
import uuid
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Final

from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone

from backend.core import audit, files
from backend.core.days import today
from backend.core.problems import Problem
from backend.core.sheets import Line, further_sheets
from backend.core.spreadsheets import csv_lines
from backend.trust.actions import Actor
from backend.trust.actions.acting import fact, gone
from backend.trust.imports.choosing import MOST_OFFERED, Chosen, HeadersMissing, words_of
from backend.trust.imports.kinds import MOST_SHOWN, Kind, Options, Plan, Tell, Trace
from backend.trust.imports.tables import MOST_FAULTS_KEPT, Table, read_table
from backend.trust.models import Import, ImportTrace, Person

MAIN: Final = "file"
MOST_HEADERS: Final = 60


def place_of(row_id: uuid.UUID, name: str) -> str:
    """Where a file lies that was sent and is not yet applied."""
    return f"arriving/imports/{row_id}/{name}"


@transaction.atomic
def begin(*, kind: Kind, content: bytes, options: Options, actor: Actor, file_name: str = "") -> Import:
    """Take a file in for a trial. Raises Problem or Forbidden; nothing is kept then."""
    kind.require(actor, options)
    if not content:
        raise Problem("empty", "The file is empty.", fields={"file": "The file is empty."})
    row = Import(kind=kind.key, school=options.school, site=options.site, made_at=timezone.now())
    row.made_by = actor if isinstance(actor, Person) else None
    row.options = {"ticks": sorted(options.ticks), "trust": options.trust_uid, "beside": sorted(options.beside)}
    row.options |= {"chosen": options.chosen.plain()} if options.chosen != Chosen() else {}
    row.file_name = "".join(each for each in file_name if each.isprintable())[-200:]
    row.sha256 = hashlib.sha256(content).hexdigest()
    row.save()
    for name, each in ((MAIN, content), *options.beside.items()):
        files.put(place_of(row.pk, name), each)
    audit.append([fact("import", row, actor)])
    return row


def options_of(row: Import) -> Options:
    """What was chosen beside the file."""
    said = row.options
    beside = {name: files.read(place_of(row.pk, name)) for name in said.get("beside", [])}
    ticks, chosen = frozenset(said.get("ticks", [])), Chosen.kept(said.get("chosen", {}))
    return Options(today(), row.school, row.site, ticks, said.get("trust", ""), beside, chosen)


def planned(kind: Kind, content: bytes, options: Options, actor: Actor, tell: Tell) -> Plan:
    """Read and plan a file. Raises Problem when it cannot be read at all."""
    read = partial(
        read_table,
        columns=kind.columns(options),
        wanted=kind.wanted(options),
        more=kind.more,
        tick=lambda seen: tell(f"{seen:,} rows read"),
        chosen=options.chosen,
    )
    table, sheet = table_of(kind, content, read)
    plan = kind.plan(table, options, actor)
    if sheet:
        plan.notes.append(f"The table was found on the sheet “{sheet}”.")
    table.faults.sort(key=lambda each: each.row)
    return plan


def table_of(kind: Kind, content: bytes, read: Callable[[Iterable[Line]], Table]) -> tuple[Table, str]:
    """The table, and the name of its sheet when that is not a workbook's first. Raises Problem when no sheet has the columns."""
    try:
        return read(kind.lines(content)), ""
    except HeadersMissing:
        for name, lines in further_sheets(content):
            with contextlib.suppress(HeadersMissing):
                return read(lines), name
        raise


def trial(row: Import, *, kind: Kind, actor: Actor, tell: Tell = lambda _said: None) -> Plan | None:
    """Read the file and say what would be done; kept as the import's report. None when it cannot be read at all."""
    try:
        plan = planned(kind, files.read(place_of(row.pk, MAIN)), options_of(row), actor, tell)
    except Problem as problem:
        row.report, row.state = {"problem": problem.detail}, Import.State.REFUSED
        if isinstance(problem, HeadersMissing):
            row.report |= {"unknown": problem.found[:MOST_HEADERS], "lacking": problem.lacking}
        row.save(update_fields=["report", "state"])
        return None
    row.report, row.told = report_of(plan), ""
    row.state = Import.State.REFUSED if plan.table.faults or not plan.will else Import.State.READY
    row.save(update_fields=["report", "state", "told"])
    return plan


def report_of(plan: Plan) -> dict[str, Any]:
    """A trial's findings, as they are kept and shown."""
    table = plan.table
    shown = sorted(plan.will, key=lambda each: (each.did == "same", each.row))[:MOST_SHOWN]
    offered = {each.key: each.offers for each in table.columns if each.offers} | table.offered
    words = words_of(table.faults, [each.key for each in table.columns if each.required], offered)
    return {
        "totals": plan.totals(),
        "seen": table.seen,
        "passed_over": table.passed_over,
        "faulty_rows": len({each.row for each in table.faults}),
        "faults": [[each.row, each.column, each.said] for each in table.faults[:MOST_FAULTS_KEPT]],
        "fault_count": len(table.faults),
        "will": [[each.row, each.did, each.what, each.name, each.detail] for each in shown],
        "will_count": len(plan.will),
        "headers": [[each.name, table.headers.get(each.key, "")] for each in table.columns],
        "unknown": table.unknown[:MOST_HEADERS],
        "unknown_count": len(table.unknown),
        "lacking": [each.key for each in table.columns if each.key not in table.headers],
        "left_out": table.left_out,
        "words": words,
        "offered": {key: list(offered[key])[:MOST_OFFERED] for key in {each["key"] for each in words} & offered.keys()},
        "notes": plan.notes,
    }


def lock(row_id: uuid.UUID) -> None:
    """Wait until nobody else applies this import, until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"import:{row_id}"])


@transaction.atomic
def apply(row: Import, *, kind: Kind, actor: Actor, tell: Tell = lambda _said: None) -> Import:
    """Apply an import that was tried, whole or not at all. Applying it twice does it once. Raises Problem."""
    lock(row.pk)  # not the row itself: how far it has come is written there meanwhile
    row = Import.objects.select_related("school", "site").get(pk=row.pk)
    if row.applied_at:
        return row
    options = options_of(row)
    kind.require(actor, options)
    content = files.read(place_of(row.pk, MAIN))
    plan = planned(kind, content, options, actor, tell)
    if plan.table.faults:
        detail = f"Something has changed since the trial: {plan.table.faults[0]} Nothing was imported. Try it again."
        raise Problem("faults", detail, status=409)
    trace = Trace()
    kind.apply(plan, options, actor, trace, tell)
    row.counts = plan.totals()
    row.applied_at, row.state, row.told = timezone.now(), Import.State.DONE, ""
    row.report = report_of(plan) if kind.keeps_file else {"notes": plan.notes}
    if kind.keeps_file:
        row.kept_sha256 = files.take(kept(plan.table), owner=owner_of(actor), content_type="text/csv").pk
    row.save()
    kept_trace = ImportTrace.objects.create(of=row, steps=trace.steps)
    audit.append([fact("import-trace", kept_trace, actor), fact("import-applied", row, actor)])
    transaction.on_commit(lambda: forget_files(row.pk, ["file", *row.options.get("beside", [])]))
    return row


def kept(table: Table) -> bytes:
    """The rows that counted, as they were sent, as the file that is kept: of a register of all England, the trust's own."""
    keys = [each.key for each in table.columns if each.key in table.headers]
    extra = sorted({name for row in table.rows for name in row.more})
    head = ["Row", *(table.headers[key] for key in keys), *extra]
    rows = ((row.number, *(row.said.get(key, "") for key in keys), *(row.more.get(name, "") for name in extra))
            for row in table.rows)  # fmt: skip
    return "".join(csv_lines(head, rows)).encode()


def owner_of(actor: Actor) -> str:
    """Whoever sends the file, as files name senders."""
    return files.person_owner(actor.pk) if isinstance(actor, Person) else "import"


def forget_files(row_id: uuid.UUID, names: Iterable[str]) -> None:
    """Take away what was sent, once it is applied or dropped."""
    for name in names:
        default_storage.delete(place_of(row_id, name))


@transaction.atomic
def drop(row: Import, *, actor: Actor) -> None:
    """Drop a trial that was not applied, with its file. Raises Problem when it was."""
    row = Import.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.applied_at:
        raise Problem("applied", "This was applied. It can be undone, and stays in the list.", status=409)
    names = ["file", *row.options.get("beside", [])]
    audit.append([gone(row, actor)])
    row_id = row.pk
    row.delete()
    transaction.on_commit(lambda: forget_files(row_id, names))
