"""The sweep: every address that exists, asked as nobody, as a stranger, as somebody without the permit, and as the owner."""

import hashlib
import json
import uuid
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from backend.assets.models import Reading
from backend.core.models import StoredFile
from backend.hr.models import Competence
from backend.maintenance.models import WorkOrder
from backend.sync.models import KeptAside, Op
from backend.trust.models import CalendarMark
from tests.answers import good_answers
from tests.api.conftest import furnish
from tests.arch.sweep import addresses, nothing

EVERY = list(addresses())
ALL = list({(each.view, each.plain.rstrip("/")): each for each in reversed(EVERY)}.values())  # a twin by its slash once
SECRET = "Zebrafinch"  # nothing else is called so: where it is read, something of Oakfield has leaked
ESTATE = ("trust", "assets", "hr", "maintenance", "checks")
WRITTEN_BY_ASKING = {"trust_token"}
PICTURE = hashlib.sha256(b"a picture").hexdigest()


@pytest.fixture
def sight(world):
    """Oakfield, furnished, with something of every kind that an address may name: (the world, what it holds)."""
    cache.clear()
    found = furnish(world, name=f"{SECRET} panel")
    site, school = world.oakfield, world.oakfield.school
    for row, name in ((site, "field"), (site.buildings.first(), "block"), (site.buildings.first().spaces.first(), "room")):
        row.name = f"{SECRET} {name}"
        row.save()
    found.defect.summary = f"{SECRET} fault"
    found.defect.save()
    world.caretaker.name = f"{SECRET} Caretaker"
    world.caretaker.save()
    now = timezone.now()
    found.more["competence"] = Competence.objects.create(
        person=world.caretaker, name=f"{SECRET} course", covers=["fire"], held_from="2020-01-01"
    )
    found.more["mark"] = CalendarMark.objects.create(
        school=school, kind="inset", first_day="2026-01-05", last_day="2026-01-05", note=f"{SECRET} day"
    )
    WorkOrder.objects.create(site=site, defect=found.defect, title=f"{SECRET} work")
    Reading.objects.create(asset=found.asset, value=1, unit=SECRET, taken_at=now, taken_by=world.caretaker)
    StoredFile.objects.create(sha256=PICTURE, size=9, content_type="image/jpeg", received_at=now)
    found.defect.photos.create(sha256=PICTURE, content_type="image/jpeg", size=9)
    found.more["op"] = Op.objects.create(
        id=uuid.uuid4(), push=uuid.uuid4(), digest="0" * 64, kind="defect_reported", author_id=str(world.caretaker.pk),
        device_id="phone", sent=json.dumps({"body": {"summary": SECRET}}), received_at=now, outcome="held", code="not_yours",
        site=site, pusher=world.caretaker,
    )  # fmt: skip
    found.more["kept"] = KeptAside.objects.create(
        digest="0" * 64, author_id=str(world.caretaker.pk), code="unreadable", sent=SECRET, received_at=now,
        pusher=world.caretaker,
    )  # fmt: skip
    return world, found


def things(world, found):
    """What is put into an address: by the fixed word before a parameter and the parameter's name."""
    site = world.oakfield
    building = site.buildings.first()
    owned = {
        ("schools", "id"): site.school_id,
        ("sites", "id"): site.pk,
        ("buildings", "id"): building.pk,
        ("spaces", "id"): building.spaces.first().pk,
        ("terms", "id"): site.school.terms.first().pk,
        ("calendar-marks", "id"): found.more["mark"].pk,
        ("people", "id"): world.caretaker.pk,
        ("competences", "id"): found.more["competence"].pk,
        ("assets", "id"): found.asset.pk,
        ("by-tag", "code"): found.tag.pk,
        ("plans", "id"): found.plan.pk,
        ("records", "id"): found.record.pk,
        ("lapses", "id"): found.lapse.pk,
        ("defects", "id"): found.defect.pk,
        ("problems", "id"): found.defect.pk,
        ("held", "id"): found.more["op"].pk,
        ("kept", "id"): found.more["kept"].pk,
        ("photos", "sha256"): PICTURE,
        ("files", "sha256"): PICTURE,
        ("", "code"): found.tag.pk,
    }
    common = {
        ("asset-types", "key"): "fire-alarm-panel",
        ("check-types", "code"): "fire-alarm-weekly-test",
        ("revisions", "number"): 1,
        ("photos", "size"): "small",
        ("help", "slug"): "no-such-page",
        ("field", "path"): "nothing.js",
    }
    return {key: str(value) for key, value in owned.items()}, {key: str(value) for key, value in common.items()}


