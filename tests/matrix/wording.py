"""How lines are declared: an address with rows, a list with its filters, a write with its body. One call, many lines."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

from backend.trust.permits import ESTATE_VIEW
from tests.matrix.addresses import filled
from tests.matrix.columns import ANNEXE, MAIN, SITES, Column
from tests.matrix.lines import (
    HERE,
    HIDDEN,
    NO,
    PLACE,
    SIGN_IN,
    SITED,
    THERE,
    YES,
    Ask,
    Line,
    Rule,
    Says,
    Shows,
    cell,
    estate,
    everybody,
    rows,
    whoever_is_signed_in,
)  # fmt: skip
from tests.matrix.world import NAMES, MatrixWorld

Body = Callable[[MatrixWorld, Column, str], Any]
"""(the world, who asks, the key of the row that is meant) -> what is sent."""
NAMES_A_PLACE: Final = {"site": "site", "school": "school", "building": "building", "space": "space", "asset": "asset",
                        "plan": "plan", "person": "person"}  # fmt: skip
"""Filters that name a row -> the sort of row. Every other filter must be in NAMES_NONE or SEARCHES."""
SEARCHES: Final = ("search", "q")
NAMES_NONE: Final = frozenset({
    "late", "mine", "priority", "stage", "stands", "make", "product",
    "type", "status", "phase", "discipline", "check_type", "covers", "valid_on", "on_or_after", "kind", "severity", "unsafe",
    "since", "until", "outcome", "due_before", "active", "withdrawn", "verified", "asset_type", "sort", "check", "role",
    "cancelled", "contractor", "state", "result", "trade", "closed_since", "closed_until", "open_on", "due_by",
    "as_of", "known", "on",
    "what", "box", "months",
    "band", "of", "who", "element", "grade", "when", "within", "advice",
})  # fmt: skip
ESTATE: Final = Rule()
PAGE: Final = Rule(area=(ESTATE_VIEW,))
SCHOOL_WIDE: Final = ("school", "term", "mark", "risk")
"""Sorts that belong to a school, not to one of its sites."""


def one(
    route: str,
    thing: str,
    rule: Rule = ESTATE,
    whose: Iterable[str] = SITED,
    *,
    more: Sequence[object] = (),
    asked: str = "",
    proves: bool = True,
    query: dict[str, str] | None = None,
    headers: Callable[[MatrixWorld, str], dict[str, str]] | None = None,
    shows: Shows = estate,
) -> Iterator[Line]:
    """Reading one row: a line for each of `whose`. `more` fills the route's parameters after the row's key."""
    for each in whose:

        def send(world: MatrixWorld, column: Column, each: str = each) -> Ask:
            key = world.key(thing, each, column)
            return Ask(filled(route, key, *more), query or {}, headers=headers(world, key) if headers else {}, echo=(key,))

        yield Line(route, "GET", asked, each, cell(rule, each), send, thing, proves=proves, shows=shows)


def act(
    route: str,
    thing: str,
    rule: Rule,
    whose: Iterable[str] = SITED,
    *,
    body: Body | None = None,
    form: Body | None = None,
    method: str = "POST",
    asked: str = "",
    inside: bool = False,
    more: Sequence[object] = (),
    writes: bool = True,
    quiet: bool = True,
    shows: Shows = estate,
) -> Iterator[Line]:
    """Writing to one row: a line for each of `whose`. `inside`: the row is named in the body, not in the address."""
    for each in whose:

        def send(world: MatrixWorld, column: Column, each: str = each) -> Ask:
            key = world.key(thing, each, column)
            path = filled(route, *more) if inside else filled(route, key, *more)
            sent = body(world, column, key) if body else None
            typed = form(world, column, key) if form else None
            return Ask(path, body=sent, form=typed, echo=(key,))

        says = cell(rule, each)
        yield Line(route, method, asked, each, says, send, thing, shows=shows, writes=writes, quiet=quiet)


def named(
    route: str, what: str, body: Body, *, says: dict[str, Says], at: str = "", method: str = "POST", shows: Shows = estate
) -> Iterator[Line]:
    """A good body for one's own site, in which one reference (a `what`) is another's; `at`: the sort of the address's own row."""
    for whose, expect in says.items():

        def send(world: MatrixWorld, column: Column, whose: str = whose) -> Ask:
            key = world.key(what, whose, column)
            mine = (world.rows[at][MAIN],) if at else ()
            return Ask(filled(route, *mine), body=body(world, column, key), echo=(key, *mine))

        yield Line(route, method, f"the body names this {what}", whose, expect, send, shows=shows)


