"""Reading a JSON body: what PostgreSQL or the arithmetic could not hold is refused here, once, with its place named."""

import json
from collections.abc import Iterator, Mapping
from typing import IO, Any

from django.core.exceptions import RequestDataTooBig
from rest_framework.parsers import BaseParser

from backend.core.problems import Problem

LARGEST_BODY = 2 * 1024 * 1024
LARGEST_NUMBER = 10**15
DEEPEST = 24


class SoundJSON(BaseParser):
    """`application/json`, at most 2 MB and 24 levels deep, of text and numbers that can be kept."""

    media_type = "application/json"

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        """The body as data. Raises Problem (400) naming the place of what cannot be kept, RequestDataTooBig past 2 MB."""
        raw = stream.read(LARGEST_BODY + 1)
        if len(raw) > LARGEST_BODY:
            raise RequestDataTooBig
        try:
            data = json.loads(raw, parse_constant=_not_json)
        except RecursionError as deep:
            raise Problem("malformed", f"The JSON is nested more than {DEEPEST} levels deep.") from deep
        except ValueError as wrong:  # also UnicodeDecodeError, and a whole number of thousands of digits
            raise Problem("malformed", f"The body is not JSON that can be read: {str(wrong)[:200]}.") from wrong
        if faults := dict(_faults(data, "", 0)):
            raise Problem("malformed", "Some of what was sent cannot be kept.", fields=faults)
        return data


def _not_json(name: str) -> Any:
    raise ValueError(f"{name} is not a number in JSON")


def _faults(value: Any, place: str, depth: int) -> Iterator[tuple[str, str]]:
    """(place, what is wrong there) for everything in a parsed body that cannot be kept."""
    here = place[:200] or "body"
    if depth > DEEPEST:
        yield here, f"This is nested more than {DEEPEST} levels deep."
    elif isinstance(value, dict | list):
        inner = value.items() if isinstance(value, dict) else enumerate(value)
        for name, each in inner:
            if fault := _fault(name):
                yield here, f"A name in it: {fault}"
            else:
                yield from _faults(each, f"{place}.{name}" if place else str(name), depth + 1)
    elif fault := _fault(value):
        yield here, fault


def _fault(value: Any) -> str:
    """Why a text or a number cannot be kept (infinity among them); empty when it can."""
    if isinstance(value, int | float):
        return "" if abs(value) <= LARGEST_NUMBER else "This number is too large."
    if isinstance(value, str) and "\x00" in value:
        return "It holds a NUL character, which cannot be kept."
    if isinstance(value, str) and any("\ud800" <= letter <= "\udfff" for letter in value):
        return "It holds half a character (a lone surrogate), which cannot be kept."
    return ""
