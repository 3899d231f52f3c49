"""Where a follower has come to, as a text that tells nothing and that only this server can have made.

A cursor is a number of the audit chain with the beginning of that entry's hash, sealed under the server's key: the same place is
always the same text. Numbers lie open to nobody, since they would tell how much happens at other schools. The hash shows
when the database was put back from a backup, after which the same numbers stand for other entries.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterator
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings

from backend.core.audit import GENESIS
from backend.core.models import AuditEntry
from backend.core.problems import Problem

NUMBER: Final = 8  # bytes
HASH: Final = 8  # bytes of the entry's hash
LONGEST: Final = 64


def sealers() -> Iterator[AESSIV]:
    """The server's key for cursors, then those from before it was changed."""
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        yield AESSIV(hashlib.sha256(b"siteward.events.cursor" + key.encode()).digest())


def written(number: int, entry_hash: str) -> str:
    """The cursor of a place: after the entry of this number, of which this is the hash (64 noughts for the chain's beginning)."""
    place = number.to_bytes(NUMBER) + bytes.fromhex(entry_hash)[:HASH]
    return base64.urlsafe_b64encode(next(sealers()).encrypt(place, None)).decode().rstrip("=")


def read(text: str) -> int:
    """The number that a cursor stands for. One query.

    Raises Problem: 400 for a text that is no cursor, 410 when the history that it speaks of is not this database's.
    """
    place = opened(text)
    number, begins = int.from_bytes(place[:NUMBER]), place[NUMBER:].hex()
    if begins != hash_of(number)[: HASH * 2]:
        raise Problem(
            "other_history",
            "This place is not in Siteward's history, which was put back from a backup. Compare what you have with the lists of "
            "the API, then follow from since=now.",
            status=410,
        )
    return number


def opened(text: str) -> bytes:
    """The place in a cursor. Raises Problem (400)."""
    if len(text) <= LONGEST and text.isascii():
        for sealer in sealers():
            try:
                return sealer.decrypt(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), None)
            except (InvalidTag, binascii.Error, ValueError):
                continue
    wrong = {"since": "Send the id of an event, or `next` of the last answer, as it came."}
    raise Problem("invalid", "since is no place in what happened.", fields=wrong)


def hash_of(number: int) -> str:
    """The hash of an entry; "" when there is none of this number."""
    if number == 0:
        return GENESIS
    return AuditEntry.objects.filter(pk=number).values_list("hash", flat=True).first() or ""
