"""What the library says of a check, in the words of a page: how often, how strictly, by whom, under which law."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from backend.checks.models import CheckRevision
from backend.rules.due import Rule, RuleRefused

CLOCKS = {
    "legal": "A legal maximum: no days of grace, overdue the next day.",
    "standard": "A standard's interval: judged on the pattern, a little early or late is accepted.",
    "risk-based": "The trust's own choice, by risk.",
}
CALENDARS = {
    "year-round": "all year",
    "when-occupied": "only while the site is occupied",
    "term-time": "in term time",
    "once-per-term": "once in each term",
    "before-term-start": "before each term starts",
    "seasonal": "in its season",
}
WEIGHTS = {1: "paperwork", 2: "cost", 3: "injury", 4: "serious injury", 5: "life safety"}
STANDINGS = {
    "statutory": "Required by law",
    "statutory-derived": "How the law's duty is usually met",
    "good-practice": "Good practice",
}
LEVELS = {
    "in-house": "Anybody on the staff",
    "trained-in-house": "Somebody on the staff who is trained for it",
    "competent-contractor": "A competent contractor",
}


@dataclass(slots=True)
class About:
    """A check as published, in words; lists are empty and texts blank where the library says nothing."""

    revision: CheckRevision
    often: str = "Once"
    clock: str = ""
    windows: str = ""
    calendar: str = ""
    standing: str = ""
    who: str = ""
    who_detail: str = ""
    accreditations: list[str] = field(default_factory=list)
    weight: str = ""
    risk: str = ""

    @property
    def content(self) -> Mapping[str, Any]:
        """What was published: `law`, `standards`, `sources`, `verified_note`, `keep_records` …"""
        published: Mapping[str, Any] = self.revision.content
        return published


def about(revision: CheckRevision | None, rule: Mapping[str, Any] | None) -> About | None:
    """What is known of a check under `rule` (a plan's own, or None for a one-off); None when it was never published."""
    if revision is None:
        return None
    content = revision.content
    competence, risk = content.get("competence", {}), content.get("risk", {})
    said = About(
        revision,
        standing=STANDINGS.get(content.get("standing", ""), ""),
        who=LEVELS.get(competence.get("level", ""), ""),
        who_detail=competence.get("detail", ""),
        accreditations=competence.get("accreditations", []),
        weight=WEIGHTS.get(risk.get("weight", 0), ""),
        risk=risk.get("reason", ""),
    )
    if rule:
        tell_rule(said, rule)
    return said


def tell_rule(said: About, rule: Mapping[str, Any]) -> None:
    """Put the rule into words."""
    try:
        often = Rule.from_mapping(rule).in_words()
    except RuleRefused:
        often = "not readable"
    said.often = often[0].upper() + often[1:]
    said.clock = CLOCKS.get(rule.get("clock", ""), "")
    said.calendar = CALENDARS.get(rule.get("calendar", ""), "")
    early, late = rule.get("early_days", 0), rule.get("late_days", 0)
    if early or late:
        said.windows = f"Counts from {early} days before to {late} days after the day it is due."
