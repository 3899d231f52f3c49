"""Who may do what. Other systems that follow: the feed of events, and webhooks, which are the whole trust's."""

from collections.abc import Iterator
from typing import Final

from backend.trust.permits import EVENTS_FOLLOW
from tests.matrix.addresses import filled
from tests.matrix.columns import SITES, TRUST, Column
from tests.matrix.declared.api import API
from tests.matrix.lines import HIDDEN, NO, NOBODYS, SIGN_IN, TRUSTS, YES, Ask, Line, Rule, Says, rows
from tests.matrix.wording import by_row, plain
from tests.matrix.world import MatrixWorld

FEED: Final = Rule(see=(EVENTS_FOLLOW,), area=(EVENTS_FOLLOW,))
NEW: Final = {"name": "Another system", "address": "https://hooks.example.org/another"}
ACTS: Final = ("pause", "resume", "resume-now", "test", "remove")


def followed(column: Column) -> frozenset[str]:
    """Where somebody follows what happens."""
    return column.reach(EVENTS_FOLLOW)


def whole_trust(whose: str = TRUSTS) -> Says:
    """For who follows the whole trust; a webhook that is none is hidden from them alone."""

    def says(column: Column) -> str:
        if not column.signed_in:
            return SIGN_IN
        if TRUST not in followed(column):
            return NO
        return HIDDEN if whose == NOBODYS else YES

    return says


def lines() -> Iterator[Line]:
    """The lines."""
    route = API + "events"
    yield plain(route, says=rows(FEED), shows=followed, tells=SITES, query={"limit": "200"})
    yield from by_row(route, "event", FEED, "site", SITES, refuses=True, shows=followed)
    yield plain("events/", says=whole_trust())
    yield plain("events/new/", says=whole_trust())
    yield plain("events/new/", method="POST", says=whole_trust(), form=NEW)
    hooks = API + "webhooks"
    yield plain(hooks, says=whole_trust())
    yield plain(hooks, method="POST", says=whole_trust(), body=NEW)
    for whose in (TRUSTS, NOBODYS):
        yield of_webhook("events/<uuid:id>/change/", whose, method="GET")
        yield of_webhook("events/<uuid:id>/change/", whose, form=NEW)
        yield of_webhook(hooks + "/<uuid:id>", whose, method="GET")
        yield of_webhook(hooks + "/<uuid:id>/change", whose, body={"address": NEW["address"]})
        for deed in ("pause", "resume", "test", "retire"):
            yield of_webhook(f"{hooks}/<uuid:id>/{deed}", whose, body={})
        yield of_webhook("events/<uuid:id>/", whose, method="GET")
        yield of_webhook("events/<uuid:id>/secret/", whose, form={})
        yield of_webhook("events/<uuid:id>/again/<uuid:delivery>/", whose, form={}, more="delivery")
        for act in ACTS:
            yield of_webhook("events/<uuid:id>/do/", whose, form={"act": act}, asked=act)


def of_webhook(
    route: str,
    whose: str,
    *,
    method: str = "POST",
    form: dict[str, str] | None = None,
    body: dict[str, str] | None = None,
    asked: str = "",
    more: str = "",
) -> Line:
    """One line about one webhook; `more` names a row of it that the address names besides."""

    def send(world: MatrixWorld, column: Column) -> Ask:
        key = world.key("webhook", whose, column)
        besides = (world.key(more, TRUSTS, column),) if more else ()
        return Ask(filled(route, key, *besides), form=form, body=body, echo=(key, *besides))

    return Line(route, method, asked, whose, whole_trust(whose), send, "webhook", writes=method != "GET")
