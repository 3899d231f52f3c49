"""Files that are two things at once: a picture or PDF that another program would take for a web page or an archive.

Nothing is decoded. What lies beside the picture itself (its notes, and whatever follows its end) is read for markup; the whole
file is read for an archive's directory. The pixels are left alone: eight random letters may say anything.
"""

import re
import struct
from collections.abc import Callable, Iterator
from typing import Final

from backend.core.problems import Problem

MARKUP: Final = (b"<script", b"<html", b"<!doctype", b"<svg", b"<iframe", b"<object", b"<embed", b"<?php", b"<%", b"javascript:")
"""What a browser, or a server that runs what it finds, would take for a page or a program; in lower case."""
LONG_MARKUP: Final = (b"<script", b"<!doctype html", b"<iframe", b"javascript:")
"""Long enough not to turn up by chance in 12 MB of pixels: 7 given letters, about once in 10^8 files."""
ARCHIVE_END: Final = b"PK\x05\x06"
ARCHIVE_ROW: Final = b"PK\x01\x02"
END_SIZE: Final = 22
FURTHEST_END: Final = END_SIZE + 65_535  # an archive's closing words may be that long
MARKER: Final = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")  # in a JPEG's pixels: what is neither pixel nor restart
WITHOUT_LENGTH: Final = frozenset({0x01, *range(0xD0, 0xD8)})


class Parts:
    """What of a picture is not pixels: its notes, and what follows its end. `whole` when its end is there."""

    def __init__(self) -> None:
        self.notes: list[bytes] = []
        self.tail = b""
        self.whole = False


def fault_of_form(content: bytes, content_type: str) -> Problem | None:
    """What keeps a picture from being kept, going by its form: cut short, or something else hidden in it. Never raises."""
    parts = Parts()
    try:
        _READERS[content_type](content, parts)
    except (IndexError, struct.error):
        parts.whole = False
    if not parts.whole:
        return Problem("damaged", "This picture is damaged: it breaks off before its end. Take or save it again.")
    if not tail_of_a_camera(parts.tail):
        return two_things("picture", "more data after the picture's end")
    if holds_markup(b"\x00".join(parts.notes)) or holds_markup(parts.tail) or says(content, LONG_MARKUP):
        return two_things("picture", "a web page or a program in the picture's notes")
    return two_things("picture", "an archive") if holds_archive(content) else None


def two_things(what: str, found: str) -> Problem:
    """The refusal of a file that is two things at once."""
    detail = f"This {what} was not kept: it also holds {found}. Save it again as a plain {what} and send that."
    return Problem("two_things", detail)


def says(content: bytes, words: tuple[bytes, ...]) -> bool:
    """Whether any of the words (in lower case) stands in the content, in either case."""
    lower = content.lower()
    return any(word in lower for word in words)


def holds_markup(content: bytes) -> bool:
    """Whether the content holds markup, also written in UTF-16."""
    return says(content, MARKUP) or (b"\x00" in content and says(content.replace(b"\x00", b""), MARKUP))


def holds_archive(content: bytes) -> bool:
    """Whether a program would open the content as a ZIP archive (a JAR, an office file): it looks for a directory at the end.

    The four letters alone may turn up in pixels, so the directory that they point to is looked at as well.
    """
    start = max(0, len(content) - FURTHEST_END)
    at = content.rfind(ARCHIVE_END, start)
    while at != -1:
        if len(content) - at >= END_SIZE:
            count, size = struct.unpack_from("<H", content, at + 10)[0], struct.unpack_from("<I", content, at + 12)[0]
            row = at - size
            if (count == 0 and size == 0) or (row >= 0 and content.startswith(ARCHIVE_ROW, row)):
                return True
        at = content.rfind(ARCHIVE_END, start, at)
    return False


def tail_of_a_camera(tail: bytes) -> bool:
    """Whether what follows a picture is what cameras put there: nothing, filling, further pictures, a clip, Samsung's notes."""
    rest = tail.lstrip(b"\x00")
    if not rest or rest.isspace():
        return True
    return rest.startswith(b"\xff\xd8\xff") or tail[4:8] == b"ftyp" or rest.endswith(b"SEFT")


def _read_jpeg(content: bytes, parts: Parts) -> None:
    at = 2
    while content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xD9:
            parts.whole, parts.tail = True, content[at + 2 :]
            return
        if marker == 0xFF or marker in WITHOUT_LENGTH:
            at += 1 if marker == 0xFF else 2
            continue
        (length,) = struct.unpack_from(">H", content, at + 2)
        if 0xE0 <= marker <= 0xEF or marker == 0xFE:
            parts.notes.append(content[at + 4 : at + 2 + length])
        at += 2 + max(length, 2)
        if marker == 0xDA:  # the pixels, to the next marker
            found = MARKER.search(content, at)
            at = found.start() if found else len(content)


def _chunks(content: bytes, start: int, form: str, name_at: int, more: int) -> Iterator[tuple[bytes, int, int]]:
    """Name, beginning and end of each chunk's data. Raises struct.error at a cut."""
    at = start
    while at < len(content):
        (length,) = struct.unpack_from(form, content, at + (4 if name_at == 0 else 0))
        name = content[at + name_at : at + name_at + 4]
        yield name, at + 8, at + 8 + length
        at += 8 + length + more + (length & 1 if name_at == 0 else 0)


def _read_png(content: bytes, parts: Parts) -> None:
    pixels = False
    for name, begin, end in _chunks(content, 8, ">I", 4, 4):
        if end + 4 > len(content):
            return
        pixels = pixels or name == b"IDAT"
        if name == b"IEND":
            parts.whole, parts.tail = pixels, content[end + 4 :]
            return
        if name not in {b"IDAT", b"fdAT"}:
            parts.notes.append(content[begin:end])


def _read_webp(content: bytes, parts: Parts) -> None:
    (length,) = struct.unpack_from("<I", content, 4)
    finish = 8 + length + (length & 1)
    if finish > len(content) + (length & 1) or length < 12:
        return
    pixels = False
    for name, begin, end in _chunks(content[:finish], 12, "<I", 0, 0):
        if end > len(content):
            return
        if name in {b"VP8 ", b"VP8L", b"ANMF"}:
            pixels = True
        elif name != b"ALPH":
            parts.notes.append(content[begin:end])
    parts.whole, parts.tail = pixels, content[finish:]


_READERS: Final[dict[str, Callable[[bytes, Parts], None]]] = {
    "image/jpeg": _read_jpeg,
    "image/png": _read_png,
    "image/webp": _read_webp,
}
