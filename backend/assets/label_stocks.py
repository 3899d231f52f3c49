"""Sheets and rolls of labels, as they are commonly sold in Britain. All lengths in millimetres."""

from dataclasses import dataclass
from typing import Final

MODULE: Final = 1.2
"""Side of a module, millimetres: the least that a phone reads from half a metre."""


@dataclass(frozen=True, slots=True)
class Stock:
    """A sheet or roll of labels; all lengths in millimetres. `across` and `down` count the labels on a page."""

    key: str
    name: str
    note: str
    page: tuple[float, float]
    label: tuple[float, float]
    across: int = 1
    down: int = 1
    left: float = 0.0
    top: float = 0.0
    gap: float = 0.0
    row_gap: float = 0.0
    module: float = MODULE

    @property
    def per_page(self) -> int:
        """How many labels a page holds."""
        return self.across * self.down

    @property
    def spare(self) -> tuple[float, float]:
        """What is left at the right and at the bottom of the page, millimetres; below nothing when the labels run over it."""
        width = self.left + self.across * self.label[0] + (self.across - 1) * self.gap
        height = self.top + self.down * self.label[1] + (self.down - 1) * self.row_gap
        return self.page[0] - width, self.page[1] - height

    def corner(self, position: int) -> tuple[float, float]:
        """The lower left corner of the label at a position of the page, counted from the top left, along the rows."""
        row, column = divmod(position, self.across)
        width, height = self.label
        left = self.left + column * (width + self.gap)
        return left, self.page[1] - self.top - row * (height + self.row_gap) - height


A4: Final = (210.0, 297.0)
STOCKS: Final = {
    stock.key: stock
    for stock in (
        Stock(
            "a4-3x6", "A4 sheet, 3 × 6 labels of 63.5 × 46.6 mm", "Recommended: the full white margin, words beside the code.",
            A4, (63.5, 46.6), 3, 6, left=7.25, top=8.7, gap=2.5,
        ),
        Stock(
            "a4-3x7", "A4 sheet, 3 × 7 labels of 63.5 × 38.1 mm", "For light surfaces: the white margin is a little narrower.",
            A4, (63.5, 38.1), 3, 7, left=7.25, top=15.15, gap=2.5,
        ),
        Stock(
            "a4-3x8", "A4 sheet, 3 × 8 labels of 70 × 37 mm", "For light surfaces: the white margin is a little narrower.",
            A4, (70.0, 37.0), 3, 8, top=0.5,
        ),
        Stock(
            "a4-2x7", "A4 sheet, 2 × 7 labels of 99.1 × 38.1 mm", "Room for long names beside the code.",
            A4, (99.1, 38.1), 2, 7, left=4.65, top=15.15, gap=2.5,
        ),
        Stock(
            "a4-2x5", "A4 sheet, 2 × 5 labels of 99.1 × 57 mm", "For doors and plant rooms: the words stand below the code.",
            A4, (99.1, 57.0), 2, 5, left=4.65, top=6.0, gap=2.5,
        ),
        Stock(
            "a4-2x4", "A4 sheet, 2 × 4 labels of 99.1 × 67.7 mm", "A larger code, read from further away.",
            A4, (99.1, 67.7), 2, 4, left=4.65, top=13.1, gap=2.5, module=1.5,
        ),
        Stock(
            "roll-62", "Continuous roll, 62 mm wide", "For a label printer that cuts by itself, every 40 mm.",
            (62.0, 40.0), (62.0, 40.0),
        ),
        Stock(
            "single-40x50", "Single labels of 40 × 50 mm", "For a label printer, one label to a page.",
            (40.0, 50.0), (40.0, 50.0),
        ),
        Stock(
            "single-50x70", "Single labels of 50 × 70 mm", "For a label printer; a larger code, read from further away.",
            (50.0, 70.0), (50.0, 70.0), module=1.5,
        ),
    )
}  # fmt: skip
