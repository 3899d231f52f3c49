"""Every page that exists asked all kinds of things by all kinds of people: an answer, a refusal in words, never a fault of ours.

SITEWARD_EXAMPLES asks each page that many times (30 unless said). The API has its own (tests/api/test_fuzz).
"""

import os
import random
import re
import uuid

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from backend.core.days import today
from tests.api.conftest import furnish
from tests.arch.sweep import PARAMETER, addresses

EXAMPLES = int(os.environ.get("SITEWARD_EXAMPLES", "30"))
NAMED = re.compile(rb'<(?:input|select|textarea)[^>]*\bname="([^"]+)"')
ROLES = [
    "caretaker",
    "site-manager",
    "estates-lead",
    "sbm",
    "headteacher",
    "cfo",
    "auditor",
    "hr-officer",
    "staff",
    "administrator",
]
ODD = [
    "", "\x00", "'\"<script>&", "\u0663", "9" * 500, "0001-01-01", "9999-12-31", "2026-02-30", "-1", "0", "1e308", "%", "\ud800",
    "null", "True", "[]", "../../etc/passwd", "a" * 5000, "=1+1", "\u202e", "2026-W99", "nan", "10000000000000000000000",
]  # fmt: skip
COMMON = [
    "q",
    "page",
    "sort",
    "site",
    "school",
    "status",
    "discipline",
    "from",
    "to",
    "as_of",
    "next",
    "page_size",
    "by",
    "kind",
    "asset",
]


ROUTES = sorted({each.route for each in addresses() if not each.api})


@pytest.fixture
def real(world) -> dict[str, list[str]]:
    """Values that exist, by the name of the parameter or field that they fit."""
    found = furnish(world)
    ids = [
        found.asset,
        found.plan,
        found.record,
        found.defect,
        found.lapse,
        world.oakfield,
        world.oakfield.school,
        world.caretaker,
    ]
    building = world.oakfield.buildings.get()
    keys = [str(each.pk) for each in [*ids, building, building.spaces.first()]]
    return {
        "id": keys,
        "sha256": ["f" * 64],
        "size": ["small", "large"],
        "slug": ["field-app", "nothing"],
        "code": [found.tag.pk],
        "path": ["", "report", "sw.js", "../settings.py"],
        "status": ["in-date", "overdue", "open", "closed"],
        "discipline": ["fire"],
        "as_of": [today().isoformat()],
        "page": ["1", "2"],
    } | {name: keys for name in ("site", "school", "building", "asset", "plan", "person", "record")}


def filled(route: str, real: dict[str, list[str]], chance: random.Random) -> str:
    """An address of this route: with values that exist, mostly."""

    def value(found: re.Match[str]) -> str:
        name = found[1] or found[2]
        if chance.random() < 0.85:
            return chance.choice(real.get(name) or real["id"])
        return chance.choice([str(uuid.uuid4()), "x", "%00", "%ff", "9" * 200])

    return "/" + PARAMETER.sub(value, route).replace("^", "").replace("$", "").replace("/?", "").replace("\\", "")


def said(names: list[str], real: dict[str, list[str]], chance: random.Random) -> dict[str, str]:
    """Some fields or filters, with values of which most make no sense."""
    some = chance.sample(names, min(len(names), chance.randrange(0, 6)))
    return {name: chance.choice(real.get(name, real["id"]) if chance.random() < 0.5 else ODD) for name in some}


@pytest.mark.parametrize("route", ROUTES)
def test_no_page_has_a_fault_of_ours(route, world, real):
    chance, names = random.Random(route), list(COMMON)
    people = [None, world.stranger, *(world.person(role) for role in ROLES)]
    for _ in range(EXAMPLES):
        cache.clear()
        person = chance.choice(people)
        browser = Client(raise_request_exception=False)
        if person:
            browser.force_login(person)
        address, method = (
            filled(route, real, chance),
            chance.choice(["get", "get", "get", "post", "post", "head", "put", "delete"]),
        )
        fields = said(names, real, chance)
        with transaction.atomic():
            answer = getattr(browser, method)(address, clean(fields), headers={"Accept": chance.choice(["text/html", "*/*"])})
            transaction.set_rollback(True)
        assert answer.status_code < 500 or answer.status_code == 503, (method, address, fields, answer.content[-2000:])
        if method == "get" and answer.status_code == 200 and not answer.streaming:
            names = sorted({*names, *(name.decode() for name in NAMED.findall(answer.content))})


def clean(fields: dict[str, str]) -> dict[str, str]:
    """Fields as a browser could send them: half a pair of surrogates cannot be put on a wire."""
    return {name: value.encode("utf-8", "replace").decode() for name, value in fields.items()}
