"""Who may do what. Risk: exposures, the year ahead, assumptions, board papers, condition."""

import datetime as dt
from collections.abc import Callable, Iterator

from backend.core.days import today
from backend.trust.permits import ESTATE_VIEW, RETURN_SIGN, RISK_MANAGE, RISK_VIEW
from tests.matrix.columns import TRUST, Column
from tests.matrix.lines import CLASH, NO, NOBODYS, SCHOOLS, SIGN_IN, TRUSTS, UNFIT, YES, Line, Rule
from tests.matrix.wording import act, listed, one, plain
from tests.matrix.world import MatrixWorld

AREA = (ESTATE_VIEW, RISK_VIEW)
SEEN = Rule(see=(RISK_VIEW,), area=AREA)
CHANGED = Rule(see=(RISK_VIEW,), do=RISK_MANAGE, area=AREA)
WHY = {"why": "A good reason"}


def sees(column: Column) -> frozenset[str]:
    """Where they may see risk: of no other place may a page of risk speak."""
    return column.reach(RISK_VIEW)


def whole(permit: str) -> Callable[[Column], str]:
    """Who holds a permit for the whole trust: yes; others no."""

    def says(column: Column) -> str:
        if not column.signed_in:
            return SIGN_IN
        return YES if TRUST in column.reach(permit) else NO

    return says


def somewhere(permit: str) -> Callable[[Column], str]:
    """Who holds a permit anywhere: yes; others no."""

    def says(column: Column) -> str:
        if not column.signed_in:
            return SIGN_IN
        return YES if column.anywhere(permit) else NO

    return says


def papers_at(column: Column, whose: str) -> frozenset[str]:
    """A board paper is known to who sees the risk of the whole trust."""
    return frozenset({TRUST}) if whose == TRUSTS else frozenset()


def lines() -> Iterator[Line]:
    """The lines."""
    yield plain("risk/", says=somewhere(RISK_VIEW), shows=sees)
    for route in ("risk/exposures/", "risk/exposures.csv", "risk/exposures.xlsx"):
        yield from listed(route, "exposure", SEEN, ["school", "site", "building", "q"], page=True, shows=sees)
    yield from one("risk/exposures/<str:key>/", "exposure", SEEN, shows=sees)
    for route in ("risk/places/", "risk/places.csv", "risk/places.xlsx"):
        yield from listed(route, "exposure", SEEN, ["school", "site", "q"], page=True, shows=sees)
    for route in ("risk/lives/", "risk/lives.csv", "risk/lives.xlsx"):
        yield from listed(route, "exposure", SEEN, ["school", "site", "building", "q"], page=True, tells=frozenset(), shows=sees)
    yield plain("risk/what-if/", says=somewhere(RISK_VIEW), shows=sees)
    for route in ("risk/forecast/", "risk/forecast.csv", "risk/forecast.xlsx"):
        yield from listed(route, "plan", SEEN, ["school", "site", "q"], page=True, shows=sees)
    yield from assumptions()
    yield from papers()
    yield from condition()
    yield from register()
    yield from annual_return()


def annual_return() -> Iterator[Line]:
    """The annual return: of the whole trust."""
    for route in ("risk/return/", "risk/return.csv", "risk/return.xlsx"):
        yield plain(route, says=whole(RISK_VIEW), shows=sees)
    answer = "risk/return/<slug:key>/answer/"
    yield plain(answer, says=whole(RISK_MANAGE), more=("raac",), shows=sees)
    yield plain(answer, method="POST", says=whole(RISK_MANAGE), more=("raac",), form={"position": "met"}, shows=sees)
    yield plain("risk/return/sign/", says=whole(RETURN_SIGN), shows=sees)
    unsigned = unfit_whole(RETURN_SIGN)
    yield plain("risk/return/sign/", method="POST", says=unsigned, form={"sure": "on"}, writes=False, shows=sees)
    signed = Rule(see=(RISK_VIEW,), area=AREA, at=papers_at)
    yield from one("risk/return/<uuid:id>/", "annual return", signed, (TRUSTS, NOBODYS), proves=False, shows=sees)


def register() -> Iterator[Line]:
    """The risk register: a risk belongs to a school."""
    for route in ("risk/register/", "risk/register.csv", "risk/register.xlsx"):
        yield from listed(route, "risk", SEEN, ["school", "q"], page=True, shows=sees)
    yield plain("risk/register/add/", says=somewhere(RISK_MANAGE), shows=sees)
    yield plain("risk/register/add/", method="POST", says=unfit(RISK_MANAGE), form={}, writes=False, shows=sees)
    one_risk = "risk/register/<uuid:id>/"
    yield from one(one_risk, "risk", SEEN, SCHOOLS, shows=sees)
    day = (today() + dt.timedelta(days=90)).isoformat()
    review = {"likelihood": "2", "impact": "2", "why": "Nothing has changed", "review_on": day}
    for name, typed in (("review", review), ("close", WHY)):
        yield from one(f"{one_risk}{name}/", "risk", CHANGED, SCHOOLS, proves=False, shows=sees)
        yield from act(f"{one_risk}{name}/", "risk", CHANGED, SCHOOLS, form=sending(typed), shows=sees)
    yield from one(f"{one_risk}change/", "risk", CHANGED, SCHOOLS, proves=False, shows=sees)
    nothing = Rule(see=(RISK_VIEW,), do=RISK_MANAGE, area=AREA, then=UNFIT)
    yield from act(f"{one_risk}change/", "risk", nothing, SCHOOLS, form=lambda _w, _c, _k: {}, writes=False, shows=sees)
    still_open = Rule(see=(RISK_VIEW,), do=RISK_MANAGE, area=AREA, then=CLASH)
    yield from act(f"{one_risk}open/", "risk", still_open, SCHOOLS, form=lambda _w, _c, _k: {}, writes=False, shows=sees)


