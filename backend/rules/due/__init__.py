"""The due engine: when something is owed, how it stands, what lapsed and why. Pure dates: no database, no clock.

The rules are fixed in `DUE_ENGINE.md`; `fixtures/cases/due.yaml` holds the cases that show them.
"""

from backend.rules.due.ahead import Occurrence, ahead, latest_lawful
from backend.rules.due.cases import run_cases
from backend.rules.due.done import Done
from backend.rules.due.going_on import Further, Kept, basis, go_on
from backend.rules.due.interval import Interval, Unit
from backend.rules.due.pauses import Pause
from backend.rules.due.reasons import Explanation, explain
from backend.rules.due.rule import Clock, Counts, Rule, RuleRefused
from backend.rules.due.standing import State, Window, lapses, state, stored_dates, windows, would_count
from backend.rules.due.status import NOTHING_OWED, Status, StoredDates, once, status_on

__all__ = [
    "NOTHING_OWED",
    "Clock",
    "Counts",
    "Done",
    "Explanation",
    "Further",
    "Interval",
    "Kept",
    "Occurrence",
    "Pause",
    "Rule",
    "RuleRefused",
    "State",
    "Status",
    "StoredDates",
    "Unit",
    "Window",
    "ahead",
    "basis",
    "explain",
    "go_on",
    "lapses",
    "latest_lawful",
    "once",
    "run_cases",
    "state",
    "status_on",
    "stored_dates",
    "windows",
    "would_count",
]
