"""The registry of evidence: which tables are history, what the audit chain covers of each row, and how.

Every app says in its `evidence.py` EVIDENCE = [Evidence(…), …] and NOT_EVIDENCE = {Model: why}. A model of ours that stands
in neither fails the build (tests/arch/test_evidence.py). An action enters a row by `RECORDS.fact(row, actor_id, name)`.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, cached_property
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import TextField, Value
from django.db.models.functions import Cast, Concat

from backend.core import audit
from backend.core.models import Act, ActorName, AuditEntry, FileProof, FileScan, Salt, StoredFile, Upload

Made = Callable[[Any], Any]
SPELLED_ALREADY: Final = frozenset({str, uuid.UUID, type(None)})
EXACT: Final = 2**53  # whole numbers beyond this are not exact in JSON


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A table of which the chain covers every row. An entry's subject is "<subject>:<primary key>".

    `sealed` rows are added and never changed (triggers refuse it) and are entered once; of others every change enters the
    row's full new content. `leave_out` names columns that are no history, each with the reason; `instead` gives what stands
    for a column. `removable` says when a row may go, by an entry of the kind `removed`; "" (always, of sealed tables) is never.
    `salted`: the row speaks of a person. `school` is the path to its school's id, where it has one (several, where
    a row belongs to one thing or another). `rows` is what its rows are called, where the model's own plural is no English.

    `added` are columns that came to the table later, each with the plain value that rows there got: while a row holds it, its
    content is what it was before the column came, so that an upgrade changes no hash.
    """

    model: type[models.Model]
    subject: str
    sealed: bool = False
    salted: bool = False
    leave_out: Mapping[str, str] = field(default_factory=dict)
    instead: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    removable: str = ""
    school: str | tuple[str, ...] = ""
    rows: str = ""
    added: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a sealed table of which rows may go."""
        if self.sealed and self.removable:
            raise ValueError(f"{self.subject} is sealed: no row of it is ever rightly removed")

    @property
    def plural(self) -> str:
        """What its rows are called."""
        return self.rows or str(self.model._meta.verbose_name_plural)

    @cached_property
    def columns(self) -> tuple[list[str], list[str], list[tuple[str, Made]]]:
        """The columns that are history; those of them that hold text or an id; and how the others are made plain."""
        kept = [each for each in self.model._meta.concrete_fields if each.attname not in self.leave_out]
        kept = [each for each in kept if each.attname not in self.instead]
        making = [(each.attname, plainly(each)) for each in kept]
        texts = [name for name, make in making if make is str]
        return [name for name, _ in making], texts, [(name, make) for name, make in making if make is not str]

    def content(self, row: Any) -> dict[str, Any]:
        """What the chain covers of a row: its columns, made plain. Reads the row alone, so it can be checked for ever.

        Ids are left as they are: audit.canonical spells them as it does their text.
        """
        names, texts, making = self.columns
        held = row.__dict__  # a foreign key's id by attribute goes through a descriptor: half the time of this
        said = {name: held[name] if name in held else getattr(row, name) for name in names}
        for name in texts:
            if type(said[name]) not in SPELLED_ALREADY:
                said[name] = str(said[name])
        for name, make in making:
            if (value := said[name]) is not None:
                said[name] = make(value)
        for name, make in self.instead.items():
            said[name] = make(row)
        for name, before in self.added.items():
            if said[name] == before:
                del said[name]
        return said

    def fact(self, row: Any, actor_id: uuid.UUID | None = None, actor_name: str = "", *, kind: str = "") -> audit.Fact:
        """The entry of a row as it is now, by whoever acted (see audit.Fact). `kind` is the subject's unless said."""
        return audit.Fact(kind or self.subject, f"{self.subject}:{row.pk}", self.content(row), actor_id, actor_name, self.salted)

    def removal(self, row: Any, actor_id: uuid.UUID | None = None, actor_name: str = "") -> audit.Fact:
        """The entry that says that a row is rightly gone. Make it before the row is deleted. ValueError: it may never go."""
        if not self.removable:
            raise ValueError(f"no row of {self.plural} is ever rightly removed: say `removable` where it is registered")
        subject = f"{self.subject}:{row.pk}"
        return audit.Fact(audit.REMOVED, subject, removed(subject), actor_id, actor_name)

    def missing(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Those of the rows that the chain does not speak of."""
        entered = AuditEntry.objects.filter(subject=models.OuterRef("chain_key"))
        found: models.QuerySet[Any] = rows.annotate(chain_key=self.key()).filter(~models.Exists(entered))
        return found

    def key(self) -> Concat:
        """A row's subject, in SQL."""
        return Concat(Value(f"{self.subject}:"), Cast("pk", TextField()), output_field=TextField())


def removed(subject: str) -> dict[str, str]:
    """The content of the entry that a row is gone."""
    return {"removed": subject}


def plainly(column: Any) -> Callable[[Any], Any]:
    """How a column's value is made plain, so that it reads the same before it is saved and ever after."""
    target = getattr(column, "target_field", column)
    for kind, make in MAKING.items():
        if isinstance(target, kind):
            return make(target)
    return str if isinstance(target, models.UUIDField | models.CharField | models.TextField) else plain


def of_moment(column: Any) -> Callable[[Any], Any]:
    """A moment, in UTC."""
    return lambda value: audit.moment(value if isinstance(value, dt.datetime) else column.to_python(value))


def of_day(column: Any) -> Callable[[Any], Any]:
    """A day as 2026-11-27."""
    return lambda value: (value if isinstance(value, dt.date) else column.to_python(value)).isoformat()


def of_decimal(column: Any) -> Callable[[Any], Any]:
    """A decimal number with the column's places."""
    step = Decimal(1).scaleb(-column.decimal_places)
    return lambda value: str(Decimal(value).quantize(step, ROUND_HALF_UP))


def of_array(column: Any) -> Callable[[Any], Any]:
    """A list of values; spans as first day and the day after the last."""
    if isinstance(column.base_field, models.CharField):
        return lambda value: [str(each) for each in value]
    if isinstance(column.base_field, models.UUIDField | models.IntegerField):
        return lambda value: [plain(each) for each in value]
    return lambda value: [[plain(each.lower), plain(each.upper)] for each in value]


MAKING: Final[dict[type[Any], Callable[[Any], Callable[[Any], Any]]]] = {
    models.DateTimeField: of_moment,
    models.DateField: of_day,
    models.DecimalField: of_decimal,
    ArrayField: of_array,
}


def plain(value: Any) -> Any:
    """A JSON value as it will be read back from the database: 1.0 as 1, what is no JSON as text."""
    kind = type(value)
    if value is None or kind is str or kind is bool:
        return value
    if kind is int or kind is float:
        return number(value)
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return str(value)


def number(value: int | float) -> Any:
    """A number as the database answers it: whole ones as such while they are exact, larger ones as floating."""
    if isinstance(value, float) and value.is_integer() and abs(value) < EXACT:
        return int(value)
    if isinstance(value, int) and abs(value) >= EXACT:
        try:
            return float(value)
        except OverflowError:
            return str(value)
    return value


@cache
def all_evidence() -> list[Evidence]:
    """The evidence of every installed app of ours, the lowest app's first."""
    return [each for module in modules() for each in module.EVIDENCE]


def evidence_of(model: type[models.Model]) -> Evidence:
    """That of a model. Raises KeyError when it is not registered."""
    return {each.model: each for each in all_evidence()}[model]


def not_evidence() -> dict[type[models.Model], str]:
    """The models that are no evidence, each with the reason."""
    return {model: why for module in modules() for model, why in module.NOT_EVIDENCE.items()}


def modules() -> list[Any]:
    """Every app's evidence module."""
    ours = [app.name for app in apps.get_app_configs() if app.name.startswith("backend.")]
    return [import_module(f"{name}.evidence") for name in ours if find_spec(f"{name}.evidence")]


ACTOR_NAMES = Evidence(model=ActorName, subject="actor-name", salted=True)
ACTS = Evidence(model=Act, subject="act", sealed=True)
FILES = Evidence(model=StoredFile, subject="file", sealed=True)

EVIDENCE = [ACTOR_NAMES, ACTS, FILES]
NOT_EVIDENCE: dict[type[models.Model], str] = {
    AuditEntry: "It is the chain.",
    Salt: "It belongs to the chain's entries and is erased with what they say of a person; one that is gone otherwise is found.",
    FileProof: "It says who may read a file without its being shown to them otherwise, and nothing about the file.",
    FileScan: "It says what a scanner thinks of a file today; a finding is an act, and the invariant file-scans compares them.",
    Upload: "A file on its way: it becomes evidence when it is here whole.",
}


def act(
    kind: str,
    said: Mapping[str, Any],
    *,
    at: dt.datetime,
    about: str = "",
    actor_id: uuid.UUID | None = None,
    actor_name: str = "",
) -> audit.Fact:
    """Keep something done that no other row tells (see core.Act), and answer its entry, to be appended.

    `said` is plain JSON and holds no name: people stand in it by id. `about` is the subject it concerns ("device:…").
    """
    row = Act.objects.create(kind=kind, about=about[:120], said=plain(said), at=at.astimezone(dt.UTC))
    return ACTS.fact(row, actor_id, actor_name, kind=kind)
