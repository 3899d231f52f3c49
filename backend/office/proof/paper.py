"""Paper: A4 pages set line by line, with a head of tables that comes again, a foot on every page, bookmarks and an index.

It is set twice: once to learn on which page everything stands and how many there are, once for good. Thousands of records must
be set in a few seconds, so lines are broken by the letters' widths and drawn straight onto the page. Greyscale: what matters is
said in words and in bold type. reportlab is imported inside: a web worker never loads it at its start.
"""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

WIDTH, HEIGHT = 595.28, 841.89  # A4, in points
MARGIN: Final = 42.0
FOOT: Final = 46.0
WITHIN: Final = WIDTH - 2 * MARGIN
PLAIN, BOLD = "Helvetica", "Helvetica-Bold"
SPELLED: Final = {
    "≥": ">=", "≤": "<=", "Ω": "ohm", "→": "->", "●": "", "▲": "", "◆": "", "◐": "", "‖": "", "ł": "l", "Ł": "L", "đ": "d",
    "Đ": "D", "ı": "i", "−": "-", "\u00a0": " ", "\t": " ", "⁻": "-", "₂": "2", "²": "²",
}  # fmt: skip


@lru_cache(maxsize=65536)
def spelled(text: str) -> str:
    """The text in letters that every reader of PDFs can set (Windows 1252); others without their marks, or as "?"."""
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        text = "".join(SPELLED.get(each, each) for each in text)
        made = []
        for each in text:
            bare = unicodedata.normalize("NFKD", each) if ord(each) > 255 else each
            kept = "".join(one for one in bare if not unicodedata.combining(one))
            made.append(each if fits(each) else kept if fits(kept) else "?")
        text = "".join(made)
    return text


def fits(text: str) -> bool:
    """Whether Windows 1252 holds it."""
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


@lru_cache(maxsize=65536)
def word_width(word: str, font: str) -> float:
    """The width of a word in thousandths of the type's size."""
    return sum(widths(font)[each] for each in word.encode("cp1252", errors="replace"))


@lru_cache(maxsize=4)
def widths(font: str) -> Sequence[float]:
    """The widths of a font's 256 letters."""
    from reportlab.pdfbase import pdfmetrics

    found: Sequence[float] = pdfmetrics.getFont(font).widths
    return found


@lru_cache(maxsize=200_000)
def broken(text: str, width: float, size: float, font: str = PLAIN) -> Sequence[str]:
    """The text in lines that are at most `width` points wide. A word that is wider is cut."""
    room, lines = width * 1000 / size, list[str]()
    space = widths(font)[32]
    for paragraph in spelled(text).split("\n"):
        line, used = list[str](), 0.0
        for word in paragraph.split():
            wide = word_width(word, font)
            while wide > room:
                part = cut(word, room, font)
                lines += [" ".join(line)] if line else []
                lines.append(part)
                word, line, used = word[len(part) :], [], 0.0
                wide = word_width(word, font)
            if line and used + space + wide > room:
                lines.append(" ".join(line))
                line, used = [], 0.0
            used += wide + (space if line else 0)
            line.append(word)
        lines.append(" ".join(line))
    return lines


