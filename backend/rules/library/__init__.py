"""The statutory library: what each check is, read from ``schedules/`` and checked as a whole.

``read_library(folder)`` gives everything; ``Check.content()`` is what is published, ``Check.digest()`` names it, and
``diff`` says what changed. ``applies_to`` and ``rule_for`` read published content for one asset's facts.
"""

from backend.rules.library.changes import Change, diff
from backend.rules.library.conditions import applies_to, condition_holds, rule_for
from backend.rules.library.entries import (
    AssetType,
    Check,
    Condition,
    Discipline,
    Document,
    Fact,
    Form,
    PassRule,
    Question,
    RemedialCode,
    Scheme,
    Source,
    Variant,
    digest,
)
from backend.rules.library.problems import LibraryError, LibraryProblem
from backend.rules.library.reading import Library, read_library

__all__ = [
    "AssetType",
    "Change",
    "Check",
    "Condition",
    "Discipline",
    "Document",
    "Fact",
    "Form",
    "Library",
    "LibraryError",
    "LibraryProblem",
    "PassRule",
    "Question",
    "RemedialCode",
    "Scheme",
    "Source",
    "Variant",
    "applies_to",
    "condition_holds",
    "diff",
    "digest",
    "read_library",
    "rule_for",
]
