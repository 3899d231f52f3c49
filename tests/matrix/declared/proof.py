"""Who may do what. Proof: evidence packs, log books, the estate as of a past day."""

from collections.abc import Iterator

from backend.core.days import today
from backend.trust.permits import ESTATE_VIEW, PROOF_MAKE
from tests.matrix.addresses import filled
from tests.matrix.columns import Column
from tests.matrix.declared.api import API, filters_of
from tests.matrix.lines import (
    BESIDE,
    HERE,
    HIDDEN,
    NO,
    NOBODYS,
    PLACE,
    SIGN_IN,
    SITED,
    THERE,
    UNFIT,
    YES,
    Ask,
    Line,
    Rule,
    cell,
    everybody,
)
from tests.matrix.wording import act, listed, one, plain
from tests.matrix.world import MatrixWorld

AREA = (ESTATE_VIEW, PROOF_MAKE)
PROVING = Rule(see=(PROOF_MAKE,), area=AREA)
PACK = "proof/<uuid:id>"
TYPED = {"recipient": "insurer", "period": "year", "disciplines": ["fire"], "do": "make"}


def lines() -> Iterator[Line]:
    """The lines."""
    for route in ("proof/", "proof.csv", "proof.xlsx"):
        yield from listed(route, "evidence pack", PROVING, ["school", "site"], page=True, shows=proving)
    yield plain("proof/new/", says=who_proves, query={"recipient": "auditor"}, shows=proving)
    yield from asked_for()
    for suffix in ("/", ".zip", ".pdf"):
        yield from one(f"{PACK}{suffix}", "evidence pack", PROVING, proves=suffix == "/", shows=proving)
    again, share = {"reason": "A late report came"}, {"whom": "Fire officer", "days": "30"}
    yield from act(f"{PACK}/again/", "evidence pack", PROVING, form=lambda _w, _c, _k: again, shows=proving)
    yield from act(f"{PACK}/share/", "evidence pack", PROVING, form=lambda _w, _c, _k: share, shows=proving)
    yield from ending()
    for route in ("proof/books/", "proof/books.pdf"):
        yield from books(route)
    yield from by_api()
    for route in ("proof/open/<str:text>/", "proof/open/<str:text>/pack.zip", "proof/open/<str:text>/pack.pdf"):
        yield plain(route, says=everybody(HIDDEN), more=("no-such-link",))
    typed = {"password": "something"}
    yield plain("proof/open/<str:text>/", method="POST", says=everybody(HIDDEN), more=("no-such-link",), form=typed, writes=False)


def by_api() -> Iterator[Line]:
    """The same through the API."""
    route, seen = API + "evidence-packs", Rule(see=(PROOF_MAKE,))
    yield from listed(route, "evidence pack", seen, filters_of(route), shows=proving)
    yield from one(route + "/<uuid:id>", "evidence pack", seen, proves=False, shows=proving)
    yield from one(route + "/<uuid:id>/file", "evidence pack", seen, proves=False, shows=proving)
    days = {"first_day": "2026-01-01", "last_day": "2026-02-01", "recipient": "insurer"}
    body = lambda _w, _c, key: {**days, "site": key}  # noqa: E731
    yield from act(route, "site", Rule(do=PROOF_MAKE), body=body, inside=True, shows=proving)


def ending() -> Iterator[Line]:
    """Taking back a link to a pack: of the pack, and of none."""
    route = f"{PACK}/links/<uuid:link>/end/"
    for whose in SITED:

        def send(world: MatrixWorld, column: Column, whose: str = whose) -> Ask:
            pack, link = world.key("evidence pack", whose, column), world.key("pack link", whose, column)
            return Ask(filled(route, pack, link), form={}, echo=(pack, link))

        yield Line(route, "POST", "", whose, cell(PROVING, whose), send, "evidence pack", shows=proving)


def proving(column: Column) -> frozenset[str]:
    """Where somebody may see the estate, or prove how it stands."""
    return column.reach(ESTATE_VIEW) | column.reach(PROOF_MAKE)


def who_proves(column: Column) -> str:
    """The page to make one: for whoever may anywhere."""
    if not column.signed_in:
        return SIGN_IN
    return YES if all(column.anywhere(each) for each in AREA) else NO


def asked_for() -> Iterator[Line]:
    """A pack of a site: one that is not theirs is no choice of the form."""
    for whose in (HERE, BESIDE, THERE):

        def send(world: MatrixWorld, column: Column, whose: str = whose) -> Ask:
            key = world.key("site", whose, column)
            return Ask(filled("proof/new/"), form={**TYPED, "site": key}, echo=(key,))

        def says(column: Column, whose: str = whose) -> str:
            known = who_proves(column)
            return known if known != YES or PLACE[whose] in column.reach(PROOF_MAKE) else UNFIT

        yield Line("proof/new/", "POST", "the form names this site", whose, says, send, "site", shows=proving)


def books(route: str) -> Iterator[Line]:
    """A log book of a site; unasked, that of the first of theirs."""
    for whose in (*SITED[:-1], NOBODYS):

        def send(world: MatrixWorld, column: Column, whose: str = whose) -> Ask:
            key = world.key("site", whose, column)
            query = {"site": key, "discipline": "fire", "year": str(today().year)}
            return Ask(filled(route), query, echo=(key,))

        yield Line(route, "GET", "?site=", whose, cell(PROVING, whose), send, "site", shows=proving)
