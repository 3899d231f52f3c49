"""People and their access: who looks after whose account."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final

from backend.core.days import today
from backend.trust.permits import ESTATE_VIEW, PEOPLE_MANAGE, SYSTEM_MANAGE
from tests.matrix.addresses import filled
from tests.matrix.columns import MAIN, RIVERSIDE, SITES, TRUST, Column
from tests.matrix.lines import (
    ADMINS,
    BESIDE,
    CLASH,
    COLLEAGUES,
    ELSEWHERE,
    HERE,
    HIDDEN,
    NO,
    NOBODYS,
    OWN,
    PLACE,
    SIGN_IN,
    THERE,
    TRUSTS,
    UNFIT,
    YES,
    Ask,
    Line,
    Rule,
    Says,
    Send,
    rows,
)  # fmt: skip
from tests.matrix.wording import listed, one, plain
from tests.matrix.world import NAMES, MatrixWorld

WHOSE: Final = (OWN, COLLEAGUES, BESIDE, THERE, TRUSTS, ADMINS, ELSEWHERE, NOBODYS)
ELSEWHERE_TOO: Final = (f"{NAMES[RIVERSIDE]} school", f"{NAMES[MAIN]} field")
"""Who looks after somebody is shown all of that person's roles, by the names of the places."""
LISTED: Final = Rule(see=(PEOPLE_MANAGE,), area=(PEOPLE_MANAGE,))


def where(column: Column, whose: str) -> frozenset[str]:
    """Where somebody is looked after: oneself, wherever one does so at all."""
    return column.reach(PEOPLE_MANAGE) if whose == OWN else frozenset({PLACE[whose]})


PERSON: Final = Rule(see=(PEOPLE_MANAGE,), area=(PEOPLE_MANAGE,), at=where)


def told(column: Column) -> frozenset[str]:
    """Of which places a page about people may speak."""
    return column.reach(ESTATE_VIEW, PEOPLE_MANAGE)


def account(*, own: str, trust_only: str = "", admins: str = NO, elsewhere: str = NO) -> Callable[[str], Says]:
    """What may be done to somebody's account: `own` and `admins` say what of one's own and, without being one, an
    administrator's; `trust_only` what who looks after one school is told of a colleague; `elsewhere` what of one who also
    works where they do not.
    """

    def for_one(whose: str) -> Says:
        def says(column: Column) -> str:
            plain_cell = PERSON.outcome(column, whose)
            if plain_cell != YES:
                return plain_cell
            if whose == OWN or (whose == ADMINS and column.name == "administrator"):
                return own
            whole = TRUST in column.reach(PEOPLE_MANAGE)
            if trust_only and not whole:
                return trust_only
            if whose == ADMINS and not column.anywhere(SYSTEM_MANAGE):
                return admins
            return elsewhere if whose == ELSEWHERE and not whole else YES

        return says

    return for_one


def lines() -> Iterator[Line]:
    """Every line about people."""
    for route in ("people/", "people.csv", "people.xlsx"):
        for line in listed(route, "person", LISTED, ["q", "school", "role", "status"], page=True, shows=told):
            yield replace(line, send=with_their_roles(line.send))
    for line in one("people/<uuid:id>/", "person", PERSON, WHOSE, proves=False, shows=told):
        yield replace(line, send=with_their_roles(line.send))
    yield plain("people/kept/", says=rows(LISTED), asked="leavers still named", shows=told, tells=SITES)
    data = account(own=YES, trust_only=NO, admins=YES, elsewhere=YES)
    for route in ("people/<uuid:id>/data/", "people/<uuid:id>/data.zip"):
        for whose in WHOSE:
            yield Line(route, "GET", "", whose, data(whose), reading(route, whose), "person", shows=told)
    yield from appointing()
    yield from inviting()
    yield from ending()


def with_their_roles(send: Send) -> Send:
    """The same request, where the name of another school beside somebody's role there is no leak."""

    def sent(world: MatrixWorld, column: Column) -> Ask:
        ask = send(world, column)
        return replace(ask, echo=(*ask.echo, *ELSEWHERE_TOO))

    return sent


def reading(route: str, whose: str, thing: str = "person") -> Callable[[MatrixWorld, Column], Ask]:
    """A request for a page about somebody."""

    def send(world: MatrixWorld, column: Column) -> Ask:
        key = world.key(thing, whose, column)
        return Ask(filled(route, key), echo=(key, *ELSEWHERE_TOO))

    return send


def done_to(
    route: str, whose: str, says: Says, form: Callable[[MatrixWorld, str], dict[str, Any]] | None = None, *,
    thing: str = "person", asked: str = "", writes: bool = True, more: str = "",
) -> Line:  # fmt: skip
    """Something done to somebody; `more`: the sort of row that the address names besides."""

    def send(world: MatrixWorld, column: Column) -> Ask:
        key = world.key(thing, whose, column)
        besides = (world.key(more, whose, column),) if more else ()
        sent = form(world, key) if form else {}
        named = [text.partition(":")[2] for text in sent.values() if ":" in text]
        return Ask(filled(route, key, *besides), form=sent, echo=(key, *besides, *named, *ELSEWHERE_TOO))

    return Line(route, "POST", asked, whose, says, send, thing, shows=told, writes=writes)


