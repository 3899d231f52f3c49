"""A second opinion on when a check is due: slow, naive, written from the text of DUE_ENGINE.md alone.

It shares no code with `backend/rules/` and was written without reading it. Where the text leaves room, this is how it
was read:

 1. Default `warn_days` is rounded down: 14 days give 4; a month counts as 30 days.
 2. "14 days before that" (before-term-start): before the last open day, not before the term's first day.
 3. A slot that is not owed (its due_on is paused) is no slot for a completion either, gives no lapse and no due_on.
    So a pause without end gives due_on null once no owed slot is left.
 4. A group of n terms is made of the days of its terms: the holidays between them are none of its days, though work
    done in them serves it.
 5. Only term groups and day groups can be left incomplete: weeks, months and years do not come from the school.
 6. "One interval before starts_on" is counted back in calendar units, clipped; a term as four months.
 7. "Lapsed since the last completion": the slot closed on the day of that completion or later. Days that do not
    count as completions (rule 4, too early) come before every slot, so it does not matter whether they clear.
 8. "Paused after having become so": some unpaused day before, since the last completion, had the status overdue.
    Under the calendar a slot may lapse inside a pause while overdue_since is still null.
 9. "Never before a completion would count": not before the window opens, not before one interval before starts_on,
    and not on the day of the last completion, since all completions of one day are one. From completion, before the
    start: the first day that would lead to a date on or after starts_on (rule 7).
10. From completion, where the calendar knows no open day any more, a closed date stands.
11. The anniversary of a date that waits for the first open day after it is that open day. Work after a date brought
    forward, but before the date it was brought forward from, comes after due_on, so it counts on its real day.
12. The date that a completion before starts_on leads to is the one after rule 5. A completion that leads to a date
    before starts_on is passed over; an older one that leads to a later date still counts.
13. Work on the very day of rule 8's lapse is late: the lapse stays.
14. Extra occupied days are open even on a bank holiday or a closure day.
15. Nothing due (null) and nothing lapsed since the last completion is in-date.
16. Two terms whose work before them is owed by the same day are two slots and one lapse.
17. A stated date lies after its report's own day; others are for the caller to refuse and are not compared.
18. INSET, closure, bank holiday and occupied days may be given as a day or as a span of days.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from tests.rules.oracle_dates import FromCompletion
from tests.rules.oracle_days import ONE_DAY, Days, Pauses, as_date, is_paused, plus, read_pauses
from tests.rules.oracle_slots import ByCalendar

UNITS = {"day": 1, "week": 7, "month": 30, "term": 120, "year": 365}
CALENDARS = {"year-round", "when-occupied", "term-time", "once-per-term", "before-term-start", "seasonal"}


def answer(case: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to one case: due_on, status, overdue_since, lapses; or only `refused`, with the reason."""
    return answers(case, [as_date(case["today"])])[0]


def answers(case: Mapping[str, Any], todays: Iterable[date]) -> list[dict[str, Any]]:
    """The answers on several days, none before the last completion."""
    reason = refusal(case["rule"])
    if reason:
        return [{"refused": reason} for _ in todays]
    todays = list(todays)
    done = read_done(case)
    story = told(case, done, max(todays))
    last = max((day for day, _ in done), default=None)
    return [on_day(story, read_pauses(case), last, today) for today in todays]


def told(case: Mapping[str, Any], done: list[tuple[date, date | None]], until: date) -> ByCalendar | FromCompletion:
    """The plan's story so far, by the way its rule counts."""
    rule = read_rule(case["rule"])
    days = Days.read(rule, case.get("calendar") or {})
    starts_on, pauses = as_date(case["starts_on"]), read_pauses(case)
    if rule["counts"] == "completion":
        return FromCompletion.read(rule, days, starts_on, done, pauses)
    known = [until, starts_on] + [day for day, _ in done] + [last for _, last in days.terms]
    known += [bound for pause in pauses for bound in pause if bound is not None]
    horizon = plus(max(known), 2 * rule["every"], rule["unit"]) + (rule["early_days"] + 800) * ONE_DAY
    return ByCalendar.read(rule, days, starts_on, [day for day, _ in done], pauses, horizon)


def on_day(story: ByCalendar | FromCompletion, pauses: Pauses, last: date | None, today: date) -> dict[str, Any]:
    """'Status on a day': paused, else overdue, else due, else due-soon, else in-date."""
    due_on, soon_from = story.due_on(today), story.soon_from(today)
    since = story.overdue_since(today)
    if is_paused(pauses, today):
        status = "paused"
        since = before_pause(story, pauses, last, today)
    elif since is not None:
        status = "overdue"
    elif due_on is not None and today > due_on:
        status = "due"
    elif soon_from is not None and today >= soon_from:
        status = "due-soon"
    else:
        status = "in-date"
    return {"due_on": due_on, "status": status, "overdue_since": since, "lapses": sorted(set(story.lapses(today)))}


def before_pause(story: ByCalendar | FromCompletion, pauses: Pauses, last: date | None, today: date) -> date | None:
    """'Null unless overdue (or paused after having become so)': ask the last unpaused day before today."""
    first = min(first for first, _ in pauses) - ONE_DAY  # before the first pause at the latest
    day = today
    while is_paused(pauses, day) and day >= first:
        day -= ONE_DAY
    return None if last is not None and day < last else story.overdue_since(day)


def read_done(case: Mapping[str, Any]) -> list[tuple[date, date | None]]:
    """Completions as (day, stated next date); the bare key `on` is true in YAML."""
    found = []
    for entry in case.get("done") or []:
        if isinstance(entry, Mapping):
            stated = entry.get("stated_next")
            on = entry["on"] if "on" in entry else entry[True]
            found.append((as_date(on), None if stated is None else as_date(stated)))
        else:
            found.append((as_date(entry), None))
    return found


def read_rule(given: Mapping[str, Any]) -> dict[str, Any]:
    """The rule with its defaults filled in."""
    rule = {"early_days": 0, "late_days": 0, "keeps_anniversary": False, "maximum": None, **given}
    if rule["clock"] == "legal":
        rule["late_days"] = 0
    if rule.get("warn_days") is None:
        rule["warn_days"] = min(28, rule["every"] * UNITS[rule["unit"]] // 3)
    if rule["maximum"]:
        rule["maximum"] = (rule["maximum"]["every"], rule["maximum"]["unit"])
    return rule


def refusal(rule: Mapping[str, Any]) -> str | None:
    """Why the text does not allow this rule, or None."""
    if rule["every"] < 1:
        return "an interval of nothing"
    if rule["counts"] == "completion" and rule["unit"] == "term":
        return "term with counts: completion"
    once_a_term = rule["every"] == 1 and rule["unit"] == "term" and rule["counts"] == "calendar"
    if rule["calendar"] in ("once-per-term", "before-term-start") and not once_a_term:
        return f"{rule['calendar']} goes with every 1 term by the calendar only"
    if rule["calendar"] not in CALENDARS or rule["unit"] not in UNITS:
        return "unknown calendar or unit"
    if rule["calendar"] == "seasonal" and not rule.get("season"):
        return "seasonal without a season"
    return None
