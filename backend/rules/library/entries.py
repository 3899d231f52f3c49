"""What one entry of the statutory library holds, field by field.

The models are strict: a number in quotes, a misspelt field or an unknown word is refused with its place.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Words = Annotated[str, Field(min_length=1, pattern=r"\S")]
Key = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
Number = int | float

QuestionType = Literal[
    "pass-fail",
    "boolean",
    "number",
    "text",
    "choice",
    "date",
    "photo",
    "file",
    "asset-ref",
    "asset-list",
    "defect-list",
    "action-list",
    "table",
]
Unit = Literal["day", "week", "month", "term", "year"]


class Entry(BaseModel):
    """Strict, closed and frozen: nothing unknown comes in, nothing changes afterwards."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, populate_by_name=True)


class Source(Entry):
    """A published page on which a fact was read."""

    title: Words
    url: Annotated[str, Field(pattern=r"^https?://\S+$")]


class Condition(Entry):
    """A test of one fact: of an asset, such as ``role equals sentinel``, or under ``where`` of its site or building.

    ``if_unknown`` says what to assume while nobody has filled the fact in: true keeps a duty until it is ruled out.
    """

    fact: Key
    equals: bool | Number | str | None = None
    in_: list[str] | None = Field(default=None, alias="in")
    at_least: Number | None = None
    at_most: Number | None = None
    above: Number | None = None
    below: Number | None = None
    if_unknown: bool = False

    def operators(self) -> list[str]:
        """The comparisons this condition makes; a sound one makes exactly one."""
        names = {"equals": self.equals, "in": self.in_, "at_least": self.at_least, "at_most": self.at_most}
        names |= {"above": self.above, "below": self.below}
        return [name for name, value in names.items() if value is not None]


class PassRule(Entry):
    """What an answer must be for the thing to be in order."""

    equals: bool | str | None = None
    equals_question: Key | None = None
    in_: list[str] | None = Field(default=None, alias="in")
    at_least: Number | None = None
    at_most: Number | None = None
    between: Annotated[list[Number], Field(min_length=2, max_length=2)] | None = None

    def operators(self) -> list[str]:
        """The comparisons this rule makes; a sound one makes exactly one."""
        names: dict[str, Any] = {"equals": self.equals, "equals_question": self.equals_question, "in": self.in_}
        names |= {"at_least": self.at_least, "at_most": self.at_most, "between": self.between}
        return [name for name, value in names.items() if value is not None]


class Question(Entry):
    """One question of a form, as the caretaker reads it. ``wait_seconds`` is how long to run before reading.

    ``only_for``: the kinds of asset alone of which it is asked. ``from_register``: how many of them there are is filled in.
    ``counts_up``: a meter, which only ever counts up. A lower reading than the last is asked about, never refused.
    """

    key: Key
    label: Words
    help: Words | None = None
    type: QuestionType
    required: bool
    required_when: Literal["any-defect"] | None = None
    required_unless: Key | None = None  # another question: one of the two must be answered
    unit: Words | None = None
    options: list[Words] | None = None
    asset_type: Key | None = None
    columns: list[Words] | None = None
    wait_seconds: Annotated[int, Field(gt=0, le=3600)] | None = None
    counts_up: Literal[True] | None = None
    from_register: Literal[True] | None = None
    only_for: list[Key] = []
    must_include: Words | None = None
    pass_: PassRule | None = Field(default=None, alias="pass")
    critical: bool = False
    summary: Literal[True] | None = None  # it sums up what a defect list of the same record names


class Variant(Entry):
    """Another interval for some assets. Without ``facts`` the office chooses it by hand on the plan."""

    when: Words
    every: Annotated[int, Field(gt=0)]
    unit: Unit
    note: Words | None = None
    facts: list[Condition] = []


class Rotation(Entry):
    """Which devices are taken in turn, and how many each time (unset: as the words say)."""

    of: Key
    each_time: Annotated[int, Field(gt=0)] | None = None
    words: Words


class Competence(Entry):
    """Who may do it."""

    level: Literal["in-house", "trained-in-house", "competent-contractor"]
    detail: Words
    accreditations: list[Words] = []


class Risk(Entry):
    """How bad it is when nobody does it: 1 paperwork, 2 cost, 3 injury, 4 serious injury, 5 life safety."""

    weight: Annotated[int, Field(ge=1, le=5)]
    reason: Words


