"""The evidence for a bid as a PDF: need, cost, planning, each with what is there and what is missing."""

import datetime as dt
import tempfile
from collections.abc import Sequence
from pathlib import Path

from backend.office.proof.paper import Entry, Paper, set_twice
from backend.office.risk.said import bands_words, money
from backend.risk.estate import estate, funding
from backend.risk.queries.bids import Bid
from backend.rules.due.words import full_day


def set_bid(bid: Bid, day: dt.date, trust: str) -> tuple[bytes, int]:
    """The PDF and how many pages it has."""
    project = bid.works.project
    assert project

    def foot(page: int, total: int) -> Sequence[str]:
        return (f"{trust} · {project} · as it stood on {full_day(day)} · page {page} of {total}",)

    def make(path: Path | None, total: int, index: Sequence[Entry]) -> Paper:  # noqa: ARG001  it has no index
        paper = Paper(path, str(project), foot, total, subject=f"Evidence for a bid: {project}")
        first_page(paper, bid, day, trust)
        for number, _ in enumerate(bid.parts):
            part(paper, bid, number)
        findings(paper, bid)
        history(paper, bid)
        paper.finish()
        return paper

    with tempfile.TemporaryDirectory(prefix="siteward-bid-") as folder:
        out = Path(folder) / "bid.pdf"
        pages = set_twice(out, make)
        return out.read_bytes(), pages


def first_page(paper: Paper, bid: Bid, day: dt.date, trust: str) -> None:
    """What it is, where, what it costs, what it takes away."""
    works, project, rules = bid.works, bid.works.project, funding()
    assert project
    paper.words(project.title, size=18, bold=True, after=4)
    paper.words(f"{works.site}, {works.site.school} (URN {works.site.school.urn}) · {trust} · {full_day(day)}", size=10, after=8)
    paper.words(f"Evidence for a bid to the {rules.titles['cif']}, by what bids of {rules.edition} are judged by.", after=6)
    if bid.cost:
        lines = (("Works at today's prices", bid.cost.works), ("The unexpected", bid.cost.unexpected), ("Fees", bid.cost.fees),
                 ("Together", bid.cost.total))  # fmt: skip
        paper.table(("What it costs", ""), (80, 20), [(words, money(pence)) for words, pence in lines])
    else:
        paper.words("It has no price yet.", bold=True)
    paper.words(f"It takes away {works.points} points of risk: {bands_words(works.sums.bands)} findings of condition.")
    if bid.missing:
        paper.words(
            f"{bid.missing} of {bid.asked} things that such a bid asks for are missing. They are marked below.", bold=True
        )


def part(paper: Paper, bid: Bid, number: int) -> None:
    """One criterion: what is said, what is there."""
    criterion, said, shown = bid.parts[number]
    paper.heading(f"{criterion.title}: {criterion.marks} of 100 marks")
    paper.words(said.strip() or "Nothing is written yet.", size=10, after=4)
    rows = [(each.asks, "There" if each.there else "Missing", each.words) for each in shown]
    paper.table(("What is asked for", "", "What there is"), (50, 12, 38), rows)


def findings(paper: Paper, bid: Bid) -> None:
    """What the works put right."""
    paper.heading("What it puts right")
    elements = estate().elements
    rows = [
        (
            str(number), f"{elements.get(each.element, each.element)}: {each.words}", str(each.building or each.survey.site),
            f"{each.grade}, priority {each.priority or '-'}", f"{each.survey.surveyor}, {each.survey.done_on:%-d %B %Y}",
            money(each.cost_pence),
        )
        for number, each in enumerate(bid.works.items, 1)
    ]  # fmt: skip
    paper.table(("", "Finding", "Where", "Grade", "Survey", "At its prices"), (4, 40, 16, 13, 17, 10), rows)


def history(paper: Paper, bid: Bid) -> None:
    """What else is open in the same building."""
    if not bid.history:
        return
    paper.heading("What else is open in the same place")
    rows = [(each.title, each.kind_words, f"{each.band.title}, {each.score.score}", each.where) for each in bid.history]
    paper.table(("What", "Sort", "How bad", "Where"), (42, 20, 14, 24), rows)
