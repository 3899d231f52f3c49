"""What the statutory library asks to be known of each kind of asset, at hand for whoever keeps or shows it."""

import datetime as dt
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from backend.rules.asset_facts import on_day
from backend.rules.library_words import FactWords, LibraryWords, read_words


@cache
def library() -> LibraryWords:
    """The library's words, read once per process and only when somebody needs them."""
    return read_words(Path(settings.ROOT) / "schedules")


def facts_on(type_key: str, facts: Mapping[str, Any], day: dt.date) -> dict[str, Any]:
    """What is known of an asset of a kind on a day: as it was written, with the years that go by themselves."""
    return on_day(facts_asked(type_key), facts, day)


def facts_asked(type_key: str) -> dict[str, FactWords]:
    """Fact key -> its words, for a kind of asset; empty for a kind of which nothing is asked."""
    return library().facts.get(type_key, {})
