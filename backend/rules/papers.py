"""From a firm's report to the answers of the check that it is of. Pure: questions and what the paper says in, answers out.

Most of what the forms of the library ask stands on every report: the firm, the engineer, the result, the next date. These are
asked once when a certificate is filed; `left_to_ask` is what a check asks beside them.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

FIRM, ENGINEER = ("contractor", "examining_body", "organisation"), ("engineer", "competent_person", "assessor", "reviewed_by")
NUMBER, NEXT = ("report_no", "report_reference", "rrn"), ("next_due_stated", "review_due")
OUTCOME, SAFE, WORST, OVERALL, VALID = "outcome", "safe_to_use", "worst_defect", "overall", "still_valid"
GOOD, ADVICE, BAD = "satisfactory", "satisfactory-with-advisories", "unsatisfactory"
WORST_ASKED: Final = frozenset({OUTCOME, SAFE, WORST, OVERALL, "unsafe_class"})
"""Questions that say the worst of what a report lists line by line."""
FILES: Final = frozenset({"file", "photo"})
TOLD: Final = frozenset({*FIRM, *ENGINEER, *NUMBER, *NEXT, OUTCOME, SAFE, WORST, OVERALL, VALID, "notes", "defects", "actions"})
SCHEME_BY_CHECK: Final[Sequence[tuple[str, str]]] = (
    ("fixed-wire", "eicr"), ("loler", "loler"), ("lift", "loler"), ("fire-risk-assessment", "fire-risk-assessment"),
    ("fire", "fire-risk-assessment"), ("gas", "gas-unsafe-situations"), ("boiler", "gas-unsafe-situations"),
    ("asbestos-reinspection", "asbestos-material"), ("playground", "playground"), ("water", "legionella-readings"),
    ("legionella", "legionella-readings"), ("condition-survey", "condition-priority"),
)  # fmt: skip
"""By the beginning of a check's code, the scheme of codes that its reports use."""


@dataclass(frozen=True, slots=True)
class Line:
    """One remedial of a report, as the record lists it: its words, how bad (low, medium, high), whether not to be used."""

    words: str
    severity: str
    code: str = ""
    unsafe: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """What a report says of one thing: `result` as GOOD, ADVICE or BAD; `more` answers the check's own questions."""

    firm: str
    engineer: str
    number: str
    result: str
    stated_next: dt.date | None = None
    lines: Sequence[Line] = ()
    more: Mapping[str, Any] = field(default_factory=dict)


def answers_of(questions: Sequence[Mapping[str, Any]], said: Said) -> dict[str, Any]:
    """The answers that a report gives to a check's questions. What it does not say is left out, for the judge to ask for."""
    given: dict[str, Any] = {}
    for question in questions:
        value = answer_of(question, said)
        if value is not None and value != "":
            given[question["key"]] = value
    return given


def answer_of(question: Mapping[str, Any], said: Said) -> Any:
    """What a report says to one question; None when nothing."""
    key, kind = question["key"], question["type"]
    if key in said.more:
        return said.more[key]
    if kind == "defect-list":
        return [{"summary": line.words, "severity": line.severity, "unsafe": line.unsafe} for line in said.lines] or None
    if kind == "action-list":
        return [{"action": line.words, "priority": line.severity} for line in said.lines] or None
    if key in NEXT and kind == "date":
        return said.stated_next.isoformat() if said.stated_next else None
    if kind == "number" and key in codes_counted(said.lines):
        return codes_counted(said.lines)[key]
    if kind == "number" and key in ("c1", "c2", "c3", "fi"):
        return 0
    return plain_answer(key, question, said)


def plain_answer(key: str, question: Mapping[str, Any], said: Said) -> Any:
    """The firm, the engineer, the number and the result, by whatever name a form asks for them."""
    if key in FIRM or key in ENGINEER or key in NUMBER:
        return said.firm if key in FIRM else said.engineer if key in ENGINEER else said.number
    bad = said.result == BAD
    if key == SAFE:
        return not (bad and (not said.lines or any(line.unsafe for line in said.lines)))
    if key == VALID:
        return not bad
    if key in (OUTCOME, OVERALL):
        options = question.get("options") or []
        wanted = said.result if said.result in options else BAD if bad else GOOD
        return wanted if wanted in options else None
    if key == WORST:
        return worst_of(said)
    return None


def worst_of(said: Said) -> str:
    """The worst defect of a thorough examination, by the words of its form."""
    if any(line.unsafe for line in said.lines):
        return "immediate-danger"
    if said.result == BAD:
        return "time-bound" if said.lines else "immediate-danger"
    return "observation" if said.lines or said.result == ADVICE else "none"


def codes_counted(lines: Sequence[Line]) -> dict[str, int]:
    """How many lines bear each code, by the code in small letters (an EICR asks for the numbers of C1, C2, C3 and FI)."""
    found: dict[str, int] = {}
    for line in lines:
        if line.code:
            found[line.code.lower()] = found.get(line.code.lower(), 0) + 1
    return found


def left_to_ask(questions: Sequence[Mapping[str, Any]], lines_counted: bool = True) -> list[Mapping[str, Any]]:
    """The questions that a report's filing must ask beside the usual ones: the required of the check's own."""
    counted = {"c1", "c2", "c3", "fi"} if lines_counted else set()
    return [
        question
        for question in questions
        if question.get("required")
        and question["key"] not in TOLD | counted
        and question["type"] not in FILES | {"defect-list", "action-list"}
    ]


def file_fields(questions: Sequence[Mapping[str, Any]]) -> list[str]:
    """The questions that the report itself answers: those for a file, and required photos where it asks for no file."""
    files = [question["key"] for question in questions if question["type"] == "file"]
    photos = [question["key"] for question in questions if question["type"] == "photo" and question.get("required")]
    return files[:1] + [key for key in files[1:] if key in required(questions)] + photos


def required(questions: Sequence[Mapping[str, Any]]) -> set[str]:
    """The keys that must be answered."""
    return {question["key"] for question in questions if question.get("required")}


def scheme_of(code: str) -> str:
    """The scheme of codes that the reports of a check use; "" when it is none of those known, or the check is no examination."""
    if code.endswith(("-training", "-drill")):
        return ""
    return next((scheme for start, scheme in SCHEME_BY_CHECK if code.startswith(start)), "")