def cut(word: str, room: float, font: str) -> str:
    """As much of the beginning of a word as there is room for, one letter at least."""
    end = 1
    while end < len(word) and word_width(word[: end + 1], font) <= room:
        end += 1
    return word[:end]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table in bold type."""

    text: str
    bold: bool = True


@dataclass(slots=True)
class Entry:
    """A line of the index: how deep, its words, the page it stands on."""

    level: int
    words: str
    page: int


@dataclass
class Paper:
    """The sheets. `out` None sets them and draws nothing. `foot` gives the lines below a page of so many."""

    out: Path | None
    title: str
    foot: Callable[[int, int], Sequence[str]]
    total: int = 0
    subject: str = ""
    page: int = 0
    y: float = 0.0
    index: list[Entry] = field(default_factory=list)
    canvas: Any = None
    type: tuple[str, float] = ("", 0.0)

    def __post_init__(self) -> None:
        """Begin with the first page."""
        if self.out:
            from reportlab.pdfgen.canvas import Canvas

            self.canvas = Canvas(str(self.out), pagesize=(WIDTH, HEIGHT), pageCompression=1, invariant=1, lang="en-GB")
            self.canvas.setTitle(spelled(self.title))
            self.canvas.setSubject(spelled(self.subject))
            self.canvas.setAuthor("Siteward")
        self.begin()

    def begin(self) -> None:
        """A new page."""
        self.page, self.y, self.type = self.page + 1, HEIGHT - MARGIN, ("", 0.0)

    def end_page(self) -> None:
        """The foot, and the page is done."""
        if not self.canvas:
            return
        self.canvas.setLineWidth(0.5)
        self.canvas.line(MARGIN, FOOT - 2, WIDTH - MARGIN, FOOT - 2)
        for number, line in enumerate(self.foot(self.page, self.total)):
            self.set(line, MARGIN, FOOT - 11 - 8 * number, 6.5, PLAIN)
        self.canvas.showPage()

    def turn(self) -> None:
        """On to the next page."""
        self.end_page()
        self.begin()

    def need(self, height: float) -> bool:
        """Turn the page unless there is so much room; answers whether it was turned."""
        if self.y - height >= FOOT + 6:
            return False
        self.turn()
        return True

    def set(self, text: str, x: float, y: float, size: float, font: str) -> None:
        """Draw a line of text."""
        if not self.canvas or not text:
            return
        if self.type != (font, size):
            self.canvas.setFont(font, size)
            self.type = (font, size)
        self.canvas.drawString(x, y, text)

    def words(self, text: str, *, size: float = 9, bold: bool = False, indent: float = 0, after: float = 3) -> None:
        """A paragraph."""
        font, leading = BOLD if bold else PLAIN, size * 1.3
        for line in broken(text, WITHIN - indent, size, font):
            self.need(leading)
            self.y -= leading
            self.set(line, MARGIN + indent, self.y + size * 0.25, size, font)
        self.y -= after

    def heading(self, text: str, level: int = 0) -> None:
        """A heading: bookmarked, and in the index."""
        size = (15.0, 11.5, 9.5)[level]
        self.need(size * 5)
        self.y -= (10.0, 8.0, 4.0)[level]
        self.index.append(Entry(level, text, self.page))
        if self.canvas:
            key = f"h{len(self.index)}"
            self.canvas.bookmarkHorizontal(key, 0, self.y + 4)
            self.canvas.addOutlineEntry(spelled(text), key, level, closed=level > 0)
        self.words(text, size=size, bold=True, after=4)

    def rule(self) -> None:
        """A thin line across."""
        if self.canvas:
            self.canvas.setLineWidth(0.3)
            self.canvas.line(MARGIN, self.y - 1, WIDTH - MARGIN, self.y - 1)
        self.y -= 2

    def table(
        self, head: Sequence[str], shares: Sequence[float], rows: Iterable[Sequence[str | Cell]], size: float = 7.5
    ) -> None:
        """Rows below a head that comes again on every page. `shares` are the columns' parts of the width."""
        whole = sum(shares)
        spans = [WITHIN * each / whole for each in shares]
        self.need(size * 6)
        self.table_head(head, spans, size)
        for row in rows:
            cells = [(each.text, BOLD if each.bold else PLAIN) if isinstance(each, Cell) else (each, PLAIN) for each in row]
            lines = [broken(text, span - 6, size, font) for (text, font), span in zip(cells, spans, strict=True)]
            self.table_row(lines, [font for _, font in cells], spans, size, head)
        self.y -= 5

    def table_head(self, head: Sequence[str], spans: Sequence[float], size: float) -> None:
        """The head of a table."""
        lines = [broken(text, span - 6, size, BOLD) for text, span in zip(head, spans, strict=True)]
        self.table_row(lines, [BOLD] * len(spans), spans, size, None)

    def table_row(
        self,
        lines: Sequence[Sequence[str]],
        fonts: Sequence[str],
        spans: Sequence[float],
        size: float,
        head: Sequence[str] | None,
    ) -> None:
        """A row, kept together when it is short; a long one goes on overleaf."""
        leading, deep = size * 1.22, max(len(each) for each in lines)
        if self.need(leading * min(deep, 14) + 3) and head is not None:
            self.table_head(head, spans, size)
        for number in range(deep):
            if self.need(leading) and head is not None:
                self.table_head(head, spans, size)
            self.y -= leading
            x = MARGIN
            for cell, font, span in zip(lines, fonts, spans, strict=True):
                if number < len(cell):
                    self.set(cell[number], x, self.y + size * 0.25, size, font)
                x += span
        self.rule()

    def figures(self, rows: list[tuple[str, str]]) -> None:
        """Figures with their names, two columns of them."""
        half = (len(rows) + 1) // 2
        for number in range(half):
            self.need(13)
            self.y -= 13
            for column, (value, name) in enumerate(each for each in (rows[number : number + 1] + rows[number + half :][:1])):
                x = MARGIN + column * WITHIN / 2
                self.set(spelled(value), x, self.y + 2, 10, BOLD)
                self.set(spelled(name), x + 52, self.y + 2, 9, PLAIN)
        self.y -= 6

    def finish(self) -> None:
        """The last page, and the file."""
        self.end_page()
        if self.canvas:
            self.canvas.save()

    def contents(self, entries: Sequence[Entry], room: int) -> None:
        """The index on as many lines as there will be (`room`), each with its page."""
        for number in range(room):
            self.need(12)
            self.y -= 12
            if number < len(entries):
                each = entries[number]
                font = BOLD if each.level == 0 else PLAIN
                x = MARGIN + 12 * each.level
                text = broken(each.words, WITHIN - 60 - 12 * each.level, 9, font)[0]
                self.set(text, x, self.y + 2, 9, font)
                page = str(each.page)
                self.set(page, WIDTH - MARGIN - word_width(page, PLAIN) * 9 / 1000, self.y + 2, 9, PLAIN)


def set_twice(out: Path, make: Callable[[Path | None, int, Sequence[Entry]], Paper]) -> int:
    """Set a paper until its pages are known, then for good; answers how many pages it has.

    `make(out, pages, index)` sets the whole paper. The first setting learns how long the index is, the second on which pages
    everything stands with an index of that length, the third is drawn.
    """
    found: Sequence[Entry] = ()
    pages = 0
    for _ in range(2):
        tried = make(None, pages, found)
        found, pages = tried.index, tried.page
    return make(out, pages, found).page
