"""Who may do what. Working with lists: saved views, workbooks, changing many at once, searching everything."""

from collections.abc import Iterator
from typing import Any

from backend.core.days import today
from backend.trust.permits import ASSET_CHANGE, ESTATE_VIEW, LABEL_PRINT, OFFICE_SETTLE, PEOPLE_MANAGE, PLAN_CHANGE
from tests.matrix.addresses import filled
from tests.matrix.columns import ANNEXE, MAIN, RIVERSIDE, SITES, Column
from tests.matrix.lines import (
    AUTHORED,
    CLASH,
    HERE,
    HIDDEN,
    NO,
    NOBODYS,
    OWN,
    PLACE,
    SIGN_IN,
    SITED,
    THERE,
    WORDS,
    YES,
    Ask,
    Line,
    Rule,
    Says,
    whoever_is_signed_in,
)  # fmt: skip
from tests.matrix.wording import act, plain
from tests.matrix.world import NAMES, MatrixWorld

DAY = today().isoformat()
CHANGES: tuple[tuple[str, str, str, str, dict[str, str]], ...] = (
    ("assets", "asset", "make", ASSET_CHANGE, {"to-make": "Another"}),
    ("assets", "asset", "out-of-service", PLAN_CHANGE, {"to-on": DAY, "to-reason": "Being moved"}),
    ("assets", "resting asset", "in-service", PLAN_CHANGE, {"to-on": DAY}),
    ("plans", "plan", "pause", PLAN_CHANGE, {"to-first": DAY, "to-reason": "Works"}),
    ("problems", "defect", "close", OFFICE_SETTLE, {"to-note": "Mended"}),
)
"""List, sort of row, what is done, the permit it needs, what is typed. A move names a place of the row's own site: `moving`."""
OFFERED = {"assets": (ASSET_CHANGE, PLAN_CHANGE, LABEL_PRINT), "plans": (PLAN_CHANGE,), "problems": (OFFICE_SETTLE,)}


def lines() -> Iterator[Line]:
    """Every line about working with lists."""
    yield from views()
    yield from changing()
    yield from searching()
    yield from exported()


def exported() -> Iterator[Line]:
    """Long lists as files: whoever asked for one has it, and nobody else."""
    for route in ("exports/<uuid:id>/", "exports/<uuid:id>/file/"):
        for whose in (OWN, HERE, THERE, NOBODYS):

            def send(world: MatrixWorld, column: Column, route: str = route, whose: str = whose) -> Ask:
                key = world.key("export", whose, column)
                return Ask(filled(route, key), echo=(key,))

            says = whoever_is_signed_in() if whose == OWN else nobody_elses
            yield Line(route, "GET", "", whose, says, send, "export")


def nobody_elses(column: Column) -> str:
    """What is told of a file that somebody else asked for."""
    return HIDDEN if column.signed_in else SIGN_IN


def of_school(_column: Column, whose: str) -> frozenset[str]:
    """Where a view is shared: with a whole school."""
    return frozenset({MAIN, ANNEXE}) if whose == HERE else frozenset({RIVERSIDE})


def views() -> Iterator[Line]:
    """Views: one's own; those shared with a school by its people; and nobody else's."""
    yield plain("views/")
    kept = {"page": "/plans/", "name": "Mine", "query": "status=due"}
    yield plain("views/keep/", method="POST", form=kept, asked="only for me")
    seen = Rule(at=of_school)
    for whose in (HERE, THERE, NOBODYS):

        def shared(world: MatrixWorld, column: Column, whose: str = whose) -> Ask:
            key = world.key("school", whose, column)
            return Ask("/views/keep/", form={**kept, "shared": key}, echo=(key,))

        yield Line("views/keep/", "POST", "shared with the school", whose, says_of(seen, whose), shared)
    others = (HERE, THERE, NOBODYS)
    yield from act("views/<uuid:id>/opens/", "view", seen, others, form=lambda _w, _c, _k: {})
    fixed = Rule(at=of_school, never=(HERE, THERE))
    yield from act("views/<uuid:id>/drop/", "view", fixed, others, form=lambda _w, _c, _k: {})
    renamed = {"name": "Another name", "shared": "own"}
    yield from act("views/<uuid:id>/change/", "view", fixed, others, form=lambda _w, _c, _k: renamed)
    for route, form in (("drop", {}), ("change", renamed), ("opens", {})):

        def own(world: MatrixWorld, column: Column, route: str = route, form: dict[str, str] = form) -> Ask:
            key = world.key("view", OWN, column)
            return Ask(f"/views/{key}/{route}/", form=form, echo=(key,))

        yield Line(f"views/<uuid:id>/{route}/", "POST", "", OWN, whoever_is_signed_in(), own)


