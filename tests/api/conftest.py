"""Asking the API as somebody, with a real token."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from backend.trust.models import Person
from backend.trust.tokens import issue

ROOT = "/api/v1/"


@dataclass
class Asker:
    """Asks as one person (or nobody) and reads the answer."""

    client: Client
    headers: dict[str, str]

    def get(self, path: str, **query: Any) -> Any:
        """GET below /api/v1/."""
        return self.client.get(ROOT + path, query, headers=self.headers)

    def post(self, path: str, body: Any = None, **more: Any) -> Any:
        """POST JSON below /api/v1/ (text and bytes go as they are)."""
        data = body if isinstance(body, str | bytes) else json.dumps(body or {})
        return self.client.post(ROOT + path, data, **{"content_type": "application/json", "headers": self.headers, **more})

    def rows(self, path: str, **query: Any) -> list[dict[str, Any]]:
        """The rows of a list."""
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.content
        found: list[dict[str, Any]] = answer.json()["results"]
        return found

    def one(self, path: str) -> dict[str, Any]:
        """One row."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.content
        found: dict[str, Any] = answer.json()
        return found


def asker(person: Person | None) -> Asker:
    """Somebody who asks the API; None is nobody."""
    headers = {"Authorization": f"Bearer {issue(person)[0]}"} if person else {}
    return Asker(Client(raise_request_exception=False), headers)


@pytest.fixture
def ask():
    """`ask(person)` gives an Asker."""
    cache.clear()
    return asker


def problem(answer: Any, status: int, code: str | None = None) -> dict[str, Any]:
    """The problem that an answer is: its shape, content type and status are looked at on the way."""
    assert answer.status_code == status, (answer.status_code, answer.content[:500])
    assert answer["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert {"code", "title", "detail"} <= body.keys()
    assert all(isinstance(text, str) for text in body.get("fields", {}).values())
    assert code is None or body["code"] == code, body
    return body


@dataclass
class Estate:
    """Something of everything at Oakfield: an asset with its label, a weekly plan with lapses, a record, a defect."""

    asset: Any
    tag: Any
    plan: Any
    record: Any
    defect: Any
    lapse: Any
    more: dict[str, Any] = field(default_factory=dict)


def furnish(world: Any, *, name: str = "Panel of the hall") -> Estate:
    """Furnish Oakfield: the plan began 35 days ago and was done once, 20 days ago, so weeks were missed before and after."""
    import datetime as dt

    from django.utils import timezone

    from backend.assets.actions import ensure_tags
    from backend.checks.actions import NewRecord, When, record_check, seal_lapses
    from backend.core.days import today
    from backend.maintenance.models import Defect
    from tests.answers import good_answers

    asset = world.asset("fire-alarm-panel", name=name, make="Advanced", model="MxPro", serial="SN-1")
    plan = world.plan("fire-alarm-weekly-test", asset=asset)
    tag = ensure_tags([asset])[asset.pk]
    questions = plan.check_type.current.questions()
    answers = good_answers(questions, plan) or {}
    failing = next(each for each in questions if each["type"] == "pass-fail" and each["key"] in answers)
    done = timezone.now() - dt.timedelta(days=20)
    record = record_check(
        NewRecord(
            author=world.caretaker,
            revision=plan.check_type.current,
            answers={**answers, failing["key"]: "fail"},
            when=When(done, done, timezone.now()),
            presence="tag",
            plan=plan,
        )
    )
    seal_lapses(today=today())
    return Estate(asset, tag, plan, record, Defect.objects.get(findings__record=record), plan.lapses.first())


@pytest.fixture
def estate(world):
    """Oakfield, furnished."""
    return furnish(world)
