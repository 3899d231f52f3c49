"""The API: what may be read by whom, and every write with a body that would be good."""

from collections.abc import Iterator
from typing import Any

from backend.checks.models import Plan
from backend.trust.permits import (
    ASSET_CHANGE,
    CHECK_RECORD,
    DEFECT_REPORT,
    DEFECT_WORK,
    ESTATE_VIEW,
    OFFICE_SETTLE,
    PLAN_CHANGE,
)  # fmt: skip
from tests.answers import good_answers
from tests.matrix.addresses import every
from tests.matrix.columns import MAIN, RIVERSIDE, SITES, Column
from tests.matrix.lines import (
    AUTHORED,
    BESIDE,
    COLLEAGUES,
    HERE,
    HIDDEN,
    NAMED,
    NO,
    NOBODYS,
    OWN,
    PLACE,
    SCHOOLS,
    SIGN_IN,
    SITED,
    THERE,
    TRUSTS,
    UNFIT,
    Line,
    Rule,
    Says,
    rows,
)  # fmt: skip
from tests.matrix.wording import ESTATE, act, listed, named, one, plain
from tests.matrix.world import MatrixWorld

API = "api/v1/"
LISTS = {
    "schools": "school", "sites": "site", "buildings": "building", "spaces": "space", "terms": "term",
    "calendar-marks": "mark", "people": "person", "competences": "competence", "assets": "asset", "defects": "defect",
    "plans": "plan", "records": "record", "lapses": "lapse",
}  # fmt: skip
MADE_ELSEWHERE = (BESIDE, THERE, NOBODYS)
WHOSE = {
    "school": SCHOOLS, "term": SCHOOLS, "mark": SCHOOLS, "person": (*AUTHORED, TRUSTS), "record": AUTHORED,
    "defect": (COLLEAGUES, *MADE_ELSEWHERE),  # one's own: work.py
}  # fmt: skip
REPORTING = Rule(see=(ESTATE_VIEW, DEFECT_REPORT), do=DEFECT_REPORT)


def filters_of(route: str) -> list[str]:
    """The filters that the list's own class names."""
    known = getattr(every()[route].view.cls, "filterset_class", None)
    return list(known.names()) if known else []


def of_a_person(column: Column, whose: str) -> frozenset[str]:
    """Where somebody is known: a colleague of the whole trust, or oneself, wherever one sees the estate at all."""
    held = column.reach(ESTATE_VIEW)
    if whose == TRUSTS or (whose == OWN and column.held):
        return held
    return frozenset() if whose == OWN else frozenset({PLACE[whose]})


def lines() -> Iterator[Line]:
    """Every line about the API, the phone's part aside."""
    for name, thing in LISTS.items():
        tells = frozenset({RIVERSIDE}) if thing == "school" else SITES  # Oakfield is the school of two places
        yield from listed(API + name, thing, ESTATE, filters_of(API + name), tells=tells)
        parameter = "<int:id>" if thing in ("term", "mark") else "<uuid:id>"
        rule = Rule(at=of_a_person) if thing == "person" else ESTATE
        proves = thing not in ("school", "term", "mark", "person", "lapse", "record")
        yield from one(f"{API}{name}/{parameter}", thing, rule, WHOSE.get(thing, SITED), proves=proves)
    yield from one(API + "plans/<uuid:id>/explain", "plan", proves=False)
    yield from one(API + "assets/by-tag/<str:code>", "tag")
    yield plain(API + "compliance", says=rows(ESTATE), asked="the counts", tells=SITES)
    yield from files()
    yield from library()
    yield from assets()
    yield from work()


def files() -> Iterator[Line]:
    """Files by the hash of their bytes: as they came, made for showing, and asked for by somebody who holds their ETag."""
    whose, few = (*AUTHORED, NAMED), (COLLEAGUES, THERE, NOBODYS)
    yield from one(API + "files/<str:sha256>", "file", ESTATE, whose, proves=False)
    yield from one(API + "files/<str:sha256>", "file", ESTATE, few, asked="?size=small", query={"size": "small"}, proves=False)
    yield from one(
        API + "files/<str:sha256>", "file", ESTATE, few, asked="with its ETag", proves=False,
        headers=lambda _world, key: {"If-None-Match": f'"{key}"'},
    )  # fmt: skip


def library() -> Iterator[Line]:
    """The statutory library is nobody's: whoever is signed in may read it."""
    for name, one_of, key in (
        ("asset-types", "<slug:key>", "fire-alarm-panel"),
        ("check-types", "<slug:code>", "fire-alarm-weekly-test"),
    ):
        yield plain(API + name, query={"page_size": "5"})
        yield plain(f"{API}{name}/{one_of}", more=(key,))
    yield plain(API + "check-types/<slug:code>/revisions", more=("fire-alarm-weekly-test",))
    yield plain(API + "check-types/<slug:code>/revisions/<int:number>", more=("fire-alarm-weekly-test", 1))


