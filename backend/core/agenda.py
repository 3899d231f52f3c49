"""What waits for somebody: each app says it in its `waiting.py`; home pages, digests and feeds gather it from there.

An app adds to it by a list called WAITING of functions `(person, today) -> Iterable[Waiting]`, each asking a bounded number of
queries whatever the estate's size, and answering the most urgent first.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol, TypeVar

from django.apps import apps

from backend.core.templatetags.words import age


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits: a sentence, and the page where it is dealt with.

    `key` names it for ever ("defect:<id>:triage"), so that it can be put off or taken on. `kind` is one word for its sort
    ("check", "defect", "certificate" …). `weight` is what could happen if nobody does it: 5 life safety to 1 paperwork.
    `due_on` is its day, None where it has none; `site_id` its site, None where it is the whole trust's. Things of one kind that
    are said in one line when several wait name what they are `together` ("Fridge temperature"), and the page of all of them.
    """

    key: str
    kind: str
    words: str
    path: str
    weight: int = 3
    due_on: dt.date | None = None
    site_id: uuid.UUID | None = None
    together: str = ""
    together_path: str = ""

    def order(self) -> tuple[bool, bool, dt.date, int, str]:
        """Its place in a list: danger first, then what has a day before what has none, the earliest first, the gravest first."""
        return (not self.danger, self.due_on is None, self.due_on or dt.date.max, -self.weight, self.words)

    @property
    def danger(self) -> bool:
        """Whether somebody could be hurt by it as it is: something unsafe, or said to be so by who reported it."""
        return self.kind == "unsafe" or (self.kind == "defect" and self.weight >= 5)


class Told(Protocol):
    """What is gathered into lines: what waits now, or a notice of it."""

    @property
    def together(self) -> str:
        """What several are called in one line."""

    @property
    def together_path(self) -> str:
        """The page of all of them; "" for what is said alone."""

    @property
    def due_on(self) -> dt.date | None:
        """Its day."""


Each = TypeVar("Each", bound=Told)


def lines_of(things: Iterable[Each]) -> list[list[Each]]:
    """Lines in the order of the first of each: what is said together in one, everything else alone."""
    found: dict[str | int, list[Each]] = {}
    for number, each in enumerate(things):
        found.setdefault(each.together_path or number, []).append(each)
    return list(found.values())


def line_words(line: Sequence[Told], today: dt.date) -> str:
    """Several things in one line: "Fridge temperature: 8, the oldest 3 days past its day"."""
    oldest = min((each.due_on for each in line if each.due_on), default=today)
    late = f", the oldest owed {age((today - oldest).days)} ago" if oldest < today else ""
    return f"{line[0].together}: {len(line)}{late}"


Asked = Callable[[Any, dt.date], Iterable[Waiting]]


def everything_asked() -> list[Asked]:
    """What every installed app of ours asks, the lowest app's first."""
    named = [f"{each.name}.waiting" for each in apps.get_app_configs() if each.name.startswith("backend.")]
    return [asked for name in named if find_spec(name) for asked in import_module(name).WAITING]


def waiting_for(person: Any, today: dt.date) -> list[Waiting]:
    """All that waits for `person` on a day, the most urgent first."""
    return sorted((each for asked in everything_asked() for each in asked(person, today)), key=Waiting.order)
