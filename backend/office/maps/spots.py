"""The sites as the map shows them: where each is, how it stands, and what of it was asked for. Two queries, however many."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import OuterRef, Subquery

from backend.checks.models import CheckRecord
from backend.checks.queries.compliance import Cell, Counts, compliance
from backend.core.templatetags.words import STATUSES, ago, counted
from backend.office.queries.board import OTHER, badness, worst
from backend.trust.models import Person, Site

QUIET_DAYS: Final = 14
WHAT: Final = {
    "overdue": ("overdue checks", "overdue check", "overdue"),
    "unsafe": ("things marked unsafe", "thing marked unsafe|things marked unsafe", "unsafe"),
    "problems": ("open problems", "open problem", "due"),
    "missed": ("missed checks in the last 12 months", "missed check", "due-soon"),
    "quiet": (f"nothing recorded for {QUIET_DAYS} days", "", "due"),
}
"""What may be asked for -> how the answer says it, how one of it is counted, the mark of those that have it."""
WORDS: Final = {
    "unsafe": "something marked unsafe",
    "overdue": "overdue",
    "unsatisfactory": "a report not satisfactory",
    "due": "due",
    "unproved": "not proved",
    "due-soon": "due soon",
    "in-date": "in date",
    "paused": "paused",
    "none": "nothing planned",
}
COUNTED: Final = {"overdue", "due", "unproved", "due-soon"}
"""Those that are said with their number."""


@dataclass(slots=True)
class Spot:
    """A site on the map. `number` is how many it has of what was asked for; `last` when anything was last recorded there."""

    id: uuid.UUID
    school_id: uuid.UUID
    name: str
    school: str
    latitude: float
    longitude: float
    last: dt.date | None
    counts: Counts = field(default_factory=Counts)
    what: str = ""
    discipline: str = ""
    today: dt.date = dt.date.min
    placed: bool = True

    @property
    def link(self) -> str:
        """The site's page."""
        return f"/sites/{self.id}/"

    @property
    def quiet(self) -> bool:
        """Whether checks are planned there and nothing was recorded for two weeks."""
        running = self.counts.plans - self.counts.paused > 0
        return running and (self.last is None or (self.today - self.last).days >= QUIET_DAYS)

    @property
    def number(self) -> int:
        """How many there are of what was asked for (1 for a site that has gone quiet)."""
        counts = self.counts
        numbers = {
            "overdue": counts.overdue, "unsafe": counts.unsafe, "problems": counts.defects_open, "missed": counts.lapses,
            "quiet": int(self.quiet),
        }  # fmt: skip
        return numbers.get(self.what, 0)

    @property
    def shown(self) -> bool:
        """Whether it is among what was asked for; all are, when nothing was."""
        return not self.what or self.number > 0

    @property
    def status(self) -> str:
        """What its mark looks like: the worst there is, or by what was asked for; "faint" when it has none of that."""
        if self.what:
            return WHAT[self.what][2] if self.number else "faint"
        return worst(self.counts)

    @property
    def words(self) -> str:
        """How it stands, in a few words."""
        if self.what == "quiet":
            return f"last recorded {ago(self.last)}" if self.number else "recorded lately"
        if self.what:
            return counted(self.number, WHAT[self.what][1])
        found = worst(self.counts)
        number = getattr(self.counts, found.replace("-", "_"), 0)
        return f"{number:,} {WORDS[found]}" if found in COUNTED else WORDS[found]

    @property
    def said(self) -> str:
        """The site in a sentence, for who does not see the mark."""
        return f"{self.name}: {self.words}"

    @property
    def rows(self) -> str:
        """The list behind its number."""
        place = {"site": str(self.id)} | ({"discipline": self.discipline} if self.discipline else {})
        listed = {
            "unsafe": ("problems", {"unsafe": "1"}), "problems": ("problems", {}), "missed": ("lapses", {}),
            "quiet": ("records", {}), **{status: ("plans", {"status": status}) for status in STATUSES},
            "unsatisfactory": ("plans", {"outcome": "unsatisfactory"}), "unproved": ("plans", {"outcome": "unproved"}),
        }  # fmt: skip
        page, more = listed.get(self.what or worst(self.counts), ("plans", {}))
        return f"/{page}/?" + urlencode(place | more)


@dataclass(slots=True)
class Spots:
    """The sites on the map, the worst first, and those of which nobody has said where they are."""

    placed: list[Spot]
    unplaced: list[Spot]


def spots(person: Person, day: dt.date, *, discipline: str = "", what: str = "", **place: Any) -> Spots:
    """How every site stands that `person` may see, cut by `place` (filters of sites) and counted in one discipline if said."""
    latest = CheckRecord.objects.filter(site=OuterRef("pk")).order_by("-done_at").values("done_on")[:1]
    rows = Site.objects.visible_to(person).filter(**place).select_related("school")
    sites: list[Any] = list(rows.annotate(last_on=Subquery(latest)).order_by("school__name", "name"))
    sums = summed_by_site(compliance(person, today=day), "" if discipline == OTHER else discipline, bool(discipline))
    found = [
        Spot(
            each.pk, each.school_id, each.name, each.school.name,
            each.latitude or 0, each.longitude or 0, each.last_on, sums.get(each.pk) or Counts(), what, discipline, day,
            each.latitude is not None and each.longitude is not None,
        )
        for each in sites
    ]  # fmt: skip
    found.sort(key=lambda each: (not each.shown, -each.number, badness(each.counts), each.name))
    return Spots([each for each in found if each.placed], [each for each in found if not each.placed])


def summed_by_site(cells: Sequence[Cell], discipline: str, narrow: bool) -> dict[uuid.UUID, Counts]:
    """Site -> its counts, of all disciplines or of one."""
    sums: dict[uuid.UUID, Counts] = {}
    for cell in cells:
        if not narrow or cell.discipline == discipline:
            sums.setdefault(cell.site.pk, Counts()).add(cell.counts)
    return sums
