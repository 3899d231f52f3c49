"""Who may do what. Setting up a trust from nothing: the first start, imports, places, calendars."""

from collections.abc import Iterator
from typing import Any, Final

from django.core.files.uploadedfile import SimpleUploadedFile

from backend.trust.permits import PEOPLE_MANAGE, SITE_CHANGE, TRUST_CHANGE
from tests.matrix.addresses import filled
from tests.matrix.columns import ANNEXE, MAIN, RIVERSIDE, SITES, TRUST, Column
from tests.matrix.lines import (
    CLASH,
    HERE,
    HIDDEN,
    NO,
    NOBODYS,
    PLACE,
    SCHOOLS,
    SIGN_IN,
    SITED,
    THERE,
    WORDS,
    YES,
    Ask,
    Line,
    Rule,
    Says,
    everybody,
)  # fmt: skip
from tests.matrix.wording import act, one, plain
from tests.matrix.world import NAMES, MatrixWorld

PLACES: Final = Rule(do=SITE_CHANGE, area=(SITE_CHANGE,))
SEEN: Final = Rule(area=(SITE_CHANGE,))
OF_SCHOOL: Final = {HERE: frozenset({MAIN, ANNEXE}), THERE: frozenset({RIVERSIDE})}
IMPORTING: Final = (SITE_CHANGE, TRUST_CHANGE, PEOPLE_MANAGE)
SITE: Final = {"name": "Planted site", "postcode": "DL1 1AA"}
BUILDING: Final = {"name": "Planted block", "built": "1968"}


def lines() -> Iterator[Line]:
    """Every line about setting up."""
    yield plain("set-up/", says=whoever(SITE_CHANGE))
    first = {"code": "AAAA", "trust_name": "Another", "uid": "1", "name": "A", "email": "a@b.example", "password": "x"}
    yield plain("set-up/", method="POST", says=everybody(CLASH), form=first, asked="beside a trust", writes=False)
    yield from schools()
    yield from places()
    yield from imports()
    yield from sending()


def whoever(*permits: str) -> Says:
    """Yes for those who hold one of these anywhere."""
    return lambda column: SIGN_IN if not column.signed_in else YES if column.anywhere(*permits) else NO


def whole_trust(column: Column) -> str:
    """Yes for those who change the trust itself."""
    return SIGN_IN if not column.signed_in else YES if TRUST in column.reach(TRUST_CHANGE) else NO


def of_the_trust(whose: str) -> Says:
    """A school, which is the whole trust's to change."""

    def says(column: Column) -> str:
        found = SEEN.outcome(column, whose)
        return found if found != YES else whole_trust(column)

    return says


def of_the_school(whose: str) -> Says:
    """What belongs to a school as a whole: not for who has one of its sites."""

    def says(column: Column) -> str:
        found = SEEN.outcome(column, whose)
        return found if found != YES else YES if OF_SCHOOL[whose] <= column.reach(SITE_CHANGE) else NO

    return says


def schools() -> Iterator[Line]:
    """Schools, their sites to be added, their years."""
    new = {"name": "Planted school", "urn": "990001", "phase": "primary"}
    yield plain("set-up/schools/add/", says=whole_trust)
    yield plain("set-up/schools/add/", method="POST", says=whole_trust, form=new)
    span = {"span-TOTAL_FORMS": "1", "span-INITIAL_FORMS": "0", "span-0-kind": "inset", "span-0-name": "Planted",
            "span-0-first_day": "2031-09-02", "span-0-last_day": "2031-09-02"}  # fmt: skip
    forms: dict[str, tuple[Any, dict[str, str]]] = {
        "schools/<uuid:id>/change/": (of_the_trust, new),
        "schools/<uuid:id>/sites/add/": (of_the_school, SITE),
        "schools/<uuid:id>/calendar/": (of_the_school, span),
    }
    for route, (says, form) in forms.items():
        reads = (lambda whose: lambda column, whose=whose: SEEN.outcome(column, whose)) if "calendar" in route else says
        for whose in SCHOOLS:
            year = {"year": "2031"} if "calendar" in route else {}

            def send(
                world: MatrixWorld, column: Column, route: str = route, whose: str = whose, year: dict[str, str] = year
            ) -> Ask:
                key = world.key("school", whose, column)
                return Ask(filled(route, key), year, echo=(key,))

            def post(
                world: MatrixWorld, column: Column, route: str = route, whose: str = whose, year: dict[str, str] = year,
                form: dict[str, str] = form,
            ) -> Ask:  # fmt: skip
                key = world.key("school", whose, column)
                return Ask(filled(route, key), year, form=form, echo=(key,))

            yield Line(route, "GET", "", whose, reads(whose), send, "school")
            yield Line(route, "POST", "", whose, says(whose), post, "school")


