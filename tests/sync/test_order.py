"""Any order of arrival and any repetition leads to the same state, and nothing that a phone may send is a 500."""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from backend.assets.actions import make_tags
from backend.assets.models import Asset, Reading, Tag
from backend.checks.models import CheckRecord, Lapse, NotDone, Plan
from backend.core.ids import new_id
from backend.maintenance.models import Defect, DefectNote, WorkOrder
from backend.sync.bodies import BODIES
from backend.sync.models import KeptAside, Op
from tests.sync.phone import Phone, asset_added, check_done, defect_reported

QUIET: dict[str, Any] = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "phases": (Phase.explicit, Phase.reuse, Phase.generate),  # an example takes a second: no shrinking
}


class TakeBack(Exception):  # noqa: N818
    """Ends an example, so that the next starts from the same database."""


def state_now() -> dict[str, Any]:
    """Everything that operations change, but for what says when it arrived."""
    return {
        "records": sorted(map(str, CheckRecord.objects.values_list("pk", "plan", "outcome", "done_on", "supersedes", "notes"))),
        "plans": sorted(map(str, Plan.objects.values_list("pk", "due_on", "overdue_from", "soon_from", "last_done_on"))),
        "lapses": sorted(map(str, Lapse.objects.values_list("plan", "due_on"))),
        "assets": sorted(map(str, Asset.objects.values_list("pk", "name", "make", "serial", "facts", "status"))),
        "tags": sorted(map(str, Tag.objects.values_list("pk", "asset"))),
        "defects": sorted(map(str, Defect.objects.exclude(findings__isnull=False).values_list("pk", "summary", "status"))),
        "findings": Defect.objects.filter(findings__isnull=False).distinct().count(),
        "notes": sorted(map(str, DefectNote.objects.values_list("pk", "defect", "note"))),
        "orders": sorted(map(str, WorkOrder.objects.values_list("pk", "status", "minutes"))),
        "others": (Reading.objects.count(), NotDone.objects.count()),
        "ops": sorted(map(str, Op.objects.values_list("pk", "outcome", "code"))),
    }


def work_of_a_day(world: Any, phone: Phone) -> list[dict[str, Any]]:
    """Operations of every kind that need one another, and two that correct the same thing."""
    plan, weekly = world.plan(), world.plan("emergency-lighting-monthly-test")
    code, start = make_tags(1)[0].code, timezone.now() - dt.timedelta(hours=8)

    def at(minutes: int) -> dt.datetime:
        return start + dt.timedelta(minutes=minutes)

    defect = Defect.objects.create(
        site=world.oakfield, summary="Old one", found_on=start.date(), reported_at=start, reported_by=world.lead
    )
    order = WorkOrder.objects.create(site=world.oakfield, defect=defect, title="Mend it")
    added = phone.op("asset_added", asset_added(world), made_at=at(1))
    first = phone.op("check_done", check_done(plan), made_at=at(10))
    failed = check_done(weekly)
    for key, answer in failed["answers"].items():
        if answer == "pass":
            failed["answers"][key] = "fail"
    report = phone.op("defect_reported", defect_reported(world, asset=added["id"], place=None), made_at=at(20))

    def change(minutes: int, **changes: Any) -> dict[str, Any]:
        return phone.op("asset_changed", {"asset": added["id"], "changes": changes}, made_at=at(minutes))

    return [
        added,
        first,
        phone.op("check_done", check_done(plan, supersedes=first["id"], reason="Slip of the finger"), made_at=at(11)),
        phone.op("check_done", failed, made_at=at(12)),
        phone.op("tag_claimed", {"tag": code, "asset": added["id"]}, made_at=at(13)),
        change(14, make="Early", facts={"ring": 1}),
        change(15, make="Late", serial="S2", facts={"ring": 2, "loop": 1}),
        report,
        phone.op("defect_updated", {"defect": report["id"], "note": "Looked at", "photos": []}, made_at=at(21)),
        phone.op("work_done", {"work_order": str(order.pk), "note": "One", "photos": [], "minutes": 5}, made_at=at(30)),
        phone.op("work_done", {"work_order": str(order.pk), "note": "Two", "photos": [], "minutes": 9}, made_at=at(40)),
        phone.op("reading_taken", {"asset": added["id"], "value": 4.5, "unit": "kWh", "photos": []}, made_at=at(50)),
        phone.op("check_not_done", {"plan": str(plan.pk), "reason": "no-time", "note": "", "photos": []}, made_at=at(55)),
    ]


