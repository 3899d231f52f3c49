"""Answers that pass, drawn from a check's own questions: for tests and the benchmark."""

import uuid
from collections.abc import Sequence
from typing import Any

from backend.checks.models import Plan


def good_answers(questions: Sequence[dict[str, Any]], plan: Plan | None = None) -> dict[str, Any] | None:
    """An answer to every required question, all in order; None when a file would be needed."""
    answers: dict[str, Any] = {}
    kind = plan.asset.type_id if plan and plan.asset else None
    for question in questions:
        if question.get("only_for") and kind not in question["only_for"]:
            continue
        unless = question.get("required_unless")
        if not (question.get("required") or (unless and unless not in answers)):
            continue
        if question["type"] in {"photo", "file"}:
            return None
        answers[question["key"]] = good_answer(question, answers, plan)
    return answers


def good_answer(question: dict[str, Any], given: dict[str, Any], plan: Plan | None) -> Any:
    """One answer that passes."""
    wanted = question.get("pass", {})
    simple = {
        "pass-fail": "pass",
        "boolean": wanted.get("equals", True),
        "text": "In order",
        "date": "2031-01-01",
        "choice": (wanted.get("in") or question.get("options") or [""])[0],
        "asset-ref": str(plan.asset_id if plan and plan.asset_id else uuid.uuid4()),
        "asset-list": [str(plan.asset_id if plan and plan.asset_id else uuid.uuid4())],
        "defect-list": [],
        "action-list": [{"action": "Renew", "priority": "low"}],
        "table": [dict.fromkeys(question.get("columns", []), "ok")],
    }
    if question["type"] == "number":
        return good_number(wanted, given)
    return simple[question["type"]]


def good_number(wanted: dict[str, Any], given: dict[str, Any]) -> float:
    """A number within the limits, a whole one as phones write it: 46 and not 46.0."""
    number = within(wanted, given)
    return int(number) if number.is_integer() else number


def within(wanted: dict[str, Any], given: dict[str, Any]) -> float:
    """A number within the limits."""
    if "equals_question" in wanted:
        return float(given.get(wanted["equals_question"], 1))
    if "between" in wanted:
        low, high = wanted["between"]
        return float(low + high) / 2
    return float(wanted.get("at_least", wanted.get("at_most", wanted.get("equals", 1))))
