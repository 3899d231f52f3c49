"""What the codes of reports mean: how bad, until when, and whether the thing may be used meanwhile. Pure: dates in, dates out.

The codes stand in `schedules/remedial-codes.yaml`, with their sources. Days that no code sets are the trust's own habit.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
FILE: Final = "remedial-codes.yaml"
AT_ONCE, AFTER_DEADLINE, NEVER = "at-once", "after-deadline", "never"
USUAL_DAYS: Final[Mapping[str, int]] = {"high": 7, "medium": 28, "low": 90}
"""Days to put something right by how bad it is, where neither a code nor a report says. A common choice, not law."""


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a scheme.

    `days` is the usual time to put it right, None when there is none. `set_by` says who sets the deadline: "law" or "stated"
    (by the report, which must give its date), "" when it is the trust's to choose. `stop_use`: at-once, after-deadline, never.
    `fails_report`: a report with this code is unsatisfactory as a whole, as BS 7671's C1, C2 and FI make it.
    """

    scheme: str
    code: str
    meaning: str
    effect: str
    severity: str
    days: int | None
    set_by: str
    stop_use: str
    fails_report: bool = False

    @property
    def unsafe(self) -> bool:
        """Whether it is dangerous from the moment it was found."""
        return self.stop_use == AT_ONCE


@dataclass(frozen=True, slots=True)
class Scheme:
    """The codes that one kind of report uses, in their order, the gravest first; its discipline's key."""

    key: str
    title: str
    discipline: str
    codes: Mapping[str, Code]


@dataclass(frozen=True, slots=True)
class Dates:
    """What a code asks for: put right by `target_on` (None: no date), fixed or not; made safe by `safe_by`; not used from."""

    target_on: dt.date | None
    fixed: bool
    safe_by: dt.date | None
    do_not_use_from: dt.date | None


def read_schemes(folder: Path) -> dict[str, Scheme]:
    """Every scheme of the library's folder by its key. The file itself is checked when the library is published."""
    said = yaml.load((folder / FILE).read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506  a safe loader
    return {each["key"]: scheme_of(each) for each in said["schemes"]}


def scheme_of(said: Mapping[str, Any]) -> Scheme:
    """One scheme as the file says it."""
    codes = [code_of(said["key"], each) for each in said.get("codes") or []]
    return Scheme(said["key"], said["title"], said.get("discipline", ""), {each.code: each for each in codes})


def code_of(scheme: str, said: Mapping[str, Any]) -> Code:
    """One code as the file says it."""
    return Code(
        scheme=scheme,
        code=str(said["code"]),
        meaning=said["meaning"],
        effect=said.get("effect") or "",
        severity=said.get("severity") or "medium",
        days=said.get("days"),
        set_by=said.get("deadline") or "",
        stop_use=said.get("stop_use") or NEVER,
        fails_report=bool(said.get("fails_report")),
    )


def dates_for(code: Code, found_on: dt.date, stated: dt.date | None = None) -> Dates:
    """The dates that a code asks for. `stated` is the date in the report, which goes before every other and cannot be moved.

    Raises ValueError when the report must state a date and none is given, or states one before it was found.
    """
    if stated is not None and stated < found_on:
        raise ValueError("The date in the report is before the day it was found.")
    if code.set_by == "stated" and stated is None:
        raise ValueError(f"The report says by when {code.code} must be put right. Give that date.")
    usual = found_on + dt.timedelta(days=code.days) if code.days is not None else None
    target = stated or usual
    fixed = stated is not None or (code.set_by == "law" and target is not None)
    return Dates(target, fixed, found_on if code.unsafe else None, barred_from(code, found_on, target))


def barred_from(code: Code, found_on: dt.date, target: dt.date | None) -> dt.date | None:
    """The first day on which the thing must not be used until it is put right; None: it may go on being used."""
    if code.stop_use == AT_ONCE:
        return found_on
    if code.stop_use == AFTER_DEADLINE and target:
        return target + dt.timedelta(days=1)
    return None


def usual_target(severity: str, found_on: dt.date) -> dt.date:
    """By when something that no code speaks of is put right, as a proposal. KeyError for an unknown severity."""
    return found_on + dt.timedelta(days=USUAL_DAYS[severity])
