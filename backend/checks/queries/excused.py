"""Decisions that a check does not apply: how each stands today, and on what it was decided."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from backend.checks.models import CheckRevision, NotApplicable
from backend.checks.queries.places import judgings
from backend.checks.revisions import said
from backend.rules.applying import Key, Verdict, findings
from backend.rules.known_facts import Judging
from backend.rules.place_facts import BY_TYPE


class Stand(StrEnum):
    """How a decision stands."""

    WAITING = "waiting"
    IN_FORCE = "in force"
    REOPENED = "open again"
    EXPIRED = "run out"
    REFUSED = "not agreed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Excused:
    """A decision, how it stands, and what has changed since it was asked."""

    row: NotApplicable
    stand: Stand
    changed: tuple[str, ...] = ()


def key_of(row: Any) -> Key:
    """What a plan or a decision is about."""
    return Key(row.check_type_id, str(row.building_id or ""), str(row.asset_id or ""))


def basis(content: Mapping[str, Any], judged: Judging, key: Key) -> dict[str, Any]:
    """What is known today of what a check at a place hangs on: its facts, and how many assets of its kinds there are."""
    there = [thing for kind in content.get("asset_types", ()) for thing in judged.by_type.get(kind, ())]
    if key.asset:
        return {"facts": next((dict(thing.facts) for thing in there if thing.id == key.asset), {}), "assets": 1}
    inside = [thing for thing in there if not key.building or thing.building == key.building]
    facts = dict.fromkeys([condition["fact"] for condition in content.get("where", ())])
    facts |= dict.fromkeys(BY_TYPE[kind].key for kind in content.get("asset_types", ()) if kind in BY_TYPE)
    values = judged.values(key.building)
    return {"facts": {name: values.get(name) for name in facts}, "assets": len(inside)}


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
    """What has changed since: the facts that are others now, and "assets" where there are more."""
    was, are = before.get("facts", {}), now.get("facts", {})
    changed = [name for name in {**was, **are} if was.get(name) != are.get(name)]
    return tuple(changed + (["assets"] if now.get("assets", 0) > before.get("assets", 0) else []))


def stand_of(row: NotApplicable, today: dt.date, changed: Sequence[str] = ()) -> Stand:
    """How a decision stands on a day; `changed` is what would make the check apply after all."""
    if row.ended_at:
        return Stand.ENDED
    if row.decided_at is None:
        return Stand.WAITING
    if not row.agreed:
        return Stand.REFUSED
    if row.expires_on < today:
        return Stand.EXPIRED
    return Stand.REOPENED if changed else Stand.IN_FORCE


def reopening(row: NotApplicable, revision: CheckRevision | None, judged: Judging) -> tuple[str, ...]:
    """What has changed since a decision that makes its check apply; nothing when it does not apply anyway."""
    if revision is None:
        return ()
    key = key_of(row)
    changed = differences(row.basis, basis(revision.content, judged, key))
    if not changed:
        return ()
    applies = (each.key == key and each.verdict is Verdict.APPLIES for each in findings(key.code, revision.content, judged))
    return changed if any(applies) else ()


def excused(rows: Iterable[NotApplicable], today: dt.date) -> list[Excused]:
    """How decisions stand today (their `site` and `check_type` loaded). Four queries at most, however many."""
    found = list(rows)
    open_now = [row for row in found if stand_of(row, today) is Stand.IN_FORCE]
    if not open_now:
        return [Excused(row, stand_of(row, today)) for row in found]
    known = revisions({row.check_type_id for row in open_now})
    types = {kind for each in known.values() for kind in kinds_that_matter(each.content)}
    judged = judgings({row.site_id: row.site for row in open_now}.values(), types)
    changed: dict[uuid.UUID, tuple[str, ...]] = {
        row.pk: reopening(row, known.get(row.check_type_id), judged[row.site_id]) for row in open_now
    }
    return [Excused(row, stand_of(row, today, changed.get(row.pk, ())), changed.get(row.pk, ())) for row in found]


def kinds_that_matter(content: Mapping[str, Any]) -> set[str]:
    """The kinds of asset on which it hangs whether a check applies: its own, and those that show a fact which it asks for."""
    asked = {condition["fact"] for condition in content.get("where", ())}
    asked |= {BY_TYPE[kind].key for kind in content.get("asset_types", ()) if kind in BY_TYPE}
    return {kind for kind, fact in BY_TYPE.items() if fact.key in asked}


def revisions(codes: Iterable[str]) -> dict[str, CheckRevision]:
    """The current revision of each of these checks, by its code."""
    rows = CheckRevision.objects.filter(check_type__in=set(codes), check_type__current__pk__isnull=False)
    found = [each for each in rows.defer("content").select_related("check_type") if each.check_type.current_id == each.pk]
    said(found)
    return {each.check_type_id: each for each in found}
