"""The files of `schedules/estate/`, read once per process and only when somebody needs them."""

from functools import cache
from pathlib import Path

from django.conf import settings

from backend.rules.capital import Funding, read_funding
from backend.rules.estate import Estate, read_estate
from backend.rules.standards import Standards, read_standards


@cache
def estate() -> Estate:
    """Elements, lives, bands, steps and assumptions."""
    return read_estate(Path(settings.ROOT) / "schedules")


@cache
def standards() -> Standards:
    """The statements of the annual return."""
    return read_standards(Path(settings.ROOT) / "schedules")


@cache
def funding() -> Funding:
    """Who pays for large works, and what a bid is judged by."""
    return read_funding(Path(settings.ROOT) / "schedules")
