"""Who may do what. Contractors, certificates and the document register."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from backend.core.days import today
from backend.trust.permits import CONTRACTOR_MANAGE, ESTATE_VIEW, RISK_DECIDE, SITE_CHANGE
from tests.matrix.columns import Column
from tests.matrix.lines import HERE, NO, NOBODYS, SIGN_IN, TRUSTS, UNFIT, YES, Line, Rule, everybody, whoever_is_signed_in
from tests.matrix.wording import PAGE, act, listed, one, plain

API = "api/v1/"
DAY = (today() + dt.timedelta(days=90)).isoformat()
FIRM = (TRUSTS, NOBODYS)


def anywhere(column: Column, whose: str) -> frozenset[str]:
    """A firm is the whole trust's: known to everybody who sees any of the estate."""
    return column.reach(ESTATE_VIEW) if whose == TRUSTS else frozenset()


def everywhere(permit: str, held: str = YES, other: str = NO) -> Callable[[Column], str]:
    """What whoever holds a permit anywhere is told, and what others are."""

    def says(column: Column) -> str:
        if not column.signed_in:
            return SIGN_IN
        return held if column.anywhere(permit) else other

    return says


KNOWN = Rule(at=anywhere, area=(ESTATE_VIEW,))
LOOKING = Rule(at=anywhere, area=(CONTRACTOR_MANAGE,))
AT = Rule(do=CONTRACTOR_MANAGE, area=(CONTRACTOR_MANAGE,))
SEEN = Rule(see=(CONTRACTOR_MANAGE,), area=(CONTRACTOR_MANAGE,))


def sending(typed: dict[str, Any]) -> Callable[..., dict[str, Any]]:
    """What is typed."""
    return lambda _world, _column, _key: typed


def lines() -> Iterator[Line]:
    """The lines."""
    yield from firms()
    yield from visits()
    yield from handed_in()
    yield from certificates()
    yield from documents()
    yield from by_api()


def firms() -> Iterator[Line]:
    """Firms, their papers and their people."""
    shown = everywhere(ESTATE_VIEW)
    for route in ("contractors/", "contractors.csv", "contractors.xlsx"):
        yield plain(route, says=shown)
    yield plain("contractors/add/", says=everywhere(CONTRACTOR_MANAGE))
    yield plain("contractors/add/", method="POST", says=everywhere(CONTRACTOR_MANAGE), form={"name": "Planted Ltd"})
    yield from one("contractors/<uuid:id>/", "contractor", KNOWN, FIRM, proves=False)
    for name, typed in (
        ("change", {"name": "Renamed Ltd"}),
        ("contacts", {"lines": "Ann Other, bookings"}),
        ("papers/add", {"kind": "public-liability", "expires_on": DAY}),
        ("people/add", {"name": "Somebody"}),
        ("ask", {"words": "A report", "days": "5", "site": ""}),
    ):
        route = f"contractors/<uuid:id>/{name}/"
        yield from one(route, "contractor", LOOKING, FIRM, proves=False)
        if name != "ask":
            yield from act(route, "contractor", LOOKING, FIRM, form=sending(typed))
    no_site = Rule(at=anywhere, area=(CONTRACTOR_MANAGE,), then=UNFIT)
    yield from act(
        "contractors/<uuid:id>/ask/", "contractor", no_site, FIRM, form=sending({"words": "", "days": "5"}), writes=False
    )
    yield from one("contractors/papers/<uuid:id>/file/", "contractor's paper", KNOWN, FIRM, proves=False)
    yield from one("contractors/papers/<uuid:id>/withdraw/", "contractor's paper", LOOKING, FIRM, proves=False)
    yield from act("contractors/papers/<uuid:id>/withdraw/", "contractor's paper", LOOKING, FIRM, form=sending({"why": "Wrong"}))
    for name, typed in (("dbs", {"kind": "basic", "on": "2026-01-05", "last": "1234"}), ("left", {"on": "2026-11-01"})):
        route = f"contractors/people/<uuid:id>/{name}/"
        yield from one(route, "contractor's person", LOOKING, FIRM, proves=False)
        yield from act(route, "contractor's person", LOOKING, FIRM, form=sending(typed))
    yield from one("contractors/people/<uuid:id>/induct/", "contractor's person", LOOKING, FIRM, proves=False)
    unfit = Rule(at=anywhere, area=(CONTRACTOR_MANAGE,), then=UNFIT)
    yield from act("contractors/people/<uuid:id>/induct/", "contractor's person", unfit, FIRM, form=sending({}), writes=False)


