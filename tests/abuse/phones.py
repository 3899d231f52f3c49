"""Phones over a real network: they push, lose answers, push again, and remember what the server promised them."""

import datetime as dt
import http.client
import json
import random
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from backend.core.ids import new_id
from tests.sync.phone import Phone, iso

Plan = dict[str, Any]
PATIENCE = 90.0
BACK_AGAIN = 0.15


class Gone(Exception):  # noqa: N818  not a fault of the phone's
    """The server was away for longer than any phone of ours would wait in a test."""


@dataclass
class Wire:
    """A connection to the server that is opened again whenever it breaks."""

    port: int
    open: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> tuple[int, bytes]:
        """One request: status and body. Raises OSError or HTTPException when the answer was lost."""
        try:
            if self.open is None:
                self.open = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            self.open.request(method, path, body, headers or {})
            answer = self.open.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise

    def close(self) -> None:
        """Hang up."""
        if self.open:
            self.open.close()
        self.open = None


@dataclass
class Tally:
    """What the phones were promised, added up over all of them."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    checks: set[uuid.UUID] = field(default_factory=set)
    others: set[uuid.UUID] = field(default_factory=set)
    again: int = 0
    lost_answers: int = 0
    refused: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def promised(self, ops: list[dict[str, Any]], results: list[dict[str, Any]]) -> None:
        """Every operation of a push was answered: applied, or applied before."""
        with self.lock:
            for op, result in zip(ops, results, strict=True):
                self.again += result["outcome"] == "again"
                if result["outcome"] == "applied" or (result["outcome"], result.get("was")) == ("again", "applied"):
                    (self.checks if op["kind"] == "check_done" else self.others).add(uuid.UUID(op["id"]))
                else:
                    self.refused.append(json.dumps(result))

    def count(self) -> int:
        """Operations promised so far."""
        return len(self.checks) + len(self.others)


@dataclass
class LoopbackPhone(Phone):
    """A phone that pushes over HTTP to a port, on its signature alone once it is registered."""

    port: int = 0
    author: str = ""
    chance: random.Random = field(default_factory=random.Random)

    def __post_init__(self) -> None:
        self.wire = Wire(self.port)

    def sign_in(self, email: str, password: str) -> None:
        """Sign in, and register the phone's key."""
        body = json.dumps({"email": email, "password": password}).encode()
        told = self.patiently("POST", "/api/v1/auth/token", body, {"Content-Type": "application/json"})
        told_token = json.loads(told)["token"]
        form = json.dumps({"id": self.id, "public_key": self.spki, "label": "Chaos phone", "app": self.app}).encode()
        self.patiently("POST", "/api/v1/field/devices", form, self.signed(form) | {"Authorization": f"Bearer {told_token}"})

    def signed(self, raw: bytes) -> dict[str, str]:
        """The headers of a body that this phone signs."""
        return {"Content-Type": "application/json", "X-Device": self.id, "X-Device-Signature": self.signature(raw)}

    def patiently(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> bytes:
        """Ask until the server has answered well. Raises Gone."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                status, answer = self.wire.ask(method, path, body, headers)
            except (OSError, http.client.HTTPException):
                time.sleep(BACK_AGAIN)
                continue
            if status < 300:
                return answer
            assert status >= 500 or status == 429, (status, answer[:500])
            time.sleep(BACK_AGAIN)
        raise Gone(path)

    def made(self, kind: str, body: dict[str, Any]) -> dict[str, Any]:
        """An operation by this phone's caretaker, at some minute of the last hours."""
        at = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=self.chance.uniform(1, 60))
        return {**self.op(kind, body, made_at=at), "author": self.author}

    def work(self, plans: list[Plan], site: str) -> dict[str, Any]:
        """What a caretaker does next: nearly always a check, now and then a problem or an attempt that came to nothing."""
        plan, luck = self.chance.choice(plans), self.chance.random()
        if luck < 0.97:
            return self.made("check_done", check_of(plan))
        if luck < 0.985:
            place = {"site": site, "building": None, "space": None}
            body: dict[str, Any] = {
                "asset": None,
                "place": place,
                "summary": f"Drip {new_id()}",
                "severity": "low",
                "unsafe": False,
                "photos": [],
            }
            return self.made("defect_reported", body)
        return self.made("check_not_done", {"plan": plan["plan"], "reason": "no-access", "note": "Locked", "photos": []})

    def push_until_answered(self, ops: list[dict[str, Any]], tally: Tally) -> None:
        """Push these until the server has answered for each; now and then lose the answer on purpose, or push twice."""
        raw, deadline = self.envelope(ops), time.monotonic() + PATIENCE
        lose = self.chance.random() < 0.05
        while time.monotonic() < deadline:
            try:
                status, answer = self.wire.ask("POST", "/api/v1/field/ops", raw, self.signed(raw))
            except (OSError, http.client.HTTPException):
                tally.lost_answers += 1
                time.sleep(BACK_AGAIN)
                continue
            if status != 200:
                tally.faults.append(f"{status} {answer[:200]!r}")
                time.sleep(BACK_AGAIN)
            elif lose:
                lose = False
                tally.lost_answers += 1
                self.wire.close()
            else:
                tally.promised(ops, json.loads(answer)["results"])
                return
        raise Gone("/api/v1/field/ops")


def check_of(plan: Plan) -> dict[str, Any]:
    """The body of a check of this plan that passed. Ad hoc now and then would move no date: all of these count."""
    return {
        "plan": plan["plan"],
        "check_type": {"code": plan["code"], "revision": plan["revision"]},
        "asset": plan["asset"],
        "building": None,
        "tag": None,
        "answers": plan["answers"],
        "photos": [],
        "presence": "typed",
        "started_at": iso(dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)),
        "late_entry": False,
    }
