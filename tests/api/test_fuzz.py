"""Every operation of the API asked all kinds of things, made from its own document: never a fault of ours, always in shape.

SITEWARD_EXAMPLES asks each operation that many times (25 unless said), with fresh dice each run when it is set.
"""

import os
import random
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import schemathesis
import yaml
from django.conf import settings
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as dice
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from backend.checks.actions import publish_library
from backend.checks.models import CheckType
from backend.trust.tokens import issue
from tests.answers import good_answers
from tests.api.conftest import furnish
from tests.conftest import make_world

pytestmark = pytest.mark.django_db  # or no database is made when these tests run alone
EXAMPLES = int(os.environ.get("SITEWARD_EXAMPLES", "25"))
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
SCHEMA = schemathesis.openapi.from_dict(yaml.safe_load((settings.ROOT / "openapi.yaml").read_text()))
OPERATIONS: dict[str, Any] = {found.ok().label: found.ok() for found in SCHEMA.get_all_operations()}  # type: ignore[union-attr]
APPLICATION = get_wsgi_application()
MODES = schemathesis.GenerationMode
ODD_TEXTS = ["", "\x00", "'\"<script>&", "\u0663", "9" * 500, "0001-01-01", "9999-12-31", "2026-02-30", "-1", "%"]
ODD: list[Any] = [*ODD_TEXTS, "\ud800", -1, 10**18, 1e308, None, True, [], {}]


@contextmanager
def one_transaction() -> Iterator[None]:
    """Everything inside is undone. Django would close a connection that is in a transaction when a request begins or ends."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(scope="module")
def estate_of_the_lead(django_db_setup, django_db_blocker):
    """A furnished Oakfield for the whole module, undone at its end: (headers of the estates lead, real values by field)."""
    with django_db_blocker.unblock(), one_transaction():
        if not CheckType.objects.exists():
            publish_library(actor="tests")
        world = make_world()
        found = furnish(world)
        site = world.oakfield
        real = {
            "site": site.pk,
            "sites": site.pk,
            "school": site.school_id,
            "schools": site.school_id,
            "building": found.asset.building_id,
            "buildings": found.asset.building_id,
            "space": found.asset.space_id,
            "spaces": found.asset.space_id,
            "asset": found.asset.pk,
            "assets": found.asset.pk,
            "plan": found.plan.pk,
            "plans": found.plan.pk,
            "supersedes": found.record.pk,
            "records": found.record.pk,
            "lapses": found.lapse.pk,
            "defects": found.defect.pk,
            "people": world.caretaker.pk,
            "person": world.caretaker.pk,
            "code": found.tag.pk,
            "by-tag": found.tag.pk,
            "check_type": "fire-alarm-weekly-test",
            "check-types": "fire-alarm-weekly-test",
            "asset-types": "fire-alarm-panel",
            "type": "fire-alarm-panel",
            "discipline": "fire",
            "answers": good_answers(found.plan.check_type.current.questions(), found.plan),
        }
        yield (
            {"Authorization": f"Bearer {issue(world.lead)[0]}", "Accept-Encoding": "identity"},
            {name: str(value) if isinstance(value, uuid.UUID) else value for name, value in real.items()},
        )


def truer(case: Any, real: dict[str, Any], pick: random.Random) -> None:
    """Put real values, or odd ones, in place of some that were made up: otherwise nearly every answer is 404."""
    word = case.operation.path.removeprefix("/api/v1/").removeprefix("field/").split("/")[0]
    for name in case.path_parameters or {}:
        known = real.get("by-tag" if "by-tag" in case.operation.path else word)
        if known and pick.random() < 0.8:
            case.path_parameters[name] = known
    for part in (case.query, case.body):
        if not isinstance(part, dict):
            continue
        for name in list(part):
            chance = pick.random()
            if name in real and chance < 0.7:
                part[name] = real[name]
            elif chance > 0.95:
                part[name] = pick.choice(ODD if part is case.body else ODD_TEXTS)


@pytest.mark.parametrize("label", OPERATIONS)
def test_nothing_that_is_asked_is_a_fault_of_ours(label, estate_of_the_lead):
    headers, real = estate_of_the_lead
    operation = OPERATIONS[label]
    operation.schema.app = APPLICATION
    made = st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in (MODES.POSITIVE, MODES.NEGATIVE)))

    @dice(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize="SITEWARD_EXAMPLES" not in os.environ,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],
    )
    @given(case=made, pick=st.randoms(use_true_random=False))
    def asked(case: Any, pick: random.Random) -> None:
        cache.clear()
        truer(case, real, pick)
        with transaction.atomic():
            answer = case.call(headers=headers, app=APPLICATION)
            transaction.set_rollback(True)
        case.validate_response(answer, checks=CHECKS)

    asked()
