"""The board paper as a PDF of two to four pages, set from frozen figures alone: the same figures give the same bytes."""

import datetime as dt
import hashlib
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from backend.core import audit
from backend.office.proof.paper import FOOT, MARGIN, PLAIN, WITHIN, Cell, Entry, Paper, set_twice
from backend.office.queries.library import discipline_title
from backend.office.risk.said import WORST_FIRST, bands_words, headline, money
from backend.rules.due.words import full_day

EDITION: Final = 1
"""Of how a paper is set. A paper keeps the edition that it was set with."""
Figures = dict[str, Any]
SHADES: Final = {"severe": 0.15, "high": 0.45, "medium": 0.7, "low": 0.88}


def set_paper(figures: Figures, *, title: str, commentary: str, by: str, version: int, reason: str = "") -> tuple[bytes, int]:
    """The PDF and how many pages it has. Reads nothing but what it is given."""
    root = hashlib.sha256(audit.canonical(figures)).hexdigest()
    on = full_day(dt.date.fromisoformat(figures["day"]))

    def foot(page: int, total: int) -> Sequence[str]:
        return (
            f"{figures['trust']} · {title} · as it stood on {on} · version {version} · page {page} of {total}",
            f"Hash over all figures {root}",
        )

    def make(path: Path | None, total: int, index: Sequence[Entry]) -> Paper:  # noqa: ARG001  it has no index
        paper = Paper(path, title, foot, total, subject=headline(figures))
        first_page(paper, figures, title, on, (commentary, by, reason))
        hurting(paper, figures)
        costing(paper, figures)
        deciding(paper, figures)
        schools(paper, figures)
        resting(paper, figures)
        paper.finish()
        return paper

    with tempfile.TemporaryDirectory(prefix="siteward-paper-") as folder:
        out = Path(folder) / "paper.pdf"
        pages = set_twice(out, make)
        return out.read_bytes(), pages


def first_page(paper: Paper, figures: Figures, title: str, on: str, said: tuple[str, str, str]) -> None:
    """What it is, the answer, what its author says."""
    commentary, by, reason = said
    paper.words(title, size=18, bold=True, after=4)
    paper.words(f"{figures['trust']} · as it stood on {on}", size=11, after=8)
    paper.words(headline(figures), size=12, bold=True, after=6)
    if reason:
        paper.words(f"It replaces the version before, because: {reason}")
    if commentary:
        paper.words(commentary, size=10, after=2)
        paper.words(by, size=9, after=6)
    paper.words("How bad, by sort of exposure", size=9, bold=True, after=2)
    strips(paper, [(each["title"], each["bands"], each["total"]) for each in figures["kinds"] if each["total"]])


def strips(paper: Paper, rows: Sequence[tuple[str, dict[str, int], int]]) -> None:
    """A strip for each row, as long as its number, in shades from severe (dark) to low; the numbers beside it."""
    most = max((total for *_, total in rows), default=0)
    for words, bands, total in rows:
        paper.need(15)
        paper.y -= 15
        paper.set(words, MARGIN, paper.y + 4, 8, PLAIN)
        x, room = MARGIN + 150, WITHIN - 300
        for key in WORST_FIRST:
            wide = room * bands[key] / most if most else 0
            if paper.canvas and wide:
                paper.canvas.setFillGray(SHADES[key])
                paper.canvas.rect(x, paper.y + 1, wide, 9, stroke=0, fill=1)
                paper.canvas.setFillGray(0)
            x += wide
        paper.set(f"{total}: {bands_words(bands)}", MARGIN + WITHIN - 145, paper.y + 4, 7, PLAIN)
    paper.y -= 6


def hurting(paper: Paper, figures: Figures) -> None:
    """What could hurt somebody."""
    paper.heading("What could hurt somebody")
    sums = figures["hurting"]
    paper.words(f"{sums['total']} exposures could hurt somebody badly: {bands_words(sums['bands'])}. The worst of them:")
    paper.table(
        ("What and where", "How bad", "Why", "To put right"),
        (32, 12, 42, 14),
        [
            (
                f"{each['title']}. {each['where']}",
                Cell(f"{each['band'].capitalize()}, {each['likelihood']} x {each['consequence']} = {each['score']}"),
                " ".join([*each["why"], each["in_law"]]).strip(),
                priced(each),
            )
            for each in figures["hurt"]
        ],
    )


def priced(each: Figures) -> str:
    """A price with where it comes from."""
    return f"{money(each['pence'])}, {each['basis']}" if each["pence"] is not None else "not known"


