"""Labels for assets as PDF: a QR code drawn as vectors, the code in letters, the asset's name and its site.

What the symbol holds and how big it is printed is fixed by the field protocol ("QR labels"): HTTPS://<HOST>/<CODE> in
capitals, at most 29 characters for version 2 at error correction Q, modules of at least 1.2 mm, a white margin of four.
reportlab and qrcode are imported inside the functions: a web worker never loads them at its start.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from backend.assets.label_stocks import Stock
from backend.core.problems import Problem

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

QUIET: Final = 4
"""White modules around the symbol."""
LEAST_QUIET: Final = 2
LONGEST_HOST: Final = 12
MOST_LABELS: Final = 1000
TEXT_ROOM: Final = 9.4
"""Height below a symbol that the printed code, the name and the site need, millimetres."""
SIDE_ROOM: Final = 18.0
PLAIN, BOLD = "Helvetica", "Helvetica-Bold"
SMALLEST: Final = 0.75
"""Words are printed this much smaller before they are cut."""


@dataclass(frozen=True, slots=True)
class Label:
    """What one label says."""

    code: str
    name: str
    site: str


def address(code: str, host: str) -> str:
    """What the symbol holds."""
    return f"HTTPS://{host.upper()}/{code.upper()}"


def host_warning(host: str) -> str:
    """What to know about a host that is too long for the small symbol; nothing when it is short enough."""
    if len(host) <= LONGEST_HOST:
        return ""
    return (
        f"The labels' address {host} is longer than {LONGEST_HOST} characters, so every code is larger and harder to scan from "
        "a distance. Ask whoever runs Siteward for a shorter one before you print many."
    )


def symbol(code: str, host: str) -> list[list[bool]]:
    """The QR symbol's modules, row by row, without its white margin: error correction Q, the smallest version that fits."""
    from qrcode.constants import ERROR_CORRECT_Q
    from qrcode.main import QRCode

    drawn: Any = QRCode(error_correction=ERROR_CORRECT_Q, border=0)
    drawn.add_data(address(code, host), optimize=0)
    drawn.make(fit=True)
    modules: list[list[bool]] = [[bool(each) for each in row] for row in drawn.get_matrix()]
    return modules


def bars(modules: Sequence[Sequence[bool]]) -> Iterator[tuple[int, int, int]]:
    """The dark modules as bars: (row, first column, length), so that a symbol is some 170 rectangles and not 300."""
    for row, cells in enumerate(modules):
        start: int | None = None
        for column, dark in enumerate([*cells, False]):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                yield row, start, column - start
                start = None


def pages(count: int, stock: Stock, first: int) -> Iterator[tuple[int, int, bool]]:
    """(label, position on its page, whether a new page begins before it); the first page starts at position `first`."""
    for number in range(count):
        position = (number + first) % stock.per_page
        yield number, position, number > 0 and position == 0


def sheet(labels: Sequence[Label], stock: Stock, host: str, *, first: int = 0, moved: tuple[float, float] = (0.0, 0.0)) -> bytes:
    """The labels as a PDF. `first` is how many places of the first page are already used; `moved` is how far right and down
    everything is put, millimetres, for a printer that is off.

    Raises Problem when there is nothing to print, too much, or the code does not fit on this stock.
    """
    if not labels:
        raise Problem("no_labels", "Choose at least one asset to print labels for.")
    if len(labels) > MOST_LABELS:
        raise Problem("too_many_labels", f"That is {len(labels):,} labels. Print at most {MOST_LABELS:,} at a time.")
    if not 0 <= first < stock.per_page:
        raise Problem("first", f"Start at a label from 1 to {stock.per_page}.", fields={"first": "Choose a place on the sheet."})
    from reportlab.lib.units import mm
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(stock.page[0] * mm, stock.page[1] * mm), pageCompression=1)
    canvas.setTitle(f"Labels ({len(labels)})")
    canvas.setCreator("Siteward")
    for number, position, turn in pages(len(labels), stock, first):
        if turn:
            canvas.showPage()
        left, bottom = stock.corner(position)
        canvas.saveState()
        canvas.translate((left + moved[0]) * mm, (bottom - moved[1]) * mm)
        draw(canvas, labels[number], stock, host)
        canvas.restoreState()
    canvas.save()
    return out.getvalue()


def draw(canvas: Canvas, label: Label, stock: Stock, host: str) -> None:
    """Draw one label; the canvas's origin is its lower left corner."""
    from reportlab.lib.units import mm

    modules = symbol(label.code, host)
    side = len(modules) * stock.module
    x, y, _, _ = symbol_at(stock, side)
    canvas.setFillGray(0)
    for row, column, length in bars(modules):
        top = y + side - (row + 1) * stock.module
        canvas.rect((x + column * stock.module) * mm, top * mm, length * stock.module * mm, stock.module * mm, stroke=0, fill=1)
    for line in words_of(label, stock, side):
        canvas.setFont(line.font, line.size)
        write = canvas.drawCentredString if line.middle else canvas.drawString
        write(line.x * mm, line.y * mm, line.words)


