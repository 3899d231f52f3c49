"""What a kind of import says of itself, what a trial finds, and the trace that an import leaves."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from django.db import models

from backend.core.evidence import evidence_of
from backend.core.problems import Problem
from backend.core.sheets import Line, lines_of
from backend.trust.actions import Actor, require_school, require_site, require_trust
from backend.trust.imports.choosing import Chosen
from backend.trust.imports.tables import Column, Table, Wanted
from backend.trust.models import Person, School, Site, Trust
from backend.trust.scope import reach

NEW: Final = "new"
CHANGED: Final = "changed"
SAME: Final = "same"
MOST_SHOWN: Final = 200  # of what would be done, on a page


@dataclass(slots=True)
class Options:
    """What was chosen beside the file. `ticks` are keys of the kind's ticks; `beside` are further files by their name."""

    today: dt.date
    school: School | None = None
    site: Site | None = None
    ticks: frozenset[str] = frozenset()
    trust_uid: str = ""
    beside: Mapping[str, bytes] = field(default_factory=dict)
    chosen: Chosen = field(default_factory=Chosen)


@dataclass(frozen=True, slots=True)
class Tick:
    """A box to tick on the form."""

    key: str
    label: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class Will:
    """What would be done with one thing: `did` is new, changed or same."""

    row: int
    did: str
    what: str
    name: str
    detail: str = ""


@dataclass(slots=True)
class Plan:
    """What a trial found. `work` is the kind's own matter: what its `apply` does."""

    table: Table
    will: list[Will] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    work: list[Any] = field(default_factory=list)

    def add(self, row: int, did: str, what: str, name: str, detail: str = "") -> None:
        """Note what would be done with one thing."""
        self.will.append(Will(row, did, what, name, detail))

    def totals(self) -> dict[str, dict[str, int]]:
        """By what it is: how many new, changed and same."""
        found: dict[str, dict[str, int]] = {}
        for each in self.will:
            counts = found.setdefault(each.what, {NEW: 0, CHANGED: 0, SAME: 0})
            counts[each.did] += 1
        return found


@dataclass(slots=True)
class Trace:
    """What was made and changed, in order, as it is kept: ids and what was there before."""

    steps: list[dict[str, Any]] = field(default_factory=list)

    def made(self, row: int, thing: models.Model) -> None:
        """A row of ours that is new."""
        self.steps.append({"row": row, "did": "made", "what": evidence_of(type(thing)).subject, "id": str(thing.pk)})

    def changed(self, row: int, thing: models.Model, before: Mapping[str, Any]) -> None:
        """A row of ours that was changed; `before` are its columns (by attname) as they were."""
        kept = {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in before.items()}
        said = {"row": row, "did": "changed", "what": evidence_of(type(thing)).subject, "id": str(thing.pk), "before": kept}
        self.steps.append(said)

    def other(self, row: int, did: str, **said: Any) -> None:
        """Something else, which the kind's own undoing knows."""
        self.steps.append({"row": row, "did": did, **said})


Tell = Callable[[str], None]


class Kind:
    """A kind of import. `where`: whether a school is chosen beforehand ("never", "maybe", "always"), or "any": a school or a
    site of one, or the whole trust, whose rows then say which school each is of."""

    key: ClassVar[str]
    title: ClassVar[str]
    lead: ClassVar[str]
    permit: ClassVar[str]
    where: ClassVar[str] = "never"
    ticks: ClassVar[Sequence[Tick]] = ()
    beside: ClassVar[Sequence[Tick]] = ()
    files: ClassVar[str] = "CSV or Excel (.xlsx)"
    accept: ClassVar[str] = ".csv,.xlsx,.txt,.tsv"
    keeps_file: ClassVar[bool] = True
    doing: ClassVar[str] = "import"

    def columns(self, options: Options) -> Sequence[Column]:
        """The columns that are known."""
        raise NotImplementedError

    def lines(self, content: bytes) -> Iterator[Line]:
        """The file's lines. Raises Problem."""
        return lines_of(content)

    def wanted(self, options: Options) -> Wanted | None:
        """Which rows count, by their plain cells; None for all."""
        return None

    def more(self, header: str) -> bool:
        """Whether a column that is not known by name is kept as well."""
        return False

    def require(self, actor: Actor, options: Options) -> None:
        """Refuse who may not: at the site, the school or the whole trust that was chosen."""
        if options.site:
            require_site(actor, self.permit, options.site, self.doing)
        elif options.school:
            require_school(actor, self.permit, options.school, self.doing)
        elif self.where == "always" or (self.where == "any" and not everywhere(actor, self.permit)):
            raise Problem("school_missing", "Choose the school.", fields={"school": "Choose the school."})
        elif self.where in ("never", "any"):
            require_trust(actor, self.permit, self.doing)

    def plan(self, table: Table, options: Options, actor: Actor) -> Plan:
        """What would be done, and the faults that only show across rows. Changes nothing."""
        raise NotImplementedError

    def apply(self, plan: Plan, options: Options, actor: Actor, trace: Trace, tell: Tell) -> None:
        """Do it, through the actions, in the transaction at hand."""
        raise NotImplementedError

    def hindrance(self, step: Mapping[str, Any]) -> tuple[str, str] | None:
        """Why one of the kind's own steps cannot be undone any more: (what, why); None when it can."""
        return None

    def undo(self, step: Mapping[str, Any], actor: Actor) -> None:
        """Undo one of the kind's own steps. Raises Problem when it cannot be."""
        raise NotImplementedError


def everywhere(actor: Actor, permit: str) -> bool:
    """Whether an actor holds a permit for the whole trust; commands do."""
    return not isinstance(actor, Person) or reach(actor, permit).everywhere


def the_trust() -> Trust:
    """The one trust. Raises Problem when there is none yet."""
    trust = Trust.objects.first()
    if trust is None:
        raise Problem("no_trust", "There is no trust here yet. Set it up first: python manage.py serve prints the code for it.")
    return trust


def differing(thing: models.Model, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What a row holds now of the columns in which it differs from what is wanted."""
    return {name: getattr(thing, name) for name, value in wanted.items() if getattr(thing, name) != value}
