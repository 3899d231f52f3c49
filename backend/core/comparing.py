"""Every row of evidence against the audit chain, in both directions: changed, missing, or slipped in beside it.

Rows and entries are read side by side, each once and in the same order, by server-side cursors: nothing is held in memory.
Where that fails (a value that Python cannot hold, a damaged table), the walk goes on from there with few rows at a time.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby, islice
from typing import Any, Final

from django.db import connection, models
from django.db.models.functions import Cast, Collate

from backend.core import audit, salts
from backend.core.evidence import Evidence, all_evidence, removed
from backend.core.models import AuditEntry, Salt
from backend.core.walking import Patience, back_to, begun, one_by_one, spelled

CHUNK: Final = 2000
FEW: Final = 250


@dataclass(frozen=True, slots=True)
class Said:
    """What the chain says of one subject: its first and newest entry (number, kind, content's hash, salt), and how many.

    The salt is None when it is gone.
    """

    subject: str
    first: tuple[int, str, str, str | None]
    newest: tuple[int, str, str, str | None]
    count: int
    removed: int = 0  # the number of the first entry that says the row is gone; 0: none does
    saltless: tuple[int, ...] = ()  # the numbers of the entries before the newest whose salt is gone


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row that is there and cannot be read; `why` is "" when that is told of the whole table."""

    pk: str
    why: str


@dataclass(slots=True)
class Reached:
    """The last subject that was compared."""

    subject: str = ""


Rows = Generator[tuple[str, Any], None, None]


def rows_of(evidence: Evidence) -> Rows:
    """(subject, row) of every row, by the bytes of its subject."""
    rows = evidence.model._base_manager.order_by()
    if isinstance(evidence.model._meta.pk, models.UUIDField):  # in this order already
        rows = rows.order_by("pk")
    else:
        rows = rows.annotate(chain_key=Collate(Cast("pk", models.TextField()), "C")).order_by("chain_key")
    for row in rows.iterator(chunk_size=CHUNK):
        yield f"{evidence.subject}:{row.pk}", row


def rows_carefully(evidence: Evidence, past: str, *, readable: bool) -> Rows:
    """The same of the rows after a subject, few at a time: what cannot be read hides nothing beside it.

    Only the keys are read when the table itself is not `readable`.
    """
    key = Collate(Cast("pk", models.TextField()), "C")
    rows = evidence.model._base_manager.order_by().annotate(chain_key=key).order_by("chain_key")
    rows = rows.filter(chain_key__gt=past.partition(":")[2])
    keys, patience = rows.values_list("chain_key", flat=True).iterator(chunk_size=CHUNK), Patience()
    while few := list(islice(keys, FEW)):
        if readable:
            found = one_by_one(few, lambda keys: read(evidence, keys), lambda key, why: Unreadable(key, spelled(why)), patience)
        else:
            found = iter([Unreadable(key, "") for key in few])
        yield from ((f"{evidence.subject}:{row.pk}", row) for row in found)


def read(evidence: Evidence, keys: Any) -> list[Any]:
    """The rows of those keys, in their order."""
    rows = {str(row.pk): row for row in evidence.model._base_manager.filter(pk__in=keys)}
    return [rows[key] for key in keys]


def entries_of(evidence: Evidence, past: str = "") -> Generator[Said, None, None]:
    """What the chain says of each subject of this evidence, in the same order; only after a subject, if one is given."""
    entries = (
        AuditEntry.objects.filter(subject__gte=f"{evidence.subject}:", subject__lt=f"{evidence.subject};", subject__gt=past)
        .annotate(salt=salt_of("number") if evidence.salted else models.Value(""))
        .order_by("subject", "number")
        .values_list("subject", "number", "kind", "content_hash", "salt")
    )
    for subject, group in groupby(entries.iterator(chunk_size=CHUNK), key=lambda each: each[0]):
        said = [each[1:] for each in group]
        gone = next((each[0] for each in said if each[1] == audit.REMOVED), 0)
        saltless = tuple(each[0] for each in said[:-1] if each[3] is None and each[1] != audit.REMOVED)
        yield Said(subject, said[0], said[-1], len(said), gone, saltless)


def salt_of(number: str) -> models.Subquery:
    """The salt of the entry of that number."""
    return models.Subquery(Salt.objects.filter(pk=models.OuterRef(number)).values("salt"))


def side_by_side(rows: Rows, entries: Generator[Said, None, None]) -> Iterator[tuple[Said | None, Any]]:
    """Each subject once: what the chain says of it, if anything, and its row, if it is there."""
    try:
        row, said = next(rows, None), next(entries, None)
        while row or said:
            if said is None or (row and row[0] < said.subject):
                assert row
                yield None, row[1]
                row = next(rows, None)
            elif row is None or said.subject < row[0]:
                yield said, None
                said = next(entries, None)
            else:
                yield said, row[1]
                row, said = next(rows, None), next(entries, None)
    finally:  # before anything is rolled back: a cursor that is gone already cannot be closed
        rows.close()
        entries.close()


def faults(evidence: Evidence, tick: Any) -> Iterator[str]:
    """One sentence for each row that is not what the chain says of it, that it does not know, that is gone or cannot be read."""
    reached, lacking = Reached(), []
    point = begun()
    try:
        lacking = columns_lacking(evidence)
        if not lacking:
            yield from compared(evidence, side_by_side(rows_of(evidence), entries_of(evidence)), reached, tick)
            return
    except Exception:  # told below, where it can be told which row it is
        lacking = lacking or []
    back_to(point)
    table = evidence.model._meta.db_table
    if lacking:
        yield f"the table {table} has no column {', '.join(lacking)}: what its rows say cannot be compared"
    past = reached.subject
    try:
        rows = rows_carefully(evidence, past, readable=not lacking)
        yield from compared(evidence, side_by_side(rows, entries_of(evidence, past)), reached, tick)
    except Exception as wrong:
        why = spelled(wrong)
    else:
        return
    back_to(point)
    yield f"the table {table} cannot be read: {why}"


def columns_lacking(evidence: Evidence) -> list[str]:
    """The columns that the table should have and has not. None of a table that is not there: that is told otherwise."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(quote_ident(%s)) AND attnum > 0 AND NOT attisdropped",
            [evidence.model._meta.db_table],
        )
        there = {name for (name,) in cursor.fetchall()}
    return [str(each.column) for each in evidence.model._meta.concrete_fields if there and each.column not in there]


def compared(evidence: Evidence, pairs: Iterator[tuple[Said | None, Any]], reached: Reached, tick: Any) -> Iterator[str]:
    """One sentence for each pair that does not fit; `reached` says how far it has come."""
    destroyed = cache(salts.destroyed)  # asked only when a salt is missing
    for said, row in pairs:
        if row is not None:
            tick(1)
        subject = said.subject if said else f"{evidence.subject}:{row.pk}"
        try:
            wrong = fault(evidence, said, row)
            missing = [each for each in said.saltless if each not in destroyed()] if said and said.saltless else []
        except Exception as why:
            wrong, missing = f"{subject} cannot be read: {spelled(why)}", []
        if wrong:
            yield wrong
        if missing:
            yield f"{subject}: the salt of entry {missing[0]} of the audit chain is gone, and no act says that it was erased"
        reached.subject = subject


def fault(evidence: Evidence, said: Said | None, row: Any) -> str:
    """What is wrong with one subject; "" when nothing is."""
    if isinstance(row, Unreadable) and (row.why or said is None or said.removed):
        known = "" if said else ", and it has no entry in the audit chain"
        return f"{evidence.subject}:{row.pk} cannot be read: {row.why or 'its table was changed'}{known}"
    if isinstance(row, Unreadable):
        return ""
    if said is None:
        return f"{evidence.subject} {row.pk} has no entry in the audit chain"
    number, _, content_hash, salt = said.newest
    if said.removed:
        return fault_of_removal(evidence, said, row)
    if row is None:
        return f"{said.subject} is gone; entry {number} of the audit chain speaks of it"
    if evidence.sealed and said.count > 1:
        return f"{said.subject} is sealed and was entered more than once: entries {said.first[0]} and {number}"
    if salt is None:
        return f"{said.subject} cannot be compared: the salt of entry {number} of the audit chain is gone"
    if audit.digest(evidence.content(row), salt) != content_hash:
        return f"{said.subject} is not what entry {number} of the audit chain says"
    return ""


def fault_of_removal(evidence: Evidence, said: Said, row: Any) -> str:
    """What is wrong with a subject that the chain says was removed; "" when that may be, and it is gone for good."""
    told = f"entry {said.removed} of the audit chain says that it was removed"
    if row is not None:
        return f"{said.subject} is there; {told}"
    if not evidence.removable:
        return f"{said.subject} is gone; {told}, and Siteward never removes such a row: whoever entered that reached past it"
    if said.newest[0] != said.removed:
        return f"{said.subject} is gone; {told}, and entry {said.newest[0]} speaks of it again"
    if said.newest[2] != audit.digest(removed(said.subject)):
        return f"{said.subject} is gone; {told}, in another form than Siteward's"
    return ""


def removals() -> dict[str, int]:
    """How many rows the chain says were removed, by table ("trust.Term"). What may not be removed is a fault besides."""
    tables = {each.subject: each.model._meta.label for each in all_evidence()}
    sort = models.functions.StrIndex("subject", models.Value(":")) - 1
    gone = AuditEntry.objects.filter(kind=audit.REMOVED).annotate(sort=models.functions.Left("subject", sort))
    counted = gone.order_by("sort").values_list("sort").annotate(count=models.Count("number"))
    return {tables.get(sort, sort): count for sort, count in counted}


def unknown_subjects() -> Iterator[str]:
    """One sentence for each sort of subject in the chain that no table stands behind."""
    known = {each.subject for each in all_evidence()}
    sort = models.functions.StrIndex("subject", models.Value(":"))
    sorts = AuditEntry.objects.annotate(sort=models.functions.Left("subject", sort)).order_by("sort").values_list("sort")
    for name, first, count in sorts.annotate(first=models.Min("number"), count=models.Count("number")):
        if str(name or "").removesuffix(":") not in known:
            yield f"{count} entries (the first is {first}) speak of {name or 'nothing'!r}, which is no table of evidence"