def says_of(rule: Rule, whose: str) -> Says:
    """The expectation for one row."""
    return lambda column: rule.outcome(column, whose)


def offered(name: str) -> Says:
    """Whether anything may be done with the rows of a list at all."""

    def says(column: Column) -> str:
        if not column.signed_in:
            return SIGN_IN
        return YES if column.anywhere(ESTATE_VIEW) and column.anywhere(*OFFERED[name]) else NO

    return says


def changed(name: str, permit: str, whose: str) -> Says:
    """The expectation for one row that is to be changed with others."""

    def says(column: Column) -> str:
        if not column.signed_in:
            return SIGN_IN
        if not column.anywhere(ESTATE_VIEW) or not column.anywhere(permit):
            return NO
        places = frozenset() if whose == NOBODYS else frozenset({PLACE[whose]})
        if not column.reach(ESTATE_VIEW) & places:
            return HIDDEN
        return YES if column.reach(permit) & places else CLASH  # no row is changed unless all are

    return says


def changing() -> Iterator[Line]:
    """Many rows at once: the page, the preview, the change itself, by each of what can be done."""
    route = "change/<slug:name>/"
    for name in OFFERED:
        yield plain(route, says=offered(name), asked=name, more=(name,))
        yield plain(route, method="POST", says=offered(name), asked=f"{name}, none chosen", more=(name,), form={}, writes=False)
    for name, thing, do, permit, typed in CHANGES:
        for whose in AUTHORED if thing == "defect" else SITED:
            yield from one_change(route, name, thing, do, permit, typed, whose)
    for whose in SITED:

        def moved(world: MatrixWorld, column: Column, whose: str = whose) -> Ask:
            key = world.key("asset", whose, column)
            place = world.rows["building"].get(PLACE.get(whose, MAIN), world.rows["building"][MAIN])
            form = {"do": "place", "row": key, "to-place": f"building:{place}", "sure": "1"}
            return Ask("/change/assets/", form=form, echo=(key, place))

        yield Line(route, "POST", "assets: place", whose, changed("assets", ASSET_CHANGE, whose), moved)
    for route in ("change/done/<uuid:id>/", "change/done/<uuid:id>/undo/"):
        for whose in (HERE, NOBODYS):  # somebody else's is nobody's

            def looked(world: MatrixWorld, column: Column, whose: str = whose, route: str = route) -> Ask:
                key = world.key("bulk change", whose, column)
                return Ask(filled(route, key), form={} if route.endswith("undo/") else None, echo=(key,))

            method = "POST" if route.endswith("undo/") else "GET"
            yield Line(route, method, "a colleague's" if whose == HERE else "", whose, own_only, looked)


def own_only(column: Column) -> str:
    """What nobody else may see."""
    if not column.signed_in:
        return SIGN_IN
    return HIDDEN if column.anywhere(ESTATE_VIEW) else NO


def one_change(route: str, name: str, thing: str, do: str, permit: str, typed: dict[str, str], whose: str) -> Iterator[Line]:
    """The preview of a change to one row, and the change."""
    for sure in (False, True):

        def send(world: MatrixWorld, column: Column, sure: bool = sure) -> Ask:
            key = world.key(thing, whose, column)
            form: dict[str, Any] = {"do": do, "row": key, **typed, **({"sure": "1"} if sure else {})}
            return Ask(f"/change/{name}/", form=form, echo=(key,))

        says = changed(name, permit, whose)
        asked = f"{name}: {do}" if sure else f"{name}: {do}, preview"
        if not sure:
            says = previewed(says)
        yield Line(route, "POST", asked, whose, says, send, writes=sure)


def previewed(says: Says) -> Says:
    """A preview shows what cannot be done too."""
    return lambda column: YES if says(column) == CLASH else says(column)


def told(column: Column) -> frozenset[str]:
    """Of which places a search may speak."""
    return column.reach(ESTATE_VIEW, PEOPLE_MANAGE)


def finding(within: frozenset[str]) -> Says:
    """Whose things are found: the estate's for who sees it, people for who looks after their access."""

    def says(column: Column) -> str:
        if not column.signed_in:
            return SIGN_IN
        return WORDS[told(column) & within] if told(column) else NO

    return says


def searching() -> Iterator[Line]:
    """The search and its suggestions: by the names of a place, and without words."""
    for route in ("search/", "search/suggest/"):
        yield plain(route, says=finding(frozenset()), asked="no words", tells=SITES, shows=told)
        for whose in (HERE, THERE):
            within, word = frozenset({PLACE[whose]}), NAMES[PLACE[whose]][:4]

            def send(_world: MatrixWorld, _column: Column, word: str = word, route: str = route) -> Ask:
                return Ask(filled(route), {"q": word})

            yield Line(route, "GET", "?q= (its name)", whose, finding(within), send, tells=SITES, shows=told)