def assumptions() -> Iterator[Line]:
    """What is assumed."""
    yield plain("risk/assumptions/", says=somewhere(RISK_VIEW), shows=sees)
    route = "risk/assumptions/<slug:key>/"
    yield plain(route, says=whole(RISK_MANAGE), more=("visit",), shows=sees)
    typed = {"value": "123.45", **WHY}
    yield plain(route, method="POST", says=whole(RISK_MANAGE), more=("visit",), form=typed, shows=sees)


def papers() -> Iterator[Line]:
    """Board papers."""
    yield plain("risk/papers/", says=whole(RISK_VIEW), shows=sees)
    typed = {"title": "A paper"}
    yield plain("risk/papers/freeze/", says=whole(RISK_MANAGE), shows=sees)
    yield plain("risk/papers/freeze/", method="POST", says=whole(RISK_MANAGE), form=typed, shows=sees)
    paper = Rule(see=(RISK_VIEW,), area=AREA, at=papers_at)
    for suffix in ("/", ".pdf"):
        yield from one(f"risk/papers/<uuid:id>{suffix}", "board paper", paper, (TRUSTS, NOBODYS), proves=False, shows=sees)
    route, again = "risk/papers/<uuid:id>/again/", Rule(see=(RISK_VIEW,), do=RISK_MANAGE, area=AREA, at=papers_at)
    yield from one(route, "board paper", again, (TRUSTS, NOBODYS), proves=False, shows=sees)
    reason = {**typed, "reason": "A survey was missing"}
    yield from act(route, "board paper", again, (TRUSTS, NOBODYS), form=lambda _w, _c, _k: reason, shows=sees)


def condition() -> Iterator[Line]:
    """Condition: surveys and what they found."""
    yield plain("condition/", says=somewhere(RISK_VIEW), shows=sees)
    yield plain("condition/add/", says=somewhere(RISK_MANAGE), shows=sees)
    yield plain("condition/add/", method="POST", says=unfit(RISK_MANAGE), form={}, writes=False, shows=sees)
    for route in ("condition/items/", "condition/items.csv", "condition/items.xlsx"):
        yield from listed(route, "finding", SEEN, ["school", "site", "building", "q"], page=True, shows=sees)
    yield from one("condition/items/<uuid:id>/", "finding", SEEN, shows=sees)
    yield from one(
        "condition/items/<uuid:id>/photos/<str:sha256>/<slug:size>/", "finding", HIDDEN_ALWAYS, more=("f" * 64, "small"),
        proves=False, shows=sees,
    )  # fmt: skip
    end, reopen = "condition/items/<uuid:id>/end/", "condition/items/<uuid:id>/reopen/"
    yield from one(end, "finding", CHANGED, proves=False, shows=sees)
    yield from act(end, "finding", CHANGED, form=ending, shows=sees)
    yield from one(reopen, "finding", CHANGED, proves=False, shows=sees)
    still_open = Rule(see=(RISK_VIEW,), do=RISK_MANAGE, area=AREA, then=UNFIT)
    yield from act(reopen, "finding", still_open, form=lambda _w, _c, _k: WHY, writes=False, shows=sees)
    survey = "condition/surveys/<uuid:id>/"
    yield from one(survey, "condition survey", SEEN, shows=sees)
    yield from one(f"{survey}withdraw/", "condition survey", CHANGED, proves=False, shows=sees)
    yield from act(f"{survey}withdraw/", "condition survey", CHANGED, form=lambda _w, _c, _k: WHY, shows=sees)


HIDDEN_ALWAYS = Rule(see=(RISK_VIEW,), area=AREA, at=lambda _column, _whose: frozenset())


def sending(typed: dict[str, str]) -> Callable[[MatrixWorld, Column, str], dict[str, str]]:
    """What is typed."""
    return lambda _world, _column, _key: typed


def ending(_world: MatrixWorld, _column: Column, _key: str) -> dict[str, str]:
    """A finding that was put right today."""
    return {"kind": "put-right", "on": today().isoformat(), **WHY}


def unfit_whole(permit: str) -> Callable[[Column], str]:
    """A form that cannot be taken, sent by who may send it for the whole trust."""
    return lambda column: UNFIT if (said := whole(permit)(column)) == YES else said


def unfit(permit: str) -> Callable[[Column], str]:
    """A form with nothing in it: refused as unfit to who may send it."""
    return lambda column: UNFIT if (said := somewhere(permit)(column)) == YES else said
