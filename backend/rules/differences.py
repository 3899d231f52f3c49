"""What changed between two revisions of a check, in words that the person approving it can read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# Entries of a list that have a name are compared by it, so that moving one does not look like changing all.
_NAMES = ("key", "when", "url", "fact")
_NOUNS = {"questions": "question", "variants": "variant", "sources": "source", "applies": "applies to"}
_MISSING = object()


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: where, what it was, what it is now. ``None`` means that there was (or is) nothing."""

    path: str
    before: str | None
    after: str | None

    def __str__(self) -> str:
        if self.before is None:
            return f"{self.path}: added {self.after}"
        if self.after is None:
            return f"{self.path}: removed, was {self.before}"
        return f"{self.path}: was {self.before}, now {self.after}"


def diff(old_content: Mapping[str, Any], new_content: Mapping[str, Any]) -> list[Change]:
    """Every difference between two published contents, in the order in which the new one is written."""
    return list(_changes("", dict(old_content), dict(new_content)))


def _changes(path: str, old: Any, new: Any) -> Iterator[Change]:
    if old is not _MISSING and new is not _MISSING and old == new and isinstance(old, bool) == isinstance(new, bool):
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*new, *(key for key in old if key not in new)]:
            word = key.replace("_", " ")
            yield from _changes(f"{path}, {word}" if path else word, old.get(key, _MISSING), new.get(key, _MISSING))
    elif isinstance(old, list) and isinstance(new, list) and (name := _name_of(old, new)):
        yield from _named_changes(path, name, old, new)
    else:
        yield Change(path, _in_words(old), _in_words(new))


def _named_changes(path: str, name: str, old: list[Any], new: list[Any]) -> Iterator[Change]:
    before = {entry[name]: entry for entry in old}
    after = {entry[name]: entry for entry in new}
    noun = _NOUNS.get(path, path)
    for key in [*after, *(key for key in before if key not in after)]:
        yield from _changes(f"{noun} {key}", before.get(key, _MISSING), after.get(key, _MISSING))
    if [key for key in before if key in after] != [key for key in after if key in before]:
        yield Change(f"order of {path}", ", ".join(map(str, before)), ", ".join(map(str, after)))


def _name_of(old: list[Any], new: list[Any]) -> str | None:
    entries = [*old, *new]
    for name in _NAMES:
        named = entries and all(isinstance(entry, dict) and name in entry for entry in entries)
        if named and all(len({entry[name] for entry in side}) == len(side) for side in (old, new)):
            return name
    return None


def _in_words(value: Any) -> str | None:
    if value is _MISSING or value is None:
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(_in_words(entry)) for entry in value) or "nothing"
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
