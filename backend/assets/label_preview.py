"""A sheet of labels as it will be printed, for the screen: drawn from the same lengths as the PDF."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from backend.assets.label_stocks import Stock
from backend.assets.labels import QUIET, Label, bars, groups, symbol, symbol_at

SAMPLE: Final = "00000000"
"""Stands for a code that is drawn only when the label is printed: its square is as large, and leads nowhere."""


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
    side = len(modules) * stock.module
    width, height = stock.label
    x, y, margin, below = symbol_at(stock, side)
    above = top + height - y - side
    unit = stock.module
    path = "".join(
        f"M{left + x + column * unit:.2f} {above + row * unit:.2f}h{length * unit:.2f}v{unit:.2f}h-{length * unit:.2f}z"
        for row, column, length in bars(modules)
    )
    code = groups(label.code) if label.code else "new code"
    if below:
        centre = left + width / 2
        said = [(code, 3.6, 3.9), (label.name, 3.0, 2.5), (label.site, 2.6, 2.1)]
        return path, list(stacked(said, centre, above + side + margin, room=width - 3, middle=True))
    start = left + x + side + QUIET * unit
    said = [(code, 5.0, 3.6), (label.name, 3.4, 2.8), (label.site, 3.0, 2.3)]
    return path, list(stacked(said, start, top + height / 2 - 8, room=width - x - side - QUIET * unit - 2, middle=False))


def stacked(said: Sequence[tuple[str, float, float]], x: float, y: float, *, room: float, middle: bool) -> Iterator[Line]:
    """Lines below one another, each shortened to about `room` millimetres."""
    for words, step, size in said:
        if words:
            y += step
            most = max(int(room / (size * 0.55)), 4)
            short = words if len(words) <= most else f"{words[: most - 1].rstrip()}…"
            yield Line(short, round(x, 2), round(y, 2), size, middle)
