"""A phone that was not updated since the first version: what it sends, word for word as it was then, is still taken in.

The bodies stand here as that version wrote them. Do not bring them up to date: add new ones beside them.
"""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from backend.assets.actions import make_tags
from backend.assets.models import Asset, Tag
from backend.checks.models import CheckRecord, NotDone
from backend.core.days import today
from backend.core.ids import new_id
from backend.maintenance.actions import give_work, report_defect
from backend.maintenance.models import Defect
from tests.answers import good_answers
from tests.sync.phone import Phone, iso

FIRST = "0.1.0"


@pytest.fixture
def old(world) -> Phone:
    """A caretaker's phone with the first version of the app."""
    made = Phone(world.caretaker, app=FIRST)
    assert made.register().status_code == 201
    return made


@pytest.fixture
def things(world) -> dict[str, Any]:
    """What the bodies name: all of it there before the phone sends anything."""
    asset = world.asset(name="Panel")
    plan = world.plan(asset=asset)
    defect = report_defect(
        id=new_id(), site=world.oakfield, person=world.caretaker,
        summary="Drip", severity="low", unsafe=False, found_on=today(), reported_at=timezone.now() - dt.timedelta(days=1),
    )  # fmt: skip
    order = give_work(defect=defect, person=world.lead, to=world.caretaker, today=today(), tell=False)
    [tag] = make_tags(1)
    building = world.oakfield.buildings.get()
    return {"asset": asset, "plan": plan, "defect": defect, "order": order, "tag": tag, "building": building}


def bodies(world: Any, there: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Each kind as the first version sent it: with everything that it could say, and with as little."""
    plan, asset, building = there["plan"], there["asset"], there["building"]
    revision = {"code": plan.check_type_id, "revision": plan.check_type.current.number}
    answers = good_answers(plan.check_type.current.questions(), plan)
    place = {"site": str(world.oakfield.pk), "building": str(building.pk), "space": str(building.spaces.first().pk)}
    return {
        "check_done": [
            {
                "plan": str(plan.pk), "check_type": revision, "asset": str(asset.pk), "building": None, "site": None, "tag": None,
                "answers": answers, "photos": [], "presence": "typed", "started_at": iso(timezone.now() - dt.timedelta(hours=1)),
                "late_entry": False, "done_at": None, "supersedes": None, "reason": "", "ad_hoc": False,
            },
            {"plan": str(plan.pk), "check_type": revision, "answers": answers, "presence": "typed"},
        ],
        "check_not_done": [
            {"plan": str(plan.pk), "reason": "no-access", "note": "Locked", "photos": [], "try_again_on": str(today())},
            {"plan": str(plan.pk), "reason": "no-access"},
        ],
        "defect_reported": [
            {"asset": str(asset.pk), "place": None, "summary": "Cracked", "severity": "high", "unsafe": True, "photos": [],
             "made_safe": "Taped off"},
            {"place": place, "summary": "Puddle", "severity": "low"},
        ],
        "defect_updated": [
            {"defect": str(there["defect"].pk), "note": "Worse", "photos": [], "minutes": 3},
            {"defect": str(there["defect"].pk), "note": "Still"},
        ],
        "work_done": [{"work_order": str(there["order"].pk), "note": "New washer", "photos": [], "minutes": 20}],
        "asset_added": [
            {**place, "type": "manual-call-point", "name": "Call point", "make": "A", "model": "B", "serial": "C",
             "installed_on": "2020-02-01", "facts": {}, "note": ""},
            {"site": str(world.oakfield.pk), "type": "manual-call-point", "name": "Another"},
        ],
        "tag_claimed": [{"tag": there["tag"].code.lower(), "asset": str(asset.pk)}],
        "asset_changed": [{"asset": str(asset.pk), "changes": {"make": "New", "facts": {"zone": 2}}}],
        "reading_taken": [
            {"asset": str(asset.pk), "value": 12.5, "unit": "V", "photos": []},
            {"asset": str(asset.pk), "value": 13, "unit": "V"},
        ],
    }  # fmt: skip


def test_every_kind_of_the_first_version_is_taken_in_as_it_was_sent_then(world, old, things):
    for kind, sent in bodies(world, things).items():
        for body in sent:
            told = old.push_one(old.op(kind, body))
            assert told["outcome"] == "applied", (kind, told)
    things["asset"].refresh_from_db()
    assert (things["asset"].make, things["asset"].facts["zone"]) == ("New", 2)
    assert CheckRecord.objects.filter(plan=things["plan"]).count() == 2
    assert NotDone.objects.count() == 2
    assert Defect.objects.count() == 3
    assert Tag.objects.get(pk=things["tag"].pk).asset == things["asset"]
    assert Asset.objects.filter(name__in=["Call point", "Another"]).count() == 2


def test_the_first_version_and_todays_send_the_same_kinds(world, things):
    from backend.sync.bodies import BODIES

    assert set(bodies(world, things)) <= set(BODIES), "a kind that phones still send was taken out"
