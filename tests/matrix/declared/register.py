"""Who may do what. The register in depth: makes and models, details by type, moves, papers, warranties, how assets go."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from backend.core.days import today
from backend.office.register.models import ModelFilters
from backend.trust.permits import ASSET_CHANGE, ESTATE_VIEW, PLAN_CHANGE, SITE_CHANGE
from tests.matrix.addresses import filled
from tests.matrix.columns import MAIN, RIVERSIDE, TRUST, Column
from tests.matrix.declared.api import references
from tests.matrix.declared.contractors import FIRM, KNOWN, everywhere, sending
from tests.matrix.lines import CLASH, HERE, HIDDEN, NO, NOBODYS, SITED, THERE, UNFIT, YES, Ask, Line, Rule, cell
from tests.matrix.wording import PAGE, act, named, one, plain
from tests.matrix.world import MatrixWorld

CHANGING = Rule(do=ASSET_CHANGE, area=(ESTATE_VIEW,))
PLANNING = Rule(do=PLAN_CHANGE, area=(ESTATE_VIEW,))
KIND = "fire-alarm-panel"
DAY = today().isoformat()


def lines() -> Iterator[Line]:
    """The lines."""
    yield from adding()
    yield from changing()
    yield from papers()
    yield from models()
    yield from by_api()


def by_api() -> Iterator[Line]:
    """The same through the API, where nobody is kept from an area: a row is theirs or hidden."""
    route = "api/v1/assets/<uuid:id>/"
    moving = {"building": None, "space": None, "reason": "So"}
    yield from act(f"{route}move", "asset", Rule(do=ASSET_CHANGE), body=sending(moving))
    for what in ("building", "space"):

        def naming(_world: MatrixWorld, _column: Column, key: str, what: str = what) -> dict[str, str]:
            return {what: key}

        yield from named(f"{route}move", what, naming, says=references(ASSET_CHANGE), at="asset")
    yield from named(f"{route}move", "site", to_site, says={THERE: away, NOBODYS: nowhere}, at="asset")
    leaving = {"method": "lost", "reason": "So"}
    yield from act(f"{route}retire", "asset", Rule(do=PLAN_CHANGE), body=sending(leaving))


def to_site(_world: MatrixWorld, _column: Column, key: str) -> dict[str, str]:
    """To another site, without a reason: nobody's asset goes."""
    return {"site": key}


def away(column: Column) -> str:
    """To another school: for who changes places and plans at both (and then a reason is wanting); others know of it or not."""
    if cell(Rule(), HERE)(column) != YES:
        return cell(Rule(), HERE)(column)
    if RIVERSIDE not in column.reach(ESTATE_VIEW):
        return HIDDEN
    both = all({MAIN, RIVERSIDE} <= column.reach(each) for each in (PLAN_CHANGE, ASSET_CHANGE, SITE_CHANGE))
    return UNFIT if both else NO


def nowhere(column: Column) -> str:
    """To a site that is none."""
    return HIDDEN if cell(Rule(), HERE)(column) == YES else cell(Rule(), HERE)(column)


def adding() -> Iterator[Line]:
    """Adding an asset: without a site it asks for one; another's site is not among the choices."""
    yield plain("assets/add/", says=everywhere(ASSET_CHANGE))
    yield plain("assets/add/", says=everywhere(ASSET_CHANGE), method="POST", writes=False)
    for method in ("GET", "POST"):
        for whose in SITED:

            def says(column: Column, whose: str = whose) -> str:
                told = cell(CHANGING, whose)(column)
                unfit = column.signed_in and column.anywhere(ASSET_CHANGE) and told != YES
                return UNFIT if unfit else told if told == YES or not column.signed_in else NO

            def send(world: MatrixWorld, column: Column, whose: str = whose, method: str = method) -> Ask:
                key = world.key("site", whose, column)
                form = {"name": "Planted"} if method == "POST" else None
                return Ask(filled("assets/add/"), {"site": key, "type": KIND}, form=form, echo=(key,))

            yield Line("assets/add/", method, "at this site", whose, says, send, "site", writes=method == "POST")


