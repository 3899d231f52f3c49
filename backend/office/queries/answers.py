"""A record's answers as people read them: the question, the answer in words with its unit, the limit, and whether it failed."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from backend.assets.models import Asset
from backend.checks.models import CheckRecord
from backend.core.templatetags.words import day, plain, sentence_case
from backend.maintenance.models import Severity
from backend.rules.answer_words import should_be, with_unit
from backend.rules.answers import NOTES
from backend.trust.models import Person

FILES = {"photo", "file"}
ASSETS = {"asset-ref", "asset-list"}
PASS_WORDS = {"pass": "Pass", "fail": "Fail", "na": "Does not apply"}


@dataclass(slots=True)
class Line:
    """One question with its answer. `words` is empty when it was left out; `items` holds lists, `rows` tables."""

    key: str
    label: str
    words: str = ""
    limit: str = ""
    failed: bool = False
    assets: list[Asset] = field(default_factory=list)
    items: list[str] = field(default_factory=list)
    columns: Sequence[str] = ()
    rows: list[list[str]] = field(default_factory=list)

    @property
    def answered(self) -> bool:
        """Whether anything was answered."""
        return bool(self.words or self.assets or self.items or self.rows)


def in_words(record: CheckRecord, person: Person, failed: set[str]) -> list[Line]:
    """The answers of `record` in the order of its form, those left out at their place; photos apart. At most one query.

    `failed` are the questions that found something wrong.
    """
    asked = {each["key"]: each for each in [*record.revision.questions(), dict(NOTES)]}
    assets = named_assets(record, asked, person)
    lines = []
    for key, question in asked.items():
        if question["type"] in FILES:
            continue
        line = Line(key, question["label"], failed=key in failed, limit=limit_of(question, record.answers, asked))
        fill(line, question, record.answers.get(key), assets)
        reading = question["type"] == "number" and question.get("pass") and not question.get("required_unless") and record.answers
        if line.answered or question.get("required") or reading:  # of a reading that was not taken nothing is known
            lines.append(line)
    return lines


def named_assets(record: CheckRecord, asked: Mapping[str, Mapping[str, Any]], person: Person) -> dict[str, Asset]:
    """The assets that answers name, by id, as far as `person` may see them."""
    wanted: set[uuid.UUID] = set()
    given: dict[str, Any] = dict(record.answers)
    for key, question in asked.items():
        if question["type"] in ASSETS:
            wanted.update(uuid.UUID(each) for each in as_list(given.get(key)))
    if not wanted:
        return {}
    return {str(each.pk): each for each in Asset.objects.visible_to(person).filter(pk__in=wanted)}


def as_list(answer: Any) -> list[Any]:
    """An answer that may be one, several or none, as a list."""
    if isinstance(answer, list):
        return answer
    return [answer] if answer else []


def limit_of(question: Mapping[str, Any], answers: Mapping[str, Any], asked: Mapping[str, Any]) -> str:
    """What a good answer is: "at least 50 °C"; nothing where it goes without saying."""
    rule = question.get("pass")
    if not rule:
        return ""
    if "equals_question" in rule and rule["equals_question"] not in answers:
        return ""
    return should_be(question, rule, answers, asked).removeprefix(", should be ")


def fill(line: Line, question: Mapping[str, Any], answer: Any, assets: Mapping[str, Asset]) -> None:
    """Put the answer into the line in words."""
    if answer in (None, "", []):
        return
    kind = question["type"]
    if kind in ASSETS:
        line.assets = [assets[each] for each in as_list(answer) if each in assets]
        line.words = "" if line.assets else "an asset that is not in your register"
    elif kind == "defect-list":
        line.items = [defect_words(each) for each in answer]
    elif kind == "action-list":
        line.items = [action_words(each) for each in answer]
    elif kind == "table":
        line.columns = [sentence_case(plain(each)) for each in question.get("columns", ())]
        line.rows = [[str(row.get(column, "")) for column in question.get("columns", ())] for row in answer]
    else:
        line.words = simple(kind, question, answer)


def simple(kind: str, question: Mapping[str, Any], answer: Any) -> str:
    """An answer of one value in words."""
    if kind == "pass-fail":
        return PASS_WORDS.get(answer, str(answer))
    if kind == "boolean":
        return "Yes" if answer else "No"
    if kind == "number":
        return with_unit(answer, question.get("unit"))
    if kind == "choice":
        return sentence_case(plain(answer))
    if kind == "date":
        return day(dt.date.fromisoformat(answer))
    return str(answer)


def defect_words(each: Mapping[str, Any]) -> str:
    """A defect of a list: "Handrail loose (needs mending)"."""
    severity = str(Severity(each["severity"]).label).lower()
    return f"{each['summary']} ({severity}{', unsafe' if each.get('unsafe') else ''})"


def action_words(each: Mapping[str, Any]) -> str:
    """An action of a report: its words, priority and target."""
    until = f", by {day(dt.date.fromisoformat(each['target']))}" if each.get("target") else ""
    return f"{each['action']} ({plain(each['priority'])}{until})"
