"""Searching everything: each sort of thing by its own searcher, of at most a few rows and queries, for whom it may be known.

A further sort is one line of SEARCHERS. A searcher reads through `visible_to`, bounded by `most`, and uses an index where the
table is large.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from backend.office.lists import searchers, searchers_work
from backend.office.lists.sought import Hit, Sought, sought
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import reach

SHORTEST: Final = 2  # below that a suggestion says nothing


Find = Callable[[Person, Sought, int], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class Searcher:
    """How one sort of thing is found. `permit`: who may know of any. `all`: the list of all that fits, where there is one."""

    key: str
    title: str
    find: Find
    permit: str = permits.ESTATE_VIEW
    all: str = ""


@dataclass(slots=True)
class Group:
    """What was found of one sort; `more` when there is more than is shown, `link` where all of it is listed."""

    title: str
    hits: list[Hit]
    more: bool = False
    link: str = ""
    key: str = ""


@dataclass(slots=True)
class Found:
    """All that was found, group by group; `exact` is the one thing whose label was typed."""

    groups: list[Group] = field(default_factory=list)
    exact: Hit | None = None

    @property
    def number(self) -> int:
        """How many are shown."""
        return sum(len(group.hits) for group in self.groups)

    @property
    def more(self) -> bool:
        """Whether there are more than are shown."""
        return any(group.more for group in self.groups)


def search(person: Person, text: str, *, most: int) -> Found:
    """Everything that fits `text` and that `person` may know of, at most `most` of each sort. A label typed ends the search."""
    wanted, found = sought(text), Found()
    if not wanted.text:
        return found
    for searcher in SEARCHERS:
        if reach(person, searcher.permit).nowhere():
            continue
        hits = list(searcher.find(person, wanted, most + 1))
        exact = [hit for hit in hits if hit.exact]
        if len(exact) == 1:
            return Found([Group(searcher.title, exact, key=searcher.key)], exact[0])
        if hits:
            more = len(hits) > most
            found.groups.append(Group(searcher.title, hits[:most], more, searcher.all if more else "", searcher.key))
    return found


SEARCHERS: Final[tuple[Searcher, ...]] = (
    Searcher("labels", "Label", searchers.labels),
    Searcher("serials", "Serial number", searchers.serials),
    Searcher("reports", "Reported faults", searchers_work.reports, permit=permits.OFFICE_SETTLE),
    Searcher("schools", "Schools", searchers.schools),
    Searcher("sites", "Sites", searchers.sites),
    Searcher("buildings", "Buildings", searchers.buildings),
    Searcher("rooms", "Rooms", searchers.rooms),
    Searcher("checks", "Checks", searchers.checks, all="/plans/"),
    Searcher("contractors", "Contractors", searchers_work.contractors, all="/contractors/"),
    Searcher("work-orders", "Work orders", searchers_work.work_orders, all="/work-orders/"),
    Searcher("certificates", "Certificates", searchers_work.certificates, all="/certificates/"),
    Searcher("documents", "Documents", searchers_work.documents),
    Searcher("assets", "Assets", searchers.assets, all="/assets/"),
    Searcher("people", "People", searchers.people, permit=permits.PEOPLE_MANAGE, all="/people/"),
)
"""In the order in which they are asked and shown; what was typed off a label comes first, and ends the search."""
