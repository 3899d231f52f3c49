"""Who may do what. Which checks apply: facts, the proposed plans, what does not apply, new editions of the library."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from backend.core.days import today
from backend.office.applying.deciding import NotApplicableFilters
from backend.trust.permits import CHECK_RECORD, ESTATE_VIEW, PLAN_CHANGE, RISK_DECIDE, SITE_CHANGE
from tests.matrix.addresses import filled
from tests.matrix.columns import Column
from tests.matrix.lines import (
    AUTHORED,
    HERE,
    HIDDEN,
    NO,
    SIGN_IN,
    SITED,
    UNFIT,
    YES,
    Ask,
    Line,
    Rule,
    cell,
)
from tests.matrix.wording import PAGE, act, listed, one, plain
from tests.matrix.world import MatrixWorld

AREA = (ESTATE_VIEW,)
PLANNING, SAYING = Rule(do=PLAN_CHANGE, area=AREA), Rule(do=SITE_CHANGE, area=AREA)
DECIDING, RECORDING = Rule(do=RISK_DECIDE, area=AREA), Rule(do=CHECK_RECORD, area=AREA)
API = "api/v1/"
CODE = "fire-alarm-weekly-test"
LATER = (today() + dt.timedelta(days=20)).isoformat()
PLAN_DEEDS: dict[str, dict[str, Any]] = {
    "interval": {"every": "2", "unit": "week", "reason": "So"},
    "pause": {"first": LATER, "reason": "So"},
    "end": {"reason": "So"},
}


def lines() -> Iterator[Line]:
    """The lines."""
    yield from facts()
    yield from proposals()
    yield from decisions()
    yield from library()
    yield from by_hand()


def sees_estate(column: Column) -> str:
    """What whoever sees any of the estate is told, and what others are."""
    if not column.signed_in:
        return SIGN_IN
    return YES if column.anywhere(ESTATE_VIEW) else NO


def decides(column: Column) -> str:
    """What whoever decides for the whole trust is told: that nothing is there to decide; and what others are."""
    return HIDDEN if column.signed_in and column.anywhere(ESTATE_VIEW) else sees_estate(column)


def sending(typed: dict[str, Any]) -> Callable[..., dict[str, Any]]:
    """What is typed."""
    return lambda _world, _column, _key: typed


def facts() -> Iterator[Line]:
    """The questions about a site."""
    whole = listed("applying/", "site", PAGE, [], page=True)
    yield from whole
    yield from one("sites/<uuid:id>/facts/", "site", PAGE)
    yield from one("sites/<uuid:id>/facts/<slug:group>/", "site", SAYING, more=("heating",))
    yield from act("sites/<uuid:id>/facts/<slug:group>/", "site", SAYING, more=("heating",), form=sending({"oil": "yes"}))
    by_api = Rule(do=SITE_CHANGE)
    yield from act(f"{API}sites/<uuid:id>/facts", "site", by_api, body=sending({"facts": {"kiln": True}}))
    yield from act(f"{API}buildings/<uuid:id>/facts", "building", by_api, body=sending({"facts": {"radon": True}}))


def proposals() -> Iterator[Line]:
    """The plans that are proposed."""
    yield from one("sites/<uuid:id>/proposal/", "site", PAGE)
    for kind in ("csv", "xlsx"):
        yield from one(f"sites/<uuid:id>/proposal.{kind}", "site", PAGE, proves=False)
    yield from act("sites/<uuid:id>/proposal/", "site", PLANNING, form=everything)


def everything(_world: MatrixWorld, _column: Column, _key: str) -> dict[str, Any]:
    """Two of what is proposed, ticked; of the rest it is said why not."""
    from backend.checks.queries.proposed import proposal
    from backend.trust.models import Site

    site = Site.objects.filter(pk=_key).first()
    new = proposal(site, today=today()).new if site else []
    why = {f"why-{each.key.text()}": "So" for each in new if each.key.code != "fire-drill"}
    return {"proposal": "1", "check": ["fire-drill"], **why}


def decisions() -> Iterator[Line]:
    """What does not apply."""
    filters = [each for each in NotApplicableFilters.base_fields if each not in ("discipline",)]
    yield from listed("not-applicable/", "not applicable", PAGE, filters, page=True)
    for kind in ("csv", "xlsx"):
        for line in listed(f"not-applicable.{kind}", "not applicable", PAGE, ["q", "site"], page=True):
            if line.whose != HERE:
                yield line
    yield from one("not-applicable/<uuid:id>/", "not applicable", PAGE)
    yield from act("not-applicable/<uuid:id>/", "not applicable", DECIDING, form=sending({"act": "refuse", "answer": "No"}),
                   asked="decide")  # fmt: skip
    yield from act("not-applicable/<uuid:id>/", "not applicable", PLANNING, form=sending({"act": "end", "reason": "So"}),
                   asked="end")  # fmt: skip
    yield from asking("not-applicable/new/", {"check": CODE, "reason": "So", "expires_on": LATER})


def asking(route: str, typed: dict[str, Any]) -> Iterator[Line]:
    """A page that names an asset in what is asked or sent."""
    for whose in SITED:

        def asked(world: MatrixWorld, column: Column, whose: str = whose) -> Ask:
            key = world.key("resting asset", whose, column)
            return Ask(filled(route), {"asset": key}, echo=(key,))

        yield Line(route, "GET", "for this asset", whose, cell(PLANNING, whose), asked, "resting asset")

    def form(_world: MatrixWorld, _column: Column, key: str) -> dict[str, Any]:
        return {"asset": key, **typed}

    yield from act(route, "resting asset", PLANNING, form=form, inside=True)


def library() -> Iterator[Line]:
    """The library is the whole trust's; what changes in it is decided by who decides for the trust."""
    yield plain("library/", says=sees_estate)
    yield plain("library/<slug:code>/", says=sees_estate, more=(CODE,))
    yield plain("library/changes/", says=sees_estate)
    yield plain("library/changes/<slug:code>/", says=decides, more=(CODE,), asked="nothing changed")
    yield plain("library/changes/<slug:code>/", says=decides, more=(CODE,), asked="nothing changed", method="POST",
                form={"act": "accept"}, writes=False)  # fmt: skip


