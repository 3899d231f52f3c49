"""The OpenAPI document: what drf-spectacular cannot know by itself. The one error shape is every operation's default answer."""

from collections.abc import Sequence
from typing import Any, Final

PROBLEM: Final[dict[str, Any]] = {
    "type": "object",
    "description": "What is wrong, where, and what to do.",
    "properties": {
        "code": {"type": "string", "description": "A short stable word for programs."},
        "title": {"type": "string"},
        "detail": {"type": "string", "description": "A sentence for people."},
        "fields": {
            "type": "object",
            "description": "The name of each input that is wrong (parts joined by dots), and what is wrong with it.",
            "additionalProperties": {"type": "string"},
        },
    },
    "required": ["code", "title", "detail"],
}


def without_twins(endpoints: Sequence[tuple[str, str, str, Any]], **_more: Any) -> list[tuple[str, str, str, Any]]:
    """Every address answers with a slash at its end too; the document names it once, without. (path, regex, method, view)"""
    return [each for each in endpoints if not each[0].endswith("/")]


def with_problems(result: dict[str, Any], **_more: Any) -> dict[str, Any]:
    """Add the problem as the default answer of every operation."""
    result["components"].setdefault("schemas", {})["Problem"] = PROBLEM
    answer = {
        "description": "Anything else: what is wrong, where, and what to do.",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for methods in result["paths"].values():
        for operation in methods.values():
            operation["responses"]["default"] = answer
    return result
