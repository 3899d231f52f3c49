"""What was typed into the search, and what is found by it: what every searcher takes and gives."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.db.models import Case, Q, QuerySet, When

from backend.rules.tagcode import from_text

LONGEST: Final = 100  # letters
MOST_WORDS: Final = 6


@dataclass(frozen=True, slots=True)
class Sought:
    """What was typed: as it stands, its words, and the label's code that it is (or was misread from), if it is one."""

    text: str
    words: tuple[str, ...]
    code: str | None
    figures: str


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: what it is called, what tells it from others, its page; `exact` when the text is its own label."""

    title: str
    href: str
    detail: str = ""
    exact: bool = False


def sought(text: str) -> Sought:
    """What was typed, made ready. U is read as V: no code has one."""
    plain = " ".join(text.replace("\x00", "").split())[:LONGEST]
    read = from_text(plain, settings.LABEL_HOSTS)
    if read.code is None and len(plain) < 20:
        read = from_text(plain.upper().replace("U", "V"), settings.LABEL_HOSTS)
    figures = re.sub(r"\s", "", plain)
    return Sought(plain, tuple(plain.split()[:MOST_WORDS]), read.code, figures if figures.isascii() and figures.isdigit() else "")


def every_word(words: Iterable[str], *paths: str) -> Q:
    """Rows in which every word stands somewhere, the first of the paths holding at least one of them."""
    wanted, named = Q(), Q()
    for word in words:
        anywhere = Q()
        for path in paths:
            anywhere |= Q(**{f"{path}__icontains": word})
        wanted &= anywhere
        named |= Q(**{f"{paths[0]}__icontains": word})
    return wanted & named if len(paths) > 1 else wanted


def best_first(rows: QuerySet[Any], text: str, path: str = "name") -> QuerySet[Any]:
    """Those that begin with the text first, then by name."""
    begins = Case(When(**{f"{path}__istartswith": text}, then=0), default=1)
    return rows.order_by(begins, path, "pk")
