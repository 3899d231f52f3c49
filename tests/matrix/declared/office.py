"""The office's pages: who may read which, and what may be done there."""

from collections.abc import Iterator
from typing import Any

from backend.office.forms.estate import AssetFilters, LapseFilters, ProblemFilters, RecordFilters
from backend.office.forms.plans import PlanFilters
from backend.trust.permits import ESTATE_VIEW, LABEL_PRINT, OFFICE_SETTLE, PEOPLE_MANAGE
from tests.matrix.addresses import filled
from tests.matrix.columns import RIVERSIDE, SITES, TRUST, Column
from tests.matrix.lines import (
    AUTHORED,
    HERE,
    HIDDEN,
    NAMED,
    NO,
    NOBODYS,
    OUTSIDE,
    PLACE,
    SCHOOLS,
    SIGN_IN,
    SITED,
    TRUSTS,
    UNFIT,
    YES,
    Ask,
    Line,
    Rule,
    Says,
    rows,
)  # fmt: skip
from tests.matrix.wording import PAGE, act, listed, one, plain
from tests.matrix.world import MatrixWorld

LISTS: dict[str, tuple[str, Any]] = {
    "assets": ("asset", AssetFilters),
    "plans": ("plan", PlanFilters),
    "records": ("record", RecordFilters),
    "lapses": ("lapse", LapseFilters),
    "problems": ("defect", ProblemFilters),
}
SETTLING = Rule(see=(OFFICE_SETTLE,), area=(ESTATE_VIEW, OFFICE_SETTLE))
PRINTING = Rule(see=(LABEL_PRINT,), area=(ESTATE_VIEW, LABEL_PRINT))
NAMES_NO_SITE = frozenset({RIVERSIDE})
"""Pages that name schools, not sites: Riverside is seen by its school."""


def lines() -> Iterator[Line]:
    """Every line about the office."""
    yield plain("")
    yield from boards()
    for name, (thing, form) in LISTS.items():
        filters = [each for each in form.base_fields if (name, each) != ("assets", "asset")]
        yield from listed(f"{name}/", thing, PAGE, filters, page=True)
        for kind in ("csv", "xlsx"):
            for line in listed(f"{name}.{kind}", thing, PAGE, ["q", "site"], page=True):  # cut by the same form as the page
                if line.whose != HERE:
                    yield line
    yield from one("schools/<uuid:id>/", "school", PAGE, SCHOOLS, proves=False)
    yield from one("sites/<uuid:id>/", "site", PAGE)
    yield from one("buildings/<uuid:id>/", "building", PAGE)
    yield from one("assets/<uuid:id>/", "asset", PAGE)
    yield from one("plans/<uuid:id>/", "plan", PAGE)
    yield from one("records/<uuid:id>/", "record", PAGE, AUTHORED)
    yield from one("problems/<uuid:id>/", "defect", PAGE, AUTHORED)
    yield from pictures()
    yield from settling()
    yield from labels()
    yield from coded()


def boards() -> Iterator[Line]:
    """Compliance: counts by school and discipline, and the same as CSV."""
    for route, tells in (("compliance/", NAMES_NO_SITE), ("compliance.csv", SITES), ("compliance.xlsx", SITES)):
        says = rows(PAGE)
        yield plain(route, says=says, asked="the counts", tells=tells)


def pictures() -> Iterator[Line]:
    """Photos by the hash of their bytes, as they came and made for showing."""
    whose = (*AUTHORED, NAMED)
    yield from one("photos/<sha256>/", "file", PAGE, whose, proves=False)
    for size in ("small", "large"):
        yield from one("photos/<sha256>/<size>/", "file", PAGE, whose, more=(size,), asked=size, proves=False)


def settling() -> Iterator[Line]:
    """What was held for the office; and what was kept aside, which has no place and is the whole trust's."""
    whose = (*AUTHORED, TRUSTS)
    typed = {"reason": "Looked at", "what": "aside"}
    yield plain("held/", says=rows(SETTLING), asked="the list", tells=SITES)
    yield plain("held/copy/", says=settles(YES))
    yield plain("held/copy/", method="POST", says=settles(UNFIT), form={}, asked="without a file", writes=False)
    yield from one("held/<uuid:id>/", "held", SETTLING, whose, proves=False)
    yield from act("held/<uuid:id>/", "held", SETTLING, whose, form=lambda _w, _c, _k: typed, asked="put aside")
    kept = Rule(see=(OFFICE_SETTLE,), area=SETTLING.area, at=lambda _column, _whose: frozenset({TRUST}))
    yield from one("held/kept/<uuid:id>/", "kept", kept, (TRUSTS, NOBODYS), proves=False)
    yield from act("held/kept/<uuid:id>/", "kept", kept, (TRUSTS, NOBODYS), form=lambda _w, _c, _k: typed, asked="put aside")