def places() -> Iterator[Line]:
    """Sites, buildings and spaces."""
    for route, thing, form in (
        ("sites/<uuid:id>/change/", "site", SITE),
        ("sites/<uuid:id>/buildings/add/", "site", BUILDING),
        ("buildings/<uuid:id>/change/", "building", BUILDING),
        ("spaces/<uuid:id>/change/", "space", {"name": "Planted room"}),
    ):
        yield from one(route, thing, PLACES, proves=False)
        yield from act(route, thing, PLACES, form=lambda _w, _c, _k, form=form: form)  # type: ignore[misc]
    yield from one("buildings/<uuid:id>/spaces/", "building", SEEN)
    yield from act("buildings/<uuid:id>/spaces/", "building", PLACES, form=lambda _w, _c, _k: {"names": "Planted room"})


def of_import(whose: str) -> Says:
    """An import: seen by who changes places where it was made."""

    def says(column: Column) -> str:
        if not column.signed_in:
            return SIGN_IN
        if not column.anywhere(*IMPORTING):
            return NO
        return YES if whose != NOBODYS and PLACE[whose] in column.reach(SITE_CHANGE) else HIDDEN

    return says


def listed_imports(within: frozenset[str] = SITES) -> Says:
    """The list of imports."""

    def says(column: Column) -> str:
        if not column.signed_in:
            return SIGN_IN
        return WORDS[column.reach(SITE_CHANGE) & within] if column.anywhere(*IMPORTING) else NO

    return says


def imports() -> Iterator[Line]:
    """What was imported, and what is done with it."""
    yield Line("imports/", "GET", "the list", "-", listed_imports(), lambda _w, _c: Ask("/imports/"), "import", tells=SITES)
    for whose in (HERE, THERE):
        within = frozenset({PLACE[whose]})

        def searched(_world: MatrixWorld, _column: Column, whose: str = whose) -> Ask:
            return Ask("/imports/", {"q": NAMES[PLACE[whose]][:4]})

        yield Line("imports/", "GET", "?q= (its name)", whose, listed_imports(within), searched, "import", tells=within)
    for route, method, thing in (
        ("imports/<uuid:id>/", "GET", "import"),
        ("imports/<uuid:id>/corrections.csv", "GET", "import"),
        ("imports/<uuid:id>/corrections.xlsx", "GET", "import"),
        ("imports/<uuid:id>/apply/", "POST", "import"),
        ("imports/<uuid:id>/drop/", "POST", "import"),
        ("imports/<uuid:id>/again/", "POST", "import"),
        ("imports/<uuid:id>/undo/", "POST", "applied import"),
    ):
        for whose in SITED:

            def send(
                world: MatrixWorld, column: Column, route: str = route, method: str = method, thing: str = thing,
                whose: str = whose,
            ) -> Ask:  # fmt: skip
                key = world.key(thing, whose, column)
                return Ask(filled(route, key), form={} if method == "POST" else None, echo=(key,))

            yield Line(route, method, "", whose, of_import(whose), send, thing)


def sending() -> Iterator[Line]:
    """Sending a table in: for a site, for a school, and schools themselves."""
    changes = whoever(SITE_CHANGE)
    yield plain("imports/<slug:kind>/", says=changes, more=("places",), asked="places")
    yield plain("imports/<slug:kind>/", says=whole_trust, more=("gias",), asked="schools")
    yield plain("imports/<slug:kind>/", says=whoever(PEOPLE_MANAGE), more=("people",), asked="people", shows=managed)
    for ending in ("csv", "xlsx"):
        yield plain(f"imports/<slug:kind>/template.{ending}", says=changes, more=("places",))
    for thing, kinds in (("school", SCHOOLS), ("site", SITED)):
        for whose in kinds:

            def send(world: MatrixWorld, column: Column, thing: str = thing, whose: str = whose) -> Ask:
                key = world.key(thing, whose, column)
                table = SimpleUploadedFile("table.csv", b"Building\nPlanted block\n")
                return Ask("/imports/places/", form={"file": table, thing: key}, echo=(key,))

            yield Line("imports/<slug:kind>/", "POST", f"places of this {thing}", whose, sent(thing, whose), send, thing)
    yield plain(
        "imports/<slug:kind>/",
        method="POST",
        says=whole_trust_sent,
        more=("gias",),
        asked="schools, with no file",
        form={},
        writes=False,
    )


def managed(column: Column) -> frozenset[str]:
    """Of which places the page about people may speak."""
    return column.reach(PEOPLE_MANAGE, "estate.view")


def whole_trust_sent(column: Column) -> str:
    """Unfit for who may; else as the page."""
    found = whole_trust(column)
    return "unfit" if found == YES else found


def sent(thing: str, whose: str) -> Says:
    """A table for a place: as the place's own rule, within the area."""
    return of_the_school(whose) if thing == "school" else lambda column: PLACES.outcome(column, whose)
