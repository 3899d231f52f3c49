"""What waits for somebody: each app says it in its `waiting.py`; home pages, digests and feeds gather it from there.

An app adds to it by a list called WAITING of functions `(person, today) -> Iterable[Waiting]`, each asking a bounded number of
queries whatever the estate's size, and answering the most urgent first.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits: a sentence, and the page where it is dealt with.

    `key` names it for ever ("defect:<id>:triage"), so that it can be put off or taken on. `kind` is one word for its sort
    ("check", "defect", "certificate" …). `weight` is what could happen if nobody does it: 5 life safety to 1 paperwork.
    `due_on` is its day, None where it has none; `site_id` its site, None where it is the whole trust's.
    """

    key: str
    kind: str
    words: str
    path: str
    weight: int = 3
    due_on: dt.date | None = None
    site_id: uuid.UUID | None = None

    def order(self) -> tuple[bool, dt.date, int, str]:
        """Its place in a list: what has a day before what has none, the earliest first, the gravest first on one day."""
        return (self.due_on is None, self.due_on or dt.date.max, -self.weight, self.words)


Asked = Callable[[Any, dt.date], Iterable[Waiting]]


def everything_asked() -> list[Asked]:
    """What every installed app of ours asks, the lowest app's first."""
    named = [f"{each.name}.waiting" for each in apps.get_app_configs() if each.name.startswith("backend.")]
    return [asked for name in named if find_spec(name) for asked in import_module(name).WAITING]


def waiting_for(person: Any, today: dt.date) -> list[Waiting]:
    """All that waits for `person` on a day, the most urgent first."""
    return sorted((each for asked in everything_asked() for each in asked(person, today)), key=Waiting.order)
