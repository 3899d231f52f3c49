"""Can every question of a form be asked and judged? Each fault is (field, what is wrong and what to do)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from backend.rules.library.entries import AssetType, PassRule, Question

Fault = tuple[str, str]

# Which comparisons make sense for which type of answer.
_FITTING = {
    "pass-fail": {"equals"},
    "boolean": {"equals"},
    "choice": {"in"},
    "number": {"at_least", "at_most", "between", "equals_question"},
}


def question_faults(questions: Sequence[Question], asset_types: Mapping[str, AssetType]) -> Iterator[Fault]:
    """Everything wrong with the questions of one form, the shared ones included."""
    numbers = {question.key for question in questions if question.type == "number"}
    seen: set[str] = set()
    for question in questions:
        place = f"question {question.key}"
        if question.key in seen:
            yield place, "this key stands twice, perhaps once in the shared form; give this question another key"
        seen.add(question.key)
        for field, words in (*_shape(question, asset_types), *_passing(question, numbers)):
            yield f"{place}, {field}", words


def _shape(question: Question, asset_types: Mapping[str, AssetType]) -> Iterator[Fault]:
    kind = question.type
    if (kind == "choice") != bool(question.options):
        yield "options", "a choice needs options, and nothing else has any"
    if (kind == "table") != bool(question.columns):
        yield "columns", "a table needs columns, and nothing else has any"
    for field in ("unit", "wait_seconds", "counts_up", "from_register"):
        if getattr(question, field) is not None and kind != "number":
            yield field, "only a number has this; take it out, or make the type number"
    for kind_of_asset in question.only_for:
        if kind_of_asset not in asset_types:
            yield "only_for", f"no asset type is called {kind_of_asset!r}"
    yield from _choosing(question, asset_types)
    for field in ("required_unless", "required_when"):
        if question.required and getattr(question, field):
            yield field, "it is required always; take this out or write required: false"


def _choosing(question: Question, asset_types: Mapping[str, AssetType]) -> Iterator[Fault]:
    if question.type in {"asset-ref", "asset-list"}:
        if question.asset_type not in asset_types:
            yield "asset_type", f"no asset type is called {question.asset_type!r}"
    elif question.asset_type:
        yield "asset_type", "only a question that chooses assets has this; take it out"


def _passing(question: Question, numbers: set[str]) -> Iterator[Fault]:
    rule = question.pass_
    if rule is None:
        if question.critical:
            yield "critical", "nothing can fail it; add a pass rule, or take critical out"
        return
    operators = rule.operators()
    if len(operators) != 1:
        yield "pass", "compare in exactly one way (equals, in, at_least, at_most, between or equals_question)"
        return
    if operators[0] not in _FITTING.get(question.type, set()):
        yield "pass", f"{operators[0]} does not fit a question of the type {question.type}"
        return
    if words := _wrong_value(question, rule, numbers):
        yield "pass", words


def _wrong_value(question: Question, rule: PassRule, numbers: set[str]) -> str | None:
    if question.type == "pass-fail" and rule.equals != "pass":
        return "write equals: pass"
    if question.type == "boolean" and not isinstance(rule.equals, bool):
        return "write equals: true or equals: false"
    if rule.in_ is not None and not set(rule.in_) <= set(question.options or []):
        return "in names something that is not one of the options"
    if rule.between is not None and rule.between[0] > rule.between[1]:
        return "between needs the smaller number first"
    if rule.equals_question is not None and rule.equals_question not in numbers - {question.key}:
        return f"equals_question points to {rule.equals_question!r}, which is no other number on this form"
    return None
