"""The compliance board: schools or sites down, disciplines across, what is wrong in each cell, worst first."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from backend.checks.queries.compliance import Cell, Counts
from backend.core.templatetags.words import counted, status_shape, year_ago
from backend.office.queries.library import discipline_order, discipline_title

WORST_FIRST = ("unsafe", "overdue", "unsatisfactory", "due", "unproved", "due_soon", "in_date", "paused")
OTHER = "other"
"""What the problems of no discipline are called in an address."""
SHAPES = {"unsafe": "▲", "unsatisfactory": "▼", "unproved": "?"}
"""The shapes of what is no status of a plan; the statuses have theirs in the words."""


def worst(counts: Counts) -> str:
    """What a cell shows: the worst there is ("unsafe", "overdue" …), or "none" when nothing is planned.

    In date and satisfactory are both asked, and the worse of the two is shown.
    """
    return next((name.replace("_", "-") for name in WORST_FIRST if getattr(counts, name)), "none")


def badness(counts: Counts) -> tuple[int, ...]:
    """Sorts the worst first."""
    return -counts.unsafe, -counts.overdue, -counts.unsatisfactory, -counts.due, -counts.defects_open, -counts.lapses


@dataclass(slots=True)
class Square:
    """One cell of the board: its counts, the filter that lists its plans, what it shows, and the filter in an address.

    `then` is the past day that it is of, as the end of an address of plans ("&as_of=…"); "" for today.
    """

    discipline: str
    counts: Counts
    place: dict[str, Any]
    then: str = ""
    worst: str = field(init=False)
    where: str = field(init=False)

    def __post_init__(self) -> None:
        # once each: the rest of the cell asks for them ten times
        self.worst = worst(self.counts)
        self.where = urlencode({**self.place, "discipline": self.discipline or OTHER})

    @property
    def shape(self) -> str:
        """The shape of what it shows."""
        return SHAPES.get(self.worst) or status_shape(self.worst)

    @property
    def grave(self) -> bool:
        """Whether a report that is not satisfactory stands beside an open serious problem: red, like overdue."""
        return self.worst == "unsatisfactory" and self.counts.serious > 0

    @property
    def wrong(self) -> int:
        """How many are of the status shown; nothing for what is in order."""
        number: int = getattr(self.counts, self.worst.replace("-", "_"), 0)
        return number if self.worst in {"unsafe", "overdue", "unsatisfactory", "due", "unproved", "due-soon"} else 0

    @property
    def link(self) -> str:
        """The list of what it shows: its plans so standing, or its problems when they are unsafe or nothing is planned."""
        if self.worst == "none":
            return self.problems
        if self.worst == "unsafe":
            return f"{self.problems}&unsafe=1"
        which = "outcome" if self.worst in ("unsatisfactory", "unproved") else "status"
        return f"{self.plans}&{which}={self.worst}" if self.wrong else self.plans

    @property
    def plans(self) -> str:
        """The list of all its plans; of its problems where there is no discipline, for nothing is planned there."""
        return f"/plans/?{self.where}{self.then}" if self.discipline else self.problems

    @property
    def problems(self) -> str:
        """The list of its open problems."""
        return "/problems/?" + self.where

    @property
    def lapses(self) -> str:
        """The list of what was missed in the last twelve months."""
        return "/lapses/?" + urlencode({**self.place, "discipline": self.discipline, "since": year_ago()})

    @property
    def said(self) -> str:
        """The cell in words, for those who do not see it: the worst first."""
        words = {"unsafe": "marked unsafe", "unsatisfactory": "not satisfactory at the last report"}
        words |= {"unproved": "not proved: nothing recorded yet"}
        numbers = [(name, getattr(self.counts, name)) for name in WORST_FIRST]
        found = [f"{number} {words.get(name, name.replace('_', ' '))}" for name, number in numbers if number]
        if self.counts.defects_open:
            found.append(counted(self.counts.defects_open, "open problem"))
        return f"{discipline_title(self.discipline)}: {', '.join(found) or 'nothing planned'}"


@dataclass(slots=True)
class Row:
    """A school or a site on the board."""

    name: str
    link: str
    place: dict[str, Any]
    total: Counts = field(default_factory=Counts)
    squares: list[Square | None] = field(default_factory=list)

    @property
    def plans(self) -> str:
        """The list of all its plans."""
        return "/plans/?" + urlencode(self.place)

    @property
    def problems(self) -> str:
        """The list of its open problems."""
        return "/problems/?" + urlencode(self.place)

    @property
    def share(self) -> str:
        """How many of its running checks are in date, and proved so: "214/231"."""
        return f"{self.total.proved:,}/{self.total.plans - self.total.paused:,}"


@dataclass(slots=True)
class Board:
    """Rows and columns, both worst first, and the sum of all."""

    columns: list[tuple[str, Counts]]
    rows: list[Row]
    total: Counts


def place_of(cell: Cell, by: str) -> tuple[str, str, dict[str, Any]]:
    """(name, page, filter) of the school or site that a cell belongs to."""
    if by == "school":
        school = cell.site.school
        return school.name, f"/schools/{school.pk}/", {"school": school.pk}
    return cell.site.name, f"/sites/{cell.site.pk}/", {"site": cell.site.pk}


def make_board(cells: Sequence[Cell], *, by: str, in_order: bool = False, then: str = "") -> Board:
    """Lay out compliance cells by "school" or "site": worst first, or by name when `in_order`. `then`: as Square has it."""
    total, columns = Counts(), dict[str, Counts]()
    rows: dict[str, Row] = {}
    found: dict[tuple[str, str], Counts] = {}
    for cell in cells:
        name, link, place = place_of(cell, by)
        row = rows.setdefault(link, Row(name, link, place))
        column = columns.setdefault(cell.discipline, Counts())
        square = found.setdefault((link, cell.discipline), Counts())
        for counts in (total, row.total, column, square):
            counts.add(cell.counts)
    disciplines = sorted(columns, key=discipline_order)
    ordered = sorted(rows.values(), key=lambda row: row.name)
    if not in_order:
        disciplines.sort(key=lambda each: badness(columns[each]))
        ordered.sort(key=lambda row: badness(row.total))
    for row in ordered:
        row.squares = [
            Square(each, found[row.link, each], row.place, then) if (row.link, each) in found else None for each in disciplines
        ]
    return Board([(each, columns[each]) for each in disciplines], ordered, total)


def by_discipline(cells: Sequence[Cell], place: dict[str, Any], then: str = "") -> list[Square]:
    """The disciplines of some cells summed, worst first: the table on a school's or a site's page."""
    sums: dict[str, Counts] = {}
    for cell in cells:
        sums.setdefault(cell.discipline, Counts()).add(cell.counts)
    ordered = sorted(sums, key=lambda each: (badness(sums[each]), discipline_order(each)))
    return [Square(each, sums[each], place, then) for each in ordered]
