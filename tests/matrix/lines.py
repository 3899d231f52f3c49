"""A line of the matrix: an address, a method, what is asked of it, whose row it is; and what each column is to be told.

The expectation is reckoned from the line's declaration (which permit, at which place) and from `columns.py`. Nothing of
the views is asked.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from backend.trust.permits import ESTATE_VIEW
from tests.matrix.columns import ANNEXE, MAIN, RIVERSIDE, SITES, TRUST, Column

if TYPE_CHECKING:
    from tests.matrix.world import MatrixWorld

OWN, COLLEAGUES, HERE, BESIDE, THERE = (
    "own", "a colleague's", "own site's", "own school's other site's", "another school's",
)  # fmt: skip
ADMINS, LEAVERS, ELSEWHERE = "a system administrator's", "a leaver's", "somebody's who also works at another school"
TRUSTS, NOBODYS, NAMED = "the whole trust's", "nobody's (no such id)", "another school's, named in one's own report"
PLACE: Final = {
    OWN: MAIN,
    COLLEAGUES: MAIN,
    HERE: MAIN,
    BESIDE: ANNEXE,
    THERE: RIVERSIDE,
    TRUSTS: TRUST,
    ADMINS: TRUST,
    ELSEWHERE: MAIN,
}
SITED: Final = (HERE, BESIDE, THERE, NOBODYS)
AUTHORED: Final = (OWN, COLLEAGUES, BESIDE, THERE, NOBODYS)
SCHOOLS: Final = (HERE, THERE, NOBODYS)

YES, NO, HIDDEN, SIGN_IN = "yes", "no", "hidden", "sign in"
HELD, CLASH, UNFIT, OUTSIDE, GONE = "held", "clash", "unfit", "told nothing", "gone"
WORDS: Final = {
    frozenset[str](): "none",
    frozenset({MAIN}): "own site",
    frozenset({ANNEXE}): "own school's other site",
    frozenset({RIVERSIDE}): "another school",
    frozenset({MAIN, ANNEXE}): "own school",
    frozenset({MAIN, RIVERSIDE}): "own site and another school",
    SITES: "whole trust",
}
"""How the rows of a list, a search or an export are named in a cell."""


@dataclass(frozen=True)
class Ask:
    """One request. `body` goes as JSON, `form` as a form, `raw` as it is. `by` is how the asker shows who they are."""

    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    form: Mapping[str, Any] | None = None
    raw: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    by: str = "session"
    echo: tuple[str, ...] = ()


Send = Callable[["MatrixWorld", Column], Ask]
Says = Callable[[Column], str]
Shows = Callable[[Column], frozenset[str]]


def estate(column: Column) -> frozenset[str]:
    """Where the asker may read the estate."""
    return column.reach(ESTATE_VIEW)


@dataclass(frozen=True)
class Line:
    """One line of the matrix. `thing` is the sort of row that is named or listed, `whose` says which of them.

    `shows` are the places of which the answer may speak; a word of any other place in it is a leak.
    """

    route: str
    method: str
    asked: str
    whose: str
    says: Says
    send: Send
    thing: str = ""
    shows: Shows = estate
    tells: frozenset[str] | None = None  # of a list: the places whose rows it shows by name, where the asker sees them
    exact: bool = False  # a list of the API: its ids and its count are compared one by one
    proves: bool = False  # a yes shows a word of the row's place
    writes: bool = True  # a yes to anything but GET changes something
    quiet: bool = True  # a refusal changes nothing at all (False: nothing of the estate)

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What names it in the table."""
        return self.route, self.method, self.asked, self.whose


@dataclass(frozen=True)
class Rule:
    """Who may: `area` permits are each needed somewhere (else no), one of `see` at the row's place (else hidden), then `do`.

    `at`: where `whose` lies, when that is not the usual place. `never`: rows on which nobody may do it.
    """

    see: tuple[str, ...] = (ESTATE_VIEW,)
    do: str = ""
    area: tuple[str, ...] = ()
    at: Callable[[Column, str], frozenset[str]] | None = None
    then: str = YES
    never: tuple[str, ...] = ()

    def sees(self, column: Column, whose: str) -> bool:
        """Whether the row is theirs to know of."""
        if whose in (NOBODYS, NAMED):
            return whose == NAMED and RIVERSIDE in column.reach(*self.see)
        places = self.at(column, whose) if self.at else frozenset({PLACE[whose]})
        return bool(column.reach(*self.see) & places)

    def outcome(self, column: Column, whose: str) -> str:
        """The cell."""
        if not column.signed_in:
            return SIGN_IN
        if not all(column.anywhere(each) for each in self.area):
            return NO
        if not self.sees(column, whose):
            return HIDDEN
        if whose in self.never:
            return NO
        if self.do and not (self.do_places(column) & (self.at(column, whose) if self.at else {PLACE[whose]})):
            return NO
        return self.then

    def do_places(self, column: Column) -> frozenset[str]:
        """Where they may do it."""
        return column.reach(self.do)


def cell(rule: Rule, whose: str) -> Says:
    """The expectation for one row."""
    return lambda column: rule.outcome(column, whose)


def rows(rule: Rule, within: frozenset[str] = SITES) -> Says:
    """The expectation for a list: which places' rows, as far as a filter leaves them `within`."""

    def says(column: Column) -> str:
        if not column.signed_in:
            return SIGN_IN
        if not all(column.anywhere(each) for each in rule.area):
            return NO
        return WORDS[column.reach(*rule.see) & within]

    return says


def everybody(word: str) -> Says:
    """The same for all, signed in or not."""
    return lambda _column: word


def whoever_is_signed_in(word: str = YES) -> Says:
    """The same for all who are signed in."""
    return lambda column: word if column.signed_in else SIGN_IN
