"""Who may do what. Problems and the work on them: triage, work orders, accepted risks, reports from anybody."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from backend.core.days import today
from backend.office.work.filters import WorkOrderFilters
from backend.trust.permits import DEFECT_REPORT, DEFECT_WORK, ESTATE_VIEW, OFFICE_SETTLE, RISK_DECIDE
from tests.matrix.addresses import filled
from tests.matrix.columns import MAIN, Column
from tests.matrix.declared.calendar import asked
from tests.matrix.lines import (
    AUTHORED,
    CLASH,
    COLLEAGUES,
    HERE,
    HIDDEN,
    NOBODYS,
    OWN,
    SITED,
    THERE,
    UNFIT,
    YES,
    Ask,
    Line,
    Rule,
    everybody,
    whoever_is_signed_in,
)
from tests.matrix.wording import PAGE, act, listed, one, plain
from tests.matrix.world import MatrixWorld

API = "api/v1/"

SETTLING, WORKING = Rule(do=OFFICE_SETTLE, area=(ESTATE_VIEW,)), Rule(do=DEFECT_WORK, area=(ESTATE_VIEW,))
Typed = dict[str, Any]
LATER = (today() + dt.timedelta(days=20)).isoformat()

ON_PROBLEMS: dict[str, tuple[Rule, Typed]] = {
    "triage": (SETTLING, {"severity": "low", "target_on": LATER}),
    "give": (SETTLING, {"title": "Mend it", "priority": "routine"}),
    "safe": (WORKING, {"what": "Taped off", "on": today().isoformat()}),
    "close": (SETTLING, {"note": "Mended", "without": "None was taken"}),
    "note": (WORKING, {"note": "Looked"}),
    "reject": (SETTLING, {"reason": "It is not"}),
}
FOR_WHAT_IS_NOT_SO: dict[str, Rule] = {
    "merge": Rule(do=OFFICE_SETTLE, area=(ESTATE_VIEW,), then=UNFIT),
    "unmerge": Rule(do=OFFICE_SETTLE, area=(ESTATE_VIEW,), then=UNFIT),
    "reopen": Rule(do=OFFICE_SETTLE, area=(ESTATE_VIEW,), then=UNFIT),
    "end-risk": Rule(do=OFFICE_SETTLE, area=(ESTATE_VIEW,), then=UNFIT),
    "decide-risk": Rule(do=RISK_DECIDE, area=(ESTATE_VIEW,), then=UNFIT),
    "ask-risk": Rule(do=DEFECT_WORK, area=(ESTATE_VIEW,), then=UNFIT),  # while it is unsafe nobody may live with it
}
"""Deeds for another state of things: whoever may do them is told so."""
ON_WORK: dict[str, tuple[Rule, Typed]] = {
    "start": (WORKING, {}),
    "done": (WORKING, {"note": "Mended"}),
    "chase": (Rule(do=OFFICE_SETTLE, area=(ESTATE_VIEW,), then=UNFIT), {}),
    "reassign": (SETTLING, {"to": ""}),
    "change": (SETTLING, {"target_on": LATER, "priority": "urgent"}),
    "cancel": (SETTLING, {"reason": "Not needed"}),
    "check": (Rule(do=OFFICE_SETTLE, area=(ESTATE_VIEW,), then=UNFIT), {}),
    "send-back": (Rule(do=OFFICE_SETTLE, area=(ESTATE_VIEW,), then=UNFIT), {"reason": "Not done"}),
}


def lines() -> Iterator[Line]:
    """The lines."""
    for key, (rule, typed) in ON_PROBLEMS.items():
        yield from act(f"problems/<uuid:id>/{key}/", "defect", rule, AUTHORED, form=sending(typed))
    for key, rule in FOR_WHAT_IS_NOT_SO.items():
        typed = {"agree": "yes", "reason": "So", "until": LATER}
        yield from act(f"problems/<uuid:id>/{key}/", "defect", rule, AUTHORED, form=sending(typed), writes=False)
    yield from triage()
    yield from reporting()
    yield from work_orders()
    yield from by_api()
    yield from outside()


def sending(typed: Typed) -> Callable[..., Typed]:
    """What is typed."""
    return lambda _world, _column, _key: typed


def triage() -> Iterator[Line]:
    """What is new, and reports from strangers."""
    whole = listed("problems/triage/", "new defect", Rule(see=(OFFICE_SETTLE,), area=(ESTATE_VIEW,)), [], page=True)
    yield from (each for each in whole if each.asked == "the list")
    to_settle = Rule(do=OFFICE_SETTLE, area=(ESTATE_VIEW,))
    yield from one("problems/triage/reports/<uuid:id>/", "fault report", to_settle)
    for key, typed in {
        "accept": {"summary": "Mend it", "severity": "low"},
        "refuse": {"reason": "A test"},
    }.items():
        yield from act(f"problems/triage/reports/<uuid:id>/{key}/", "fault report", to_settle, form=sending(typed))
    joining = Rule(do=OFFICE_SETTLE, area=(ESTATE_VIEW,), then=UNFIT)
    yield from act("problems/triage/reports/<uuid:id>/join/", "fault report", joining, form=sending({"defect": ""}), writes=False)


def reporting() -> Iterator[Line]:
    """A problem written down at a desk, about an asset that the address or the form names."""
    may = Rule(do=DEFECT_REPORT, area=(ESTATE_VIEW,))
    yield from asked("problems/report/", "asset", may, SITED, "asset")
    typed = lambda _w, _c, key: {"asset": key, "summary": "Planted", "severity": "low"}  # noqa: E731
    yield from act("problems/report/", "asset", may, form=typed, inside=True)


def work_orders() -> Iterator[Line]:
    """The list, each one, and what is done with it."""
    filters = [each for each in WorkOrderFilters.base_fields if each not in ("building", "asset", "discipline", "contractor")]
    yield from listed("work-orders/", "work order", PAGE, filters, page=True)
    for kind in ("csv", "xlsx"):
        for line in listed(f"work-orders.{kind}", "work order", PAGE, ["q", "site"], page=True):
            if line.whose != HERE:
                yield line
    yield from one("work-orders/<uuid:id>/", "work order", PAGE)
    for key, (rule, typed) in ON_WORK.items():
        yield from act(f"work-orders/<uuid:id>/{key}/", "work order", rule, form=sending(typed), writes=rule.then == YES)


def by_api() -> Iterator[Line]:
    """The same through the API."""
    whole = API + "work-orders"
    yield from listed(whole, "work order", Rule(), ["site", "school", "status", "priority", "due_before"])
    yield from one(whole + "/<uuid:id>", "work order")
    settle, work = Rule(do=OFFICE_SETTLE), Rule(do=DEFECT_WORK)
    unfit = Rule(do=OFFICE_SETTLE, then=CLASH)
    acts: list[tuple[str, Rule, Typed | None]] = [
        ("start", work, None),
        ("done", work, {"note": "Planted"}),
        ("cancel", settle, {"reason": "Planted"}),
        ("check", unfit, {"note": "Planted"}),
        ("send-back", unfit, {"reason": "Planted"}),
        ("chase", unfit, None),
    ]
    for key, rule, sent in acts:
        body = sending(sent) if sent else None
        yield from act(f"{whole}/<uuid:id>/{key}", "work order", rule, body=body, writes=rule.then == YES)
    defects = API + "defects/<uuid:id>/"
    for key, rule, typed in (
        ("triage", settle, {"severity": "low", "unsafe": False}),
        ("give", settle, {"title": "Planted"}),
        ("accept", Rule(do=DEFECT_WORK, then=CLASH), {"reason": "Planted", "until": LATER}),
        ("decide-risk", Rule(do=RISK_DECIDE, then=CLASH), {"agree": True}),
    ):
        yield from act(defects + key, "defect", rule, AUTHORED, body=sending(typed), writes=rule.then == YES)
    itself = lambda _w, _c, key: {"same": [key]}  # noqa: E731  merged with itself: refused
    yield from act(defects + "merge", "defect", Rule(do=OFFICE_SETTLE, then=UNFIT), AUTHORED, body=itself, writes=False)


def outside() -> Iterator[Line]:
    """Pages for people without an account, and one's own reports."""
    yield plain("reported/", says=everybody(YES))
    yield plain("reported/<str:reference>/", says=everybody(YES), more=("R-7K2M-9QXD",))
    yield plain("work/<str:text>/", says=everybody(HIDDEN), more=("no-such-link",))
    yield plain(
        "work/<str:text>/", method="POST", says=everybody(HIDDEN), more=("no-such-link",), form={"who": "x"}, writes=False
    )
    yield plain("report/<str:code>/", method="POST", says=everybody(HIDDEN), more=("AAAAAAAA",), form={"said": "x"}, writes=False)
    yield plain("my-reports/", says=whoever_is_signed_in(), shows=where_reported)
    for route in ("my-reports/<uuid:id>/", API + "defects/<uuid:id>"):

        def own(world: MatrixWorld, column: Column, route: str = route) -> Ask:
            key = world.key("defect", OWN, column)
            return Ask(filled(route, key), echo=(key,))

        says = whoever_is_signed_in()
        yield Line(route, "GET", "", OWN, says, own, "defect", proves=True, shows=where_reported)
    for whose in (COLLEAGUES, THERE, NOBODYS):

        def others(world: MatrixWorld, column: Column, whose: str = whose) -> Ask:
            key = world.key("defect", whose, column)
            return Ask(filled("my-reports/<uuid:id>/", key), echo=(key,))

        yield Line("my-reports/<uuid:id>/", "GET", "", whose, whoever_is_signed_in(HIDDEN), others, "defect")


def where_reported(column: Column) -> frozenset[str]:
    """One's own report speaks of its place, whatever else one sees."""
    return column.reach(ESTATE_VIEW) | {MAIN}