def by_hand() -> Iterator[Line]:
    """Plans, assets, misses and records, one at a time."""
    for deed, typed in PLAN_DEEDS.items():
        yield from one(f"plans/<uuid:id>/{deed}/", "plan", PLANNING)
        yield from act(f"plans/<uuid:id>/{deed}/", "plan", PLANNING, form=sending(typed))
    going = Rule(do=PLAN_CHANGE, area=AREA, then=UNFIT)
    yield from one("plans/<uuid:id>/resume/", "plan", PLANNING)
    yield from act("plans/<uuid:id>/resume/", "plan", going, form=sending({"on": LATER}), writes=False)
    yield from one("plans/<uuid:id>/enter/", "plan", RECORDING)
    unfit = Rule(do=CHECK_RECORD, area=AREA, then=UNFIT)
    yield from act("plans/<uuid:id>/enter/", "plan", unfit, form=sending({"done_on": "soon"}), writes=False)
    yield from asking("plans/new/", {"check": CODE, "reason": "So"})
    yield from one("assets/<uuid:id>/out-of-service/", "asset", PLANNING)
    out = {"on": today().isoformat(), "reason": "So"}
    yield from act("assets/<uuid:id>/out-of-service/", "asset", PLANNING, form=sending(out))
    yield from one("assets/<uuid:id>/back/", "resting asset", PLANNING)
    back = {"on": today().isoformat()}
    yield from act("assets/<uuid:id>/back/", "resting asset", PLANNING, form=sending(back))
    yield from one("lapses/<uuid:id>/excuse/", "lapse", PLANNING)
    yield from act("lapses/<uuid:id>/excuse/", "lapse", PLANNING, form=sending({"reason": "So"}))
    yield from one("records/<uuid:id>/correct/", "record", RECORDING, AUTHORED, proves=False)
    wrong = {"done_on": "soon", "reason": "So"}
    yield from act("records/<uuid:id>/correct/", "record", unfit, AUTHORED, form=sending(wrong), writes=False)
