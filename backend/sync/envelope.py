"""Reading a push: the envelope around it, and each operation by itself, so that one bad one never spoils the others."""

import hashlib
import json
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

import msgspec
from pydantic import ConfigDict, Field, ValidationError

from backend.core.problems import Problem
from backend.sync.bodies import BODIES, Body
from backend.sync.canonical import NotJsonError, canonical, digest, spelled
from backend.sync.shapes import Id, Shape, Text60, Time, as_uuid, faults_of, only_unknown_fields, sentence

MOST_OPS: Final = 500
MOST_BYTES: Final = 2 * 1024 * 1024
LARGEST_COUNT: Final = 2**53
LONGEST_NUMBER: Final = 40
UNSTORABLE: Final = re.compile(r"(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})")

Hash = Annotated[str, Field(pattern=r"^[\x21-\x7e]{0,64}$")]


class Envelope(Shape):
    """What is around the operations of a push. Fields that a later version adds are passed over."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)

    device: Annotated[str, Field(pattern=r"^[\x21-\x7e]{1,64}$")]
    app: Annotated[str, Field(pattern=r"^[\x20-\x7e]{0,40}$")] = ""
    sent_at: Time
    seq: Annotated[int, Field(ge=0, le=LARGEST_COUNT)] | None = None
    head: Annotated[str, Field(pattern=r"^[\x20-\x7e]{0,64}$")] = ""
    ops: list[Any]


class OpShape(Shape):
    """An operation as it goes over the wire."""

    id: Id
    kind: Annotated[str, Field(max_length=40)]
    author: Id
    made_at: Time
    offset_min: Annotated[int, Field(ge=-1440, le=1440)] = 0
    zone: Text60 = ""
    mono_ms: Annotated[float, Field(ge=0, le=1e15)] | None = None
    boot: Text60 | None = None
    seq: Annotated[int, Field(ge=0, le=LARGEST_COUNT)] | None = None
    prev: Hash = ""
    hash: Hash = ""
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """Why something is held: a short word for programs, a sentence for people."""

    code: str
    detail: str


@dataclass(slots=True)
class Arrived:
    """One entry of a push as it came, and what could be read of it. Without `id` it can only be kept aside."""

    index: int
    sent: Any
    text: str
    digest: str
    body_form: str = ""
    id: uuid.UUID | None = None
    shape: OpShape | None = None
    body: Body | None = None
    fault: Fault | None = None

    def said(self, name: str, limit: int) -> str:
        """A field of the operation as text fit for a column, whatever it holds."""
        value = self.sent.get(name) if isinstance(self.sent, dict) else None
        return "".join(each for each in value if each.isprintable())[:limit] if isinstance(value, str) else ""


def read_json(raw: bytes) -> Any:
    """The value that JSON text in UTF-8 stands for. Raises Problem (400) for anything else.

    Nearly everything is read by the quick reader. What it refuses (half a character, a number beyond all bounds) is read
    once more by Python's own, which has the last word.
    """
    try:
        return QUICK.decode(raw)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return read_slowly(raw)


def read_slowly(raw: bytes) -> Any:
    """The same by Python's own reader. Raises Problem (400)."""
    try:
        return json.loads(raw.decode(), parse_constant=_no_constant, parse_int=_whole_number, parse_float=_fraction)
    except (ValueError, RecursionError):
        raise Problem("malformed", "What was sent is not JSON.") from None


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _fraction(text: str) -> float:
    return float(text) + 0.0  # minus nought is nought: PostgreSQL knows only one


def _whole_number(text: str) -> int | float:
    return int(text) if len(text) <= LONGEST_NUMBER else float(text)


QUICK: Final = msgspec.json.Decoder(float_hook=_fraction)