def assets() -> Iterator[Line]:
    """Writes of the register."""
    changing, planning = Rule(do=ASSET_CHANGE), Rule(do=PLAN_CHANGE)

    def fresh(world: MatrixWorld, _column: Column, key: str, **more: str) -> dict[str, str]:
        return {"site": key, "type": "fire-alarm-panel", "name": "Planted", **more}

    yield from act(API + "assets", "site", changing, body=fresh, inside=True)
    for what in ("building", "space", "parent"):

        def naming(world: MatrixWorld, column: Column, key: str, what: str = what) -> dict[str, str]:
            return fresh(world, column, world.rows["site"][MAIN], **{what: key})

        thing = "asset" if what == "parent" else what
        yield from named(API + "assets", thing, naming, says=references(ASSET_CHANGE))
    route = API + "assets/<uuid:id>/"
    yield from act(route + "change", "asset", changing, body=lambda _w, _c, _k: {"note": "Planted"})
    for what in ("building", "space"):
        body = lambda _w, _c, key, what=what: {what: key}  # noqa: E731
        yield from named(route + "change", what, body, says=references(ASSET_CHANGE), at="asset")
    yield from act(route + "claim-tag", "asset", changing, body=lambda world, _c, _k: {"code": world.spare_tag})
    yield from named(
        route + "claim-tag", "tag", lambda _w, _c, key: {"code": key}, says=claims(), at="asset",
    )  # fmt: skip
    yield from act(route + "take-out-of-service", "asset", planning, body=lambda _w, _c, _k: {"reason": "Planted"})
    yield from act(route + "return-to-service", "resting asset", planning, body=lambda _w, _c, _k: {})


def claims() -> dict[str, Says]:
    """Claiming a label that hangs on another asset clashes; one that was never printed is not there."""
    permitted = Rule(do=ASSET_CHANGE)

    def says(column: Column, then: str) -> str:
        plain_cell = permitted.outcome(column, HERE)
        return then if plain_cell == "yes" else plain_cell

    return {THERE: lambda column: says(column, "clash"), NOBODYS: lambda column: says(column, HIDDEN)}


def references(do: str, *see: str, unfit_first: bool = False) -> dict[str, Says]:
    """A body for one's own site that names another's row: hidden from who may not know of it, unfit for who does.

    `unfit_first`: that it does not fit is said before whether they might.
    """

    def says(column: Column, whose: str) -> str:
        if not column.signed_in:
            return SIGN_IN
        known = column.reach(ESTATE_VIEW, *see)
        if MAIN not in known or whose == NOBODYS or PLACE[whose] not in known:
            return HIDDEN
        return UNFIT if unfit_first or MAIN in column.reach(do) else NO

    return {whose: lambda column, whose=whose: says(column, whose) for whose in MADE_ELSEWHERE}  # type: ignore[misc]


def done(world: MatrixWorld, _column: Column, key: str, **more: Any) -> dict[str, Any]:
    """A record of a plan, all in order."""
    plan = Plan.objects.select_related("check_type__current").filter(pk=key).first()
    good = plan or Plan.objects.select_related("check_type__current").get(pk=world.rows["plan"][MAIN])
    current = good.check_type.current
    assert current
    return {"plan": key, "answers": good_answers(current.questions(), good), **more}


def work() -> Iterator[Line]:
    """Records, lapses, defects."""
    recording = Rule(do=CHECK_RECORD)
    yield from act(API + "records", "plan", recording, body=done, inside=True)
    for what, thing in (("asset", "asset"), ("building", "building"), ("site", "site"), ("supersedes", "record")):

        def naming(world: MatrixWorld, column: Column, key: str, what: str = what) -> dict[str, Any]:
            return done(
                world, column, world.rows["plan"][MAIN], **{what: key, "reason": "Planted" if what == "supersedes" else ""}
            )

        yield from named(API + "records", thing, naming, says=references(CHECK_RECORD, unfit_first=what != "supersedes"))
    yield from act(API + "lapses/<uuid:id>/excuse", "lapse", Rule(do=PLAN_CHANGE), body=lambda _w, _c, _k: {"reason": "Planted"})
    yield from reports()
    noting, closing = Rule(do=DEFECT_WORK), Rule(do=OFFICE_SETTLE)
    yield from act(API + "defects/<uuid:id>/note", "defect", noting, AUTHORED, body=lambda _w, _c, _k: {"note": "Planted"})
    yield from act(API + "defects/<uuid:id>/close", "defect", closing, AUTHORED, body=lambda _w, _c, _k: {"note": "Planted"})


def may_report(column: Column) -> frozenset[str]:
    """Where the answer to a report may speak of the place."""
    return column.reach(ESTATE_VIEW, DEFECT_REPORT)


def reports() -> Iterator[Line]:
    """Reporting a problem: with an asset, or with a place."""
    for what in ("asset", "site"):
        body = lambda _w, _c, key, what=what: {what: key, "summary": "Planted"}  # noqa: E731
        yield from act(API + "defects", what, REPORTING, body=body, inside=True, asked=f"about this {what}", shows=may_report)
    for what in ("building", "space"):

        def naming(world: MatrixWorld, _column: Column, key: str, what: str = what) -> dict[str, str]:
            return {"site": world.rows["site"][MAIN], what: key, "summary": "Planted"}

        yield from named(API + "defects", what, naming, says=references(DEFECT_REPORT, DEFECT_REPORT), shows=may_report)