def browser(person):
    """A browser, signed in as the person or as nobody. The password is not asked: signing in has its own tests."""
    client = Client(raise_request_exception=False)
    if person:
        client.force_login(person)
    return client


def names_a_thing(address, owned):
    """Whether the address names something of Oakfield's."""
    return any(key in owned for key in address.parameters())


def text_of(answer):
    """The whole answer, its headers too, as text."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return f"{dict(answer.headers)} {body.decode(errors='replace')}"


def leaks(answer):
    """Whether anything of Oakfield's is read in an answer."""
    return SECRET.lower() in text_of(answer).lower()


def fingerprint():
    """What stands in every table of the estate, as one hash each."""
    tables = {model._meta.db_table for name in ESTATE for model in apps.get_app_config(name).get_models()}
    hashed = "SELECT '{0}', md5(coalesce(string_agg(t::text, '' ORDER BY t::text), '')) FROM \"{0}\" t"
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(hashed.format(table) for table in sorted(tables - WRITTEN_BY_ASKING)))
        return dict(cursor.fetchall())


def test_the_sweep_knows_what_to_put_into_every_address(sight):
    owned, common = things(*sight)
    unknown = []
    for address in EVERY:
        try:
            address.filled({**owned, **common})
        except LookupError as missing:
            unknown.append(str(missing))
    assert not unknown, "\n".join(unknown)
    assert len(EVERY) > len(ALL) > 60


def test_nobody_reads_anything(sight):
    owned, common = things(*sight)
    wrong = []
    for address in ALL:
        answer = browser(None).get(address.filled({**owned, **common}))
        refused = answer.status_code == 401 if address.api else answer.status_code == 302 and "/sign-in/" in answer["Location"]
        if leaks(answer) or not (refused or address.open or answer.status_code == 405):
            wrong.append((address.route, answer.status_code))
    assert not wrong


@pytest.mark.parametrize("who", ["a stranger", "staff without the permit"])
def test_somebody_elses_things_look_as_if_they_did_not_exist(sight, who):
    world, found = sight
    owned, common = things(world, found)
    asker = browser(world.stranger if who == "a stranger" else world.person("staff", school=world.oakfield.school))
    wrong = []
    for address in ALL:
        answer = asker.get(address.filled({**owned, **common}))
        if leaks(answer):
            wrong.append((address.route, "reads it"))
        if not names_a_thing(address, owned) or address.open:
            continue
        if not may_be_told(answer.status_code, who, address):
            wrong.append((address.route, answer.status_code))
        other = asker.get(address.filled(nothing({**owned, **common})))
        if other.status_code != answer.status_code and ("by-tag", "code") not in address.parameters():
            wrong.append((address.route, f"{answer.status_code}, but {other.status_code} for what does not exist"))
    assert not wrong


def may_be_told(status, who, address):
    """404 for what they may not know of (405 where there is nothing to read). A page may refuse its whole area by role: 403."""
    if status == 403 and not address.api:
        return who != "a stranger" or "held" in address.route
    return status in {404, 405}


@pytest.mark.parametrize("who", ["a stranger", "staff without the permit"])
def test_lists_counts_and_exports_hold_nothing_of_somebody_elses(sight, who):
    """Every list, also when its filters name Oakfield's things one by one."""
    world, found = sight
    owned, _common = things(world, found)
    asker = browser(world.stranger if who == "a stranger" else world.person("staff", school=world.oakfield.school))
    named = {
        "site": owned["sites", "id"], "school": owned["schools", "id"], "building": owned["buildings", "id"],
        "space": owned["spaces", "id"], "asset": owned["assets", "id"], "plan": owned["plans", "id"],
        "person": owned["people", "id"], "search": SECRET[:5], "q": SECRET[:5], "covers": "fire",
    }  # fmt: skip
    wrong = []
    for address in ALL:
        if address.parameters() or address.open:
            continue
        path = address.filled({})
        filters = getattr(getattr(address.view, "cls", None), "filterset_class", None)
        for name in filters.names() if filters else [] if address.api else named:
            if name not in named:
                continue
            answer = asker.get(path, {name: named[name]})
            if leaks(answer) or answer.status_code >= 500:
                wrong.append((path, name, answer.status_code))
            if filters and answer.json()["count"] and name not in {"search"}:
                wrong.append((path, name, answer.json()["count"]))
    assert not wrong


def test_the_owner_reads_all_of_it(sight):
    """The other half: without it, a sweep of addresses that answer nobody would pass."""
    world, found = sight
    owned, common = things(world, found)
    owner = browser(world.lead)
    wrong: list[tuple[Any, ...]] = []
    read = 0
    for address in ALL:
        answer = owner.get(address.filled({**owned, **common}))
        read += leaks(answer)
        without = address.open or "sha256" in address.route  # help pages and files that nobody made here
        if answer.status_code not in {200, 302, 405} | ({404} if without else set()):
            wrong.append((address.route, answer.status_code))
    assert not wrong
    assert read > 40


