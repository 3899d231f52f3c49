"""A phone for tests: it makes operations, keeps its chain, signs and pushes like the field app."""

import base64
import datetime as dt
import hashlib
import json
import uuid
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from django.test import Client
from django.utils import timezone

from backend.checks.models import Plan
from backend.core.days import london_date
from backend.core.ids import new_id
from backend.trust.models import Person
from backend.trust.tokens import issue
from tests.answers import good_answers

ROOT = "/api/v1/field/"
GENESIS = "0" * 64


def iso(moment: dt.datetime) -> str:
    """As a phone writes a time."""
    return moment.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass
class Phone:
    """One person's phone (or several people's, in turn)."""

    person: Person | None
    id: str = field(default_factory=lambda: str(new_id()))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    session: bool = True
    signs: bool = True
    app: str = "1.4.0"
    seq: int = 0
    head: str = GENESIS
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))
    tokens: dict[uuid.UUID, str] = field(default_factory=dict)

    @property
    def spki(self) -> str:
        """The public half of its key."""
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return base64.b64encode(self.key.public_key().public_bytes(serialization.Encoding.DER, form)).decode()

    def signature(self, content: bytes, *, der: bool = False) -> str:
        """Over these bytes; raw r and s as browsers make it."""
        made = self.key.sign(content, ec.ECDSA(hashes.SHA256()))
        if not der:
            r, s = decode_dss_signature(made)
            made = r.to_bytes(32, "big") + s.to_bytes(32, "big")
        return base64.b64encode(made).decode()

    def headers(self, content: bytes = b"") -> dict[str, str]:
        """Session and signature, as this phone is set."""
        found = {}
        if self.session and self.person:
            if self.person.pk not in self.tokens:
                self.tokens[self.person.pk] = issue(self.person)[0]
            found["Authorization"] = f"Bearer {self.tokens[self.person.pk]}"
        if self.signs:
            found |= {"X-Device": self.id, "X-Device-Signature": self.signature(content)}
        return found

    def register(self) -> Any:
        """Register its key, for the person who is signed in."""
        body = json.dumps({"id": self.id, "public_key": self.spki, "label": "Test phone", "app": self.app}).encode()
        return self.client.post(ROOT + "devices", body, content_type="application/json", headers=self.headers(body))

    def op(self, kind: str, body: dict[str, Any], **more: Any) -> dict[str, Any]:
        """An operation, next in the chain."""
        self.seq += 1
        made = more.pop("made_at", None) or timezone.now() - dt.timedelta(minutes=10)
        op = {
            "id": str(new_id()),
            "kind": kind,
            "author": str(self.person.pk) if self.person else str(uuid.uuid4()),
            "made_at": made if isinstance(made, str) else iso(made),
            "offset_min": 0,
            "zone": "Europe/London",
            "seq": self.seq,
            "prev": self.head,
            "body": body,
            **more,
        }
        form = json.dumps(op["body"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        op.setdefault("hash", hashlib.sha256((op["prev"] + form).encode(errors="replace")).hexdigest())
        self.head = op["hash"]
        return op

    def envelope(self, ops: list[Any], /, **more: Any) -> bytes:
        """The body of a push."""
        said = {"device": self.id, "app": self.app, "sent_at": iso(timezone.now()), "seq": self.seq, "head": self.head}
        return json.dumps({**said, "ops": ops} | more).encode()

    def post(self, raw: bytes, **headers: str) -> Any:
        """Post a push's bytes; the raw answer."""
        return self.client.post(ROOT + "ops", raw, content_type="application/json", headers={**self.headers(raw), **headers})

    def push(self, *ops: Any, **more: Any) -> list[dict[str, Any]]:
        """Push operations; their results."""
        answer = self.post(self.envelope(list(ops), **more))
        assert answer.status_code == 200, answer.content
        results: list[dict[str, Any]] = answer.json()["results"]
        assert len(results) == len(ops)
        return results

    def push_one(self, op: Any, **more: Any) -> dict[str, Any]:
        """Push one operation; its result."""
        return self.push(op, **more)[0]


def day_made() -> dt.date:
    """The day on which an operation was made that says nothing else: ten minutes ago, which may be yesterday."""
    return london_date(timezone.now() - dt.timedelta(minutes=10))


def check_done(plan: Plan, /, **more: Any) -> dict[str, Any]:
    """The body of a check of this plan that passed."""
    current = plan.check_type.current
    assert current
    return {
        "plan": str(plan.pk),
        "check_type": {"code": plan.check_type_id, "revision": current.number},
        "asset": str(plan.asset_id) if plan.asset_id else None,
        "building": str(plan.building_id) if plan.building_id else None,
        "tag": None,
        "answers": good_answers(current.questions(), plan),
        "photos": [],
        "presence": "typed",
        "started_at": iso(timezone.now() - dt.timedelta(minutes=12)),
        "late_entry": False,
        **more,
    }


def asset_added(world: Any, **more: Any) -> dict[str, Any]:
    """The body of an asset found in the boiler room."""
    building = world.oakfield.buildings.get()
    where = {"site": str(world.oakfield.pk), "building": str(building.pk), "space": str(building.spaces.first().pk)}
    return {**where, "type": "manual-call-point", "name": "Call point by the door", **more}


def defect_reported(world: Any, **more: Any) -> dict[str, Any]:
    """The body of a problem at Oakfield."""
    place = {"site": str(world.oakfield.pk), "building": None, "space": None}
    return {
        "asset": None,
        "place": place,
        "summary": "Door off its hinge",
        "severity": "high",
        "unsafe": True,
        "photos": [],
        **more,
    }
