"""Pictures: what they are by their first bytes, how large by their header, and, in a job, a safe copy for showing.

A web worker reads headers only and never decodes: a PNG of 17 kB can unfold to 700 MB.
"""

import io
import struct
from collections.abc import Callable
from typing import Final

from backend.core.problems import Problem

PICTURES: Final = frozenset({"image/jpeg", "image/png", "image/webp"})
NAMES: Final = {"image/jpeg": "a JPEG picture", "image/png": "a PNG picture", "image/webp": "a WebP picture"}
MOST_PIXELS_SHOWN: Final = 40_000_000  # larger ones are kept as evidence, but not decoded for showing
MOST_PIXELS_KEPT: Final = 250_000_000  # no camera makes more: it is not a photo
SIZES: Final = {"small": 320, "large": 1600}
"""Name -> long side in pixels of the copies made for showing."""


def kind_of(content: bytes) -> str | None:
    """The content type by the first bytes; None when it is no picture that we take."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    return "image/webp" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else None


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Width and height in pixels as the header says; None when the header is damaged. Nothing is decoded."""
    try:
        size = _SIZES[kind_of(content) or ""](content)
    except (KeyError, struct.error, IndexError):
        return None
    return size if size and size[0] > 0 and size[1] > 0 else None


def fault_of_picture(content: bytes) -> Problem | None:
    """What keeps a picture from being kept, going by its header."""
    size = picture_size(content)
    if size is None:
        return Problem("damaged", "This picture is damaged: it does not say how large it is.")
    if size[0] * size[1] > MOST_PIXELS_KEPT:
        return Problem(
            "too_large", f"This picture says it has {size[0] * size[1] // 10**6} million pixels. No photo has that many."
        )
    return None


def showable(content: bytes) -> bool:
    """Whether a copy for showing may be made: at most 40 megapixels by the header."""
    size = picture_size(content)
    return size is not None and size[0] * size[1] <= MOST_PIXELS_SHOWN


def _size_of_png(content: bytes) -> tuple[int, int] | None:
    return struct.unpack(">II", content[16:24]) if content[12:16] == b"IHDR" else None


def _size_of_jpeg(content: bytes) -> tuple[int, int] | None:
    at = 2
    while content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF or marker == 0x01 or 0xD0 <= marker <= 0xD8:  # filling, or a marker without a length
            at += 1 if marker == 0xFF else 2
            continue
        (length,) = struct.unpack(">H", content[at + 2 : at + 4])
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + max(length, 2)
    return None


def _size_of_webp(content: bytes) -> tuple[int, int] | None:
    form, data = content[12:16], content[20:30]
    if len(data) < 10:
        return None
    if form == b"VP8X":
        return 1 + int.from_bytes(data[4:7], "little"), 1 + int.from_bytes(data[7:10], "little")
    if form == b"VP8L" and data[0] == 0x2F:
        bits = int.from_bytes(data[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if form == b"VP8 " and data[3:6] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", data[6:10])
        return width & 0x3FFF, height & 0x3FFF
    return None


_SIZES: Final[dict[str, Callable[[bytes], tuple[int, int] | None]]] = {
    "image/png": _size_of_png,
    "image/jpeg": _size_of_jpeg,
    "image/webp": _size_of_webp,
}


def shown_path(sha256: str, size: str) -> str:
    """Where the copy for showing lies ("small" or "large")."""
    return f"shown/{sha256[:2]}/{sha256}-{size}.jpg"


def make_shown(sha256: str) -> bool:
    """The job: make the copies of a kept picture that pages show. Twice does no harm. False when it cannot be shown.

    Turned the right way up, in JPEG, with nothing of the camera's notes (place, device) left in it.
    """
    from django.core.files.storage import default_storage

    from backend.core.files import path_of, put, read

    wanted = {name: side for name, side in SIZES.items() if not default_storage.exists(shown_path(sha256, name))}
    if not wanted:
        return True
    content = read(path_of(sha256))
    if not showable(content):
        return False
    for name, side in wanted.items():
        copy = redrawn(content, side)
        if copy is None:
            return False
        put(shown_path(sha256, name), copy)
    return True


def redrawn(content: bytes, side: int) -> bytes | None:
    """A JPEG of at most `side` pixels a side, drawn anew; None when the picture is damaged. In a job only: it decodes."""
    import warnings

    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS_SHOWN
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=["JPEG", "PNG", "WEBP"]) as opened:
                opened.draft("RGB", (side, side))
                picture = ImageOps.exif_transpose(opened)
                picture.thumbnail((side, side))
                picture = picture.convert("RGBA")
        sheet = Image.new("RGB", picture.size, "white")
        sheet.paste(picture, mask=picture)
        drawn = io.BytesIO()
        sheet.save(drawn, "JPEG", quality=80)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None
    return drawn.getvalue()
