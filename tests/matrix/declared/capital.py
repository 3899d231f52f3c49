"""Who may do what. The capital plan: projects, scenarios, the evidence for a bid."""

from collections.abc import Iterator

from backend.trust.permits import RISK_MANAGE, RISK_VIEW
from tests.matrix.columns import Column
from tests.matrix.declared.risk import AREA, CHANGED, SEEN, papers_at, sees, somewhere, whole
from tests.matrix.lines import CLASH, NOBODYS, TRUSTS, YES, Line, Rule
from tests.matrix.wording import act, listed, one, plain
from tests.matrix.world import MatrixWorld

PLANS = Rule(see=(RISK_VIEW,), area=AREA, at=papers_at)
PLANNED = Rule(see=(RISK_VIEW,), do=RISK_MANAGE, area=AREA, at=papers_at)
WHERE = (TRUSTS, NOBODYS)


def lines() -> Iterator[Line]:
    """The lines."""
    for route in ("capital/", "capital.csv", "capital.xlsx"):
        yield from listed(route, "project", SEEN, ["school", "site", "q"], page=True, shows=sees)
    yield plain("capital/propose/", method="POST", says=clashes, form={"key": "nothing"}, writes=False, shows=sees)
    yield plain("capital/add/", says=somewhere(RISK_MANAGE), shows=sees)
    yield plain("capital/add/", method="POST", says=somewhere(RISK_MANAGE), form={}, writes=False, shows=sees)
    project = "capital/<uuid:id>"
    yield from one(f"{project}/", "project", SEEN, shows=sees)
    for suffix in (".pdf", ".zip"):
        yield from one(f"{project}{suffix}", "project", SEEN, proves=False, shows=sees)
    yield from one(f"{project}/change/", "project", CHANGED, proves=False, shows=sees)
    yield from act(f"{project}/change/", "project", CHANGED, form=titled, shows=sees)
    yield from one(f"{project}/stage/", "project", CHANGED, proves=False, shows=sees)
    yield from act(f"{project}/stage/", "project", CHANGED, form=agreed, shows=sees)
    yield from scenarios()


def scenarios() -> Iterator[Line]:
    """Scenarios: of the whole trust."""
    yield plain("capital/scenarios/", says=whole(RISK_VIEW), shows=sees)
    yield plain("capital/scenarios/add/", says=whole(RISK_MANAGE), shows=sees)
    typed = {"title": "A scenario", "first_year": "2026", "budgets": "1000\n1000"}
    yield plain("capital/scenarios/add/", method="POST", says=whole(RISK_MANAGE), form=typed, shows=sees)
    scenario = "capital/scenarios/<uuid:id>"
    for suffix in ("/", ".csv", ".xlsx"):
        yield from one(f"{scenario}{suffix}", "scenario", PLANS, WHERE, proves=False, shows=sees)
    yield from one(f"{scenario}/change/", "scenario", PLANNED, WHERE, proves=False, shows=sees)
    yield from act(f"{scenario}/change/", "scenario", PLANNED, WHERE, form=lambda _w, _c, _k: typed, shows=sees)
    for name in ("run", "close", "open"):
        yield from act(f"{scenario}/{name}/", "scenario", PLANNED, WHERE, form=lambda _w, _c, _k: {}, shows=sees)
    yield from one(f"{scenario}/decide/", "scenario", PLANNED, WHERE, proves=False, shows=sees)
    yield from act(f"{scenario}/decide/", "scenario", PLANNED, WHERE, form=decided, shows=sees)


def clashes(column: Column) -> str:
    """What is proposed no longer: a clash for who may plan works."""
    return CLASH if (said := somewhere(RISK_MANAGE)(column)) == YES else said


def decided(world: MatrixWorld, _column: Column, _key: str) -> dict[str, str]:
    """A project is out of the plan."""
    return {"project": next(iter(world.rows["project"].values())), "kind": "out", "why": "A good reason"}


def titled(_world: MatrixWorld, _column: Column, _key: str) -> dict[str, str]:
    """Another name."""
    return {"title": "Other works", "works": "1000"}


def agreed(_world: MatrixWorld, _column: Column, _key: str) -> dict[str, str]:
    """Agreed."""
    return {"stage": "agreed"}
