"""The registry of personal data: which tables speak of people, for how long, and what erasing does to them.

Every app says in its `personal.py` PERSONAL = [Personal(…), …] and NOT_PERSONAL = {Model: why}. A model that names people and
stands in neither fails the build (tests/arch/test_personal.py). Handing out and erasing are `hr/actions`.
"""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q

from backend.core.models import Act, ActorName, AuditEntry, FileProof, Upload
from backend.core.retention import CLASSES, RecordClass


@dataclass(frozen=True, kw_only=True)
class Personal:
    """A table that speaks of people.

    `what` says it in plain words ("Checks recorded"). `people` are the columns that hold a person's id.
    `kept` is a key of retention.CLASSES; `day` the column from which its period counts ("": from the last day here).
    `delete`: erasing removes the rows; else `blank` gives what stands in which columns afterwards ({}: nothing but ids speaks
    of the person). `hide`: columns that open doors, handed out to nobody.
    """

    model: type[models.Model]
    what: str
    people: tuple[str, ...]
    kept: str
    day: str = ""
    delete: bool = False
    blank: Mapping[str, Any] = field(default_factory=dict)
    hide: frozenset[str] = frozenset()

    @property
    def record_class(self) -> RecordClass:
        """Its class, with the period."""
        return CLASSES[self.kept]

    def rows(self, person_id: uuid.UUID) -> models.QuerySet[Any]:
        """The rows that speak of a person."""
        asked = Q()
        for column in self.people:
            held = next(each for each in self.model._meta.concrete_fields if each.attname == column)
            asked |= Q(**{column: str(person_id) if isinstance(held, models.CharField) else person_id})
        return self.model._base_manager.filter(asked).order_by("pk")

    def past(self, rows: models.QuerySet[Any], today: dt.date) -> models.QuerySet[Any]:
        """Those of the rows whose period is over, where it counts from the row's own day."""
        years = self.record_class.years
        if years is None:
            return rows.none()
        limit = today - dt.timedelta(days=round(365.25 * years) + 1)
        return rows.filter(**{f"{self.day}__date__lt" if self.timed() else f"{self.day}__lt": limit})

    def named(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Those of the rows that still hold something to be erased: a row that was blanked before is done with."""
        fixed = {name: value for name, value in self.blank.items() if not callable(value)}
        return rows if self.delete or not fixed else rows.exclude(**fixed)

    def timed(self) -> bool:
        """Whether its day is a moment."""
        return isinstance(self.model._meta.get_field(self.day), models.DateTimeField)

    def told(self, row: Any) -> dict[str, Any]:
        """A row as it is handed out: every column but the hidden, under its own name."""
        return {
            column.attname: getattr(row, column.attname)
            for column in self.model._meta.concrete_fields
            if column.attname not in self.hide
        }


@cache
def all_personal() -> list[Personal]:
    """The personal data of every installed app of ours, the lowest app's first."""
    return [each for module in modules() for each in module.PERSONAL]


def not_personal() -> dict[type[models.Model], str]:
    """The models that name people and hold nothing personal, each with the reason."""
    return {model: why for module in modules() for model, why in module.NOT_PERSONAL.items()}


def modules() -> Iterator[Any]:
    """Every app's module of personal data."""
    for app in apps.get_app_configs():
        if app.name.startswith("backend.") and find_spec(f"{app.name}.personal"):
            yield import_module(f"{app.name}.personal")


PERSONAL = [
    Personal(
        model=ActorName,
        what="Name kept with your entries in the history",
        people=("actor_id",),
        kept="account",
        blank={"name": ""},
    ),
]
NOT_PERSONAL: dict[type[models.Model], str] = {
    AuditEntry: "It holds ids and hashes; the names stand apart.",
    Act: "It holds ids; people are named nowhere in it.",
    FileProof: "It says by id whose phone sent a file.",
    Upload: "It says by id who is sending a file, for as long as that takes.",
}
