"""Reads fixtures/demo/: what the invented trust is made of. A slip in a file is named with its place."""

from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

import yaml
from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from backend.core.problems import Problem

FOLDER = Path(settings.ROOT) / "fixtures" / "demo"
Range = Annotated[list[float], Field(min_length=2, max_length=2)]


class Part(BaseModel):
    """Nothing unknown comes in."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class BuildingPlan(Part):
    """A building of a site; `kind` is a list of rooms in spaces.yaml, `area` is in square metres."""

    name: str
    kind: str
    built: int
    area: int
    floors: int = 1
    warning: str = ""


class SitePlan(Part):
    """A site; `at` is latitude and longitude."""

    name: str
    address: str = ""
    postcode: str = ""
    at: list[float] | None = None
    buildings: list[BuildingPlan]


class SchoolPlan(Part):
    """A school; `size` is against others of its phase, `overdue` maps a check's code to the days it is past its date today."""

    key: str
    name: str
    urn: int
    phase: str
    pupils: int
    habits: str
    terms: str
    sites: list[SitePlan]
    size: float = 1.0
    club: bool = False
    pool: bool = False
    oil: bool = False
    overdue: dict[str, int] = {}


class TrustPlan(Part):
    """The trust's own name and UID."""

    name: str
    uid: str


class Room(Part):
    """A room of a kind of building, or `count` of them."""

    name: str
    use: str
    count: int = 1
    floor: str = ""
    warning: str = ""


class Line(Part):
    """How many assets of one type a school has, and what they are like. See fixtures/demo/register.yaml."""

    type: str
    name: str
    where: list[str] = []
    count: dict[str, int] = {}
    per: str = ""
    each: int = 1
    phases: dict[str, int] = {}
    kinds: list[str] = []
    whats: list[str] = []
    only: list[str] = []
    needs: str = ""
    unless: str = ""
    built_before: int | None = None
    scales: bool = False
    makes: list[list[str]] = []
    age: list[int] = [1, 20]
    facts: dict[str, list[Any]] = {}


class Account(Part):
    """Somebody who signs in; days are counted from today."""

    email: str
    name: str
    role: str
    schools: list[str] = []
    from_days: int = -700
    to_days: int | None = None


class Course(Part):
    """What people of a role are proved able to do."""

    name: str
    covers: list[str]
    years: int
    by: str = ""


class Expiry(Part):
    """When somebody's competence expires, in days from today."""

    email: str
    name: str
    days: int


class People(Part):
    """Who works here."""

    password: str
    accounts: list[Account]
    staff: dict[str, list[str]]
    email_names: dict[str, str]
    first_names: list[str]
    last_names: list[str]
    competences: dict[str, list[Course]]
    expiries: list[Expiry]
    expired_share: float
    soon_share: float


class Habits(Part):
    """How well a school keeps to what it owes: shares from 0 to 1."""

    miss: float
    late: float
    fault: float
    closed: float
    overdue: float


class Applies(Part):
    """Where a check of a building or site applies; areas in square metres."""

    area_above: int | None = None
    area_from: int = 0
    area_to: int | None = None
    built_before: int | None = None
    schools: list[str] | None = None


class Duties(Part):
    """What is owed where, who does it, how well."""

    applies: dict[str, Applies]
    also: dict[str, list[str]] = {}
    by: dict[str, str]
    events: dict[str, int]
    habits: dict[str, Habits]
    incidents: dict[str, dict[str, Any]]


class Spread(Part):
    """What a number reads. See fixtures/demo/answers.yaml."""

    about: Range | None = None
    places: int = 1
    range: Range | None = None
    bad: Range | None = None
    count: str = ""
    least: int = 0
    same_as: str = ""
    per_day: int = 0
    for_: list[str] = Field(default=[], alias="for")


class Spoken(Part):
    """What people answer."""

    numbers: dict[str, Spread]
    words: dict[str, list[str]]
    patterns: dict[str, str]
    choices: dict[str, list[str]]
    firms: dict[str, list[str]]
    faults: dict[str, list[tuple[str, str]]]
    faults_of: dict[str, list[tuple[str, str]]]
    put_right: list[str]
    actions: list[tuple[str, str]]


class Fixtures:
    """Everything in fixtures/demo/, read once."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.folder = folder

    def raw(self, name: str) -> Any:
        """A file as written. Raises Problem when it is not there or not YAML."""
        try:
            return yaml.safe_load((self.folder / f"{name}.yaml").read_text(encoding="utf-8"))
        except (OSError, yaml.YAMLError) as wrong:
            raise Problem("fixtures", f"fixtures/demo/{name}.yaml cannot be read: {wrong}") from wrong

    def part(self, name: str, kind: type[Any], written: Any) -> Any:
        """One entry of a file. Raises Problem naming file and place."""
        try:
            return kind.model_validate(written)
        except ValidationError as wrong:
            first = wrong.errors()[0]
            place = ".".join(str(step) for step in first["loc"])
            raise Problem("fixtures", f"fixtures/demo/{name}.yaml: {place}: {first['msg']} in {written!r:.200}") from wrong

    @cached_property
    def trust(self) -> TrustPlan:
        """The trust's own name."""
        plan: TrustPlan = self.part("trust", TrustPlan, self.raw("trust")["trust"])
        return plan

    @cached_property
    def schools(self) -> list[SchoolPlan]:
        """The schools written out."""
        return [self.part("trust", SchoolPlan, each) for each in self.raw("trust")["schools"]]

    @cached_property
    def more_names(self) -> list[str]:
        """Names for the schools of a larger trust."""
        written = self.raw("trust")
        return [f"{first}{last.lower()}" for last in written["more_places"] for first in written["more_names"]]

    @cached_property
    def rooms(self) -> dict[str, list[Room]]:
        """The rooms of each kind of building."""
        return {kind: [self.part("spaces", Room, each) for each in rooms] for kind, rooms in self.raw("spaces").items()}

    @cached_property
    def lines(self) -> list[Line]:
        """The register's lines."""
        return [self.part("register", Line, each) for each in self.raw("register")["lines"]]

    @cached_property
    def people(self) -> People:
        """Who works here."""
        people: People = self.part("people", People, self.raw("people"))
        return people

    @cached_property
    def duties(self) -> Duties:
        """What is owed where."""
        duties: Duties = self.part("duties", Duties, self.raw("duties"))
        return duties

    @cached_property
    def spoken(self) -> Spoken:
        """What people answer."""
        spoken: Spoken = self.part("answers", Spoken, self.raw("answers"))
        return spoken

    @cached_property
    def terms(self) -> dict[str, Any]:
        """The term templates, as written (see terms.py)."""
        found: dict[str, Any] = self.raw("calendar")
        return found
