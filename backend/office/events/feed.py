"""What happened, in the order of the audit chain, as far as somebody may know of it.

The chain's entries are numbered under a lock that is held until they are committed, so whoever has read up to a number has read
everything before it: nothing appears later with a smaller number. No event is kept: each is read from its entry and its row.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.db.models import F, Min, UUIDField, Value

from backend.core.audit import moment
from backend.core.models import AuditEntry
from backend.office.events import cursors
from backend.office.events.kinds import BY_SUBJECT, Told
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import in_scope, reach

LOOKED_AT: Final = 2000  # entries of the chain that one page looks at, at most
STRETCHES: Final = 20  # of so many entries, that a page without events looks at before it is sent empty
MOST: Final = 200
USUAL: Final = 100


class Entry(NamedTuple):
    """What of the chain an event is made of."""

    number: int
    at: dt.datetime
    kind: str
    subject: str
    hash: str


class Said(NamedTuple):
    """An entry, and the sort and key of the row that it speaks of."""

    entry: Entry
    about: str
    key: str


Place = tuple[uuid.UUID | None, uuid.UUID | None]
"""The ids of a site and its school, where there are any."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `id` is a cursor: the place right after it."""

    entry: Entry
    kind: str
    about: str
    key: str
    resource: str
    site: uuid.UUID | None
    school: uuid.UUID | None

    def told(self, address: str) -> dict[str, Any]:
        """As it is sent; `address` is that of this Siteward, without a slash at its end."""
        return {
            "id": cursors.written(self.entry.number, self.entry.hash),
            "kind": self.kind,
            "at": moment(self.entry.at),
            "subject": {"type": self.about, "id": self.key},
            "school": str(self.school) if self.school else None,
            "site": str(self.site) if self.site else None,
            "url": f"{address}/api/v1/{self.resource}/{self.key}",
        }


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to be told: these kinds (none: all) at these sites (none: everywhere)."""

    kinds: Collection[str] = ()
    sites: Collection[uuid.UUID] = ()

    def takes(self, event: Event) -> bool:
        """Whether an event is wanted."""
        return (not self.kinds or event.kind in self.kinds) and (not self.sites or event.site in self.sites)


@dataclass(frozen=True, slots=True)
class Page:
    """Some events, the number and hash of the last entry looked at (no hash: none was), and whether there may be more."""

    events: list[Event]
    number: int
    hash: str
    more: bool


def follow(person: Person, after: int, wanted: Wanted, *, most: int = USUAL, upto: int | None = None) -> Page:
    """The events after an entry's number (and up to another's) that `person` may know of and wants; `most` of them.

    A bounded number of queries, over a bounded number of entries: a page may hold no event and still say that there is more.
    """
    entries = look(after, upto)
    found = [each for each in events_of(entries, person) if wanted.takes(each)]
    if len(found) > most:
        last = found[most - 1].entry
        return Page(found[:most], last.number, last.hash, more=True)
    if not entries:
        return Page([], after, "", more=False)
    return Page(found, entries[-1].number, entries[-1].hash, more=len(entries) == LOOKED_AT)


def found_next(person: Person, after: int, wanted: Wanted, *, most: int = USUAL) -> Page:
    """As `follow`, but past stretches of the chain that hold nothing wanted: at most STRETCHES of them at once."""
    page = follow(person, after, wanted, most=most)
    for _ in range(STRETCHES - 1):
        if page.events or not page.more:
            break
        page = follow(person, page.number, wanted, most=most)
    return page


def look(after: int, upto: int | None) -> list[Entry]:
    """The chain's next entries, LOOKED_AT at most."""
    rows = AuditEntry.objects.filter(number__gt=after)
    if upto is not None:
        rows = rows.filter(number__lte=upto)
    return [Entry(*row) for row in rows.order_by("number").values_list(*Entry._fields)[:LOOKED_AT]]


def events_of(entries: Iterable[Entry], person: Person) -> list[Event]:
    """The events among entries that somebody may know of, in their order. One query for each table spoken of, and one."""
    if reach(person, permits.EVENTS_FOLLOW).nowhere():
        return []
    told = [Said(entry, *entry.subject.split(":", 1)) for entry in entries if entry.subject.split(":", 1)[0] in BY_SUBJECT]
    keys: dict[str, set[str]] = defaultdict(set)
    for each in told:
        keys[each.about].add(each.key)
    places = {(about, key): place for about, of in keys.items() for key, place in lie(BY_SUBJECT[about], of, person).items()}
    told = [each for each in told if (each.about, each.key) in places]
    begun = beginnings(each.entry.subject for each in told if BY_SUBJECT[each.about].later)
    return [event_of(each, places[each.about, each.key], begun.get(each.entry.subject)) for each in told]


def event_of(said: Said, place: Place, begun: int | None) -> Event:
    """The event of an entry. `begun` is the number of the first entry about its row; None: it has but one."""
    told = BY_SUBJECT[said.about]
    kind = told.kind(said.entry.kind, first=begun in (None, said.entry.number))
    return Event(said.entry, kind, said.about, said.key, told.resource, *place)


def lie(told: Told, keys: Collection[str], person: Person) -> dict[str, Place]:
    """Key -> ids of site and school, of those rows that somebody may follow. One query. A row that is gone is nowhere."""
    none = Value(None, output_field=UUIDField())
    rows = told.rows().filter(pk__in=keys).order_by()
    if told.site:
        rows = in_scope(rows, person, permits.EVENTS_FOLLOW, school=told.school, site=told.site)
    else:
        rows = rows.visible_to(person, permits.EVENTS_FOLLOW)  # type: ignore[attr-defined]
    rows = rows.annotate(at_site=F(told.site) if told.site else none, of_school=F(told.school) if told.school else none)
    return {str(pk): (site, school) for pk, site, school in rows.values_list("pk", "at_site", "of_school")}


def beginnings(subjects: Iterable[str]) -> dict[str, int]:
    """Subject -> the number of the first entry about it. One query."""
    rows = AuditEntry.objects.filter(subject__in=set(subjects)).order_by()
    return dict(rows.values_list("subject").annotate(first=Min("number")))
