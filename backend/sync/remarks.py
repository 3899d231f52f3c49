"""What is noticed about checks as they are taken in: two people did the same one, or it went quicker than it can. Never refused.

Both facts are kept; a note on the record and on the operation says it, and the office finds it among what came with a doubt.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any, Final

from backend.assets.models import Asset
from backend.checks.actions import NewRecord
from backend.checks.models import CheckRecord, Plan
from backend.checks.pace import between_buildings, shorter_than_its_wait
from backend.checks.queries.lately import asset_questions, last_records
from backend.core.days import london_date, london_time
from backend.core.templatetags.words import day
from backend.sync.models import Op
from backend.sync.work import Work

MOST_NAMED: Final = 6
Done = tuple[uuid.UUID, str, dt.datetime, Mapping[str, object]]
"""Who did it, their name, when, and what they answered."""


def remark(news: dict[Work, NewRecord]) -> None:
    """Note on each of these what is noticed about it. One query where a plan is named, one for meters and one for lists of
    things; none otherwise."""
    noticed = {
        Op.Doubt.TWICE: twice(news), Op.Doubt.PART: left_out(news), Op.Doubt.BACK: gone_back(news),
        Op.Doubt.PACE: in_a_hurry(news),
    }  # fmt: skip
    for each, new in list(news.items()):
        notes = [words for found in noticed.values() for words in found.get(each, ())]
        if notes:
            each.doubt = next(doubt.value for doubt, found in noticed.items() if each in found)
            news[each] = replace(new, notes=[*new.notes, *notes])


def gone_back(news: Mapping[Work, NewRecord]) -> dict[Work, list[str]]:
    """Readings of meters that are lower than the last one, with the words for it. One query where a meter was read."""
    read = {each: new for each, new in news.items() if new.plan and counting_up(new)}
    if not read:
        return {}
    before = last_records({new.plan.pk for new in read.values() if new.plan})
    found: dict[Work, list[str]] = defaultdict(list)
    for each, new in read.items():
        last = before.get(new.plan.pk) if new.plan else None
        if last is None or last.on > london_date(new.when.done_at):
            continue
        for key, label in counting_up(new).items():
            was, now = last.numbers.get(key), new.answers[key]
            if was is not None and isinstance(now, int | float) and now < was:
                said = f"{label}: {now} is lower than {was}, read on {day(last.on)}: mistyped, gone round, or another meter."
                found[each].append(said)
    return found


def left_out(news: Mapping[Work, NewRecord]) -> dict[Work, list[str]]:
    """Those that left out what must be on their list, with its names. One query where a check has such a list.

    What must be on it are the things in use of its kind and role where it is planned, as on the phone (ui/ask/things.ts).
    """
    lists = [
        (each, new, new.plan, question)
        for each, new in news.items() if new.plan and not new.supersedes
        for question in new.revision.questions() if question.get("must_include")
    ]  # fmt: skip
    if not lists:
        return {}
    rows = Asset.objects.filter(site__in={plan.site_id for _, _, plan, _ in lists}, status=Asset.Status.IN_USE)
    assets = list(rows.filter(type__in={question["asset_type"] for *_, question in lists}).order_by("name", "pk"))
    found: dict[Work, list[str]] = defaultdict(list)
    for each, new, plan, question in lists:
        here = [asset for asset in assets if must_be_on(asset, plan, question)]
        answer = new.answers.get(question["key"])
        ticked = {str(key).lower() for key in answer} if isinstance(answer, list) else set()
        missing = [str(asset) for asset in here if str(asset.pk) not in ticked]
        if missing:
            more = f" and {len(missing) - MOST_NAMED} more" if len(missing) > MOST_NAMED else ""
            found[each].append(f"Left out, of {len(here)} on the list: {', '.join(missing[:MOST_NAMED])}{more}.")
    return found


def must_be_on(asset: Asset, plan: Plan, question: Mapping[str, Any]) -> bool:
    """Whether an asset must be on the list of a plan's question: of its kind and role, at the plan's site, in its building."""
    there = asset.site_id == plan.site_id and plan.building_id in (None, asset.building_id)
    return there and asset.type_id == question["asset_type"] and question["must_include"] in asset.roles


def counting_up(new: NewRecord) -> dict[str, str]:
    """The questions of a record that a meter answers, which were answered, with their labels."""
    asked = [each for each in new.revision.questions() if each.get("counts_up")]
    return {each["key"]: each["label"] for each in asked if isinstance(new.answers.get(each["key"]), int | float)}


def twice(news: Mapping[Work, NewRecord]) -> dict[Work, list[str]]:
    """Those that somebody else did on the same day already, with the words for it; of two in one push the later one."""
    counted = {each: new for each, new in news.items() if new.plan and not new.ad_hoc and not new.supersedes}
    if not counted:
        return {}
    days = {each: london_date(new.when.done_at) for each, new in counted.items()}
    rows = CheckRecord.objects.counting().filter(
        plan__in={new.plan.pk for new in counted.values() if new.plan},
        done_on__gte=min(days.values()),
        done_on__lte=max(days.values()),
    )
    done: dict[tuple[uuid.UUID, dt.date], list[Done]] = defaultdict(list)
    for plan, on, *rest in rows.values_list("plan_id", "done_on", "author_id", "author_name", "done_at", "answers"):
        done[plan, on].append((rest[0], rest[1], rest[2], rest[3]))
    found: dict[Work, list[str]] = {}
    for each, new in sorted(counted.items(), key=lambda pair: pair[0].order()):
        assert new.plan
        others = done[new.plan.pk, days[each]]
        for author, name, at, answers in others:
            if author != new.author.pk and same_thing(new.plan, answers, new.answers):
                found.setdefault(each, []).append(f"{name} also did this, at {london_time(at)} the same day. Both are kept.")
        others.append((new.author.pk, new.author.name, new.when.done_at, new.answers))
    return found


def same_thing(plan: Plan, one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    """Whether two answers are about the same things, where the check asks which ones were looked at."""
    return all(one.get(key) == other.get(key) for key in asset_questions(plan))


def in_a_hurry(news: Mapping[Work, NewRecord]) -> dict[Work, list[str]]:
    """Those that were quicker than they can be done, with the words for it. Late entries tell no pace."""
    timed = {each: new for each, new in news.items() if not new.late_entry}
    found: dict[Work, list[str]] = defaultdict(list)
    for each, new in timed.items():
        if said := shorter_than_its_wait(new.revision.questions(), new.answers, new.when.started_at, new.when.done_at):
            found[each].append(said)
    by_author: dict[uuid.UUID, list[tuple[Work, NewRecord]]] = defaultdict(list)
    for each, new in sorted(timed.items(), key=lambda pair: pair[0].order()):
        by_author[new.author.pk].append((each, new))
    for theirs in by_author.values():
        for (_, before), (each, new) in pairwise(theirs):
            if before.together and before.together == new.together:
                continue
            if said := between_buildings(building(before), before.when.done_at, building(new), new.when.done_at):
                found[each].append(said)
    return found


def building(new: NewRecord) -> uuid.UUID | None:
    """The building in which it was done, where that is known."""
    asset = new.asset or (new.plan.asset if new.plan else None)
    place = new.building.pk if new.building else None
    return place or (asset.building_id if asset else None) or (new.plan.building_id if new.plan else None)
