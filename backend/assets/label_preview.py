"""A sheet of labels as it will be printed, for the screen: drawn from the same lengths as the PDF."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from backend.assets.label_stocks import Stock
from backend.assets.labels import Label, bars, symbol, symbol_at, words_of

SAMPLE: Final = "00000000"
"""Stands for a code that is drawn only when the label is printed: its square is as large, and leads nowhere."""
POINT: Final = 25.4 / 72
"""Millimetres."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of words: left, baseline from the top, size (millimetres)."""

    words: str
    x: float
    y: float
    size: float
    middle: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A place on the sheet, millimetres from the page's top left corner; `used` was printed on before."""

    x: float
    y: float
    width: float
    height: float
    used: bool
    path: str = ""
    lines: tuple[Line, ...] = ()


def preview(labels: Sequence[Label], stock: Stock, host: str, *, first: int = 0) -> list[Shown]:
    """The first page. `first` is how many of its places are already used."""
    shown = []
    for position in range(min(stock.per_page, first + len(labels))):
        left, bottom = stock.corner(position)
        top = stock.page[1] - bottom - stock.label[1]
        size = (round(left, 2), round(top, 2), *stock.label)
        if position < first:
            shown.append(Shown(*size, used=True))
        else:
            label = labels[position - first]
            path, lines = drawn(label, stock, host, left, top)
            shown.append(Shown(*size, used=False, path=path, lines=tuple(lines)))
    return shown


def drawn(label: Label, stock: Stock, host: str, left: float, top: float) -> tuple[str, list[Line]]:
    """A label's square as an SVG path, and its words."""
    modules = symbol(label.code or SAMPLE, host)
    side, height, unit = len(modules) * stock.module, stock.label[1], stock.module
    x, y, _, _ = symbol_at(stock, side)
    above = top + height - y - side
    path = "".join(
        f"M{left + x + column * unit:.2f} {above + row * unit:.2f}h{length * unit:.2f}v{unit:.2f}h-{length * unit:.2f}z"
        for row, column, length in bars(modules)
    )
    said = words_of(label, stock, side)
    lines = [
        Line(each.words, round(left + each.x, 2), round(top + height - each.y, 2), round(each.size * POINT, 2), each.middle)
        for each in said
    ]
    return path, lines