class Check(Entry):
    """One check of the library. ``questions`` already holds the shared form's questions in front of its own."""

    code: Key
    discipline: Key
    title: Words
    tier: Literal["core", "extended"]
    on: Literal["asset", "building", "site"]
    asset_types: list[Key] = []
    also_covers: list[Key] = []
    grouped_by: Literal["building", "site"] | None = None
    standing: Literal["statutory", "statutory-derived", "good-practice"]
    law: list[Words]
    standards: list[Words] = []
    rule: dict[str, Any] | None = None
    basis: Literal["law", "standard", "guidance", "manufacturer", "risk-based-default"]
    window_note: Words | None = None
    event: Words | None = None
    applies_when: Words | None = None
    applies: list[Condition] = []
    where: list[Condition] = []  # facts of the site or building (rules/place_facts.py); all must hold
    variants: list[Variant] = []
    rotation: Rotation | None = None
    competence: Competence
    minutes: Annotated[int, Field(gt=0)] | None = None
    form: Key | None = None
    questions: list[Question] = []
    evidence: Annotated[list[Literal["record", "photo", "photo-on-defect", "certificate", "document"]], Field(min_length=1)]
    risk: Risk
    keep_records: Words | None = None
    verified: bool
    verified_note: Words
    sources: list[Source] = []

    def content(self) -> dict[str, Any]:
        """Everything the check says, ready for JSON: what is published as one revision that never changes.

        Empty fields are left out, so that a field added to the library later does not disturb older digests.
        """
        kept: dict[str, Any] = _without_empty(self.model_dump(mode="json", by_alias=True))
        return kept

    def digest(self) -> str:
        """SHA-256 (hex) of the content, whatever the order of its keys."""
        return digest(self.content())


class Fact(Entry):
    """Something about an asset, which may decide what applies to it. ``choices`` may hold several of the options.

    ``least`` and ``most`` are the limits of a number, both allowed; of a text, ``most`` is how many letters it may have.
    ``since`` names a date of the same kind of asset: the number is the whole years since that day, and grows by itself.
    """

    key: Key
    label: Words
    type: Literal["choice", "choices", "number", "boolean", "text", "date"]
    options: list[Words] = []
    unit: Words | None = None
    least: float | None = None
    most: float | None = None
    since: Key | None = None


class AssetType(Entry):
    """A kind of asset that checks are recorded on."""

    key: Key
    name: Words
    discipline: Key
    facts: list[Fact] = []


class Discipline(Entry):
    """A field of work, one file each; ``order`` is its place in lists."""

    key: Key
    title: Words
    order: Annotated[int, Field(gt=0)]


class Form(Entry):
    """Questions that many checks share."""

    key: Key
    title: Words
    questions: Annotated[list[Question], Field(min_length=1)]


class Document(Entry):
    """A paper that a trust should be able to show.

    ``months``: how long one is good for, unset where it has no end of its own. ``built_before``: only buildings put up before
    that year need one.
    """

    key: Key
    title: Words
    held_for: Literal["trust", "site", "building", "asset"]
    validity: Words
    months: Annotated[int, Field(gt=0)] | None = None
    built_before: Annotated[int, Field(gt=1800)] | None = None
    law: Words
    check: Key | None = None
    note: Words | None = None
    verified: bool
    sources: list[Source] = []


class RemedialCode(Entry):
    """One code of a scheme; ``days`` is the usual time to put it right, unset when there is none.

    ``fails_report``: a report with this code cannot be a satisfactory one. ``deadline`` says who sets it when it is not the
    trust's to choose: the law, or the report, which states a date.
    """

    code: Words
    severity: Literal["low", "medium", "high"] | None = None
    meaning: Words
    effect: Words | None = None
    days: Annotated[int, Field(ge=0)] | None = None
    days_note: Words | None = None
    deadline: Literal["law", "stated"] | None = None
    fails_report: bool = False
    stop_use: Literal["at-once", "after-deadline", "never"] | None = None


class Scheme(Entry):
    """The codes that one kind of report uses for what it finds."""

    key: Key
    discipline: Key | None = None
    title: Words
    verified: bool
    sources: list[Source] = []
    codes: list[RemedialCode] = []


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of JSON-able content in canonical form: sorted keys, no spaces, UTF-8."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _without_empty(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {key: _without_empty(inner) for key, inner in value.items()}
        return {key: inner for key, inner in kept.items() if inner is not None and inner != [] and inner != {}}
    if isinstance(value, list):
        return [_without_empty(inner) for inner in value]
    return value
