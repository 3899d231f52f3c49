"""The shapes of what phones send: the smallest pieces, and what is wrong with a value that has not the shape, in words."""

import datetime as dt
import re
import uuid
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from backend.core.files import CONTENT_TYPES, LARGEST

LENGTH_OF_UUID = 36  # of its usual spelling alone
DATE_FORM = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
WORDS_OF_TYPES = {
    "extra_forbidden": "is not known to this version of Siteward.",
    "missing": "is missing.",
    "string_too_long": "is too long.",
    "too_long": "has too many entries.",
    "uuid_parsing": "must be a UUID.",
}


class Shape(BaseModel):
    """Strict and closed: nothing is guessed, and a field that is not known is never dropped silently."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


def uuid_text(value: Any) -> str:
    """What may be a UUID in its usual spelling; whether it is one is seen as it is read. Raises ValueError."""
    if not isinstance(value, str) or len(value) != LENGTH_OF_UUID:
        raise ValueError("must be a UUID.")
    return value


def as_uuid(value: Any) -> uuid.UUID | None:
    """The UUID that stands somewhere in its usual spelling, if it does."""
    try:
        return READ_UUID.validate_python(value)
    except ValidationError:
        return None


def as_moment(value: Any) -> dt.datetime:
    """An aware datetime from ISO text, in UTC, years 1900 to 2199. Raises ValueError."""
    if not isinstance(value, str):
        raise ValueError("must be a time such as 2026-11-22T09:14:03.120Z.")
    try:
        moment = dt.datetime.fromisoformat(value)
    except ValueError:
        raise ValueError("must be a time such as 2026-11-22T09:14:03.120Z.") from None
    if moment.tzinfo is None or not 1900 <= moment.year <= 2199:
        raise ValueError("must be a time with its zone, such as 2026-11-22T09:14:03.120Z.")
    return moment.astimezone(dt.UTC)


def as_date(value: Any) -> dt.date:
    """A date from ISO text, years 1900 to 2199. Raises ValueError."""
    if not isinstance(value, str) or not DATE_FORM.fullmatch(value):
        raise ValueError("must be a date such as 2026-11-27.")
    day = dt.date.fromisoformat(value)
    if not 1900 <= day.year <= 2199:
        raise ValueError("must be a date in this century or the last.")
    return day


Id = Annotated[uuid.UUID, Field(strict=False), BeforeValidator(uuid_text)]
READ_UUID: TypeAdapter[uuid.UUID] = TypeAdapter(Id)
Time = Annotated[dt.datetime, BeforeValidator(as_moment)]
Day = Annotated[dt.date, BeforeValidator(as_date)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Text20 = Annotated[str, Field(max_length=20)]
Text60 = Annotated[str, Field(max_length=60)]
Text80 = Annotated[str, Field(max_length=80)]
Text160 = Annotated[str, Field(max_length=160)]
Text500 = Annotated[str, Field(max_length=500)]
Text1000 = Annotated[str, Field(max_length=1000)]
Text2000 = Annotated[str, Field(max_length=2000)]
Text4000 = Annotated[str, Field(max_length=4000)]
Minutes = Annotated[int, Field(ge=0, le=100_000)]
Severity = Literal["low", "medium", "high"]


def _known_type(value: Any) -> str:
    if value not in CONTENT_TYPES:
        raise ValueError("must be a JPEG, PNG, WebP or PDF.")
    return str(value)


class PhotoShape(Shape):
    """A file that an operation says it has."""

    sha256: Sha256
    type: Annotated[str, BeforeValidator(_known_type)]
    size: Annotated[int, Field(ge=1, le=LARGEST)]
    field: Annotated[str, Field(max_length=60)] = ""


Photos = Annotated[list[PhotoShape], Field(max_length=100)]


def faults_of(refused: ValidationError, inside: str = "") -> dict[str, str]:
    """Field path -> what is wrong with it, in words. `inside` goes before every path."""
    found: dict[str, str] = {}
    for each in refused.errors(include_url=False, include_context=False, include_input=False):
        path = ".".join([*([inside] if inside else []), *map(_spoken, each["loc"])])
        words = WORDS_OF_TYPES.get(each["type"]) or each["msg"].removeprefix("Value error, ")
        found.setdefault(_safe(path)[:120] or "body", words if words.endswith(".") else f"{words}.")
    return found


def only_unknown_fields(refused: ValidationError) -> bool:
    """Whether the sole trouble is fields that this version does not know."""
    return all(each["type"] == "extra_forbidden" for each in refused.errors(include_url=False, include_input=False))


def _spoken(step: int | str) -> str:
    return str(step + 1) if isinstance(step, int) else step


def _safe(text: str) -> str:
    return "".join(each if each.isprintable() else "?" for each in text)


def sentence(faults: dict[str, str], limit: int = 400) -> str:
    """The faults as one line of at most `limit` characters."""
    line = " ".join(f"{field} {words}" for field, words in faults.items())
    return line if len(line) <= limit else line[: limit - 1] + "…"
