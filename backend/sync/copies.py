"""The office takes in what a phone saved as a copy ("Save a copy"): through the same door, so it may be done twice."""

import base64
import binascii
import contextlib
import datetime as dt
import hashlib
import json
import uuid
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils import timezone

from backend.core import files
from backend.core.problems import Problem
from backend.sync.envelope import read_envelope
from backend.sync.models import Op
from backend.sync.push import receive
from backend.sync.senders import Signature, identify
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import reach

LARGEST: Final = 400 * 1024 * 1024
PIECE: Final = files.LARGEST
CHANGED: Final = (
    "something in it was changed or damaged since the phone saved it, so the phone's signature does not fit. Nothing of this "
    "part was taken in: the true work can still come from the phone, or from a fresh copy. Only if the phone is lost, tick the "
    "box below."
)
NOT_A_COPY: Final = "That is not a copy saved by the field app."


@dataclass(slots=True)
class Imported:
    """What became of a copy: how many operations ended how, how many files arrived, and what could not be taken, in words."""

    outcomes: dict[str, int] = field(default_factory=dict)
    files: int = 0
    trouble: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Looked:
    """What a copy holds: its work in the phone's own words, how many operations and photos, and how many are here already."""

    work: list[str]
    ops: int
    ops_here: int
    files: int
    saved_at: str

    @property
    def saved(self) -> dt.datetime | None:
        """When the phone says that it saved the copy; None where that is no time."""
        try:
            said = dt.datetime.fromisoformat(self.saved_at)
        except ValueError:
            return None
        return said if 2000 < said.year < 2200 else None


def look_at(content: bytes, *, person: Person) -> Looked:
    """What would be taken in from a saved copy. Changes nothing. Raises Problem as `import_copy` does."""
    require_settler(person)
    copy = read_copy(content)
    named = {key for each in copy["envelopes"] for key in ids_of(each)}
    here = Op.objects.filter(pk__in=named).count()
    said = copy["work"] if isinstance(copy["work"], list) else []
    work = [str(line)[:300] for line in said[:200]]
    return Looked(work, len(named), here, len(copy["files"]), str(copy["exported_at"])[:30])


def ids_of(envelope: dict[str, Any]) -> set[uuid.UUID]:
    """The ids of an envelope's operations, those that are ids."""
    found = set()
    try:
        for op in json.loads(envelope["body"])["ops"]:
            with contextlib.suppress(ValueError, KeyError, TypeError):
                found.add(uuid.UUID(str(op["id"])))
    except (ValueError, RecursionError, KeyError, TypeError):
        pass  # told when it is taken in
    return found


def require_settler(person: Person) -> None:
    """Refuse those who settle nothing anywhere. Raises Problem (403)."""
    if reach(person, permits.OFFICE_SETTLE).nowhere():
        raise Problem("forbidden", "Your role does not let you take in saved work.", status=403)


def import_copy(content: bytes, *, person: Person, altered: bool = False) -> Imported:
    """Take in a saved copy (the JSON file's bytes): each envelope word for word with its signature, then the files.

    An operation whose author is proved by the phone's signature is applied; the others are held for the office. A part that
    was changed since the phone signed it is left out and told, unless `altered`: held under its numbers, it would stand in the
    way of the true work. Raises Problem when it is no such copy, or `person` settles nothing anywhere.
    """
    require_settler(person)
    copy = read_copy(content)
    done = Imported()
    for place, each in enumerate(copy["envelopes"], 1):
        raw, signature = str(each["body"]).encode(errors="replace"), str(each.get("signature") or "") or None
        try:
            if not altered and was_changed(raw, signature, person):
                done.trouble.append(f"Part {place}: {CHANGED}")
                continue
            answer = receive(raw, person=person, signature=signature, now=timezone.now(), copied=True)
        except Problem as problem:
            done.trouble.append(f"Part {place}: {problem.detail}")
            continue
        for result in answer["results"]:
            done.outcomes[result["outcome"]] = done.outcomes.get(result["outcome"], 0) + 1
    authors = authors_of(copy["envelopes"])
    for each in copy["files"]:
        take_file(each, person, done, authors)
    return done


def was_changed(raw: bytes, signature: str | None, person: Person) -> bool:
    """Whether a part is signed by a phone that is known, and is not what that phone signed. Raises Problem."""
    return identify(person, read_envelope(raw).device, signature, raw).signature == Signature.BAD


def authors_of(envelopes: list[dict[str, Any]]) -> list[str]:
    """Whose work the copy says it holds, as senders of files: the bytes beside it are theirs."""
    found = set()
    for each in envelopes:
        try:
            ops = json.loads(each["body"]).get("ops", [])
            found |= {files.person_owner(op["author"])[:64] for op in ops if isinstance(op, dict) and op.get("author")}
        except (ValueError, RecursionError, AttributeError, TypeError):
            continue  # told already, when the envelope was taken in
    return sorted(found)


def read_copy(content: bytes) -> dict[str, Any]:
    """The copy's parts. Raises Problem when it is not one."""
    if len(content) > LARGEST:
        raise Problem("too_large", "That file is too large to be a copy of a phone's work.", status=413)
    try:
        copy = json.loads(content)
    except (ValueError, RecursionError):
        raise Problem("not_a_copy", NOT_A_COPY) from None
    if not isinstance(copy, dict) or copy.get("siteward_export") != 1:
        raise Problem("not_a_copy", NOT_A_COPY)
    parts = {name: copy.get(name) or [] for name in ("envelopes", "files")}
    sound = all(isinstance(each, list) and all(isinstance(one, dict) for one in each) for each in parts.values())
    if not sound or not all(isinstance(each.get("body"), str) for each in parts["envelopes"]):
        raise Problem("not_a_copy", NOT_A_COPY)
    return {**parts, "work": copy.get("work") or [], "exported_at": copy.get("exported_at") or ""}


def take_file(sent: dict[str, Any], person: Person, done: Imported, authors: list[str]) -> None:
    """Take in one photo or document of the copy; what is wrong with it is noted, and the others go on."""
    name = str(sent.get("sha256"))
    try:
        data = base64.b64decode(str(sent.get("data")), validate=True)
        owner, kind = f"copy:{person.pk}", str(sent.get("type"))
        here = files.offsets(owner, [files.checked_name(name)])[name]
        rest = data[here:]
        if rest:
            files.receive(owner=owner, sha256=name, offset=here, length=len(data), content_type=kind, piece=rest)
        elif hashlib.sha256(data).hexdigest() != name:
            raise Problem("wrong_hash", "its bytes are damaged")
        files.vouch((name, author) for author in authors)
        done.files += 1
    except (binascii.Error, ValueError):
        done.trouble.append(f"Photo {name[:12]}: it is damaged in the copy.")
    except Problem as problem:
        done.trouble.append(f"Photo {name[:12]}: {problem.detail}")
