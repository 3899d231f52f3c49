"""Made-up papers: a one-page report for a firm's visit, and small drawn pictures. Each says that it is invented."""

import datetime as dt
import hashlib
import io
import random
from dataclasses import dataclass, field

from PIL import Image, ImageDraw

from backend.core.files import keep
from backend.core.models import StoredFile

PICTURES = 4  # different pictures of each discipline
SIZE = (480, 360)
COLOURS = ((92, 107, 115), (140, 120, 96), (104, 122, 90), (120, 96, 110), (88, 104, 130))


@dataclass(slots=True)
class Papers:
    """The papers of one load, each kept once. `kinds` says each file's content type and size in bytes."""

    seed: int
    title: str
    kinds: dict[str, tuple[str, int]] = field(default_factory=dict)
    made: dict[tuple[object, ...], str] = field(default_factory=dict)

    def report(self, code: str, place: str, firm: str, on: dt.date) -> str:
        """The SHA-256 of a visit's report; one for all that was seen on the same visit."""
        key = ("report", code, place, firm, on)
        if key not in self.made:
            lines = [
                "INVENTED REPORT, FOR DEMONSTRATION ONLY",
                self.title,
                place,
                f"Check: {code}",
                f"By: {firm or 'the school'}",
                f"Date: {on:%-d %B %Y}",
                "No such visit took place and no such firm is meant.",
            ]
            self.made[key] = self.hold(one_page(lines), "application/pdf")
        return self.made[key]

    def photo(self, discipline: str, throw: random.Random) -> str:
        """The SHA-256 of one of a few drawn pictures of the discipline."""
        key = ("photo", discipline, throw.randrange(PICTURES))
        if key not in self.made:
            self.made[key] = self.hold(drawn(discipline, f"{self.seed}:{key}"), "image/jpeg")
        return self.made[key]

    def hold(self, content: bytes, kind: str) -> str:
        """Keep a file; answers its SHA-256."""
        stored: StoredFile = keep(content, kind)
        self.kinds[stored.sha256] = (kind, len(content))
        return stored.sha256


def one_page(lines: list[str]) -> bytes:
    """A one-page PDF of a few lines of plain text."""
    said = [
        line.encode("latin-1", "replace").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)") for line in lines
    ]
    text = b"BT /F1 13 Tf 60 780 Td 22 TL " + b" ".join(b"(%s) Tj T*" % line for line in said) + b" ET"
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    page, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(page))
        page += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, len(page))
    return page + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(parts) + 1, table) + end


def drawn(discipline: str, name: str) -> bytes:
    """A small JPEG: a few plain shapes, and words that say it is drawn."""
    throw = random.Random(hashlib.sha256(name.encode()).digest())  # noqa: S311  make-believe, not secrets
    picture = Image.new("RGB", SIZE, throw.choice(COLOURS))
    pen = ImageDraw.Draw(picture)
    for _ in range(14):
        left, top = throw.randint(-40, SIZE[0]), throw.randint(-40, SIZE[1])
        shade = tuple(throw.randint(60, 200) for _ in range(3))
        pen.rectangle((left, top, left + throw.randint(20, 160), top + throw.randint(20, 120)), fill=shade, outline=(40, 40, 40))
    pen.rectangle((0, SIZE[1] - 34, SIZE[0], SIZE[1]), fill=(255, 255, 255))
    pen.text((10, SIZE[1] - 26), f"Drawn for the demo: {discipline}", fill=(0, 0, 0))
    held = io.BytesIO()
    picture.save(held, "JPEG", quality=70)
    return held.getvalue()
