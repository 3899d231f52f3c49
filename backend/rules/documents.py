"""The register of documents: which papers a trust should be able to show, where, and how each one stands. Pure."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from backend.rules.due.interval import add_months, as_date

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
FILE: Final = "documents.yaml"
TRUST, SITE, BUILDING, ASSET = "trust", "site", "building", "asset"
MISSING, EXPIRED, ENDING, HELD, NOT_NEEDED = "missing", "expired", "ending", "held", "not-needed"
WORST_FIRST: Final = (EXPIRED, MISSING, ENDING, HELD, NOT_NEEDED)
WORDS: Final[Mapping[str, str]] = {
    MISSING: "Missing", EXPIRED: "Expired", ENDING: "Ends soon", HELD: "Held", NOT_NEEDED: "Not needed here",
}  # fmt: skip
SHAPES: Final[Mapping[str, str]] = {MISSING: "▲", EXPIRED: "▲", ENDING: "◐", HELD: "●", NOT_NEEDED: "‖"}
LOOKS: Final[Mapping[str, str]] = {
    MISSING: "overdue", EXPIRED: "overdue", ENDING: "due-soon", HELD: "in-date", NOT_NEEDED: "paused",
}  # fmt: skip
SOON_DAYS: Final = 42


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document: for what it is held, how long one is good for (`months`; None: no end of its own), the law."""

    key: str
    title: str
    held_for: str
    validity: str
    law: str
    months: int | None
    built_before: int | None
    check: str
    note: str
    verified: bool

    def usual_end(self, issued_on: dt.date) -> dt.date | None:
        """The last day that one issued on a day is usually good for."""
        return as_date(add_months(issued_on.toordinal(), self.months)) if self.months else None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a document stands at a place: one of WORST_FIRST, until when it is good, and the paper that says so."""

    state: str
    until: dt.date | None = None
    source: str = ""

    @property
    def word(self) -> str:
        """What people call it."""
        return WORDS[self.state]

    @property
    def shape(self) -> str:
        """Its shape beside the word."""
        return SHAPES[self.state]

    @property
    def look(self) -> str:
        """The colours of which status it has."""
        return LOOKS[self.state]


def read_kinds(folder: Path) -> dict[str, Kind]:
    """Every kind of document by its key. The file itself is checked with the library."""
    said = yaml.load((folder / FILE).read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506  a safe loader
    return {
        each["key"]: Kind(
            each["key"], each["title"], each["held_for"], each["validity"], each["law"], each.get("months"),
            each.get("built_before"), each.get("check") or "", each.get("note") or "", bool(each["verified"]),
        )
        for each in said["documents"]
    }  # fmt: skip


def standing_until(until: dt.date | None, today: dt.date, source: str) -> Standing:
    """How a paper that is held stands: its last day counts in full; without one it has no end."""
    if until is not None and until < today:
        return Standing(EXPIRED, until, source)
    if until is not None and until <= today + dt.timedelta(days=SOON_DAYS):
        return Standing(ENDING, until, source)
    return Standing(HELD, until, source)


def better(one: Standing, other: Standing) -> Standing:
    """Of two papers for one place, the one that serves better: held before expired, the later end before the sooner."""
    return max(one, other, key=lambda each: (WORST_FIRST.index(each.state), each.until or dt.date.max))


def needed_for(kind: Kind, built: int | None) -> bool:
    """Whether a building put up in a year needs a kind. One of unknown age does, until somebody says otherwise."""
    return kind.built_before is None or built is None or built < kind.built_before
