"""The page by which somebody measures how far their printer is off: a frame, rulers, and where the labels should lie."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

from backend.assets.label_stocks import Stock

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

INSET: Final = 10.0
"""How far inside the page's edges the frame lies, millimetres."""
RULER: Final = 100
"""Length of each ruler, millimetres, where the page has room for it."""


def calibration_page(stock: Stock) -> bytes:
    """A PDF of one page of this stock: a frame 10 mm inside its edges, a ruler across and one down, and the labels' outlines."""
    from reportlab.lib.units import mm
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    width, height = stock.page
    canvas = Canvas(out, pagesize=(width * mm, height * mm), pageCompression=1, invariant=1)
    canvas.setTitle("Test page for labels")
    canvas.setCreator("Siteward")
    outlines(canvas, stock)
    canvas.setStrokeGray(0)
    canvas.setLineWidth(0.3)
    inset = min(INSET, width / 4, height / 4)
    canvas.rect(inset * mm, inset * mm, (width - 2 * inset) * mm, (height - 2 * inset) * mm)
    rulers(canvas, stock, inset)
    words(canvas, stock, inset)
    canvas.save()
    return out.getvalue()


def outlines(canvas: Canvas, stock: Stock) -> None:
    """Each label's edge, in grey."""
    from reportlab.lib.units import mm

    canvas.setStrokeGray(0.7)
    canvas.setLineWidth(0.3)
    for position in range(stock.per_page):
        left, bottom = stock.corner(position)
        canvas.rect(left * mm, bottom * mm, stock.label[0] * mm, stock.label[1] * mm)


def rulers(canvas: Canvas, stock: Stock, inset: float) -> None:
    """A tick for each millimetre along the frame's top and left side, longer at each five and ten."""
    from reportlab.lib.units import mm

    width, height = stock.page
    for step in range(int(min(RULER, width - 2 * inset)) + 1):
        at = inset + step
        canvas.line(at * mm, (height - inset) * mm, at * mm, (height - inset - tick(step)) * mm)
    for step in range(int(min(RULER, height - 2 * inset)) + 1):
        at = height - inset - step
        canvas.line(inset * mm, at * mm, (inset + tick(step)) * mm, at * mm)


def tick(step: int) -> float:
    """How long a ruler's tick is, millimetres."""
    return 5.0 if step % 10 == 0 else 3.5 if step % 5 == 0 else 2.0


def words(canvas: Canvas, stock: Stock, inset: float) -> None:
    """What to do with it, where the page is large enough to say so."""
    from reportlab.lib.units import mm

    width, height = stock.page
    if width < 90 or height < 90:
        return
    lines = (
        "Test page for labels",
        stock.name,
        "1. Print at actual size (100 %). The first 10 cm of each ruler must measure 10 cm.",
        f"2. Measure from the left edge of the paper to the frame. It should be {inset:.0f} mm.",
        f"3. Measure from the top edge of the paper to the frame. It should be {inset:.0f} mm.",
        "4. Type both under Labels, Printer. From then on your labels are moved to fit.",
        "Grey: where the labels lie. Hold this page and a sheet of labels against the light.",
    )
    y = height / 2 + 24
    for number, line in enumerate(lines):
        canvas.setFont("Helvetica-Bold" if number == 0 else "Helvetica", 11 if number == 0 else 9)
        canvas.drawString((inset + 10) * mm, y * mm, line)
        y -= 7
