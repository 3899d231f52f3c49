"""How files go bad: cut off, bits turned over, pieces doubled or lost, other encodings, numbers and names out of all bounds."""

import random
from collections.abc import Callable

ODD = [
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\x1a", b"\xed\xa0\x80", b"9" * 400, b"-1", b"1e999", b"NaN", b"null",
    b"{}", b"[]", b'"', b"'", b"<!--", b"=1+1", b"&a;", b"*a", b"!!python/object:os.system", b"../../../etc/passwd", b"%s%n",
    b"\xf0\x9f\x92\xa9", b"0001-01-01", b"9999-12-31", b"2026-02-30", b"[" * 3000, b'{"a":' * 3000, b"- " * 2000,
]  # fmt: skip


def cut_off(whole: bytes, chance: random.Random) -> bytes:
    """The end is missing."""
    return whole[: chance.randrange(len(whole) + 1)]


def bits_turned(whole: bytes, chance: random.Random) -> bytes:
    """A few bits turned over."""
    made = bytearray(whole)
    for _ in range(chance.choice([1, 1, 3, 20])):
        if made:
            made[chance.randrange(len(made))] ^= 1 << chance.randrange(8)
    return bytes(made)


def something_odd_inside(whole: bytes, chance: random.Random) -> bytes:
    """Odd bytes put in."""
    place = chance.randrange(len(whole) + 1)
    return whole[:place] + chance.choice(ODD) + whole[place:]


def a_word_replaced(whole: bytes, chance: random.Random) -> bytes:
    """A stretch of bytes replaced by odd ones."""
    first = chance.randrange(len(whole) + 1)
    return whole[:first] + chance.choice(ODD) + whole[first + chance.randrange(1, 30) :]


def a_piece_lost(whole: bytes, chance: random.Random) -> bytes:
    """A stretch from the middle is gone."""
    first = chance.randrange(len(whole) + 1)
    return whole[:first] + whole[first + chance.randrange(1, 400) :]


def a_piece_twice(whole: bytes, chance: random.Random) -> bytes:
    """A stretch stands twice."""
    first = chance.randrange(len(whole) + 1)
    last = first + chance.randrange(1, 400)
    return whole[:last] + whole[first:last] + whole[last:]


def other_encoding(whole: bytes, chance: random.Random) -> bytes:
    """As another program would have saved it."""
    return whole.decode("utf-8", errors="replace").encode(
        chance.choice(["utf-16", "cp1252", "utf-8-sig", "utf-7"]), errors="replace"
    )


def something_else(_whole: bytes, chance: random.Random) -> bytes:
    """Another file altogether."""
    return chance.choice(
        [b"", b"\x00" * 100, b"PK\x03\x04", b"%PDF-1.4", b"<html><body>Sign in to Hotel WiFi", chance.randbytes(500)]
    )


WAYS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    cut_off, bits_turned, something_odd_inside, a_word_replaced, a_piece_lost, a_piece_twice, other_encoding, something_else,
)  # fmt: skip


def damaged(whole: bytes, chance: random.Random) -> bytes:
    """`whole`, damaged in one way or several."""
    for _ in range(chance.choice([1, 1, 1, 2, 4])):
        whole = chance.choice(WAYS)(whole, chance)
    return whole
