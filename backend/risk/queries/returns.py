"""The annual return as it stands: each statement with what the evidence supports, what is said, the gap, whose it is."""

import datetime as dt
from typing import Any

from backend.risk.estate import standards
from backend.risk.models import ReturnAnswer
from backend.risk.queries.shown import Evidence
from backend.rules.standards import NOT_MET, POSITIONS, UNKNOWN, Statement, confidence, level_reached, position_of, year_of
from backend.trust.models import Person

Figures = dict[str, Any]


def return_of(person: Person, day: dt.date) -> Figures:
    """The return of a day's year, as plain figures: what the page shows and a signature freezes."""
    year, said, shown = year_of(day), standards(), Evidence(person, day)
    answers = newest_answers(year)
    rows = [row_of(each, shown, answers.get(each.key)) for each in said.statements]
    by_level: dict[str, list[str]] = {}
    for row in rows:
        by_level.setdefault(row["level"], []).append(row["counts_as"])
    return {
        "year": year, "day": day.isoformat(), "edition": said.edition, "official": said.official, "note": said.note,
        "levels": [{"key": key, "title": title, **level_sums(by_level.get(key, []))} for key, title in said.levels.items()],
        "areas": dict(said.areas), "reached": level_reached(list(said.levels), by_level), "statements": rows,
        "unanswered": sum(1 for row in rows if not row["said"]),
    }  # fmt: skip


def level_sums(positions: list[str]) -> Figures:
    """How many statements of a level there are, and how many are met."""
    return {"statements": len(positions), "met": positions.count("met")}


def row_of(statement: Statement, shown: Evidence, answer: ReturnAnswer | None) -> Figures:
    """One statement: what the evidence supports, what was said. Unsaid, it counts as the evidence; unknown as not met."""
    found = [shown.of(each) for each in statement.evidence]
    supported = position_of([each.counts for each in found])
    said = answer.position if answer else ""
    counts_as = said or (NOT_MET if supported == UNKNOWN else supported)
    return {
        "key": statement.key, "area": statement.area, "level": statement.level, "title": statement.title, "asks": statement.asks,
        "supported": supported, "said": said, "counts_as": counts_as, "position": POSITIONS[counts_as],
        "confidence": confidence(supported, said) if said else "", "gap": answer.gap if answer else "",
        "owner": str(answer.owner) if answer and answer.owner else "", "usual_owner": statement.owner,
        "evidence": [
            {"words": each.words, "link": each.link, "there": each.there, "wanted": each.wanted, "can_show": each.can_show}
            for each in found
        ],
    }  # fmt: skip


def newest_answers(year: int) -> dict[str, ReturnAnswer]:
    """Statement -> what was said of it last for a year. One query."""
    rows = ReturnAnswer.objects.filter(year=year).select_related("owner").order_by("made_at", "pk")
    return {each.statement: each for each in rows}


def positions_in(before: Figures | None) -> dict[str, str]:
    """Statement -> its position in an earlier return; nothing where there is none."""
    return {each["key"]: each["counts_as"] for each in before["statements"]} if before else {}
