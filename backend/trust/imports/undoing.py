"""Undoing an import: what it made goes, what it changed is as before; refused, naming why, once anything of it is in use."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import ObjectDoesNotExist
from django.db import models, transaction
from django.utils import timezone

from backend.core import audit
from backend.core.evidence import Evidence, all_evidence
from backend.core.models import AuditEntry
from backend.core.problems import Problem
from backend.trust.actions import Actor
from backend.trust.actions.acting import fact, gone
from backend.trust.imports.kinds import Kind, Tell
from backend.trust.imports.running import lock
from backend.trust.models import Import, ImportTrace, Person

MOST_NAMED: Final = 50
Step = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why an import cannot be undone: the row of its file, the thing, and what has come of it since."""

    row: int
    name: str
    said: str

    def __str__(self) -> str:
        return f"Row {self.row}, {self.name}: {self.said}"


def by_subject() -> dict[str, Evidence]:
    """The tables of evidence by what their rows are called in the chain."""
    return {each.subject: each for each in all_evidence()}


def hindrances(row: Import, steps: Sequence[Step], kind: Kind) -> list[Hindrance]:
    """Everything that stands in the way of undoing; a bounded number of queries for each table."""
    applied = AuditEntry.objects.filter(subject=f"import:{row.pk}", kind="import-applied").order_by("-number").first()
    tables, made = by_subject(), ids_of(steps, "made")
    ours = ids_of(steps, "made", "changed")
    found: list[Hindrance] = []
    rows_of = {(each["what"], each["id"]): int(each["row"]) for each in steps if "id" in each}
    for what in dict.fromkeys(each["what"] for each in steps if "id" in each and each["what"] in tables):
        evidence = tables[what]
        ids = [each["id"] for each in steps if each.get("what") == what]
        names = {str(thing.pk): str(thing) for thing in evidence.model._base_manager.filter(pk__in=ids)}
        for pk in sorted(set(ids) - names.keys()):
            found.append(Hindrance(rows_of[what, pk], what, "it is not there any more."))
        subjects = {f"{what}:{pk}": pk for pk in names}
        later = AuditEntry.objects.filter(subject__in=list(subjects), number__gt=applied.number if applied else 0)
        for subject in sorted(set(later.values_list("subject", flat=True))):
            pk = subjects[subject]
            found.append(Hindrance(rows_of[what, pk], names[pk], "it was changed since."))
        for pk, said in uses(evidence.model, made.get(what, []), ours):
            found.append(Hindrance(rows_of[what, pk], names.get(pk, what), said))
    for step in steps:
        if step["did"] not in ("made", "changed") and (why := kind.hindrance(step)):
            found.append(Hindrance(int(step["row"]), *why))
    return sorted(found, key=lambda each: (each.row, each.name))


def ids_of(steps: Sequence[Step], *did: str) -> dict[str, list[str]]:
    """By table: the ids of what was made, or changed."""
    found: dict[str, list[str]] = defaultdict(list)
    for each in steps:
        if each["did"] in did:
            found[each["what"]].append(each["id"])
    return found


def uses(model: type[models.Model], ids: Sequence[str], own_ids: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """(id, what uses it) for each of the rows that something points to which the import did not make itself."""
    if not ids:
        return
    ours = {each.model: each.subject for each in all_evidence()}
    for relation in model._meta.related_objects:
        other: type[models.Model] = relation.related_model
        column = relation.field.attname
        pointing = other._base_manager.filter(**{f"{column}__in": ids})
        own = own_ids.get(ours.get(other, ""), [])
        if own:
            pointing = pointing.exclude(pk__in=own)
        counted = pointing.order_by().values_list(column).annotate(number=models.Count("pk"))
        for pk, number in counted:
            called = other._meta.verbose_name if number == 1 else other._meta.verbose_name_plural
            yield str(pk), f"it is used by {number} {called}, made since."


@transaction.atomic
def undo(row: Import, *, kind: Kind, actor: Actor, tell: Tell = lambda _said: None) -> Import:
    """Undo an import that was applied. Raises Problem (409) naming the rows when something of it is in use."""
    lock(row.pk)  # not the row itself: how far it has come is written there meanwhile
    row = Import.objects.select_related("school", "site").get(pk=row.pk)
    if row.applied_at is None or row.undone_at is not None:
        raise Problem("not_applied", "This import is not applied, or was undone already.", status=409)
    steps = steps_of(row)
    tell("Looking whether anything of it has been used since")
    held = hindrances(row, steps, kind)
    if held:
        named = " ".join(str(each) for each in held[:3])
        more = f" And {len(held) - 3} more." if len(held) > 3 else ""
        detail = f"This cannot be undone any more: something that it made or changed has been used since. {named}{more}"
        raise Problem("in_use", detail, status=409, fields={"rows": "\n".join(map(str, held[:MOST_NAMED]))})
    facts = step_back(steps, kind, actor, tell)
    row.undone_at, row.state, row.told = timezone.now(), Import.State.UNDONE, ""
    row.undone_by = actor if isinstance(actor, Person) else None
    row.save(update_fields=["undone_at", "undone_by", "state", "told"])
    audit.append([*facts, fact("import-undone", row, actor)])
    return row


def steps_of(row: Import) -> list[dict[str, Any]]:
    """The import's trace."""
    steps: list[dict[str, Any]] = ImportTrace.objects.get(pk=row.pk).steps
    return steps


def step_back(steps: Sequence[Step], kind: Kind, actor: Actor, tell: Tell = lambda _said: None) -> list[audit.Fact]:
    """Undo the steps, the last first; answers the entries to be made."""
    tables = by_subject()
    facts: list[audit.Fact] = []
    together: tuple[str, list[str]] = ("", [])

    def take_away() -> None:
        what, ids = together
        if ids:
            rows = tables[what].model._base_manager.filter(pk__in=ids)
            facts.extend(gone(each, actor) for each in rows)
            rows.delete()

    for number, step in enumerate(reversed(steps)):
        tell(f"{number:,} of {len(steps):,} steps taken back")
        if step["did"] == "made":
            if together[0] != step["what"]:
                take_away()
                together = (step["what"], [])
            together[1].append(step["id"])
            continue
        take_away()
        together = ("", [])
        if step["did"] == "changed":
            facts.append(put_back(tables[step["what"]].model, step, actor))
        else:
            kind.undo(step, actor)
    take_away()
    return facts


def put_back(model: type[models.Model], step: Step, actor: Actor) -> audit.Fact:
    """Give a row the columns back that it had before."""
    try:
        thing = model._base_manager.get(pk=step["id"])
    except ObjectDoesNotExist:
        raise Problem("gone", "Something that this import changed is not there any more.", status=409) from None
    fields = {field.attname: field for field in model._meta.concrete_fields}
    for name, value in step["before"].items():
        setattr(thing, name, fields[name].to_python(value))
    thing.save(update_fields=[fields[name].name for name in step["before"]])
    return fact("import-undone", thing, actor)
