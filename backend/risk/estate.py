"""The files of `schedules/estate/`, read once per process and only when somebody needs them."""

from functools import cache
from pathlib import Path

from django.conf import settings

from backend.rules.estate import Estate, read_estate


@cache
def estate() -> Estate:
    """Elements, lives, bands, steps and assumptions."""
    return read_estate(Path(settings.ROOT) / "schedules")
