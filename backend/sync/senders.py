"""Who a push speaks for: the session's person, and whoever has signed in on the phone whose signature it carries."""

import re
import uuid
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from django.db import transaction
from django.utils import timezone

from backend.core import audit
from backend.core.evidence import act
from backend.core.problems import Forbidden, NotFound, Problem
from backend.core.reading import answered, rows_by_key
from backend.sync.evidence import DEVICES, SIGN_INS
from backend.sync.models import Device, DeviceSignIn
from backend.sync.signatures import public_key, verifies
from backend.trust import permits
from backend.trust.models import Person, Session
from backend.trust.scope import reach

SIGNED_IN: Final = "SELECT person_id FROM sync_devicesignin WHERE device_id = %s"
DEVICE_ID: Final = re.compile(r"[\x21-\x7e]{1,64}")


class Signature(StrEnum):
    """What a push's signature is worth."""

    NONE = "none"
    GOOD = "good"
    BAD = "bad"
    UNKNOWN = "unknown"  # there is one, but nobody has registered the device


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends: the session's person if any, the device if it is registered, and what its signature is worth."""

    person: Person | None
    device: Device | None
    signature: Signature
    signed_in: frozenset[uuid.UUID] = field(default_factory=frozenset)

    def speaks_for(self, author: uuid.UUID) -> bool:
        """Whether work of this author may be taken as theirs."""
        if self.person and self.person.pk == author:
            return True
        return self.signature == Signature.GOOD and author in self.signed_in


def identify(person: Person | None, device_id: str, signature: str | None, content: bytes) -> Sender:
    """Who sends `content`. Raises Problem (401) when there is neither a session nor a good signature. At most two queries."""
    device = next(iter(rows_by_key(Device, [device_id])), None) if DEVICE_ID.fullmatch(device_id) else None
    worth = Signature.NONE
    if signature:
        worth = Signature.UNKNOWN
        if device:
            worth = Signature.GOOD if verifies(device.public_key, signature, content) else Signature.BAD
    if person is None and worth != Signature.GOOD:
        detail = "Sign in, or send with the signature of a phone that is registered. (A session also needs X-CSRFToken.)"
        raise Problem("not_signed_in", detail, status=401)
    people: frozenset[uuid.UUID] = frozenset()
    if device and worth == Signature.GOOD:
        people = frozenset(person for (person,) in answered(SIGNED_IN, [device.pk]))
    return Sender(person, device, worth, people)


@transaction.atomic
def register_device(*, person: Person, id: str, key: str, label: str = "", app: str = "") -> tuple[Device, bool]:
    """Register a phone's public key (SPKI, base64), and that `person` has signed in on it. Answers it and whether it is new.

    Doing it again changes nothing. Raises Problem: 400 for a key that is none, 403 for a phone taken out of use and for who
    came with a limited token, 409 when the id belongs to another key.
    """
    public_key(key)
    if person.limited_to is not None:
        raise Forbidden("A limited access token cannot register a phone, whose signature would speak for all that you may do.")
    now = timezone.now()
    fresh = Device(id=id, public_key=key, label=label[:120], app=app[:40], registered_by=person, registered_at=now)
    Device.objects.bulk_create([fresh], ignore_conflicts=True)
    device = Device.objects.select_for_update().get(pk=id)
    if device.public_key != key:
        detail = "This phone's id belongs to another key already. Its work stays on it: save a copy and ask the office."
        raise Problem("device_taken", detail, status=409)
    if device.revoked_at is not None:
        raise Problem("device_revoked", "This phone was taken out of use. Ask the office about it.", status=403)
    new = device.registered_at == now and device.registered_by_id == person.pk
    signed_in = DeviceSignIn(device=device, person=person, first_at=now)
    known = set(device.sign_ins.values_list("person_id", flat=True))
    if person.pk not in known:
        DeviceSignIn.objects.bulk_create([signed_in])
        facts = [DEVICES.fact(device, person.pk, person.name)] if new else []
        audit.append([*facts, SIGN_INS.fact(signed_in, person.pk, person.name)])
    return device, new


@transaction.atomic
def revoke_device(*, device: Device, person: Person, reason: str) -> Device:
    """Take a phone out of use: its sessions end, and what it sends from now on is held. By its owner, or who manages people."""
    manages = reach(person, permits.PEOPLE_MANAGE).everywhere or reach(person, permits.OFFICE_SETTLE).everywhere
    if device.registered_by_id != person.pk and not manages:
        raise NotFound("That phone")
    if not reason.strip():
        raise Problem("reason_missing", "Say why.", fields={"reason": "Write a reason."})
    if device.revoked_at is None:
        device.revoked_at = timezone.now()
        device.save(update_fields=["revoked_at"])
        Session.objects.filter(device_id=device.pk).delete()
        at, about = device.revoked_at, f"device:{device.pk}"
        why = act("device-revoked", {"reason": reason}, at=at, about=about, actor_id=person.pk, actor_name=person.name)
        audit.append([why, DEVICES.fact(device, person.pk, person.name, kind="device-revoked")])
    return device