def symbol_at(stock: Stock, side: float) -> tuple[float, float, float, bool]:
    """Where a symbol stands on its label: left, bottom, white margin (millimetres), and whether the words go below it."""
    width, height = stock.label
    below = height >= side + 2 * QUIET * stock.module + TEXT_ROOM - 0.01
    margin = quiet_margin(stock, side, below=below)
    return (width - side) / 2 if below else margin, height - margin - side if below else (height - side) / 2, margin, below


def quiet_margin(stock: Stock, side: float, *, below: bool) -> float:
    """The white margin, millimetres: four modules, or what the stock leaves. Raises Problem below two."""
    width, height = stock.label
    spare = (width - side) / 2 if below else min((height - side) / 2, width - side - SIDE_ROOM)
    if spare < LEAST_QUIET * stock.module - 0.01:
        raise Problem("label_too_small", f"The code does not fit on {stock.name.lower()}. Choose larger labels.")
    return min(spare, QUIET * stock.module)


def groups(code: str) -> str:
    """The code as it is printed and read out: "K3V9 7M2P"."""
    return f"{code[:4]} {code[4:]}"


def wide(text: str, font: str, size: float) -> float:
    """How wide a text is printed, millimetres, at a size in points."""
    from reportlab.lib.units import mm
    from reportlab.pdfbase.pdfmetrics import stringWidth

    points: float = stringWidth(text, font, size)
    return points / float(mm)


def fitted(text: str, font: str, size: float, room: float) -> tuple[str, float]:
    """The text and its size in points so that it takes `room` millimetres: smaller first, then shortened with an ellipsis.

    Letters that the PDF font lacks become a question mark.
    """
    said = "".join(printable(each) for each in text)
    needed = wide(said, font, size)
    smaller = max(size * SMALLEST, size * room / needed) if needed > room else size
    if wide(said, font, smaller) <= room:
        return said, smaller
    while said and wide(said + "…", font, smaller) > room:
        said = said[:-1]
    return said.rstrip() + "…", smaller


def printable(letter: str) -> str:
    """A letter that the PDF's own fonts have: itself, else without its accent, else a question mark."""
    for tried in (letter, unicodedata.normalize("NFKD", letter)[:1]):
        if tried.isprintable() and tried.encode("cp1252", errors="ignore"):
            return tried
    return "?"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of words on a label: left (or the middle) and baseline from its lower left corner, millimetres; size in points."""

    words: str
    font: str
    size: float
    x: float
    y: float
    middle: bool = False


def words_of(label: Label, stock: Stock, side: float) -> list[Line]:
    """The words of a label whose symbol is `side` millimetres wide: what the PDF prints and the screen shows before."""
    width, height = stock.label
    x, y, margin, below = symbol_at(stock, side)
    code = groups(label.code) if label.code else "new code"
    if below:
        return list(words_below(label, code, width, y - margin))
    return list(words_beside(label, code, x + side + QUIET * stock.module, width - 2, height))


def words_below(label: Label, code: str, width: float, top: float) -> Iterator[Line]:
    """Code, name and site, centred below the symbol's margin; `top` is where they may begin, millimetres."""
    y = top
    for font, size, text, step in ((BOLD, 11.0, code, 3.6), (PLAIN, 7.0, label.name, 3.0), (PLAIN, 6.0, label.site, 2.6)):
        if text:
            y -= step
            yield Line(*words_at(text, font, size, width - 3), width / 2, max(y, 0.8), middle=True)


def words_at(text: str, font: str, size: float, room: float) -> tuple[str, str, float]:
    """A text as it fits, its font and its size."""
    words, fits = fitted(text, font, size, room)
    return words, font, fits


def words_beside(label: Label, code: str, left: float, right: float, height: float) -> Iterator[Line]:
    """Code, name (on up to three lines) and site, to the right of the symbol."""
    room, y = right - left, height / 2 + 6
    for half in code.split() if room < 28 else [code]:
        yield Line(half, BOLD, 12.0, left, y)
        y -= 5
    for text, size, most, step, drop in ((label.name, 8.0, 3, 3.4, 0.0), (label.site, 6.5, 2, 2.8, 0.4)):
        for line in wrapped(text, size, room, most=most):
            yield Line(*words_at(line, PLAIN, size, room), left, y - drop)
            y -= step


def wrapped(text: str, size: float, room: float, *, most: int) -> list[str]:
    """The words of `text` on at most `most` lines of `room` millimetres. A dot between two parts hangs at no line's end."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and len(lines) < most and wide(longer, PLAIN, size) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return [line.strip(" ·") for line in lines if line.strip(" ·")]
