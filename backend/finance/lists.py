"""The files of `schedules/finance/`, read once per process and only when somebody needs them."""

from functools import cache
from pathlib import Path

from django.conf import settings

from backend.rules.benchmarks import Benchmarks, read_benchmarks


@cache
def benchmarks() -> Benchmarks:
    """The lines by which the department compares academies."""
    return read_benchmarks(Path(settings.ROOT) / "schedules")
