"""A push at work: what arrived, when it really was, whose it is, and how each entry ended."""

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Final

from backend.core.audit import Entered
from backend.core.ids import new_id
from backend.core.models import AuditEntry
from backend.sync.clocks import Moment, Stamp, moments
from backend.sync.envelope import Arrived, Envelope, Fault
from backend.sync.models import Device, KeptAside, Op
from backend.sync.senders import Sender, Signature
from backend.sync.work import Work
from backend.trust.models import Person

FUTURE: Final = dt.timedelta(minutes=5)


@dataclass(slots=True)
class Ending:
    """How one entry of the push ended, and the audit entry that is its receipt."""

    outcome: str
    code: str = ""
    detail: str = ""
    was: str = ""
    notes: list[str] = field(default_factory=list)
    kept: uuid.UUID | None = None
    receipt: Entered | AuditEntry | None = None


@dataclass(slots=True)
class Push:
    """A push at work. `rows` are the operations that are new with it, by id; `copied`: it came as a saved copy, not live.

    `proved` are operations that are held because nobody could prove whose they are, and came again, word for word, with a proof.
    """

    envelope: Envelope
    sender: Sender
    arrived: list[Arrived]
    now: dt.datetime
    skew: int
    copied: bool = False
    id: uuid.UUID = field(default_factory=new_id)
    device: Device | None = None
    people: dict[uuid.UUID, Person] = field(default_factory=dict)
    moments: dict[int, Moment] = field(default_factory=dict)
    rows: dict[uuid.UUID, Op] = field(default_factory=dict)
    kept: dict[uuid.UUID, KeptAside] = field(default_factory=dict)
    works: dict[uuid.UUID, Work] = field(default_factory=dict)
    endings: dict[int, Ending] = field(default_factory=dict)
    proved: list[uuid.UUID] = field(default_factory=list)


def judge_times(push: Push) -> None:
    """The corrected time of every operation; one that lies in the future is held."""
    shaped = [(each.index, each.shape) for each in push.arrived if each.shape]
    stamps = [Stamp(shape.made_at, shape.mono_ms, shape.boot) for _, shape in shaped]
    found = moments(stamps, push.skew, push.device.skew_ms if push.device else None)
    push.moments = {index: moment for (index, _), moment in zip(shaped, found, strict=True)}
    for each in push.arrived:
        moment = push.moments.get(each.index)
        if each.fault is None and moment and moment.happened_at > push.now + FUTURE:
            each.fault = Fault("in_future", "The time of this lies in the future. Put the phone's clock right.")


def judge_authors(push: Push) -> None:
    """Whether each operation may be taken as its author's. Two queries at most."""
    wanted = {each.shape.author for each in push.arrived if each.shape}
    person = push.sender.person
    push.people = {person.pk: person} if person else {}
    if others := wanted - push.people.keys():
        push.people |= Person.objects.in_bulk(list(others))
    held = fault_of_sender(push)
    for each in push.arrived:
        if each.shape is None or each.fault:
            continue
        author = each.shape.author
        if held:
            each.fault = held
        elif author not in push.people or not push.sender.speaks_for(author):
            detail = "It could not be proved who did this: they have not signed in on this phone, or it was not signed."
            each.fault = Fault("author_not_proved", detail)


def fault_of_sender(push: Push) -> Fault | None:
    """Why everything from this sender is held, if it is."""
    if push.device and push.device.revoked_at:
        return Fault("device_revoked", "This phone was taken out of use, so what it sends is looked at first.")
    if push.sender.signature == Signature.BAD:
        return Fault("bad_signature", "The phone's signature does not fit what it sent.")
    return None
