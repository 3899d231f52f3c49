"""One's own account, the ways in, and the operators' pages."""

from collections.abc import Iterator
from typing import Any

from backend.trust.permits import SYSTEM_MANAGE
from tests.matrix.addresses import filled
from tests.matrix.columns import Column
from tests.matrix.lines import (
    COLLEAGUES,
    GONE,
    HIDDEN,
    NO,
    NOBODYS,
    OWN,
    SIGN_IN,
    UNFIT,
    YES,
    Ask,
    Line,
    Says,
    everybody,
    whoever_is_signed_in,
)  # fmt: skip
from tests.matrix.wording import open_to_all, plain
from tests.matrix.world import MatrixWorld

READ = (
    "account/", "account/data/", "account/data.zip", "account/email/", "account/password/", "account/second-step/",
    "account/second-step/app/", "account/second-step/passkey/", "account/sign-ins/", "account/tokens/",
)  # fmt: skip
"""Pages about oneself alone."""


def lines() -> Iterator[Line]:
    """Every line about accounts, ways in and operators."""
    for route in READ:
        yield plain(route)
    yield plain("account/password/", method="POST", form={"new": "a-long-fresh-password"}, asked="a first one")
    yield plain("account/name/", method="POST", form={"name": "Planted"})
    yield plain("account/email/", method="POST", form={"email": "planted@matrix.example"}, writes=False)
    yield plain("account/email/<str:link>/", more=("no-such-link",))
    yield plain("account/email/<str:link>/", method="POST", more=("no-such-link",), form={}, says=whoever_is_signed_in(GONE),
                asked="a link that is none")  # fmt: skip
    for route, form in (
        ("account/second-step/app/", {"code": "000000"}),
        ("account/second-step/passkey/", {"name": "Planted", "answer": "{}"}),
    ):
        yield plain(route, method="POST", form=form, says=whoever_is_signed_in(UNFIT), asked="a wrong proof", quiet=False)
    yield plain(
        "account/second-step/codes/", method="POST", form={}, says=whoever_is_signed_in("clash"), asked="without a second step"
    )
    yield plain("account/sign-ins/others/end/", method="POST", form={})
    yield plain("account/tokens/", method="POST", form={"name": "Planted", "scope": "read", "days": "30"})
    for route, thing in (
        ("account/sign-ins/<str:public>/end/", "session"),
        ("account/phones/<str:id>/revoke/", "device"),
        ("account/tokens/<uuid:id>/revoke/", "token"),
    ):
        yield from owned(route, thing)
    yield from owned("account/second-step/<int:number>/remove/", "factor", (COLLEAGUES, NOBODYS))
    yield from ways_in()
    yield from operators()


def owned(route: str, thing: str, whose: tuple[str, ...] = (OWN, COLLEAGUES, NOBODYS)) -> Iterator[Line]:
    """Ending something of one's own; another's is not there."""
    for each in whose:

        def send(world: MatrixWorld, column: Column, each: str = each) -> Ask:
            key = world.key(thing, each, column)
            return Ask(filled(route, key), form={"reason": "Lost"}, echo=(key,))

        says = whoever_is_signed_in(YES if each == OWN else HIDDEN)
        yield Line(route, "POST", "", each, says, send, thing)


def ways_in() -> Iterator[Line]:
    """Links of letters, the second step, providers: for whoever holds what they ask for, and nobody else."""
    yield plain("sign-in/again/")
    yield plain("sign-in/again/", method="POST", form={"password": "wrong"}, asked="by who has no password yet", writes=False)
    yield open_to_all("sign-in/forgotten/")
    yield plain(
        "sign-in/forgotten/", method="POST", form={"email": "estates-lead@matrix.example"}, says=everybody(YES), writes=False
    )
    forms: tuple[tuple[str, dict[str, Any]], ...] = (("GET", {}), ("POST", {"form": {"code": "000000"}}))
    for method, how in forms:
        for route in ("sign-in/reset/<str:link>/", "invitation/<str:text>/"):
            yield plain(route, method=method, more=("no-such-link",), says=everybody(GONE), asked="a link that is none", **how)
        yield plain("sign-in/second-step/", method=method, says=everybody(SIGN_IN), asked="without a password before", **how)
    yield plain("sign-in/with/<slug:provider_id>/", more=("nobody",), says=everybody(HIDDEN), asked="a provider that is none")
    yield plain(
        "sign-in/with/<slug:provider_id>/back/", more=("nobody",), says=everybody(HIDDEN), asked="a provider that is none"
    )


def operators() -> Iterator[Line]:
    """The status page, and figures for a program on this machine that came past no proxy."""
    says: Says = lambda column: (YES if column.anywhere(SYSTEM_MANAGE) else NO) if column.signed_in else SIGN_IN  # noqa: E731
    yield plain("status/", says=says)
    running: Says = lambda column: HIDDEN if says(column) == YES else says(column)  # noqa: E731
    yield plain("status/", method="POST", form={"run": "no such job"}, says=running, asked="run a job that is none")
    yield plain("status/", method="POST", form={}, says=says, asked="nothing", writes=False)
    yield open_to_all("metrics", asked="from this machine")
    yield plain("metrics", says=everybody(HIDDEN), asked="through a proxy", headers={"X-Forwarded-For": "192.0.2.7"})