def appointing() -> Iterator[Line]:
    """Giving a role, at Oakfield; as a system administrator; at the other school; and ending one."""
    day = today().isoformat()

    def as_staff(world: MatrixWorld, _key: str, place: str = MAIN, role: str = "staff") -> dict[str, str]:
        return {"role": role, "place": f"school:{world.rows['school'][place]}", "starts_on": day, "ends_on": ""}

    route = "people/<uuid:id>/appoint/"
    giving = account(own=UNFIT, admins=YES, elsewhere=YES)
    for whose in WHOSE:
        yield done_to(route, whose, giving(whose), as_staff, asked="staff of Oakfield")

    def raising(column: Column) -> str:
        plain_cell = PERSON.outcome(column, COLLEAGUES)
        return UNFIT if plain_cell == YES and not column.anywhere(SYSTEM_MANAGE) else plain_cell

    def raised(world: MatrixWorld, key: str) -> dict[str, str]:
        return as_staff(world, key, role="administrator")

    yield done_to(route, COLLEAGUES, raising, raised, asked="administrator of Oakfield")

    def outside(column: Column) -> str:
        plain_cell = PERSON.outcome(column, COLLEAGUES)
        return UNFIT if plain_cell == YES and RIVERSIDE not in column.reach(PEOPLE_MANAGE) else plain_cell

    yield done_to(route, COLLEAGUES, outside, lambda world, key: as_staff(world, key, RIVERSIDE), asked="staff of another school")
    route = "people/<uuid:id>/roles/<uuid:appointment>/end/"
    ended = account(own=NO, admins=NO, elsewhere=YES)
    for whose in WHOSE:
        yield done_to(route, whose, ended(whose), more="appointment")

    def mixed(world: MatrixWorld, column: Column) -> Ask:
        mine, theirs = world.key("person", COLLEAGUES, column), world.rows["appointment"][RIVERSIDE]
        return Ask(filled(route, mine, theirs), form={}, echo=(mine, theirs))

    says: Says = lambda column: HIDDEN if PERSON.outcome(column, COLLEAGUES) == YES else PERSON.outcome(column, COLLEAGUES)  # noqa: E731
    yield Line(route, "POST", "with another's appointment", COLLEAGUES, says, mixed, shows=told)


def inviting() -> Iterator[Line]:
    """Inviting somebody new, to one's own school and to another; the letter once more; taking it back."""
    day = today().isoformat()
    opened: Says = lambda column: (YES if column.anywhere(PEOPLE_MANAGE) else NO) if column.signed_in else SIGN_IN  # noqa: E731
    yield plain("people/invite/", says=opened, shows=told)
    for whose in (HERE, THERE):

        def send(world: MatrixWorld, _column: Column, whose: str = whose) -> Ask:
            school = world.rows["school"][PLACE[whose]]
            form = {"name": "Planted", "email": "planted@matrix.example", "role": "staff", "place": f"school:{school}"}
            return Ask("/people/invite/", form={**form, "starts_on": day, "ends_on": ""}, echo=(school,))

        def says(column: Column, whose: str = whose) -> str:
            if not column.signed_in or not column.anywhere(PEOPLE_MANAGE):
                return NO if column.signed_in else SIGN_IN
            return YES if PLACE[whose] in column.reach(PEOPLE_MANAGE) else UNFIT

        yield Line("people/invite/", "POST", "as staff of this school", whose, says, send, shows=told)
    invited = account(own=CLASH)
    for route in ("people/<uuid:id>/invitation/send/", "people/<uuid:id>/invitation/withdraw/"):
        for whose in (HERE, BESIDE, THERE, NOBODYS):
            yield done_to(route, whose, invited(whose), thing="invited person")


def ending() -> Iterator[Line]:
    """Signing out, a lost second step, a lost phone, and erasing what is held of somebody who has left."""
    out = account(own=YES)
    for whose in WHOSE:
        yield done_to("people/<uuid:id>/sign-out/", whose, out(whose))
    step = account(own=NO)
    for whose in WHOSE:
        yield done_to("people/<uuid:id>/second-step/remove/", whose, step(whose), writes=False)
    phone = account(own=YES, trust_only=NO, admins=YES, elsewhere=YES)
    for whose in (OWN, COLLEAGUES, BESIDE, THERE, NOBODYS):
        yield done_to("people/<uuid:id>/phones/<str:phone>/revoke/", whose, phone(whose), lambda _w, _k: {"reason": "Lost"},
                      more="device")  # fmt: skip
    erased = account(own=CLASH, trust_only=NO)

    def sure(world: MatrixWorld, key: str) -> dict[str, str]:
        return {"sure": world.emails.get(key, "nobody@matrix.example"), "reason": "Asked for it"}

    for whose in (HERE, BESIDE, THERE, NOBODYS):
        yield done_to("people/<uuid:id>/data/erase/", whose, erased(whose), sure, thing="leaver", asked="who has left")
    yield done_to("people/<uuid:id>/data/erase/", COLLEAGUES, still_here, sure, asked="who is still here")


def still_here(column: Column) -> str:
    """Somebody with a role is not erased."""
    plain_cell = PERSON.outcome(column, COLLEAGUES)
    if plain_cell != YES:
        return plain_cell
    return UNFIT if TRUST in column.reach(PEOPLE_MANAGE) else NO
