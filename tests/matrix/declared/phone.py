"""The phone's addresses: documents of a site, and operations pushed for one's own and another's place."""

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

from backend.checks.models import Plan
from backend.trust.permits import ASSET_CHANGE, CHECK_RECORD, DEFECT_REPORT, DEFECT_WORK
from tests.matrix.addresses import filled
from tests.matrix.columns import MAIN, SITES, Column
from tests.matrix.lines import (
    BESIDE,
    CLASH,
    COLLEAGUES,
    HELD,
    HERE,
    NOBODYS,
    OWN,
    PLACE,
    SIGN_IN,
    THERE,
    YES,
    Ask,
    Line,
    Says,
    everybody,
    rows,
    whoever_is_signed_in,
)  # fmt: skip
from tests.matrix.wording import ESTATE, one, plain
from tests.matrix.world import MatrixWorld, picture
from tests.sync.phone import Phone, check_done

FIELD = "api/v1/field/"
PUSHED: dict[str, tuple[str, str, Callable[[MatrixWorld, str], dict[str, Any]]]] = {
    "check_done": ("plan", CHECK_RECORD, lambda _w, key: check_done(Plan.objects.get(pk=key))),
    "check_not_done": ("plan", CHECK_RECORD, lambda _w, key: {"plan": key, "reason": "no-access"}),
    "defect_reported": (
        "site", DEFECT_REPORT,
        lambda _w, key: {"asset": None, "place": {"site": key}, "summary": "Planted", "severity": "low", "unsafe": False},
    ),
    "defect_updated": ("defect", DEFECT_WORK, lambda _w, key: {"defect": key, "note": "Planted"}),
    "work_done": ("work order", DEFECT_WORK, lambda _w, key: {"work_order": key, "note": "Planted"}),
    "tag_claimed": ("asset", ASSET_CHANGE, lambda world, key: {"tag": world.spare_tag, "asset": key}),
    "asset_added": ("site", ASSET_CHANGE, lambda _w, key: {"site": key, "type": "manual-call-point", "name": "Planted"}),
    "asset_changed": ("asset", ASSET_CHANGE, lambda _w, key: {"asset": key, "changes": {"note": "Planted"}}),
    "reading_taken": ("asset", CHECK_RECORD, lambda _w, key: {"asset": key, "value": 4, "unit": "bar"}),
}  # fmt: skip
"""Kind of operation -> what it is about, the permit that it asks for there, and its body."""
ARRIVING = picture("arriving")


def lines() -> Iterator[Line]:
    """Every line about phones."""
    yield plain(FIELD + "me", says=rows(ESTATE), asked="my sites", tells=SITES)
    for name in ("forms", "register", "due"):
        route = FIELD + "sites/<uuid:id>/" + name
        yield from one(route, "site", proves=name == "register")
        yield from one(
            route, "site", ESTATE, (HERE, THERE, NOBODYS), asked="with the ETag of who may see it", proves=False,
            headers=lambda world, key, name=name: {"If-None-Match": world.etags.get(f"{name} {key}", '"x"')},  # type: ignore[misc]
        )  # fmt: skip
    for kind in PUSHED:
        yield from pushed(kind)
    yield from forged()
    yield from devices()
    yield from arriving()
    wrong = {"email": "nobody@example.org", "password": "wrong"}
    yield plain(FIELD + "sign-in", method="POST", says=everybody(SIGN_IN), asked="a wrong password", body=wrong)
    yield plain(FIELD + "sign-out", method="POST", says=everybody(YES), body={}, writes=False)


def envelope(world: MatrixWorld, column: Column, kind: str, body: dict[str, Any], **more: Any) -> Ask:
    """A push of one operation, unsigned, by the session of whoever asks."""
    person = world.people.get(column.name) if column.signed_in else None
    phone = Phone(person, key=world.spare_phone.key, signs=False, session=False)
    return Ask("/" + FIELD + "ops", raw=phone.envelope([phone.op(kind, body, **more)]))


def pushed(kind: str) -> Iterator[Line]:
    """An operation of this kind, for each place: applied, or held for the office with nothing done."""
    thing, permit, body = PUSHED[kind]

    def may(column: Column, whose: str) -> str:
        if not column.signed_in:
            return SIGN_IN
        return YES if PLACE[whose] in column.reach(permit) else HELD

    for whose in (HERE, BESIDE, THERE):

        def send(world: MatrixWorld, column: Column, whose: str = whose) -> Ask:
            return envelope(world, column, kind, body(world, world.key(thing, whose, column)))

        says: Says = lambda column, whose=whose: may(column, whose)  # type: ignore[misc]  # noqa: E731
        yield Line(FIELD + "ops", "POST", kind, whose, says, send, quiet=False)


def forged() -> Iterator[Line]:
    """Work in the name of somebody who is not signed in here and has signed nothing."""

    def send(world: MatrixWorld, column: Column) -> Ask:
        body = check_done(Plan.objects.get(pk=world.rows["plan"][MAIN]))
        return envelope(world, column, "check_done", body, author=str(world.caretakers[MAIN].pk))

    yield Line(FIELD + "ops", "POST", "check_done as its author", COLLEAGUES, whoever_is_signed_in(HELD), send, quiet=False)


def devices() -> Iterator[Line]:
    """One's own phones, and registering one; an id that is another's phone's clashes."""
    yield plain(FIELD + "devices", asked="one's own")
    for whose, then in ((OWN, CLASH), (THERE, CLASH), (NOBODYS, YES)):

        def send(world: MatrixWorld, column: Column, whose: str = whose) -> Ask:
            key = world.key("device", whose, column) if column.name in world.own["device"] else str(world.nobody)
            return Ask("/" + FIELD + "devices", body={"id": key, "public_key": world.spare_phone.spki}, echo=(key,))

        asked = "register a new key under its id"
        yield Line(FIELD + "devices", "POST", asked, whose, whoever_is_signed_in(then), send)


def arriving() -> Iterator[Line]:
    """Sending a file; and asking what is here of some: of what others sent, nothing."""
    sha = hashlib.sha256(ARRIVING).hexdigest()
    yield plain(
        FIELD + "files/<str:sha256>", method="PUT", more=(sha,), raw=ARRIVING,
        headers={"Upload-Offset": "0", "Upload-Length": str(len(ARRIVING)), "Content-Type": "image/jpeg"},
    )  # fmt: skip
    for whose in (OWN, THERE, NOBODYS):

        def send(world: MatrixWorld, column: Column, whose: str = whose) -> Ask:
            known = column.name in world.own["file"]
            key = world.key("file", whose, column) if known or whose != OWN else world.no_such("file")
            return Ask(filled(FIELD + "files/have"), body={"sha256": [key]}, echo=(key,))

        says = whoever_is_signed_in(YES if whose == OWN else "none")
        yield Line(FIELD + "files/have", "POST", "is it here?", whose, says, send, writes=False)
