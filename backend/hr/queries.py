"""What is held of a person, and the file in which it is handed out."""

import datetime as dt
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, Any, Final

from django.db.models import Count, QuerySet

from backend.core import audit
from backend.core.days import today
from backend.core.personal import Personal, all_personal
from backend.core.retention import CLASSES, RecordClass
from backend.hr.actions.erasing import last_day, of_age, stays_until
from backend.hr.models import Viewing
from backend.trust.models import Appointment, Person

CHUNK: Final = 2000
READ_ME: Final = """What {trust} holds of {name} in Siteward, on {day}.

Each file is a table, one entry for each row, as it is kept; contents.json says what each is, how many rows there are and
until when they are kept. Times are in UTC. Photos are named by their SHA-256 and can be asked for.

You may ask for what is wrong to be put right, and for what is no longer needed to be erased. Records of statutory checks
keep the name of whoever did them until their period is over.

{head}
"""


@dataclass(frozen=True, slots=True)
class Holding:
    """What one table holds of somebody: how many rows, until when in words, and how many are past their period."""

    about: Personal
    count: int
    until: str
    past: int


def held_about(person: Person) -> list[Holding]:
    """What is held of somebody, table by table; tables without a row are left out. Three queries for each table at most."""
    left, now, found = last_day(person), today(), []
    for each in all_personal():
        count = each.rows(person.pk).count()
        if count:
            gone = left is not None and left < now
            past = each.named(of_age(each, person, left, now)[0]).count() if left and gone and (each.delete or each.blank) else 0
            until = stays_until(each, left) if left and gone else each.record_class.words()
            found.append(Holding(each, count, until, past))
    return found


def hand_out(person: Person, file: IO[bytes], *, trust: str) -> int:
    """Write everything that is held of somebody as a ZIP of JSON files; answers the number of rows."""
    total, contents = 0, []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for each in all_personal():
            rows = each.rows(person.pk)
            name = f"{each.model._meta.label_lower}.json"
            count = 0
            with made.open(name, "w") as out:
                out.write(b"[")
                for row in rows.iterator(chunk_size=CHUNK):
                    out.write(b",\n" if count else b"\n")
                    out.write(as_json(each.told(row)))
                    count += 1
                out.write(b"\n]\n")
            total += count
            period = each.record_class
            contents.append({"file": name, "what": each.what, "rows": count, "kept": period.words(), "why": period.why})
        made.writestr("contents.json", as_json(contents))
        said = {"trust": trust, "name": person.name, "day": f"{today():%-d %B %Y}", "head": audit.head().words()}
        made.writestr("READ ME.txt", READ_ME.format(**said))
    return total


def as_json(value: Any) -> bytes:
    """JSON that a person can read."""
    return json.dumps(value, indent=1, ensure_ascii=False, default=str).encode()


def who_looked(person: Person) -> QuerySet[Viewing]:
    """Who looked at somebody's details, the latest first."""
    return Viewing.objects.filter(person=person).select_related("viewer").order_by("-at")


@dataclass(frozen=True, slots=True)
class Kept:
    """A class of records: what belongs to it and how much is past its period among people who have left."""

    record_class: RecordClass
    tables: Sequence[str]


def classes() -> list[Kept]:
    """The classes of records with what belongs to each, in plain words."""
    return [Kept(each, [one.what for one in all_personal() if one.kept == key]) for key, each in CLASSES.items()]


def to_be_erased(day: dt.date) -> list[tuple[Person, dt.date]]:
    """People who have left and whose account is still named: (person, last day), the longest gone first."""
    gone = (
        Person.objects.exclude(email__endswith="@example.invalid")
        .annotate(held=Count("appointments"))
        .filter(held__gt=0)
        .exclude(pk__in=Appointment.objects.filter(ends_on=None).values("person"))
        .exclude(pk__in=Appointment.objects.filter(ends_on__gte=day).values("person"))
        .prefetch_related("appointments")
    )
    found = [(person, max(each.ends_on for each in person.appointments.all() if each.ends_on)) for person in gone]
    return sorted(found, key=lambda pair: pair[1])
