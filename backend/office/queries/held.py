"""What was held for the office, as pages show it."""

import contextlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from backend.assets.models import Asset
from backend.checks.models import CheckRecord, CheckRevision, Plan
from backend.core.days import london_date
from backend.core.problems import Problem
from backend.core.templatetags.words import day, moment, plain, sentence_case
from backend.office.queries.answers import Line, in_words
from backend.sync.bodies import CheckDone
from backend.sync.envelope import read_json, read_op
from backend.sync.models import KeptAside, Op
from backend.sync.places import ids_in
from backend.trust.models import Person

UUID_SHAPE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


IN_WORDS: Final = [
    "summary",
    "reason",
    "severity",
    "name",
    "type",
    "serial",
    "make",
    "model",
    "note",
    "value",
    "unit",
    "tag",
    "replaces",
    "minutes",
]
"""What of an operation is said in words, in this order."""


def authors_of(ops: Iterable[Any]) -> dict[str, str]:
    """Author id as the phone named it -> the person's name, where it is one of ours. One query."""
    wanted = {each.author_id for each in ops if UUID_SHAPE.fullmatch(each.author_id)}
    return {str(each.pk): each.name for each in Person.objects.filter(pk__in=wanted)}


def why(item: Op | KeptAside) -> str:
    """Why somebody should look at it, in words; the bare code when there are none."""
    doubt = item.get_doubt_display() if isinstance(item, Op) and item.doubt else ""
    return item.detail or doubt or item.code


def word_for_word(sent: str) -> str:
    """What was sent, laid out for reading; as it came when it cannot be."""
    try:
        return json.dumps(json.loads(sent), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return sent


@dataclass(slots=True)
class Told:
    """A held operation in words: what it says, what the register says meanwhile, and what else was recorded that day."""

    facts: list[tuple[str, str]] = field(default_factory=list)
    now: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    beside: list[CheckRecord] = field(default_factory=list)


def told(op: Op, person: Person) -> Told | None:
    """What an operation says, as far as `person` may see what it names; None for what has no form that we know. Few queries."""
    try:
        body = read_op(0, read_json(op.sent.encode())).body
    except Problem:
        return None
    if body is None:
        return None
    found = Told()
    if op.happened_at:
        found.facts.append(("Done", moment(op.happened_at)))
    if isinstance(body, CheckDone):
        told_check(found, op, body, person)
        return found
    named: dict[str, Any] = {name: getattr(body, name, None) for name in ("asset", "plan")}
    thing = Asset.objects.visible_to(person).filter(pk=named["asset"]).first()
    if thing:
        found.facts.append(("About", str(thing)))
        retired_now(found, thing)
    if code := getattr(body, "tag", None):
        there = Asset.objects.visible_to(person).filter(tags=code).exclude(pk=named["asset"]).first()
        found.now += [f"Label {code} is on {there}, {there.place() or there.site} now."] if there else []
    plan = Plan.objects.visible_to(person).filter(pk=named["plan"]).first()
    if plan:
        found.facts.append(("Check", str(plan)))
    said = body.model_dump(exclude_defaults=True)
    found.facts += [(sentence_case(plain(name)), str(said[name])) for name in IN_WORDS if said.get(name)]
    if photos := said.get("photos"):
        found.facts.append(("Photos", str(len(photos))))
    return found


def told_check(found: Told, op: Op, body: CheckDone, person: Person) -> None:
    """A check that was done: of what, how presence was shown, the answers, and why it does not fit any more."""
    rows = Plan.objects.visible_to(person).select_related("check_type", "asset", "building", "site")
    plan = rows.filter(pk=body.plan).first() if body.plan else None
    scanned = Asset.objects.visible_to(person).filter(pk=body.asset).first() if body.asset else None
    revision = CheckRevision.objects.filter(check_type=body.check_type.code, number=body.check_type.revision).first()
    if plan:
        found.facts.append(("Check", str(plan)))
    elif revision:
        found.facts.append(("Check", revision.content.get("title", body.check_type.code)))
    if scanned and not (plan and plan.asset_id == scanned.pk):
        found.facts.append(("Scanned", str(scanned)))
        if plan and plan.asset:
            found.now.append(f"{scanned} was scanned; the check is planned for {plan.asset}.")
    if plan and not plan.active and plan.ended_on:
        found.now.append(f"This check was ended on {day(plan.ended_on)}{f': {plan.ended_why}' if plan.ended_why else ''}.")
    for thing in filter(None, {scanned, plan.asset if plan else None}):
        retired_now(found, thing)
    if plan and op.happened_at:
        same = CheckRecord.objects.visible_to(person).filter(plan=plan, done_on=london_date(op.happened_at)).exclude(pk=op.pk)
        found.beside = list(same.select_related("check_type").order_by("done_at")[:10])
    if revision:
        record = CheckRecord(id=op.pk, revision=revision, site=op.site, answers=body.answers)
        with contextlib.suppress(TypeError, ValueError, KeyError, AttributeError):  # answers in no form that can be shown
            found.lines = in_words(record, person, set())


def retired_now(found: Told, asset: Asset) -> None:
    """Say that a thing is gone from the register meanwhile."""
    if asset.status == Asset.Status.RETIRED:
        since = f" on {day(asset.status_since)}" if asset.status_since else ""
        found.now.append(f"{asset} was retired{since}{f': {asset.status_reason}' if asset.status_reason else ''}.")


def about_each(rows: Sequence[Op], person: Person) -> dict[Any, str]:
    """What each operation is about, by its id: "Fridge temperature, Fridge 2"; "" where that cannot be told. Two queries."""
    named = {each for row in rows for each in ids_in(row.sent)}
    plans = Plan.objects.visible_to(person).filter(pk__in=named).select_related("check_type", "asset", "building")
    planned = {str(each.pk): each for each in plans}
    assets = {str(each.pk): each for each in Asset.objects.visible_to(person).filter(pk__in=named)}
    found = {}
    for row in rows:
        body = body_of(row)
        plan, asset = planned.get(str(body.get("plan"))), assets.get(str(body.get("asset")))
        thing = asset or (plan and (plan.asset or plan.building))
        parts = (plan and plan.check_type.title, thing and thing.name, body.get("summary"), body.get("name"))
        found[row.pk] = ", ".join(part for part in parts if isinstance(part, str) and part)[:200]
    return found


def body_of(row: Op) -> dict[str, Any]:
    """What an operation says, as far as it can be read."""
    with contextlib.suppress(Problem):
        said = read_json(row.sent.encode())
        if isinstance(said, dict) and isinstance(said.get("body"), dict):
            return dict(said["body"])
    return {}
