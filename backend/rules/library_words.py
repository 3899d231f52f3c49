"""The statutory library's own words that pages need all the time: disciplines, and the facts of a kind of asset.

Read apart from the library itself, which is checked as a whole by a library of 15 MB: a web process has no use for that. The
files were checked when they were published; a test holds both readings equal.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
CHECKS = "\nchecks:"


@dataclass(frozen=True, slots=True)
class FactWords:
    """A fact's label, its type ("number" …), its unit, what may be chosen, and its limits (of a text, how many letters).

    `since` is the date since which a number counts whole years by itself.
    """

    key: str
    label: str
    type: str
    unit: str | None
    options: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    since: str | None = None


@dataclass(frozen=True, slots=True)
class LibraryWords:
    """Discipline key -> title, in the library's order; kind of asset -> fact key -> the fact's words."""

    disciplines: dict[str, str]
    facts: dict[str, dict[str, FactWords]] = field(default_factory=dict)


def read_words(folder: Path) -> LibraryWords:
    """Read the part of each discipline's file that stands before its checks. A few hundredths of a second."""
    heads = []
    for path in sorted(folder.glob("*.yaml")):
        text, found, _ = path.read_text(encoding="utf-8").partition(CHECKS)
        if found and (head := yaml.load(text, Loader=LOADER)) and "discipline" in head:  # noqa: S506  a safe loader
            heads.append(head)
    heads.sort(key=lambda head: head["order"])
    facts = {
        str(kind["key"]): {str(fact["key"]): words_of(fact) for fact in kind.get("facts", [])}
        for head in heads
        for kind in head.get("asset_types") or []
    }
    return LibraryWords({head["discipline"]: head["title"] for head in heads}, facts)


def words_of(fact: dict[str, Any]) -> FactWords:
    """A fact as its file says it."""
    options = tuple(fact.get("options", ()))
    limits = fact.get("least"), fact.get("most"), fact.get("since")
    return FactWords(fact["key"], fact["label"], fact["type"], fact.get("unit"), options, *limits)
