"""The statements of the annual return, as `schedules/estate/standards.yaml` says them, and how positions are judged. Pure."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MET, PARTLY, NOT_MET, UNKNOWN = "met", "partly", "not-met", "unknown"
POSITIONS: Final[Mapping[str, str]] = {MET: "Met", PARTLY: "Partly met", NOT_MET: "Not met", UNKNOWN: "Not known"}
RANK: Final = {NOT_MET: 0, UNKNOWN: 0, PARTLY: 1, MET: 2}
HIGH, MEDIUM, LOW = "high", "medium", "low"
BEGINS_IN: Final = 7  # from July on it is the return of that autumn


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: its area and level, what it asks in our words, what evidence there may be of it, whose it usually is."""

    key: str
    area: str
    level: str
    title: str
    asks: str
    owner: str
    evidence: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Standards:
    """Everything that the file says."""

    edition: str
    official: bool
    note: str
    levels: Mapping[str, str]
    areas: Mapping[str, str]
    statements: tuple[Statement, ...]


def read_standards(schedules: Path) -> Standards:
    """Read the file. Raises KeyError for a slip in it: it is part of the program, and tested."""
    text = (schedules / "estate" / "standards.yaml").read_text(encoding="utf-8")
    said = yaml.load(text, Loader=LOADER)  # noqa: S506  a safe loader
    return Standards(
        edition=said["edition"],
        official=said["official_wording"],
        note=said["note"],
        levels={each["key"]: each["title"] for each in said["levels"]},
        areas={each["key"]: each["title"] for each in said["areas"]},
        statements=tuple(Statement(**{**each, "evidence": tuple(each["evidence"])}) for each in said["statements"]),
    )


def year_of(day: dt.date) -> int:
    """Which autumn's return a day belongs to: from July on that year's, before it the one of the year before."""
    return day.year if day.month >= BEGINS_IN else day.year - 1


def position_of(counts: Sequence[tuple[int, int] | None]) -> str:
    """What evidence supports: (how many there are, how many there should be) of each sort; None: nothing in the data can show it.

    Met when every sort is there whole; not met when nothing of any is; not known when there is no evidence at all.
    """
    shown = [each for each in counts if each is not None and each[1] > 0]
    if not shown or len(shown) < len([each for each in counts if each is not None]):
        return UNKNOWN if not any(there for there, _ in shown) else PARTLY
    if all(there >= wanted for there, wanted in shown):
        return MET
    return PARTLY if any(there for there, _ in shown) else NOT_MET


def confidence(supported: str, said: str) -> str:
    """How sure one may be of a position that was said: low when it is better than what the evidence supports."""
    if RANK[said] > RANK[supported] and supported != UNKNOWN:
        return LOW
    if supported == UNKNOWN:
        return MEDIUM
    return HIGH if said == supported else MEDIUM


def level_reached(levels: Sequence[str], positions: Mapping[str, Sequence[str]]) -> str:
    """The highest level of which every statement, and every one of the levels below, is met; "" for none."""
    reached = ""
    for level in levels:
        if any(each != MET for each in positions.get(level, ())):
            return reached
        reached = level
    return reached