def changing() -> Iterator[Line]:
    """Changing, moving and retiring one."""
    route = "assets/<uuid:id>/"
    yield from one(f"{route}history/", "asset", PAGE)
    for deed, rule, typed in (
        ("change", CHANGING, {"name": "Planted", "why": ""}),
        ("move", CHANGING, {"place": "", "why": "So"}),
        ("part-of", CHANGING, {"parent": ""}),
        ("retire", PLANNING, {"method": "lost", "gone_on": DAY, "reason": "So"}),
    ):
        yield from one(f"{route}{deed}/", "asset", rule)
        yield from act(f"{route}{deed}/", "asset", rule, form=sending(typed))
    yield from act(f"{route}follow/", "asset", PLANNING, form=sending({}), writes=False)
    nothing = Rule(do=ASSET_CHANGE, area=(ESTATE_VIEW,), then=CLASH)
    yield from act(f"{route}link/", "asset", nothing, form=sending({}), writes=False)
    yield from act("assets/disposals/<uuid:id>/undo/", "disposal", PLANNING, form=sending({}))
    for whose in SITED:

        def send(world: MatrixWorld, column: Column, whose: str = whose) -> Ask:
            key, mine = world.key("site", whose, column), world.rows["asset"][MAIN]
            return Ask(filled(f"{route}move/", mine), {"site": key}, echo=(key, mine))

        def says(column: Column, whose: str = whose) -> str:
            mine = cell(CHANGING, "own site's")(column)
            return HIDDEN if mine == YES and cell(PAGE, whose)(column) == HIDDEN else mine

        yield Line(f"{route}move/", "GET", "to this site", whose, says, send, "site")


def papers() -> Iterator[Line]:
    """Photos, papers and warranties."""
    for deed, typed in (
        ("papers", {"kind": "photo"}),
        ("warranties", {"supplier": "Maker", "starts_on": DAY, "ends_on": DAY}),
    ):
        yield from one(f"assets/<uuid:id>/{deed}/add/", "asset", CHANGING)
        unfit = Rule(do=ASSET_CHANGE, area=(ESTATE_VIEW,), then=UNFIT if deed == "papers" else YES)
        yield from act(f"assets/<uuid:id>/{deed}/add/", "asset", unfit, form=sending(typed), writes=deed != "papers")
    yield from one("assets/papers/<uuid:id>/", "asset paper", PAGE, proves=False)
    shown = "assets/papers/<uuid:id>/<slug:size>/"
    yield from one(shown, "asset paper", PAGE, more=("small",), asked="small", proves=False)
    yield from act("assets/papers/<uuid:id>/withdraw/", "asset paper", CHANGING, form=sending({}))
    yield from act("assets/warranties/<uuid:id>/withdraw/", "warranty", CHANGING, form=sending({}))


def models() -> Iterator[Line]:
    """Makes and models are the whole trust's."""
    shown = everywhere(ESTATE_VIEW)
    for route in ("models/", "models.csv", "models.xlsx"):
        yield plain(route, says=shown)
    assert set(ModelFilters.shown) == {"q", "type"}  # none of them names a row of somebody's
    yield plain("models/add/", says=everywhere(ASSET_CHANGE))
    typed: dict[str, Any] = {"make": "Planted", "model": "P1"}
    yield plain("models/add/", says=everywhere(ASSET_CHANGE), method="POST", form={**typed, "type": KIND})
    yield from one("models/<uuid:id>/", "asset model", KNOWN, FIRM, proves=False)
    yield from one("models/<uuid:id>/manual/", "asset model", KNOWN, FIRM, proves=False)
    for deed, sent, good in (("change", typed, True), ("merge", {"into": ""}, False)):
        route = f"models/<uuid:id>/{deed}/"
        for line in one(route, "asset model", KNOWN, FIRM, proves=False):
            yield of_lead(line)
        then = Rule(at=KNOWN.at, area=KNOWN.area, then=YES if good else UNFIT)
        for line in act(route, "asset model", then, FIRM, form=sending(sent), writes=good):
            yield of_lead(line)


def of_lead(line: Line) -> Line:
    """The same, refused to who does not change the whole trust's register."""

    def says(column: Column) -> str:
        told = line.says(column)
        return NO if told in (YES, UNFIT) and TRUST not in column.reach(ASSET_CHANGE) else told

    return replace(line, says=says)
