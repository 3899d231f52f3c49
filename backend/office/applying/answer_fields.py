"""A check's questions as fields of a page's form, and what is typed as answers of the check."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms

from backend.core.templatetags.words import option_word
from backend.office.applying.by_hand_forms import day_field
from backend.rules.answer_words import unit_word

FILES: Final = frozenset({"photo", "file"})
PREFIX: Final = "q-"
SEVERITY: Final = re.compile(r"^\s*(unsafe|high|medium|low)\s*[:,-]\s*(.+)$", re.IGNORECASE)
LINES_HELP: Final = {
    "defect-list": "One problem on each line, beginning with how bad it is: “high: handrail loose”. "
    "Write “unsafe:” for what must not be used.",
    "action-list": "One action on each line, beginning with how urgent it is: “high: fit a second lock”.",
}
BLANK: Final = [("", "Not answered")]


def field_of(question: Mapping[str, Any], assets: Sequence[tuple[str, str]]) -> forms.Field:
    """The field of one question. None is compulsory here: what is missing is said by the check itself."""
    label = question["label"] + ("" if question.get("required") else " (if it was noted)")
    more: dict[str, Any] = {"label": label, "required": False, "help_text": question.get("help", "")}
    kind = question["type"]
    if kind == "pass-fail":
        choices = [*BLANK, ("pass", "Pass"), ("fail", "Fail"), *([] if question.get("critical") else [("na", "Does not apply")])]
        return forms.ChoiceField(choices=choices, **more)
    if kind == "boolean":
        return forms.ChoiceField(choices=[*BLANK, ("yes", "Yes"), ("no", "No")], **more)
    if kind == "choice":
        options = [(each, option_word(each)) for each in question.get("options", ())]
        return forms.ChoiceField(choices=[*BLANK, *options], **more)
    if kind == "number":
        unit = unit_word(question.get("unit"))
        more["help_text"] = " ".join(each for each in (more["help_text"], f"In {unit}." if unit else "") if each)
        return forms.FloatField(**more)
    if kind == "date":
        return day_field(more.pop("label"), **more)
    if kind == "asset-ref":
        return forms.ChoiceField(choices=[*BLANK, *assets], **more)
    if kind == "asset-list":
        return forms.MultipleChoiceField(choices=assets, **more)
    if kind in FILES:
        return forms.FileField(**more)
    return lines_field(question, more)


def lines_field(question: Mapping[str, Any], more: dict[str, Any]) -> forms.Field:
    """Words, or a list with one entry on each line."""
    kind = question["type"]
    if kind == "table":
        more["help_text"] = "One line for each, its cells apart by | : " + " | ".join(question.get("columns", ()))
    more["help_text"] = LINES_HELP.get(kind, more["help_text"])
    rows = 2 if kind == "text" else 4
    return forms.CharField(max_length=4000, widget=forms.Textarea(attrs={"rows": rows}), **more)


def answer_of(question: Mapping[str, Any], value: Any) -> Any:
    """What was typed, as the check takes it; None when nothing was."""
    kind = question["type"]
    if value in (None, "", []) or kind in FILES:
        return None
    if kind == "boolean":
        return value == "yes"
    if kind == "number":
        return int(value) if float(value).is_integer() else value
    if kind == "date":
        return value.isoformat() if isinstance(value, dt.date) else value
    lines = [line.strip() for line in str(value).splitlines() if line.strip()]
    if kind == "defect-list":
        return [defect_of(line) for line in lines]
    if kind == "action-list":
        return [action_of(line) for line in lines]
    if kind == "table":
        columns = list(question.get("columns", ()))
        rows = [[cell.strip() for cell in line.split("|")] for line in lines]
        return [dict(zip(columns, [*row, *[""] * len(columns)], strict=False)) for row in rows]
    return value


def defect_of(line: str) -> dict[str, Any]:
    """A line as a defect; medium where it does not say."""
    found = SEVERITY.match(line)
    word, words = (found.group(1).lower(), found.group(2)) if found else ("medium", line)
    return (
        {"summary": words.strip(), "severity": "high", "unsafe": True}
        if word == "unsafe"
        else {"summary": words, "severity": word}
    )


def action_of(line: str) -> dict[str, Any]:
    """A line as an action."""
    found = SEVERITY.match(line)
    return {"action": found.group(2), "priority": found.group(1).lower()} if found else {"action": line, "priority": "medium"}


def typed_of(question: Mapping[str, Any], answer: Any) -> Any:
    """An answer that was given, as the form has it."""
    kind = question["type"]
    if answer is None or kind in FILES:
        return None
    if kind == "boolean":
        return "yes" if answer else "no"
    if kind == "defect-list":
        return "\n".join(f"{'unsafe' if each.get('unsafe') else each['severity']}: {each['summary']}" for each in answer)
    if kind == "action-list":
        return "\n".join(f"{each['priority']}: {each['action']}" for each in answer)
    if kind == "table":
        return "\n".join(" | ".join(str(row.get(column, "")) for column in question.get("columns", ())) for row in answer)
    return answer
