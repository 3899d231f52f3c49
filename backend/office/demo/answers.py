"""What people of the invented trust answer: readings with their spread, words, firms; and now and then a fault."""

import datetime as dt
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from backend.assets.models import Asset
from backend.office.demo.dice import dice
from backend.office.demo.fixtures import Spoken, Spread
from backend.office.demo.papers import Papers
from backend.rules.due import Rule
from backend.rules.due.interval import add

Question = Mapping[str, Any]
METERS_FROM = dt.date(2024, 1, 1)
FAULTY = frozenset({"pass-fail", "boolean", "number"})


@dataclass(slots=True)
class Asked:
    """What is asked on one occasion. `about` are the assets of the duty, `nearby` those of the site by type.

    `wrong` is the key of the question that finds a fault this time; empty when all is in order.
    """

    code: str
    discipline: str
    on: dt.date
    throw: random.Random
    about: Sequence[Asset]
    nearby: Mapping[str, Sequence[Asset]]
    rule: Rule | None
    place: str
    asset: Asset | None = None
    turn: int = 0
    stated_next: dt.date | None = None
    wrong: str = ""
    firm: str = ""
    files: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answered:
    """The answers, and for each photo or file question the kept file's SHA-256."""

    answers: dict[str, Any]
    files: dict[str, str]


