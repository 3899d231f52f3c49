"""Who may do what. Labels: of rooms, by the roll, what was printed, lost ones, one's printer and sheets; and the room's page."""

from collections.abc import Iterator

from backend.trust.permits import ESTATE_VIEW, LABEL_PRINT
from tests.matrix.columns import SITES, Column
from tests.matrix.declared.api import API, filters_of
from tests.matrix.declared.office import PRINTING, label
from tests.matrix.lines import HIDDEN, NO, NOBODYS, PLACE, SIGN_IN, SITED, UNFIT, YES, Ask, Line, Rule, Says, rows
from tests.matrix.wording import PAGE, act, listed, one, plain
from tests.matrix.world import MatrixWorld

PAPER = {"stock": "a4-3x6", "first": "1"}
SHEET = {
    "name": "Ours", "page_width": "210", "page_height": "297", "label_width": "70", "label_height": "40", "across": "3",
    "down": "7", "left": "0", "top": "5", "column_gap": "0", "row_gap": "0",
}  # fmt: skip
OWN_SHEETS = Rule(at=lambda _column, _whose: frozenset(), area=(ESTATE_VIEW, LABEL_PRINT))


def lines() -> Iterator[Line]:
    """Every line about labels, beside choosing assets (declared with the office's lists)."""
    yield from of_rooms()
    yield from rolls()
    yield from printed()
    yield from single()
    yield from paper()
    yield from one("spaces/<uuid:id>/", "space", PAGE, proves=False)
    yield from scanned()
    yield from by_api()


def by_api() -> Iterator[Line]:
    """Rolls, and labels taken out of use, by other systems."""
    route, printing = API + "label-rolls", Rule(see=(LABEL_PRINT,))
    yield from listed(route, "label roll", printing, filters_of(route))
    yield from one(route + "/<uuid:id>", "label roll", printing, proves=False)
    yield from act(route, "site", Rule(do=LABEL_PRINT), body=lambda _w, _c, key: {"site": key, "count": 2}, inside=True)
    for deed in ("replace", "retire"):
        for thing in ("tag", "room tag"):
            at_tag = f"{API}tags/<str:code>/{deed}"
            yield from act(at_tag, thing, Rule(do=LABEL_PRINT), body=lambda _w, _c, _k: {"why": "lost"}, asked=f"a {thing}")


def prints(column: Column) -> str:
    """What whoever prints labels somewhere is told, and what others are."""
    if not column.signed_in:
        return SIGN_IN
    return YES if column.anywhere(ESTATE_VIEW) and column.anywhere(LABEL_PRINT) else NO


def at(whose: str, otherwise: str) -> Says:
    """What is told of a place: yes where they print, `otherwise` where they do not."""

    def says(column: Column) -> str:
        if prints(column) != YES:
            return prints(column)
        return YES if whose != NOBODYS and PLACE[whose] in column.reach(LABEL_PRINT) else otherwise

    return says


def of_rooms() -> Iterator[Line]:
    """Labels of rooms: which sites are offered, one site's rooms, and the sheet."""
    yield plain("labels/places/", says=prints, asked="the sites")
    for whose in SITED:

        def chosen(world: MatrixWorld, column: Column, whose: str = whose) -> Ask:
            key = world.key("site", whose, column)
            return Ask("/labels/places/", {"site": key}, echo=(key,))

        def sent(world: MatrixWorld, column: Column, whose: str = whose) -> Ask:
            site, room = world.key("site", whose, column), world.key("space", whose, column)
            return Ask("/labels/places/", form={"site": site, "place": room, **PAPER}, echo=(site, room))

        yield Line("labels/places/", "GET", "?site=", whose, at(whose, HIDDEN), chosen)
        yield Line("labels/places/", "POST", "print its room's label", whose, at(whose, HIDDEN), sent)


def rolls() -> Iterator[Line]:
    """Labels that are on nothing yet, for a site."""
    yield plain("labels/roll/", says=prints, asked="the sites")
    for whose in SITED:

        def sent(world: MatrixWorld, column: Column, whose: str = whose) -> Ask:
            site = world.key("site", whose, column)
            return Ask("/labels/roll/", form={"site": site, "count": "2", **PAPER}, echo=(site,))

        yield Line("labels/roll/", "POST", "make some", whose, at(whose, UNFIT), sent)


def printed() -> Iterator[Line]:
    """What was printed."""
    yield plain("labels/printed/", says=rows(PRINTING), asked="the list", tells=SITES)
    yield from one("labels/printed/<uuid:id>/", "label run", PRINTING)
    yield from act("labels/printed/<uuid:id>/", "label run", PRINTING, form=lambda _w, _c, _k: PAPER, asked="print again")


def single() -> Iterator[Line]:
    """One label."""
    why = {"why": "lost", "note": ""}
    for thing in ("tag", "room tag"):
        yield from one("labels/tags/<str:code>/", thing, PRINTING, asked=f"a {thing}")
        for deed in ("replace", "retire"):
            route = f"labels/tags/<str:code>/{deed}/"
            yield from act(route, thing, PRINTING, form=lambda _w, _c, _k: why, asked=f"a {thing}")


def paper() -> Iterator[Line]:
    """One's own printer and sheets."""
    yield plain("labels/printer/", says=prints)
    yield plain("labels/printer/", method="POST", says=prints, form={"from_left": "11", "from_top": "9.5"})
    yield plain("labels/printer/test-page.pdf", says=prints)
    yield plain("labels/sheets/", says=prints)
    yield plain("labels/sheets/", method="POST", says=prints, form=SHEET)
    yield from act("labels/sheets/<uuid:id>/remove/", "label sheet", OWN_SHEETS, (NOBODYS,), form=lambda _w, _c, _k: {})


def scanned() -> Iterator[Line]:
    """A room's label as an address: the room for those who may see it; others are told the school, to report a fault."""
    for whose in SITED:
        within = frozenset() if whose == NOBODYS else frozenset({PLACE[whose]})

        def by_code(world: MatrixWorld, column: Column, whose: str = whose) -> Ask:
            code = world.key("room tag", whose, column)
            return Ask(f"/{code}", echo=(code,))

        def told(column: Column, within: frozenset[str] = within) -> frozenset[str]:
            return column.reach(ESTATE_VIEW) or within

        yield Line("<code>", "GET", "its room's label scanned", whose, label(whose), by_code, shows=told)