def listed(
    route: str,
    thing: str,
    rule: Rule,
    filters: Iterable[str],
    *,
    tells: frozenset[str] = SITES,
    page: bool = False,
    refuses: bool = True,
    shows: Shows = estate,
) -> Iterator[Line]:
    """A list or export: whole, by every filter that names a row, and searched.

    `page`: an office page. `refuses`: it answers 404 to a filter that names what the asker may not know of.
    A filter that the matrix does not know fails here: say in `wording.py` whether it names a row.
    """
    if thing in SCHOOL_WIDE:
        tells = tells - {ANNEXE}
    size = {} if page else {"page_size": "200"}
    yield Line(
        route,
        "GET",
        "the list",
        "-",
        rows(rule),
        lambda _w, _c: Ask(filled(route), size),
        thing,
        tells=tells,
        exact=not page,
        shows=shows,
    )
    for name in filters:
        if name in NAMES_A_PLACE:
            yield from by_row(route, thing, rule, name, tells, refuses=page and refuses, shows=shows)
        elif name in SEARCHES:
            yield from searched(route, thing, rule, name, tells, shows)
        elif name not in NAMES_NONE:
            raise LookupError(f"{route} filters by “{name}”: put it into NAMES_A_PLACE or NAMES_NONE in tests/matrix/wording.py")


def by_row(
    route: str, thing: str, rule: Rule, name: str, tells: frozenset[str], *, refuses: bool, shows: Shows
) -> Iterator[Line]:
    """The list, filtered by another's row; by `site` (or `school`, where there is no site), by one's own too."""
    for whose in (HERE, THERE) if name in ("site", "school") else (THERE,):
        within = frozenset({PLACE[whose]} | ({ANNEXE} if (name, whose) == ("school", HERE) else set()))

        def send(world: MatrixWorld, column: Column, whose: str = whose) -> Ask:
            key = world.key(NAMES_A_PLACE[name], whose, column)
            return Ask(filled(route), {name: key}, echo=(key,))

        says = picked(rule, within) if refuses else rows(rule, within)
        yield Line(route, "GET", f"?{name}=", whose, says, send, thing, tells=tells, shows=shows)


def picked(rule: Rule, within: frozenset[str]) -> Says:
    """A page's filter: what is not among the choices is not there."""

    def says(column: Column) -> str:
        plain = rows(rule, within)(column)
        unseen = not column.reach(*rule.see) & within
        return HIDDEN if unseen and plain not in (SIGN_IN, NO) else plain

    return says


def searched(route: str, thing: str, rule: Rule, name: str, tells: frozenset[str], shows: Shows) -> Iterator[Line]:
    """The list, searched for the first letters of a place's own names."""
    for whose in (HERE, THERE):
        within = frozenset({PLACE[whose]})
        word = NAMES[PLACE[whose]][:4]
        if not tells & within:
            continue

        def send(_world: MatrixWorld, _column: Column, word: str = word) -> Ask:
            return Ask(filled(route), {name: word})

        yield Line(route, "GET", f"?{name}= (its name)", whose, rows(rule, within), send, thing, tells=tells, shows=shows)


def plain(route: str, *, method: str = "GET", says: Says | None = None, asked: str = "", more: Sequence[object] = (),
          shows: Shows = estate, tells: frozenset[str] | None = None, **how: Any) -> Line:  # fmt: skip
    """One line about no row in particular; for whoever is signed in unless `says`. `how` completes the request."""
    writes = how.pop("writes", method != "GET")
    quiet = how.pop("quiet", True)
    ask = Ask(filled(route, *more), **how)
    says = says or whoever_is_signed_in()
    return Line(route, method, asked, "-", says, lambda _w, _c: ask, shows=shows, tells=tells, writes=writes, quiet=quiet)


def open_to_all(route: str, *more: object, asked: str = "") -> Line:
    """A page that anybody may read and that says nothing of the estate."""
    return plain(route, says=everybody(YES), more=more, asked=asked)