class Answers:
    """Answers the library's questions, every type of them, from fixtures/demo/answers.yaml."""

    def __init__(self, spoken: Spoken, papers: Papers) -> None:
        self.spoken, self.papers = spoken, papers
        self.ways: dict[str, Callable[[Question, Asked, dict[str, Any]], Any]] = {
            "pass-fail": self.pass_fail,
            "boolean": self.boolean,
            "number": self.number,
            "text": self.text,
            "choice": self.choice,
            "date": self.date,
            "asset-ref": self.asset_ref,
            "asset-list": self.asset_list,
            "defect-list": self.defects,
            "action-list": self.actions,
            "table": self.table,
        }

    def answer(self, questions: Sequence[Question], asked: Asked) -> Answered:
        """Answer the questions in their order."""
        given: dict[str, Any] = {}
        for question in questions:
            if question["type"] in ("photo", "file"):
                self.file(question, asked)
                continue
            value = self.ways[question["type"]](question, asked, given)
            if value is not None and value != "" and value != []:
                given[question["key"]] = value
        return Answered(given, asked.files)

    def pick_wrong(self, questions: Sequence[Question], throw: random.Random) -> str:
        """A question that could find a fault, mostly not one that stops everything."""
        able = [each for each in questions if self.can_fail(each)]
        mild = [each for each in able if not each.get("critical")]
        chosen = mild if mild and throw.random() < 0.85 else able
        return str(throw.choice(chosen)["key"]) if chosen else ""

    def can_fail(self, question: Question) -> bool:
        """Whether the demo knows how to answer a question badly."""
        if question["type"] == "defect-list":
            return True
        if question["type"] == "number":
            spread = self.spoken.numbers.get(question["key"])
            return bool(question.get("pass")) and bool(spread and spread.bad)
        return question["type"] in FAULTY and bool(question.get("pass")) and question["key"] != "all_ok"

    def pass_fail(self, question: Question, asked: Asked, given: dict[str, Any]) -> str:
        """Pass, unless this is what is wrong."""
        return "fail" if asked.wrong == question["key"] else "pass"

    def boolean(self, question: Question, asked: Asked, given: dict[str, Any]) -> bool:
        """What it should be; a round says that not everything was in order when something was wrong."""
        rule = question.get("pass") or {}
        wanted = bool(rule.get("equals", question["key"] not in ("withdrawn", "replaced_instead", "out_of_use")))
        wrong = asked.wrong == question["key"] or (question["key"] == "all_ok" and bool(asked.wrong))
        return not wanted if wrong else wanted

    def number(self, question: Question, asked: Asked, given: dict[str, Any]) -> float | int | None:
        """A reading about its middle, or out of its limits when this is what is wrong."""
        key = question["key"]
        spread = self.spoken.numbers.get(f"{asked.code}/{key}") or self.spoken.numbers.get(key)
        if spread is None:
            return 1 if question.get("required") else None
        if spread.for_ and not (asked.asset and asked.asset.type_id in spread.for_):
            return None
        if spread.same_as:
            same: int = given.get(spread.same_as, 0)
            return same - 1 if asked.wrong == key and same else same
        if spread.per_day:
            return counted_up(spread, asked)
        if spread.count:
            there = sum(each.type_id == spread.count for each in asked.about)
            return max(there or len(asked.nearby.get(spread.count, ())), spread.least)
        return reading(spread, asked.throw, bad=asked.wrong == key)

    def text(self, question: Question, asked: Asked, given: dict[str, Any]) -> str:
        """Words that fit; what is optional is often left out."""
        key, throw = question["key"], asked.throw
        if key in ("contractor", "examining_body", "organisation"):
            return asked.firm
        if key == "fault_text" and not asked.wrong:
            return ""
        if key in self.spoken.patterns:
            a, b, c, d = (throw.randint(0, 9999) for _ in range(4))
            return self.spoken.patterns[key].format(n=throw.randint(1, 99999), a=a, b=b, c=c, d=d)
        if not question.get("required") and key != "fault_text" and throw.random() < 0.6:
            return ""
        words = self.spoken.words.get(key)
        return throw.choice(words) if words else ("As before." if question.get("required") else "")

    def choice(self, question: Question, asked: Asked, given: dict[str, Any]) -> str:
        """An option that is in order, usually the first of them."""
        key: str = question["key"]
        options: list[str] = question["options"]
        if key in self.spoken.choices:
            return asked.throw.choice([each for each in self.spoken.choices[key] if each in options] or options)
        rule = question.get("pass") or {}
        good = [each for each in options if each in rule.get("in", options)]
        if key in ("outcome", "worst_defect") and asked.wrong and len(good) > 1:
            return good[1]
        if key == "overall" and asked.wrong in ("c1", "c2", "fi"):
            return options[-1]
        return good[0]

    def date(self, question: Question, asked: Asked, given: dict[str, Any]) -> str | None:
        """The next date for a report or review; otherwise some months ahead, as on pads and certificates."""
        key = question["key"]
        if key in ("next_due_stated", "review_due"):
            if asked.stated_next is None and not question.get("required"):
                return None
            return (asked.stated_next or self.natural(asked)).isoformat()
        if key == "approved_on":
            return asked.on.isoformat()
        return (asked.on + dt.timedelta(days=asked.throw.randint(120, 700))).isoformat()

    def natural(self, asked: Asked) -> dt.date:
        """One interval on from the day it was done."""
        if asked.rule is None:
            return asked.on + dt.timedelta(days=365)
        return dt.date.fromordinal(add(asked.on.toordinal(), asked.rule.interval, 1))

    def asset_ref(self, question: Question, asked: Asked, given: dict[str, Any]) -> str | None:
        """The asset that the check is for, or the next in turn of the kind asked for."""
        kind = question.get("asset_type")
        if asked.asset and (asked.asset.type_id == kind or kind not in asked.nearby or kind == "food-fridge"):
            return str(asked.asset.pk)
        there = [each for each in asked.about if each.type_id == kind] or list(asked.nearby.get(kind or "", ()))
        if there:
            return str(there[asked.turn % len(there)].pk)
        return str(asked.about[0].pk) if asked.about and question.get("required") else None

    def asset_list(self, question: Question, asked: Asked, given: dict[str, Any]) -> list[str]:
        """All that the duty is about; of units that failed, one when something is wrong."""
        kind = question.get("asset_type")
        there = [str(each.pk) for each in asked.about if each.type_id == kind]
        if question.get("required"):
            return there or [str(each.pk) for each in asked.about]
        return there[:1] if asked.wrong else []

    def defects(self, question: Question, asked: Asked, given: dict[str, Any]) -> list[dict[str, Any]]:
        """What was found, when something was."""
        if not asked.wrong:
            return []
        kinds = {each.type_id for each in asked.about}
        if kinds:
            of = self.spoken.faults_of
            known = [each for kind in sorted(kinds) for each in of.get(kind, ())] or of["anything"]
        else:
            known = self.spoken.faults.get(asked.discipline) or self.spoken.faults["documents-management"]
        summary, severity = asked.throw.choice(known)
        return [{"summary": f"{summary} ({asked.place})", "severity": severity}]

    def actions(self, question: Question, asked: Asked, given: dict[str, Any]) -> list[dict[str, Any]]:
        """A few recommendations, with their dates."""
        chosen = asked.throw.sample(self.spoken.actions, k=asked.throw.randint(1, 3))
        target = (asked.on + dt.timedelta(days=90)).isoformat()
        return [{"action": words, "priority": priority, "target": target} for words, priority in chosen]

    def table(self, question: Question, asked: Asked, given: dict[str, Any]) -> list[dict[str, Any]]:
        """Two lines; the columns hold what their names promise."""
        told = {"result": "no leak", "owner": "Ruth Calloway", "date": asked.on.isoformat()}
        return [{name: told.get(name, f"{name.capitalize()} {row}") for name in question["columns"]} for row in (1, 2)]

    def file(self, question: Question, asked: Asked) -> None:
        """A report that was made up for the visit, or a photo where one is wanted."""
        key = question["key"]
        wanted = question.get("required") or (question.get("required_when") == "any-defect" and asked.wrong)
        if not wanted:
            return
        if question["type"] == "file":
            asked.files[key] = self.papers.report(asked.code, asked.place, asked.firm, asked.on)
        else:
            asked.files[key] = self.papers.photo(asked.discipline, asked.throw)


def counted_up(spread: Spread, asked: Asked) -> int:
    """A meter that only goes up: where it began, and what was used each day since."""
    began = dice(1, "meter", asked.code, asked.place, asked.asset.name if asked.asset else "")
    start, used = began.randint(10_000, 60_000), spread.per_day * began.uniform(0.6, 1.4)
    return start + round((asked.on - METERS_FROM).days * used)


def reading(spread: Spread, throw: random.Random, *, bad: bool) -> float | int:
    """A number about its middle and within its range; a bad one from where faults read."""
    if bad and spread.bad:
        value = throw.uniform(*spread.bad)
    else:
        middle, width = spread.about or [1.0, 0.0]
        value = throw.gauss(middle, width) if width else middle
        if spread.range:
            value = min(max(value, spread.range[0]), spread.range[1])
        elif spread.places == 0:
            value = max(value, 0)
    return round(value) if spread.places == 0 else round(value, spread.places)