def bodies(world, found):
    """Bodies that would be good, if the asker might: by the API's route. They name Oakfield's things."""
    site, asset, plan = str(world.oakfield.pk), str(found.asset.pk), str(found.plan.pk)
    answers = good_answers(found.plan.check_type.current.questions(), found.plan)
    return {
        "api/v1/assets": {"site": site, "type": "fire-alarm-panel", "name": "Planted"},
        "api/v1/assets/<uuid:id>/change": {"name": "Changed"},
        "api/v1/assets/<uuid:id>/claim-tag": {"code": found.tag.pk},
        "api/v1/assets/<uuid:id>/take-out-of-service": {"reason": "Because"},
        "api/v1/assets/<uuid:id>/return-to-service": {},
        "api/v1/defects": {"asset": asset, "summary": "Planted"},
        "api/v1/defects/<uuid:id>/note": {"note": "Planted"},
        "api/v1/defects/<uuid:id>/close": {"note": "Planted"},
        "api/v1/records": {"plan": plan, "answers": answers},
        "api/v1/lapses/<uuid:id>/excuse": {"reason": "Planted"},
        "api/v1/field/ops": {"device": "phone-of-a-stranger", "app": "1", "sent_at": "2026-01-01T00:00:00Z", "ops": []},
        "api/v1/field/devices": {"id": "phone-of-a-stranger", "public_key": "AAAA"},
        "api/v1/field/files/have": {"sha256": [PICTURE]},
        "api/v1/field/sign-in": {"email": "nobody@example.org", "password": "wrong"},
        "api/v1/field/sign-out": {},
        "api/v1/auth/token": {"email": "nobody@example.org", "password": "wrong"},
    }


OF_NO_ROW = {"api/v1/field/ops", "api/v1/field/devices", "api/v1/field/files/have"} | {
    "api/v1/field/sign-in",
    "api/v1/field/sign-out",
    "api/v1/auth/token",
}
"""Writes that name no row of the estate (what a push names is judged operation by operation: tests/sync)."""


@pytest.mark.parametrize("who", ["nobody", "a stranger", "staff without the permit"])
def test_writes_with_somebody_elses_ids_change_nothing(sight, who):
    world, found = sight
    owned, common = things(world, found)
    people = {
        "nobody": None,
        "a stranger": world.stranger,
        "staff without the permit": world.person("staff", school=world.oakfield.school),
    }
    asker, sent = browser(people[who]), bodies(world, found)
    before = fingerprint()
    wrong: list[tuple[Any, ...]] = []
    form = {name: value for (_, name), value in owned.items()} | {"site": owned["sites", "id"], "asset": owned["assets", "id"]}
    for address in ALL:
        path, route = address.filled({**owned, **common}), address.plain.rstrip("/")
        if address.api and route in sent:
            answer = asker.post(path, json.dumps(sent[route]), content_type="application/json")
        elif address.api and "post" in methods(address):
            wrong.append((address.route, "takes a POST that the sweep has no body for: add it to bodies()"))
            continue
        else:
            answer = asker.post(path, {**form, "note": "Planted", "reason": "Planted", "name": "Planted"})
        may_report = who == "staff without the permit" and route == "api/v1/defects"
        if not refused(answer, address, who, route) and not may_report:
            wrong.append((address.route, answer.status_code, answer.content[:200]))
        if leaks(answer) and not may_report:
            wrong.append((address.route, "reads it"))
        if address.open:
            asker = browser(people[who])  # it may have signed us out; signing in is noted on the person
        if may_report or address.open:
            before = fingerprint()
        if fingerprint() != before:
            wrong.append((address.route, "changed something"))
            before = fingerprint()
    assert not wrong


def refused(answer, address, who, route):
    """Whether a write was refused as it should be."""
    if route in OF_NO_ROW or address.open:
        return answer.status_code < 500
    if answer.status_code == 405:
        return True
    if who == "nobody":
        return answer.status_code == 401 if address.api else answer.status_code in {302, 403}
    return answer.status_code in ({404} if address.api else {302, 403, 404})


def methods(address):
    """The methods that an address of the API takes."""
    actions = getattr(address.view, "actions", None)
    view = getattr(address.view, "cls", None) or getattr(address.view, "view_class", None)
    return set(actions or ()) or {name for name in ("get", "post", "put", "patch", "delete") if hasattr(view, name)}
