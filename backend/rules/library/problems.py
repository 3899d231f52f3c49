"""What is wrong with the library, said so that whoever edited the file can put it right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails


@dataclass(frozen=True, slots=True)
class LibraryProblem:
    """One thing that is wrong: in which file, in which check (or other entry), which field, and what to do."""

    file: str
    code: str
    field: str
    words: str

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.code, self.field) if part)
        return f"{self.file}: {place}: {self.words}" if place else f"{self.file}: {self.words}"


class LibraryError(ValueError):
    """The library cannot be used as it stands; ``problems`` holds everything that is wrong, not only the first."""

    def __init__(self, problems: Iterable[LibraryProblem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        head = "1 thing is wrong" if count == 1 else f"{count} things are wrong"
        super().__init__("\n".join([f"{head} in the library:", *(f"  {problem}" for problem in self.problems)]))


def problems_of(error: ValidationError, file: str, code: str) -> Iterator[LibraryProblem]:
    """Pydantic's complaint about one entry, in plain words, one problem for each field."""
    seen: set[str] = set()
    for detail in error.errors(include_url=False):
        field = _field(detail)
        if field not in seen:
            seen.add(field)
            yield LibraryProblem(file, code, field, _words(detail))


def _field(detail: ErrorDetails) -> str:
    # A field of several kinds (true, a number or a word) is reported once for each, with the kind at the end.
    kinds = {"bool", "int", "float", "str"}
    parts = [part for part in detail["loc"] if part not in kinds]
    return ".".join(str(part + 1) if isinstance(part, int) else part.rstrip("_") for part in parts)


def _words(detail: ErrorDetails) -> str:
    kind, given = detail["type"], detail["input"]
    context = detail.get("ctx", {})
    if kind == "missing":
        return "is missing; add it"
    if kind == "extra_forbidden":
        return "is not a field of the library; correct its spelling or take it out"
    if kind == "literal_error":
        return f"is {given!r}; write one of {context.get('expected')}"
    if kind == "string_pattern_mismatch" and "http" in str(context.get("pattern")):
        return f"is {given!r}; write the full address, beginning with https://"
    return f"is {given!r}; {detail['msg'][:1].lower()}{detail['msg'][1:]}"
