"""Erasing what is held of somebody who has left, as far as the law lets, without breaking the audit chain.

The chain holds ids and salted hashes; the person's fields stand apart. Erasing blanks those fields, enters what the rows say now,
and destroys the salts of what they said before: nobody can then tell what it was, and every later entry still follows.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pgtrigger
from django.db import models, transaction
from django.utils import timezone

from backend.core import audit, salts
from backend.core.evidence import Evidence, act, all_evidence
from backend.core.personal import Personal, all_personal
from backend.core.problems import Forbidden, Problem
from backend.trust import permits
from backend.trust.models import Appointment, Person
from backend.trust.scope import reach

BATCH = 1000


@dataclass(slots=True)
class Erased:
    """What erasing did: rows changed, rows removed, and what stays, each by its plain name; `stays` with the last day."""

    changed: dict[str, int] = field(default_factory=dict)
    removed: dict[str, int] = field(default_factory=dict)
    stays: dict[str, tuple[int, str]] = field(default_factory=dict)
    salts: dict[str, str] = field(default_factory=dict)  # what stays of those that were destroyed, by their entry's number


def require_subject(asker: Person, person: Person) -> None:
    """Refuse who is neither the person nor looks after people for the whole trust."""
    if asker.pk != person.pk and not reach(asker, permits.PEOPLE_MANAGE).everywhere:
        raise Forbidden("Your role does not let you see everything that is held of somebody. Ask your HR officer.")


def last_day(person: Person) -> dt.date | None:
    """The last day of the person's last appointment; None while one has no end, or there never was one."""
    ends = list(Appointment.objects.filter(person=person).values_list("ends_on", flat=True))
    known = [each for each in ends if each is not None]
    return max(known) if known and len(known) == len(ends) else None


@transaction.atomic
def erase_person(*, person: Person, actor: Person, reason: str, today: dt.date) -> Erased:
    """Erase what is held of somebody who has left and need not be kept; the rest stays until its period is over.

    Raises Problem while they have an appointment, without a reason, and when they would erase themselves. May be done again
    later: then what has come of age meanwhile is erased too.
    """
    if not reach(actor, permits.PEOPLE_MANAGE).everywhere:
        raise Forbidden("Your role does not let you erase what is held of somebody. Ask your HR officer.")
    if actor.pk == person.pk:
        raise Problem("own", "You cannot erase yourself. Ask a colleague who may.", status=409)
    if not reason.strip():
        raise Problem("reason_missing", "Say why, such as the person's request.", fields={"reason": "Write a reason."})
    left = last_day(person)
    held = Appointment.objects.filter(person=person).exists()
    if held and (left is None or left >= today):
        raise Problem("still_here", f"{person.name} still has a role here. End it first.", status=409)
    person = Person.objects.select_for_update().get(pk=person.pk)
    done, facts = Erased(), []
    for each in all_personal():
        facts += erase_rows(each, person, left or person.made_at.date(), today, done)
    said = {"changed": done.changed, "removed": done.removed, "reason": reason[:500], "salts": done.salts}
    about = f"person:{person.pk}"
    facts.append(act("person-erased", said, at=timezone.now(), about=about, actor_id=actor.pk, actor_name=actor.name))
    audit.append(facts)
    return done


def erase_rows(each: Personal, person: Person, left: dt.date, today: dt.date, done: Erased) -> list[audit.Fact]:
    """Erase what has come of age in one table, and answer the entries to be made of it."""
    rows, count = of_age(each, person, left, today)
    if count:
        done.stays[each.what] = (count, stays_until(each, left))
    found = list(rows) if each.delete or each.blank else []
    if not found:
        return []
    evidence = next((one for one in all_evidence() if one.model is each.model), None)
    if each.delete:
        facts = [evidence.removal(row) for row in found] if evidence else []
        done.removed[each.what] = len(found)
        done.salts |= forget_salts(evidence, found)
        each.model._base_manager.filter(pk__in=[row.pk for row in found]).delete()
        return facts
    changed = [row for row in found if blanked(row, each)]
    if not changed:
        return []
    done.changed[each.what] = len(changed)
    done.salts |= forget_salts(evidence, changed)
    with pgtrigger.ignore(*sealing(each.model)):
        each.model._base_manager.bulk_update(changed, sorted(each.blank), batch_size=BATCH)
    covered = evidence and not evidence.sealed and set(each.blank) - set(evidence.leave_out)
    return [evidence.fact(row) for row in changed] if evidence and covered else []


def of_age(each: Personal, person: Person, left: dt.date, today: dt.date) -> tuple[models.QuerySet[Any], int]:
    """The rows whose period is over, and how many are to stay."""
    rows = each.rows(person.pk)
    if each.day:
        past = each.past(rows, today)
        return past, rows.count() - past.count()
    end = each.record_class.ends_on(left)
    over = end is not None and end < today
    return (rows, 0) if over else (rows.none(), rows.count())


def stays_until(each: Personal, left: dt.date) -> str:
    """Until when what stays will stay, in words."""
    end = each.record_class.ends_on(left)
    return each.record_class.words() if each.day or end is None else f"until {end:%-d %B %Y}"


def blanked(row: Any, each: Personal) -> bool:
    """Put what stands afterwards into a row (not yet saved); whether anything changed."""
    before = {name: getattr(row, name) for name in each.blank}
    for name, value in each.blank.items():
        setattr(row, name, value(row) if callable(value) else value)
    return before != {name: getattr(row, name) for name in each.blank}


def sealing(model: type[models.Model]) -> list[str]:
    """The triggers that refuse an update of a sealed table: they look away while a name is blanked, and the chain tells."""
    return [
        f"{model._meta.label}:{trigger.name}"
        for trigger in getattr(model._meta, "triggers", [])
        if trigger.name.endswith("append_only")
    ]


def forget_salts(evidence: Evidence | None, rows: Iterable[Any]) -> dict[str, str]:
    """Destroy the salts of all that the chain says of these rows so far: what they said can then not even be guessed.

    Answers what the act has to say of each, so that a salt that is gone without one is found (core/salts.py).
    """
    kept: dict[str, str] = {}
    if evidence and evidence.salted:
        subjects = [f"{evidence.subject}:{row.pk}" for row in rows]
        for start in range(0, len(subjects), BATCH):
            kept |= salts.destroy(subjects[start : start + BATCH])
    return kept