def settles(word: str) -> Says:
    """`word` for those who settle anywhere and may read what is there."""
    return lambda column: SIGN_IN if not column.signed_in else word if all(map(column.anywhere, SETTLING.area)) else NO


def labels() -> Iterator[Line]:
    """Labels: chosen by filter or one by one, and the sheet."""
    filters = [each for each in AssetFilters.base_fields if each != "asset"]
    for line in listed("labels/", "asset", PRINTING, filters, page=True, refuses=False):
        if line.asked == "the list":  # nothing is chosen until something is asked for
            yield plain("labels/", says=lambda column: rows(PRINTING)(column) if column.signed_in else SIGN_IN,
                        asked="everything in use", query={"status": "any"}, tells=SITES)  # fmt: skip
        else:
            yield line
    for whose in SITED:

        def chosen(world: MatrixWorld, column: Column, whose: str = whose) -> Ask:
            key = world.key("asset", whose, column)
            return Ask("/labels/", {"asset": key}, echo=(key,))

        def printed(world: MatrixWorld, column: Column, whose: str = whose) -> Ask:
            key = world.key("asset", whose, column)
            return Ask("/labels/", form={"asset": key, "stock": "a4-3x6", "first": "1"}, echo=(key,))

        within = frozenset() if whose == NOBODYS else frozenset({PLACE[whose]})
        yield Line("labels/", "GET", "?asset=", whose, rows(PRINTING, within), chosen, tells=SITES)
        yield Line("labels/", "POST", "print its label", whose, sheet(within), printed)


def sheet(within: frozenset[str]) -> Says:
    """The sheet of an asset's label; without any asset of one's own chosen there is none to make."""

    def says(column: Column) -> str:
        found = rows(PRINTING, within)(column)
        return {"none": UNFIT}.get(found, found if found in (SIGN_IN, NO) else YES)

    return says


def label(whose: str) -> Says:
    """Where a label's address leads: to the asset, or to a page that says only that it is a label of this trust."""

    def says(column: Column) -> str:
        if not column.signed_in or not column.anywhere(ESTATE_VIEW):
            return OUTSIDE
        return YES if whose != NOBODYS and PLACE[whose] in column.reach(ESTATE_VIEW) else HIDDEN

    return says


def coded() -> Iterator[Line]:
    """A label's code: in the search, in a list's search, and as an address."""
    for whose in SITED:
        within = frozenset() if whose == NOBODYS else frozenset({PLACE[whose]})

        def says(column: Column, within: frozenset[str] = within) -> str:
            if not column.signed_in or not column.anywhere(ESTATE_VIEW, PEOPLE_MANAGE):
                return NO if column.signed_in else SIGN_IN
            return YES if column.reach(ESTATE_VIEW) & within else "none"

        def by_code(world: MatrixWorld, column: Column, whose: str = whose, route: str = "search/") -> Ask:
            code = world.key("tag", whose, column)
            return Ask(filled(route), {"q": code}, echo=(code,))

        yield Line("search/", "GET", "?q= (its label's code)", whose, says, by_code, tells=frozenset())
        for route in ("assets/", "plans/"):

            def sought(world: MatrixWorld, column: Column, route: str = route, by_code: Any = by_code) -> Ask:
                asked: Ask = by_code(world, column, route=route)
                return asked

            yield Line(route, "GET", "?q= (its label's code)", whose, rows(PAGE, within), sought, tells=within)

        def scanned(world: MatrixWorld, column: Column, whose: str = whose) -> Ask:
            code = world.key("tag", whose, column)
            return Ask(f"/{code}", echo=(code,))

        def told(column: Column, within: frozenset[str] = within) -> frozenset[str]:
            """Outsiders are told the kind of thing and its school, so that they can report a fault."""
            return column.reach(ESTATE_VIEW) or within

        yield Line("<code>", "GET", "its label scanned", whose, label(whose), scanned, shows=told)