def visits() -> Iterator[Line]:
    """Visits of firms."""
    yield from listed("contractors/visits/", "visit", PAGE, ["school", "site", "state", "sort"], page=True)
    for kind in ("csv", "xlsx"):
        yield from (
            each for each in listed(f"contractors/visits.{kind}", "visit", PAGE, ["site"], page=True) if each.whose != HERE
        )
    yield plain("contractors/visits/add/", says=everywhere(CONTRACTOR_MANAGE))
    yield plain("contractors/visits/add/", method="POST", says=everywhere(CONTRACTOR_MANAGE, UNFIT), form={}, writes=False)
    yield from one("contractors/visits/<uuid:id>/", "visit", PAGE)
    off = Rule(do=CONTRACTOR_MANAGE, area=(ESTATE_VIEW,))
    yield from act("contractors/visits/<uuid:id>/", "visit", off, form=sending({"act": "off", "why": "Not coming"}))


def handed_in() -> Iterator[Line]:
    """Reports handed in, and the page of those without an account."""
    yield plain("contractors/handed-in/", says=everywhere(CONTRACTOR_MANAGE))
    yield from one("contractors/handed-in/<uuid:id>/", "upload", SEEN)
    yield from one("contractors/handed-in/<uuid:id>/file/", "upload", SEEN, proves=False)
    yield from one("contractors/handed-in/<uuid:id>/refuse/", "upload", SEEN)
    yield from act("contractors/handed-in/<uuid:id>/refuse/", "upload", SEEN, form=sending({"why": "Not a report"}))
    yield from act("contractors/requests/<uuid:id>/stop/", "report request", SEEN, form=sending({}), writes=False)
    for method in ("GET", "POST"):
        yield plain(
            "hand-in/<str:text>/", method=method, says=everybody("hidden"), more=("no-such-link",), writes=False, quiet=False
        )


def certificates() -> Iterator[Line]:
    """Certificates, and filing one."""
    filters = ["q", "site", "school", "asset", "plan", "discipline", "status", "sort"]
    yield from listed("certificates/", "certificate", PAGE, filters, page=True)
    for kind in ("csv", "xlsx"):
        yield from (
            each for each in listed(f"certificates.{kind}", "certificate", PAGE, ["site"], page=True) if each.whose != HERE
        )
    yield from one("certificates/<uuid:id>/", "certificate", PAGE)
    yield from one("certificates/<uuid:id>/file/", "certificate", PAGE, proves=False)
    yield plain("certificates/file/", says=everywhere(CONTRACTOR_MANAGE))
    yield plain("certificates/file/", method="POST", says=everywhere(CONTRACTOR_MANAGE), form={}, writes=False)
    yield from one("certificates/remedial/<uuid:id>/", "defect", AT)
    unfit = Rule(do=CONTRACTOR_MANAGE, area=(CONTRACTOR_MANAGE,), then=UNFIT)
    yield from act("certificates/remedial/<uuid:id>/", "defect", unfit, form=sending({}), writes=False)
    yield from one("certificates/<uuid:id>/withdraw/", "certificate", AT)
    yield from act("certificates/<uuid:id>/withdraw/", "certificate", unfit, form=sending({}), writes=False)


def documents() -> Iterator[Line]:
    """The register."""
    yield plain("documents/", says=everywhere(ESTATE_VIEW))
    yield from listed("documents/list/", "document", PAGE, ["site"], page=True)
    for kind in ("csv", "xlsx"):
        yield from (each for each in listed(f"documents.{kind}", "document", PAGE, ["site"], page=True) if each.whose != HERE)
    yield from one("documents/<uuid:id>/", "document", PAGE)
    yield from one("documents/<uuid:id>/file/", "document", PAGE, proves=False)
    yield plain("documents/add/", says=everywhere(SITE_CHANGE))
    yield plain("documents/add/", method="POST", says=everywhere(SITE_CHANGE), form={}, writes=False)
    for method in ("GET", "POST"):
        yield plain("documents/not-needed/", method=method, says=everywhere(ESTATE_VIEW, "hidden"), writes=False)
    yield from one("documents/not-needed/<uuid:id>/", "not needed", PAGE)
    deciding = Rule(do=RISK_DECIDE, area=(ESTATE_VIEW,))
    yield from act("documents/not-needed/<uuid:id>/", "not needed", deciding, form=sending({"act": "agree"}))


def by_api() -> Iterator[Line]:
    """The same through the API."""
    plain_filters = {
        "certificates": ["site", "school", "since"], "documents": ["site", "kind"],
    }  # fmt: skip
    yield plain(API + "contractors", says=whoever_is_signed_in())
    yield from one(API + "contractors/<uuid:id>", "contractor", Rule(at=anywhere), FIRM, proves=False)
    yield plain(
        API + "contractors", method="POST",
        says=lambda column: everywhere(CONTRACTOR_MANAGE, YES, NO if column.anywhere(ESTATE_VIEW) else "hidden")(column),
        body={"name": "Planted by API"},
    )  # fmt: skip
    for name, thing in (("certificates", "certificate"), ("documents", "document")):
        yield from listed(API + name, thing, Rule(), plain_filters[name])
        yield from one(f"{API}{name}/<uuid:id>", thing, Rule())
        yield plain(API + name, method="POST", says=whoever_is_signed_in(UNFIT), body={}, writes=False)
