"""Are the answers of a check complete, and what do they find? Pure; the phone's ``questions.ts`` mirrors it.

Both are held to the same cases, ``fixtures/cases/answers.json``. A finding never makes answers invalid: a cold tap is
a good answer to "hot water temperature", and a finding.

When defects are listed, the answers that only sum them up ("Result on the report: unsatisfactory", "Number of C2: 2",
"Everything was in order: no") are no findings beside them: each defect is found once. They still fail the check.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from backend.rules.answer_shapes import AnswerProblem, shape_problem
from backend.rules.answer_words import should_be, spoken

Severity = Literal["low", "medium", "high"]
Outcome = Literal["satisfactory", "unsatisfactory"]

NOTES: Mapping[str, Any] = {"key": "notes", "label": "Notes", "type": "text", "required": False}
STATES_NEXT = ("next_due_stated", "review_due")
"""The date questions whose answer is the next date that the report itself states."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not in order. ``critical``: the thing must not be used (or the place not left) as it is."""

    question: str
    summary: str
    severity: Severity
    critical: bool


@dataclass(frozen=True, slots=True)
class Judgement:
    """What ``judge`` says: problems of form (none: complete), findings, the outcome, a date that the report states."""

    problems: tuple[AnswerProblem, ...]
    findings: tuple[Finding, ...]
    outcome: Outcome
    stated_next: date | None

    @property
    def complete(self) -> bool:
        """Whether the answers are all there and all of the right shape."""
        return not self.problems


def asked_of(questions: Sequence[dict[str, Any]], kind: str | None) -> list[dict[str, Any]]:
    """The questions that are asked of a kind of asset; of a place (None), all but those for certain kinds alone."""
    return [each for each in questions if not each.get("only_for") or kind in each["only_for"]]


def judge(questions: Sequence[Mapping[str, Any]], answers: Any, photos: Sequence[Mapping[str, Any]] = ()) -> Judgement:
    """Judge the answers to the questions of one published check (``Check.content()["questions"]``).

    ``answers`` maps question keys to answers; a phone may have sent anything. ``photos`` are the record's
    ``{"sha256", "field"}`` entries: one whose field is a photo or file question answers it. Raises nothing: what is
    wrong with the answers is in ``problems``, each with the question, a code and plain words.
    """
    if not isinstance(answers, Mapping):
        problem = AnswerProblem("", "wrong_type", "The answers must be one object of questions and answers.")
        return Judgement((problem,), (), "satisfactory", None)
    asked = {question["key"]: question for question in (NOTES, *questions)}
    problems = [
        AnswerProblem(str(key), "unknown_question", "This form has no such question.") for key in answers if key not in asked
    ]
    sound: dict[str, Any] = {}
    empty = []
    for key, question in asked.items():
        answer = answers.get(key)
        if answer is None or _is_empty(answer):
            empty.append(key)
        elif problem_found := shape_problem(question, answer):
            problems.append(problem_found)
        else:
            sound[key] = answer
    failures = [finding for key in sound for finding in _findings(asked[key], sound, asked)]
    findings = _without_summaries(failures, asked) if failures else ()
    pictured = {photo.get("field") for photo in photos if isinstance(photo, Mapping)}
    for key in empty:
        question = asked[key]
        by_photo = question["type"] in {"photo", "file"} and key in pictured
        if not by_photo and _is_wanted(question, findings, answers):
            problems.append(AnswerProblem(key, "missing", f"{question['label']}: not answered yet."))
    serious = any(_fails(asked[finding.question], finding) for finding in failures)
    return Judgement(tuple(problems), findings, "unsatisfactory" if serious else "satisfactory", _stated(asked, sound))


def _is_empty(answer: Any) -> bool:
    return answer is None or answer == [] or (isinstance(answer, str) and not answer.strip())


def _is_wanted(question: Mapping[str, Any], findings: Sequence[Finding], answers: Mapping[str, Any]) -> bool:
    if unless := question.get("required_unless"):
        return _is_empty(answers.get(unless))
    return bool(question.get("required")) or (question.get("required_when") == "any-defect" and bool(findings))


def _without_summaries(failures: Sequence[Finding], asked: Mapping[str, Mapping[str, Any]]) -> tuple[Finding, ...]:
    """What was found, each thing once: a failed summary is a finding only where no defect is listed."""
    listed = any(asked[finding.question]["type"] == "defect-list" for finding in failures)
    return tuple(finding for finding in failures if not (listed and _is_summary(asked[finding.question])))


def _is_summary(question: Mapping[str, Any]) -> bool:
    """Whether the library says that it only sums up what the list names. A critical question never does."""
    return bool(question.get("summary")) and not question.get("critical")


def _fails(question: Mapping[str, Any], finding: Finding) -> bool:
    """A failed pass rule fails the whole check; a listed defect does so when it is high or unsafe."""
    return question["type"] != "defect-list" or finding.severity == "high" or finding.critical


def _stated(asked: Mapping[str, Mapping[str, Any]], sound: Mapping[str, Any]) -> date | None:
    dates = [date.fromisoformat(sound[key]) for key in STATES_NEXT if key in sound and asked[key]["type"] == "date"]
    return min(dates, default=None)


def _findings(question: Mapping[str, Any], sound: Mapping[str, Any], asked: Mapping[str, Mapping[str, Any]]) -> Iterator[Finding]:
    key = question["key"]
    if question["type"] == "defect-list":
        for defect in sound[key]:
            yield Finding(key, defect["summary"].strip(), defect["severity"], bool(defect.get("unsafe", False)))
        return
    rule = question.get("pass")
    if rule is None or _passes(question, rule, sound):
        return
    critical = bool(question.get("critical"))
    words = f"{question['label']}: {spoken(question, sound[key])}{should_be(question, rule, sound, asked)}"
    yield Finding(key, words, "high" if critical else "medium", critical)


def _passes(question: Mapping[str, Any], rule: Mapping[str, Any], sound: Mapping[str, Any]) -> bool:
    answer = sound[question["key"]]
    if answer == "na" and question["type"] == "pass-fail":
        return True
    if "equals_question" in rule:
        other = sound.get(rule["equals_question"])
        return other is None or bool(answer == other)
    return all(_COMPARE[name](answer, limit) for name, limit in rule.items())


_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "equals": lambda answer, wanted: answer == wanted,
    "in": lambda answer, wanted: answer in wanted,
    "at_least": lambda answer, limit: answer >= limit,
    "at_most": lambda answer, limit: answer <= limit,
    "between": lambda answer, limits: limits[0] <= answer <= limits[1],
}