def read_envelope(raw: bytes) -> Envelope:
    """The envelope of a push. Raises Problem: 413 when it is too large, 400 when it is not of the protocol's shape."""
    if len(raw) > MOST_BYTES:
        raise Problem("too_large", "A push may have at most 2 MB. Send it in smaller batches.", status=413)
    value = read_json(raw)
    if not isinstance(value, dict):
        raise Problem("malformed", "A push is one JSON object with its operations under “ops”.")
    if isinstance(value.get("ops"), list) and len(value["ops"]) > MOST_OPS:
        raise Problem("too_large", f"A push may have at most {MOST_OPS} operations. Send it in smaller batches.", status=413)
    try:
        return Envelope.model_validate(value)
    except ValidationError as refused:
        raise Problem("malformed", "The envelope of this push is not as it should be.", fields=faults_of(refused)) from None


def read_ops(ops: Sequence[Any], raw: bytes) -> list[Arrived]:
    """Every entry of a push (of which `raw` is the whole), read as far as it goes. Raises nothing, whatever they hold."""
    return [read_op(index, sent, raw) for index, sent in enumerate(ops)]


def read_op(index: int, sent: Any, raw: bytes = b"") -> Arrived:
    """One entry of a push: its id, shape and body, or the fault that it will be held for."""
    try:
        body_form = canonical(sent.get("body")) if isinstance(sent, dict) else ""
        form = spelled(sent, body_form) if isinstance(sent, dict) else canonical(sent)
        text = as_text(sent)
    except (NotJsonError, RecursionError):
        return unspeakable(index, sent, raw.decode(errors="replace"))
    arrived = Arrived(index, sent, text, digest(form), body_form, id=id_of(sent))
    if not isinstance(sent, dict):
        arrived.fault = Fault("malformed", "This is not an operation of the protocol: it is no object.")
        return arrived
    if "\\u" in form and UNSTORABLE.search(form):
        detail = "It holds characters that are no text (a NUL or half a character). Please write it again."
        arrived.fault = Fault("unreadable_text", detail)
        return arrived
    read_shape(arrived)
    return arrived


def as_text(sent: Any) -> str:
    """What was sent, as JSON text to be kept. Raises RecursionError."""
    try:
        return msgspec.json.encode(sent).decode()
    except (msgspec.MsgspecError, TypeError, ValueError, OverflowError):  # half a character, a number of many digits
        return json.dumps(sent, separators=(",", ":"))


def unspeakable(index: int, sent: Any, whole: str) -> Arrived:
    """An entry that has no canonical form: nested beyond reason, or with a number beyond all bounds."""
    try:
        text = json.dumps(sent, separators=(",", ":"))
    except RecursionError:
        text = json.dumps({"index": index, "push": whole})
    fault = Fault("malformed", "It is nested too deep, or holds a number beyond all bounds.")
    return Arrived(index, sent, text, hashlib.sha256(text.encode()).hexdigest(), id=id_of(sent), fault=fault)


def id_of(sent: Any) -> uuid.UUID | None:
    """The operation's id, when it has one."""
    return as_uuid(sent.get("id")) if isinstance(sent, dict) else None


def read_shape(arrived: Arrived) -> None:
    """Read the operation's fields and its body by its kind; what does not fit becomes its fault."""
    try:
        arrived.shape = shape = OpShape.model_validate(arrived.sent)
    except ValidationError as refused:
        arrived.fault = fault_for(refused)
        return
    known = BODIES.get(shape.kind)
    if known is None:
        kind = arrived.said("kind", 40)
        arrived.fault = Fault("unknown_kind", f"This version of Siteward does not know operations of the kind “{kind}”.")
        return
    try:
        arrived.body = known.model_validate(shape.body)
    except ValidationError as refused:
        arrived.fault = fault_for(refused, "body")


def fault_for(refused: ValidationError, inside: str = "") -> Fault:
    """The fault that a refused shape stands for."""
    code = "unknown_field" if only_unknown_fields(refused) else "malformed"
    return Fault(code, sentence(faults_of(refused, inside)))
