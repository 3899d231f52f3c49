"""What an answer to each type of question looks like; the first thing wrong with one, in plain words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

LONGEST_TEXT = 4000
LONGEST_LIST = 500
LARGEST_NUMBER = 1e15

ProblemCode = Literal["missing", "unknown_question", "wrong_type", "not_an_option", "na_not_allowed", "bad_date", "too_long"]
_Fault = tuple[ProblemCode, str] | None

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class AnswerProblem:
    """Why an answer cannot be taken as it is: the question's key, a code for programs, words for people."""

    question: str
    code: ProblemCode
    words: str


def shape_problem(question: Mapping[str, Any], answer: Any) -> AnswerProblem | None:
    """What is wrong with the shape of one answer that is not empty, or None."""
    fault = _SHAPES[question["type"]](question, answer)
    return AnswerProblem(question["key"], fault[0], f"{question['label']}: {fault[1]}") if fault else None


def _pass_fail(question: Mapping[str, Any], answer: Any) -> _Fault:
    if answer == "na" and question.get("critical"):
        return "na_not_allowed", "this one has to be checked; answer pass or fail."
    return None if _one_of(answer, ("pass", "fail", "na")) else ("not_an_option", "answer pass, fail or na.")


def _boolean(_: Mapping[str, Any], answer: Any) -> _Fault:
    return None if isinstance(answer, bool) else ("wrong_type", "answer yes or no.")


def _number(_: Mapping[str, Any], answer: Any) -> _Fault:
    number = isinstance(answer, int | float) and not isinstance(answer, bool)
    # NaN and infinity fail this comparison too.
    return None if number and -LARGEST_NUMBER <= answer <= LARGEST_NUMBER else ("wrong_type", "answer with a number.")


def _text(_: Mapping[str, Any], answer: Any) -> _Fault:
    if not isinstance(answer, str):
        return "wrong_type", "answer in words."
    return ("too_long", f"keep it under {LONGEST_TEXT} characters.") if len(answer) > LONGEST_TEXT else None


def _choice(question: Mapping[str, Any], answer: Any) -> _Fault:
    options = question.get("options", ())
    return None if _one_of(answer, options) else ("not_an_option", f"choose one of {', '.join(options)}.")


def _date(_: Mapping[str, Any], answer: Any) -> _Fault:
    return None if is_date(answer) else ("bad_date", "give a real date as year-month-day.")


def _files(_: Mapping[str, Any], answer: Any) -> _Fault:
    return _list(answer, lambda entry: _matches(_SHA256, entry), "give the photos or files by their SHA-256.")


def _asset(_: Mapping[str, Any], answer: Any) -> _Fault:
    return None if _matches(_UUID, answer) else ("wrong_type", "choose the thing by its label or from the list.")


def _assets(_: Mapping[str, Any], answer: Any) -> _Fault:
    return _list(answer, lambda entry: _matches(_UUID, entry), "choose the assets by their tags or from the list.")


def _defects(_: Mapping[str, Any], answer: Any) -> _Fault:
    return _list(answer, _is_defect, "each defect needs a summary and a severity (low, medium or high).")


def _actions(_: Mapping[str, Any], answer: Any) -> _Fault:
    return _list(answer, _is_action, "each action needs its words and a priority; a target date is year-month-day.")


def _table(question: Mapping[str, Any], answer: Any) -> _Fault:
    columns = question.get("columns", ())
    return _list(answer, lambda row: _is_row(row, columns), f"each line needs {', '.join(columns)}, and nothing else.")


def _list(answer: Any, sound: Callable[[Any], bool], words: str) -> _Fault:
    if not isinstance(answer, list):
        return "wrong_type", words
    if len(answer) > LONGEST_LIST:
        return "too_long", f"at most {LONGEST_LIST} entries."
    return None if all(sound(entry) for entry in answer) else ("wrong_type", words)


def _is_defect(entry: Any) -> bool:
    return (
        isinstance(entry, dict)
        and entry.keys() <= {"summary", "severity", "unsafe"}
        and _is_words(entry.get("summary"))
        and _one_of(entry.get("severity"), ("low", "medium", "high"))
        and isinstance(entry.get("unsafe", False), bool)
    )


def _is_action(entry: Any) -> bool:
    return (
        isinstance(entry, dict)
        and entry.keys() <= {"action", "priority", "target"}
        and _is_words(entry.get("action"))
        and _is_words(entry.get("priority"))
        and (entry.get("target") is None or is_date(entry["target"]))
    )


def _is_row(row: Any, columns: Any) -> bool:
    return isinstance(row, dict) and row.keys() == set(columns) and all(_is_cell(cell) for cell in row.values())


def _is_cell(cell: Any) -> bool:
    if isinstance(cell, str):
        return len(cell) <= LONGEST_TEXT
    return cell is None or isinstance(cell, bool) or _number({}, cell) is None


def _is_words(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip()) and len(value) <= LONGEST_TEXT


def is_date(value: Any) -> bool:
    """Whether a value is a real day as it is kept, "2019-02-28", of the years 1900 to 2199."""
    if not _matches(_DATE, value):
        return False
    try:
        return 1900 <= date.fromisoformat(value).year <= 2199
    except ValueError:
        return False


def _matches(pattern: re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _one_of(value: Any, options: Any) -> bool:
    return isinstance(value, str) and value in options


_SHAPES: Mapping[str, Callable[[Mapping[str, Any], Any], _Fault]] = {
    "pass-fail": _pass_fail,
    "boolean": _boolean,
    "number": _number,
    "text": _text,
    "choice": _choice,
    "date": _date,
    "photo": _files,
    "file": _files,
    "asset-ref": _asset,
    "asset-list": _assets,
    "defect-list": _defects,
    "action-list": _actions,
    "table": _table,
}
