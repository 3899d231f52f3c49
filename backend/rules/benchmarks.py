"""The lines by which the Department for Education compares what academies spend and take in: read from schedules/finance/."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
FOLDER: Final = "finance"
CODE: Final = re.compile(r"BA[BEI]\d{3}")


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A line: its code (BAE spending, BAI income, BAB balances), name, category, and a maintained school's line (CFR)."""

    code: str
    name: str
    category: str = ""
    cfr: str = ""


@dataclass(frozen=True, slots=True)
class Benchmarks:
    """An edition of the lines, by their codes, and where it comes from."""

    edition: str
    source: str
    lines: dict[str, Benchmark]


def read_benchmarks(schedules: Path) -> Benchmarks:
    """The lines of the file in `schedules`. Raises ValueError for a code that is none, or that comes twice."""
    told = yaml.load((schedules / FOLDER / "benchmarks.yaml").read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506  a safe loader
    found: dict[str, Benchmark] = {}
    for each in told["lines"]:
        line = Benchmark(**each)
        if not CODE.fullmatch(line.code) or line.code in found:
            raise ValueError(f"{line.code} is no code of a line, or comes twice")
        found[line.code] = line
    return Benchmarks(told["edition"], told["source"], found)
