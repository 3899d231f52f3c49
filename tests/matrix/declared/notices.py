"""Who may do what. What people are told: digests, escalation, quiet sites, and each role's home."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from backend.core.days import today
from tests.matrix.columns import Column
from tests.matrix.declared.account import owned
from tests.matrix.lines import (
    HERE,
    HIDDEN,
    NOBODYS,
    OWN,
    SIGN_IN,
    THERE,
    UNFIT,
    YES,
    Ask,
    Line,
    everybody,
    whoever_is_signed_in,
)
from tests.matrix.wording import open_to_all, plain
from tests.matrix.world import MatrixWorld

WISHES: Final[dict[str, Any]] = {"hour": "6", "days": ["0", "1"], "quiet_from": "20", "quiet_until": "6"}

INWARD: Final = {"endpoint": "https://10.0.0.1/push", "key": "AAAA", "secret": "AAAA"}


def lines() -> Iterator[Line]:
    """The lines."""
    yield plain("waiting/")
    yield plain("notices/")
    yield plain("notices.csv")
    yield plain("notices.xlsx")
    yield plain("account/notices/")
    yield plain("account/notices/", method="POST", form=WISHES)
    yield plain("notices/stop/<str:link>/", says=everybody(HIDDEN), more=("made-up",), asked="a link that is none")
    yield plain(
        "notices/stop/<str:link>/", method="POST", says=everybody(HIDDEN), more=("made-up",), form={}, asked="a link that is none"
    )
    yield from answers()
    yield open_to_all("notices/worker.js")
    yield plain("account/notices/device/")
    yield plain("account/notices/device/", method="POST", form={"off": "yes"}, asked="off", writes=False)
    yield plain(
        "account/notices/device/", method="POST", form=INWARD, says=whoever_is_signed_in(UNFIT), asked="an address inside",
        quiet=False,
    )  # fmt: skip
    yield from owned("account/notices/device/<uuid:id>/off/", "push device")
    for line in owned("account/notices/device/<uuid:id>/trial/", "push device"):
        yield replace(line, writes=False)  # these devices' keys are none: it is said so, and nothing is kept


def answers() -> Iterator[Line]:
    """An answer to what one was told: one's own; what was told to another is not there."""
    for whose in (OWN, HERE, THERE, NOBODYS):

        def send(world: MatrixWorld, column: Column, whose: str = whose) -> Ask:
            key = world.key("notice", whose, column)
            form = {"key": key, "act": "seen", "until": str(today() + dt.timedelta(days=1))}
            return Ask("/notices/take-on/", form=form, echo=(key,))

        def says(column: Column, whose: str = whose) -> str:
            if not column.signed_in:
                return SIGN_IN
            return YES if whose == OWN else HIDDEN

        yield Line("notices/take-on/", "POST", "", whose, says, send)
