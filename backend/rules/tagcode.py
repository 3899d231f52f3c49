"""The code on an asset's label: 7 random Crockford base-32 characters and an ISO 7064 MOD 37,36 check character.

It says nothing about the asset. The phone's half is ``fieldapp/src/tagcode.ts``; both pass the cases in
``fixtures/cases/tags.json``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Protocol

# Crockford's base 32: no I, L, O or U, which are misread or spell words.
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# The check character is worked out over all 36, so codes whose check falls on one of the four are not issued.
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LENGTH = 8

_SPACES = " \t\r\n\u00a0"
_ADDRESS = re.compile(r"(?:https?://)?([^/\s]+)/([0-9a-z]{8})", re.IGNORECASE | re.ASCII)
_TYPED = re.compile(r"[0-9A-Za-z \t\u00a0\u2010\u2013\u2014-]*")
_GAPS = re.compile(r"[ \t\u00a0\u2010\u2013\u2014-]+")
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


class Chooser(Protocol):
    """What ``make_code`` needs of a random source: ``random.Random`` in tests, ``secrets.SystemRandom`` in earnest."""

    def choice(self, seq: str, /) -> str:
        """One character of ``seq``."""


@dataclass(frozen=True)
class TagText:
    """What a scanned or typed text is.

    ``code``: one of our codes, upper case, in ``code``. ``bad-code``: mistyped or misread.
    ``not-ours``: some other text or another organisation's label.
    """

    kind: Literal["code", "bad-code", "not-ours"]
    code: str | None = None


def check_character(seven: str) -> str:
    """The check character for seven upper-case characters of 0-9 A-Z (ISO 7064 MOD 37,36). It may be I, L, O or U."""
    product = 36
    for character in seven:
        total = (product + ALPHABET.index(character)) % 36 or 36
        product = total * 2 % 37
    return ALPHABET[(37 - product) % 36]


def is_valid(code: str) -> bool:
    """Whether we could have issued this: eight characters, upper case, with the right check character."""
    return len(code) == LENGTH and all(c in CROCKFORD for c in code) and check_character(code[:-1]) == code[-1]


def make_code(random: Chooser) -> str:
    """A new code, drawn again while the check character is I, L, O or U (one in nine). Uniqueness is the caller's."""
    while True:
        seven = "".join(random.choice(CROCKFORD) for _ in range(LENGTH - 1))
        check = check_character(seven)
        if check in CROCKFORD:
            return seven + check


def from_text(text: str, hosts: Iterable[str]) -> TagText:
    """What a label's address or a typed code says.

    ``hosts`` are the hosts we trust (with the port where it is not the usual one), in any case. A typed code may hold
    spaces and dashes, and O for 0, I or L for 1; an address is read to the letter, because a machine printed it.
    """
    text = text.strip(_SPACES)
    address = _ADDRESS.fullmatch(text)
    if address:
        if address[1].lower() not in {host.lower() for host in hosts}:
            return TagText("not-ours")
        return _judged(address[2].upper())
    if not _TYPED.fullmatch(text):
        return TagText("not-ours")
    return _judged(_GAPS.sub("", text).upper().translate(_MISREAD))


def _judged(code: str) -> TagText:
    return TagText("code", code) if is_valid(code) else TagText("bad-code")
