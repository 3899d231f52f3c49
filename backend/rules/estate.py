"""What the estate's risk and money rest on: elements, grades, lives, bands, steps and assumptions, as `schedules/estate/` says.

Pure: files in, figures out. Money is whole pence; rates are hundredths of a per cent, so that no sum meets a float.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import yaml

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
FOLDER: Final = "estate"
GRADES: Final = ("A", "B", "C", "D")
PRIORITIES: Final = (1, 2, 3, 4)
POOR: Final = frozenset({"C", "D"})


@dataclass(frozen=True, slots=True)
class Band:
    """How bad a score is: from `least` (of 25) on."""

    key: str
    title: str
    least: int


@dataclass(frozen=True, slots=True)
class Assumption:
    """A figure that is assumed until the trust sets its own. `unit`: "pence" or "hundredths of a per cent"."""

    key: str
    title: str
    unit: str
    value: int
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Consequence:
    """What can follow in law when a duty of a field of work is not kept, and what an inspector would ask."""

    key: str
    law: str
    words: str
    asks: tuple[str, ...]
    seen: bool
    source: str


@dataclass(frozen=True, slots=True)
class Single:
    """Kinds of asset that stand in for each other, and what it means when a site has one of them only."""

    group: str
    types: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Estate:
    """Everything that `schedules/estate/` says, read once."""

    elements: Mapping[str, str]
    element_lives: Mapping[str, int]
    grades: Mapping[str, str]
    priorities: Mapping[int, str]
    within_years: Mapping[int, int]
    lives: Mapping[str, int]
    survey_every_years: int
    bands: tuple[Band, ...]
    likelihood: Mapping[str, Mapping[str, int]]
    consequence: Mapping[str, Any]
    assumptions: Mapping[str, Assumption]
    consequences: Mapping[str, Consequence]
    single_points: tuple[Single, ...]
    single_person: Mapping[str, Any]

    def band(self, score: int) -> Band:
        """The band of a score, 1 to 25."""
        return next(each for each in self.bands if score >= each.least)


def read_estate(schedules: Path) -> Estate:
    """Read the folder. Raises KeyError or ValueError for a slip in a file: it is part of the program, and tested."""
    condition, risk, law = (read(schedules, name) for name in ("condition", "risk", "consequences"))
    return Estate(
        elements={each["key"]: each["title"] for each in condition["elements"]},
        element_lives={each["key"]: each["life_years"] for each in condition["elements"]},
        grades={each["key"]: each["title"] for each in condition["grades"]},
        priorities={each["key"]: each["title"] for each in condition["priorities"]},
        within_years={each["key"]: each["within_years"] for each in condition["priorities"]},
        lives=condition["lives"],
        survey_every_years=condition["survey_every_years"],
        bands=tuple(Band(**each) for each in sorted(risk["bands"], key=lambda each: -each["least"])),
        likelihood=risk["likelihood"],
        consequence=risk["consequence"],
        assumptions={each["key"]: Assumption(**each) for each in risk["assumptions"]},
        consequences={
            each["key"]: Consequence(
                each["key"], each["law"], each["consequence"], tuple(each["asks"]), each["seen"], each["source"]
            )
            for each in law["consequences"]
        },
        single_points=tuple(Single(each["group"], tuple(each["types"]), each["words"]) for each in risk["single_points"]),
        single_person=risk["single_person"],
    )


def read(schedules: Path, name: str) -> Any:
    """One file of the folder."""
    text = (schedules / FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=LOADER)  # noqa: S506  a safe loader


def rounded(amount: Fraction) -> int:
    """Whole pence, half a penny up. Rounded once, at the end of a line."""
    return int((amount * 2 + 1) // 2)


def rate(hundredths: int) -> Fraction:
    """A rate in hundredths of a per cent as a fraction: 350 is 3.5 per cent."""
    return Fraction(hundredths, 10_000)


def years_between(first: dt.date, last: dt.date) -> int:
    """Whole years from a day to a later one; none when it is not later."""
    years = last.year - first.year - ((last.month, last.day) < (first.month, first.day))
    return max(0, years)


def at_todays_prices(pence: int, priced_on: dt.date, today: dt.date, rise: int) -> int:
    """A price of a day in the prices of today: it rises by `rise` (hundredths of a per cent) for each whole year since."""
    return rounded(Fraction(pence) * (1 + rate(rise)) ** years_between(priced_on, today))


def cost_of_waiting(pence: int, adds: int) -> int:
    """What one more year's wait adds to work that costs `pence`: `adds` is in hundredths of a per cent."""
    return rounded(Fraction(pence) * rate(adds))


def hours_cost(minutes: int, hour_pence: int) -> int:
    """What so many minutes of our own people cost, in pence."""
    return rounded(Fraction(minutes * hour_pence, 60))