@dataclass
class Day:
    """The work of a day, and the state that it leads to in its own order."""

    phone: Phone
    ops: list[dict[str, Any]]
    wanted: dict[str, Any]


def outcome_of(phone: Phone, ops: list[dict[str, Any]], cuts: list[int]) -> dict[str, Any]:
    """Push the operations in pieces, and take all of it back; the state that it led to."""
    found: dict[str, Any] = {}
    try:
        with transaction.atomic():
            for start, end in zip([0, *cuts], [*cuts, len(ops)], strict=True):
                if start < end:
                    phone.push(*ops[start:end])
            found = state_now()
            raise TakeBack
    except TakeBack:
        return found


def test_any_order_and_any_repetition_leads_to_the_same_state(world, phone):
    ops = work_of_a_day(world, phone)
    wanted = outcome_of(phone, ops, [])
    assert all("'applied'" in each for each in wanted["ops"]), wanted["ops"]
    assert len(wanted["ops"]) == len(ops)

    @settings(max_examples=25, **QUIET)
    @given(st.data())
    def same(data: st.DataObject) -> None:
        order = data.draw(st.permutations(ops))
        repeated = data.draw(st.lists(st.sampled_from(ops), max_size=6))
        sent = [*order, *repeated]
        cuts = sorted(data.draw(st.lists(st.integers(0, len(sent)), max_size=4)))
        assert outcome_of(phone, sent, cuts) == wanted

    same()


# Minus nought is kept as nought (PostgreSQL knows only one), so it is not drawn.
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats().map(lambda each: each + 0.0) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def spoilt(op: dict[str, Any]) -> st.SearchStrategy[Any]:
    """The operation with one of its fields, or one of its body's, made into anything."""
    outer = st.sampled_from(sorted(op)).flatmap(lambda key: JSON.map(lambda value: {**op, key: value}))
    inner = st.sampled_from(sorted(op["body"])).flatmap(
        lambda key: JSON.map(lambda value: {**op, "body": {**op["body"], key: value}})
    )
    return outer | inner


def not_json(name: str) -> None:
    raise ValueError(name)


def is_json(raw: bytes) -> bool:
    """Whether it is JSON to the letter, which knows no NaN (Python's reader does)."""
    try:
        json.loads(raw, parse_constant=not_json)
    except ValueError:
        return False
    return True


def test_whatever_a_phone_sends_it_is_answered_and_the_good_one_beside_it_goes_in(world, phone):
    cache.clear()
    good = phone.op("defect_reported", defect_reported(world))
    examples = [each for each in work_of_a_day(world, phone) if each["kind"] in BODIES]

    @settings(max_examples=120, **QUIET)
    @given(JSON | st.sampled_from(examples).flatmap(spoilt))
    def answered(entry: Any) -> None:
        if isinstance(entry, dict) and entry.get("id") in [each["id"] for each in examples]:
            entry = {**entry, "id": str(new_id())}
        try:
            with transaction.atomic():
                answer = phone.post(phone.envelope([entry, good]))
                if not is_json(phone.envelope([entry])):
                    assert answer.status_code == 400
                else:
                    first, second = answer.json()["results"]
                    assert first["outcome"] in ("applied", "held")
                    assert first.get("code") != "fault", (first, entry)
                    assert first["receipt"]["entry"] and second["outcome"] == "applied"
                    kept = [*Op.objects.values_list("sent", flat=True), *KeptAside.objects.values_list("sent", flat=True)]
                    assert entry in [json.loads(each) for each in kept]
                raise TakeBack
        except TakeBack:
            pass

    answered()


def test_any_envelope_at_all_is_answered(phone):
    @settings(max_examples=80, **QUIET)
    @given(JSON | st.fixed_dictionaries({"device": JSON, "sent_at": JSON, "ops": JSON, "seq": JSON, "head": JSON, "app": JSON}))
    def answered(value: Any) -> None:
        assert phone.post(json.dumps(value).encode()).status_code in (200, 400)

    answered()
