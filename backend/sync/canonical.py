"""The one spelling of a JSON value that phone and server share, and the hashes made of it. Pure."""

import hashlib
import re
from collections.abc import Mapping
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any, Final

import msgspec

GENESIS = "0" * 64
LONE_SURROGATE = re.compile("[\ud800-\udfff]")
BOOKKEEPING = frozenset({"seq", "prev", "hash"})
"""What the phone counts for itself: the same work sent again with another count is still the same work."""


class NotJsonError(ValueError):
    """A value that JSON cannot spell: a number beyond all bounds."""


EXACT: Final = 10**15


def canonical(value: Any) -> str:
    """The value with sorted keys (by code point), no spaces, and numbers and strings as JSON.stringify writes them.

    Raises NotJsonError for a number that is none.
    """
    return spelled_quickly(value) or spelled_out(value)


def spelled_quickly(value: Any) -> str:
    """The library's spelling of a value, many times as fast as ours and the same but for some numbers; "" where it is not."""
    try:
        return msgspec.json.encode(value, order="sorted").decode() if holds_plain_numbers(value) else ""
    except (msgspec.MsgspecError, TypeError, ValueError, RecursionError):
        return ""


def holds_plain_numbers(value: Any) -> bool:
    """Whether every number in it is a whole one that everybody spells alike."""
    if isinstance(value, int):
        return -EXACT < value < EXACT
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        inside = type(each)
        if inside is not str and each is not None and inside is not bool and not holds_plain_numbers(each):
            return False
    return not isinstance(value, float)


def spelled_out(value: Any) -> str:
    """The canonical form, step by step. Raises NotJsonError for a number that is none."""
    if isinstance(value, str):
        return _string(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{_string(key)}:{spelled_out(value[key])}" for key in sorted(value)) + "}"
    return "[" + ",".join(map(spelled_out, value)) + "]"


def number(value: int | float) -> str:
    """A number as JSON.stringify writes it: 1.0 as 1, 1e-7 as 1e-7, 0.00001 as 0.00001, 1e21 as 1e+21."""
    if isinstance(value, int):
        return str(value) if abs(value) < 10**21 else number(_float(value))
    if value != value or value in (float("inf"), float("-inf")):
        raise NotJsonError("That is not a number.")
    if value == int(value) and abs(value) < 1e21:
        return str(int(value))
    sign, figures, exponent = Decimal(repr(value)).normalize().as_tuple()
    digits, point = "".join(map(str, figures)), len(figures) + int(exponent)
    minus = "-" if sign else ""
    if -6 < point <= 0:
        return f"{minus}0.{'0' * -point}{digits}"
    if 0 < point <= 21:
        return f"{minus}{digits[:point]}.{digits[point:]}"
    mantissa = digits[0] + ("." + digits[1:] if len(digits) > 1 else "")
    return f"{minus}{mantissa}e{point - 1:+d}"


def _float(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        raise NotJsonError("That number is too large.") from None


def _string(value: str) -> str:
    text = encode_basestring(value)
    if LONE_SURROGATE.search(text):
        text = LONE_SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return text


def spelled(op: Mapping[str, Any], body: str) -> str:
    """The canonical form of what an operation says, of which `body` is spelled already; without the phone's bookkeeping."""
    rest = {key: each for key, each in op.items() if key != "body" and key not in BOOKKEEPING}
    if "body" in op and spelled_quickly(rest):
        return msgspec.json.encode({**rest, "body": msgspec.Raw(body.encode())}, order="sorted").decode()
    parts = {key: spelled_out(each) for key, each in rest.items()}
    parts |= {"body": body} if "body" in op else {}
    return "{" + ",".join(f"{_string(key)}:{parts[key]}" for key in sorted(parts)) + "}"


def digest(form: str) -> str:
    """SHA-256 (hex) of a canonical form: what two operations have in common when they say the same."""
    return hashlib.sha256(form.encode()).hexdigest()


def chained(previous: str, body: str) -> str:
    """The hash that a phone's chain has after a body (in canonical form): SHA-256 of the hash before and the body."""
    return digest(previous + body)