def costing(paper: Paper, figures: Figures) -> None:
    """What could cost us: the backlog, the year ahead, the dearest."""
    paper.heading("What could cost us")
    ahead = figures["forecast"]
    paper.words(
        f"Firms' checks of the next twelve months cost about {money(ahead['pence'])}; our own people need "
        f"{ahead['minutes'] // 60:,} hours for theirs."
    )
    paper.table(
        ("Condition backlog", "Items", "At today's prices", "A year's wait adds", "Without a price"),
        (34, 12, 20, 20, 14),
        [
            (
                f"Priority {each['priority']}: {each['title'].lower()}", str(each["items"]), money(each["pence"]),
                money(each["waiting"]), str(each["unpriced"]),
            )
            for each in figures["backlog"]
        ],
    )  # fmt: skip
    paper.words("Firms' checks, month by month", size=9, bold=True, after=2)
    months(paper, [(dt.date.fromisoformat(each["month"]), each["pence"]) for each in ahead["months"]])
    paper.table(
        ("The dearest to put right", "Where", "Price"),
        (40, 38, 22),
        [(each["title"], each["where"], priced(each)) for each in figures["cost"]],
    )
    fields = [f"{discipline_title(each['key'])} {money(each['pence'])}" for each in ahead["disciplines"] if each["pence"]]
    if fields:
        paper.words(f"By field of work: {', '.join(fields)}.", size=8)


def months(paper: Paper, rows: Sequence[tuple[dt.date, int]]) -> None:
    """Columns by month with their sums."""
    high, wide = 52.0, WITHIN / max(len(rows), 1)
    paper.need(high + 30)
    most = max((pence for _, pence in rows), default=0)
    paper.y -= high + 24
    for number, (month, pence) in enumerate(rows):
        x, tall = MARGIN + number * wide, high * pence / most if most else 0
        if paper.canvas and tall:
            paper.canvas.setFillGray(0.45)
            paper.canvas.rect(x + 3, paper.y + 12, wide - 6, tall, stroke=0, fill=1)
            paper.canvas.setFillGray(0)
        paper.set(money(pence), x + 3, paper.y + 14 + tall, 6, PLAIN)
        paper.set(f"{month:%b}", x + 3, paper.y + 3, 7, PLAIN)
    paper.y -= 4


def deciding(paper: Paper, figures: Figures) -> None:
    """What is to be decided."""
    paper.heading("What is to be decided this month")
    if not figures["decide"]:
        paper.words("Nothing waits for a decision.")
    for each in figures["decide"]:
        what = each["what"] if each["count"] == 1 else f"{each['what']}s"
        cost = f", about {money(each['pence'])}" if each["pence"] else ""
        paper.words(f"{each['count']} {what} {each['words']}{cost}.", indent=8)


def schools(paper: Paper, figures: Figures) -> None:
    """School by school, never one figure without its bands."""
    paper.heading("School by school, the worst first")
    keys = [each["key"] for each in figures["bands"]]
    paper.table(
        ("School", "Pupils", *(each["title"] for each in figures["bands"]), "To put right", "A pupil", "A m²", "Checks, a year"),
        (30, 8, *(7 for _ in keys), 13, 9, 8, 13),
        [
            (
                each["name"], str(each["pupils"] or "?"), *(str(each["bands"][key]) for key in keys), money(each["pence"]),
                money(each["per_pupil"]) if each["per_pupil"] is not None else "?",
                money(each["per_m2"]) if each["per_m2"] is not None else "?", money(each["forecast"]),
            )
            for each in figures["schools"]
        ],
        size=7,
    )  # fmt: skip


def resting(paper: Paper, figures: Figures) -> None:
    """What the figures rest on."""
    if paper.y - 60 < FOOT:
        paper.turn()
    sums = figures["all"]
    own = sum(1 for each in figures["assumptions"] if each["own"])
    paper.words("What this rests on", size=9, bold=True, after=2)
    paper.words(
        f"A score is likelihood (1 to 5) times consequence (1 to 5): severe from 20, high from 12, medium from 6. What is "
        f"not known counts as not compliant. Of the prices {sums['assumed']} are assumed, {sums['unpriced']} have none; "
        f"{own} of {len(figures['assumptions'])} assumed figures are the trust's own, the others are those that Siteward begins "
        f"with, from general knowledge. This paper is no legal advice.",
        size=8,
    )
