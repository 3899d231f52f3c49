"""The log book of a site and a discipline: tests, drills, service visits and training by date, with faults and what was done.

It is read from the records, so it has no blank lines and nothing can be written between them later.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from django.db.models import Q

from backend.checks.models import CheckRecord, PackRequest
from backend.core.audit import Head
from backend.core.days import today
from backend.office.proof import saying
from backend.office.proof.gathering import Gathered, gather
from backend.office.proof.pack_paper import MISSED, TRIED, WRONG, Part, missed, part, tried, wrong
from backend.office.proof.paper import Cell, Entry, Paper, set_twice
from backend.office.queries.library import discipline_title
from backend.rules.due.words import counted, full_day
from backend.trust.models import Site

KINDS: Final = {
    "test": "Tests and inspections",
    "drill": "Drills",
    "service": "Service visits and examinations",
    "training": "Training and instruction",
}
SHORT: Final = {"test": "test", "drill": "drill", "service": "service visit", "training": "training session"}
ROWS: Final = (("Date", "Test and place", "Result and readings", "Faults and what was done", "Who"), (1.4, 2.4, 3.6, 3.2, 1.8))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the book."""

    record: CheckRecord
    when: str
    what: str
    where: str
    result: str
    bad: bool
    answers: list[str]
    faults: list[str]
    who: str
    remarks: list[str]


@dataclass(slots=True)
class Book:
    """A year of a log book."""

    site: Site
    discipline: str
    year: int
    found: Gathered
    lines: dict[str, list[Line]] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What stands on its cover."""
        return f"{discipline_title(self.discipline)} log book {self.year}"

    @property
    def sections(self) -> list[tuple[str, list[Line]]]:
        """Kinds of entries that there are, each with its lines."""
        return [(words, self.lines[key]) for key, words in KINDS.items() if self.lines.get(key)]

    def sentence(self) -> str:
        """The answer first."""
        counts = self.found.counts()
        if not counts["records"] and not counts["lapses"]:
            return f"Nothing was recorded in {self.year}."
        kinds = [counted(len(rows), SHORT[key]) for key, rows in self.lines.items() if rows]
        parts = ", ".join(kinds) or "nothing recorded"
        wrong = counted(counts["defects"], "problem")
        return f"{parts}; {counts['lapses']:,} missed; {wrong}, {counts['defects_open']:,} still open."


def years_of(site: Site, discipline: str) -> list[int]:
    """The years in which anything was recorded, the newest first; this year always."""
    rows = CheckRecord.objects.filter(site=site, check_type__discipline=discipline)
    return sorted({today().year, *(each.year for each in rows.dates("done_on", "year"))}, reverse=True)


def disciplines_of(site: Site) -> list[str]:
    """The disciplines that are planned or were recorded at a site."""
    from backend.checks.models import CheckType

    rows = CheckType.objects.filter(Q(plans__site=site) | Q(records__site=site))
    return sorted(set(rows.values_list("discipline", flat=True)))


def read(site: Site, discipline: str, year: int) -> Book:
    """A year of the book: corrected records stand with their correction, marked."""
    now = today()
    chosen = PackRequest(
        site=site,
        disciplines=[discipline],
        first_day=dt.date(year, 1, 1),
        last_day=dt.date(year, 12, 31),
        recipient="other",
        photos=False,
    )
    book = Book(site, discipline, year, gather(chosen, now))
    failed, faults = saying.failed_in(book.found), defaultdict(list)
    for each in book.found.findings:
        faults[each.record_id].append(f"{each.summary}: {fault_words(book.found, each.defect)}")
    book.lines = {key: [] for key in KINDS}
    for record in book.found.records:
        lines = saying.lines_of(record, book.found.assets, failed[record.pk])
        book.lines[kind_of(record)].append(
            Line(
                record=record,
                when=saying.moment_words(record.done_at),
                what=record.check_type.title,
                where=str(record.asset or record.building or site),
                result=record.get_outcome_display(),
                bad=record.outcome == CheckRecord.Outcome.UNSATISFACTORY,
                answers=saying.set_lines(lines),
                faults=faults[record.pk],
                who=record.author_name,
                remarks=saying.remarks(record),
            )
        )
    return book


def fault_words(found: Gathered, defect: Any) -> str:
    """What became of a fault."""
    return saying.defect_state(found, defect)


def kind_of(record: CheckRecord) -> str:
    """Under which heading inspectors look for it."""
    code, competence = record.check_type_id, record.revision.content.get("competence", {})
    if "drill" in code:
        return "drill"
    if "training" in code or "briefing" in code:
        return "training"
    return "service" if competence.get("level") == "competent-contractor" else "test"


def write(out: Path, book: Book, head: Head) -> int:
    """The book as a PDF; answers its pages."""
    parts = [
        *(part(words, ROWS, printed(rows), "") for words, rows in book.sections),
        part("Missed, and what was done about it", MISSED, missed(book.found, book.found.lapses), "Nothing was missed."),
        part("Attempts that came to nothing", TRIED, tried(book.found.attempts), "There was none."),
        part("Problems, and how they were put right", WRONG, wrong(book.found, book.found.defects), "No problem stood."),
    ]

    def foot(page: int, total: int) -> Sequence[str]:
        made = f"printed {full_day(today())}"
        return (f"{book.site.school} · {book.title} · {made} · page {page} of {total}", head.words())

    def make(path: Path | None, total: int, index: Sequence[Entry]) -> Paper:
        paper = Paper(path, f"{book.title}: {book.site.school}", foot, total)
        front(paper, book)
        paper.contents([each for each in index if each.level == 1], len(parts))
        for each in parts:
            Part.set(each, paper)
        paper.finish()
        return paper

    return set_twice(out, make)


def front(paper: Paper, book: Book) -> None:
    """The cover's words."""
    paper.words(book.title, size=20, bold=True, after=6)
    place = ", ".join(dict.fromkeys([book.site.school.name, book.site.name]))
    paper.words(f"{place} · URN {book.site.school.urn}", size=11)
    paper.heading(book.title)
    paper.words(book.sentence(), size=11, bold=True, after=8)
    paper.words(
        "Every line was recorded where and when it was done and cannot be changed: a correction is a further line that names the "
        "one before. What was entered late says so."
    )


def printed(rows: Sequence[Line]) -> Iterator[Sequence[str | Cell]]:
    """Lines as the table has them."""
    for each in rows:
        result = "\n".join([f"{each.result}.", *each.remarks, *each.answers])
        where = f"{each.what}\n{each.where}"
        yield each.when, where, Cell(result, bold=each.bad), "\n".join(each.faults) or "none", each.who
