"""Pictures: what they are by their first bytes, how large by their header, and, in a job, a safe copy for showing.

A web worker reads headers only and never decodes: a PNG of 17 kB can unfold to 700 MB.
"""

import hashlib
import io
import struct
import zlib
from collections.abc import Callable
from typing import Final

from django.db import transaction
from django.utils import timezone

from backend.core.polyglots import fault_of_form
from backend.core.problems import Problem

PICTURES: Final = frozenset({"image/jpeg", "image/png", "image/webp"})
NAMES: Final = {"image/jpeg": "a JPEG picture", "image/png": "a PNG picture", "image/webp": "a WebP picture"}
MOST_PIXELS_SHOWN: Final = 40_000_000  # larger ones are kept as evidence, but not decoded for showing
MOST_PIXELS_KEPT: Final = 250_000_000  # no camera makes more: it is not a photo
SIZES: Final = {"small": 320, "large": 1600}
"""Name -> long side in pixels of the copies made for showing."""
TURNED_BY: Final = 0x0112
"""The note in which a camera says how a picture is to be turned (Exif, Orientation)."""
LYING: Final = frozenset({5, 6, 7, 8})
"""Its values for a picture that lies on its side."""
DRAWN: Final = "copies-drawn"
MEND: Final = "It is drawn anew from the file itself when a page next asks for it."
DAMAGED: Final = (
    OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, EOFError, AttributeError, MemoryError,
    struct.error, zlib.error,
)  # fmt: skip
"""What Pillow is known to raise over a picture made to break it."""


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


def upright_size(content: bytes) -> tuple[int, int] | None:
    """Width and height in pixels as a page shows it: a camera may say that a JPEG is to be turned. Reads headers only."""
    size = picture_size(content)
    if size is None or kind_of(content) != "image/jpeg":
        return size
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content), formats=["JPEG"]) as opened:
            turned = opened.getexif().get(TURNED_BY, 1) in LYING
    except (*DAMAGED, Image.DecompressionBombError):
        return size
    return (size[1], size[0]) if turned else size


def fault_of_picture(content: bytes) -> Problem | None:
    """What keeps a picture from being kept, going by its header and its form. Nothing is decoded."""
    size = picture_size(content)
    if size is None:
        return Problem("damaged", "This picture is damaged: it does not say how large it is.")
    if size[0] * size[1] > MOST_PIXELS_KEPT:
        return Problem(
            "too_large", f"This picture says it has {size[0] * size[1] // 10**6} million pixels. No photo has that many."
        )
    return fault_of_form(content, kind_of(content) or "")


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


def about_file(sha256: str) -> str:
    """A file as acts name it."""
    return f"file:{sha256}"


def all_drawn() -> dict[str, dict[str, tuple[str, int]]]:
    """By the hex SHA-256 of each picture: size ("small", "large") -> (hex SHA-256, bytes) of the copy that was drawn last."""
    from backend.core.models import Act

    acts = Act.objects.filter(kind=DRAWN).order_by("at", "pk").values_list("about", "said")
    found: dict[str, dict[str, tuple[str, int]]] = {}
    for about, said in acts.iterator(chunk_size=5000):
        found[about.removeprefix(about_file(""))] = {size: (str(each[0]), int(each[1])) for size, each in said.items()}
    return found


def count_drawn() -> int:
    """How many pictures have copies, or a little more: those drawn again count again."""
    from backend.core.models import Act

    return Act.objects.filter(kind=DRAWN).count()


def drawn_of(sha256: str) -> dict[str, tuple[str, int]]:
    """Size -> (hex SHA-256, bytes) of the copies of one picture, as they were drawn last; empty when none were."""
    from backend.core.models import Act

    said = Act.objects.filter(kind=DRAWN, about=about_file(sha256)).order_by("-at", "-pk").values_list("said", flat=True).first()
    return {size: (str(each[0]), int(each[1])) for size, each in (said or {}).items()}


def copy_as_drawn(sha256: str, size: str, drawn: dict[str, tuple[str, int]]) -> bytes | None:
    """The bytes of a copy for showing, when they are those that were drawn; else None."""
    from backend.core.opening import stored

    said, length = drawn.get(size, ("", 0))
    try:
        with stored(shown_path(sha256, size)) as file:
            content: bytes = file.read(length + 1)
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() == said else None


def shown_copy(sha256: str, size: str) -> bytes | None:
    """The copy for a page, "small" or "large". None until drawn, and while another stands in its place: then it is drawn."""
    from django.core.files.storage import default_storage
    from django_q.tasks import async_task

    drawn = drawn_of(sha256)
    content = copy_as_drawn(sha256, size, drawn)
    if content is None and (drawn or default_storage.exists(shown_path(sha256, size))):
        async_task("backend.core.malware.make_ready", sha256)
    return content


def make_shown(sha256: str) -> bool:
    """The job: make the copies of a kept picture that pages show. Twice does no harm. False when it cannot be shown.

    Turned the right way up, in JPEG, with nothing of the camera's notes (place, device) left in it. What was drawn is an act of
    the audit chain, so that a copy that was exchanged is found; it is drawn from the file as it came, and anew.
    """
    from backend.core.files import path_of, put, read

    drawn = drawn_of(sha256)
    wanted = {name: side for name, side in SIZES.items() if copy_as_drawn(sha256, name, drawn) is None}
    if not wanted:
        return True
    content = read(path_of(sha256))
    if hashlib.sha256(content).hexdigest() != sha256 or not showable(content):
        return False
    for name, side in wanted.items():
        copy = redrawn(content, side)
        if copy is None:
            return False
        put(shown_path(sha256, name), copy)
        drawn[name] = hashlib.sha256(copy).hexdigest(), len(copy)
    enter_drawn(sha256, drawn)
    return True


def enter_drawn(sha256: str, drawn: dict[str, tuple[str, int]]) -> None:
    """Enter which copies were drawn, unless that is what the newest act about them says."""
    from backend.core import audit
    from backend.core.evidence import act

    if drawn != drawn_of(sha256):
        with transaction.atomic():
            said = {name: list(each) for name, each in drawn.items()}
            audit.append([act(DRAWN, said, at=timezone.now(), about=about_file(sha256), actor_name="Pictures")])


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
    except (*DAMAGED, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None
    return drawn.getvalue()
