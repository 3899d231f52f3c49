"""Who may do what. Scheduling: the calendar, bookings, rounds, who is away, the year ahead, calendar feeds."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from backend.core.days import today
from backend.trust.permits import ABSENCE_MANAGE, CHECK_RECORD, CONTRACTOR_MANAGE, ESTATE_VIEW, PLAN_CHANGE
from tests.matrix.addresses import filled
from tests.matrix.columns import ANNEXE, MAIN, SITES, Column
from tests.matrix.declared.api import API, filters_of
from tests.matrix.lines import (
    BESIDE,
    CLASH,
    HERE,
    HIDDEN,
    NOBODYS,
    PLACE,
    SCHOOLS,
    SIGN_IN,
    SITED,
    THERE,
    UNFIT,
    YES,
    Ask,
    Line,
    Rule,
    Says,
    cell,
    everybody,
    rows,
)  # fmt: skip
from tests.matrix.wording import ESTATE, PAGE, act, listed, one, picked, plain
from tests.matrix.world import MatrixWorld

PLANNING = Rule(do=PLAN_CHANGE, area=(ESTATE_VIEW,))
GONE_MOVES = Rule(do=CONTRACTOR_MANAGE, then=CLASH)  # by the API: of the school they may know, and the move is none
BOOKING = Rule(do=CONTRACTOR_MANAGE, area=(ESTATE_VIEW,))  # who plans looks after firms too: either is enough to look


def works(_column: Column, whose: str) -> frozenset[str]:
    """Where a place's caretaker works: Oakfield's at both of its sites."""
    return frozenset({MAIN, ANNEXE}) if whose == HERE else frozenset({PLACE[whose]})


def told(column: Column) -> frozenset[str]:
    """Of which places' people they may read, on pages about absence."""
    return column.reach(ESTATE_VIEW, ABSENCE_MANAGE)


AWAY = Rule(see=(ABSENCE_MANAGE, CHECK_RECORD), do=ABSENCE_MANAGE, at=works)
PEOPLE = Rule(see=(ESTATE_VIEW, ABSENCE_MANAGE), do=ABSENCE_MANAGE, at=works)


def soon(days: int = 1) -> str:
    """A day ahead."""
    return str(today() + dt.timedelta(days=days))


def asked(
    route: str, thing: str, rule: Rule, whose: Iterable[str], name: str, *, says: Any = None, **more: str
) -> Iterator[Line]:
    """A page that is asked about a row by its address's query."""
    for each in whose:

        def send(world: MatrixWorld, column: Column, each: str = each) -> Ask:
            key = world.key(thing, each, column)
            return Ask(filled(route), {name: key, **more}, echo=(key,))

        yield Line(route, "GET", f"?{name}=", each, says(each) if says else cell(rule, each), send, thing)


def lines() -> Iterator[Line]:
    """The lines."""
    yield from calendar()
    yield from bookings()
    yield from rounds()
    yield from absences()
    yield from year()
    yield from feeds()


def calendar() -> Iterator[Line]:
    """The calendar itself, as a list: of what is owed and what is booked."""
    yield plain("calendar/", says=rows(PAGE), asked="the list", tells=SITES, query={"view": "list"})

    def by_site(whose: str) -> Says:
        return picked(PAGE, frozenset({PLACE[whose]}))

    for name, thing in (("site", "site"), ("school", "school"), ("who", "person")):
        for whose in (THERE,):

            def send(world: MatrixWorld, column: Column, name: str = name, thing: str = thing, whose: str = whose) -> Ask:
                key = world.key(thing, whose, column)
                return Ask("/calendar/", {name: key, "view": "list"}, echo=(key,))

            yield Line("calendar/", "GET", f"?{name}=", whose, by_site(whose), send, "plan", tells=SITES)
    for view in ("month", "week"):
        yield plain("calendar/", says=rows(PAGE), asked=f"the {view}", tells=SITES, query={"view": view})


def bookings() -> Iterator[Line]:
    """Bookings: read, made, moved, given to somebody else, cancelled; by page and by API."""
    route = "calendar/bookings/<uuid:id>/"
    yield from one(route, "booking", PAGE)
    yield from act(route + "move/", "booking", PLANNING, form=lambda _w, _c, _k: {"day": soon(2), "part": "am"})
    yield from act(route + "cancel/", "booking", PLANNING, form=lambda _w, _c, _k: {"reason": "Planted"})
    yield from asked("calendar/book/", "plan", BOOKING, SITED, "plan", day=soon())
    typed = lambda _w, _c, key: {"plan": key, "day": soon(), "act": "look"}  # noqa: E731
    yield from act("calendar/book/", "grouped plan", PLANNING, form=typed, inside=True, writes=False)
    put = lambda _w, _c, key: {"booking": key, "day": soon(3)}  # noqa: E731
    yield from act("calendar/drop/", "booking", PLANNING, form=put, inside=True, writes=False)
    given = lambda _w, _c, key: {"booking": key, "person": "", "sure": "1"}  # noqa: E731
    yield from act("calendar/reassign/", "booking", PLANNING, form=given, inside=True)
    yield from listed(API + "bookings", "booking", ESTATE, filters_of(API + "bookings"))
    yield from one(API + "bookings/<uuid:id>", "booking", proves=False)
    planning = Rule(do=PLAN_CHANGE)
    body = lambda _w, _c, key: {"plans": [key], "day": soon()}  # noqa: E731
    yield from act(API + "bookings", "grouped plan", planning, body=body, inside=True)
    yield from act(API + "bookings/<uuid:id>/move", "booking", planning, body=lambda _w, _c, _k: {"day": soon(2)})
    yield from act(API + "bookings/<uuid:id>/cancel", "booking", planning, body=lambda _w, _c, _k: {"reason": "Planted"})


def rounds() -> Iterator[Line]:
    """Rounds: proposed, made, read, put in order, printed, ended."""
    yield plain("calendar/rounds/", says=rows(PAGE), asked="the list", tells=SITES)
    yield from asked("calendar/rounds/new/", "site", PLANNING, SITED, "site")
    made = lambda _w, _c, key: {"site": key, "often": "week"}  # noqa: E731
    yield from act("calendar/rounds/new/", "site", PLANNING, form=made, inside=True)
    route = "calendar/rounds/<uuid:id>/"
    yield from one(route, "round", PAGE)
    yield from one(route + "sheet/", "round", PAGE)
    yield from act(route, "round", PLANNING, form=lambda _w, _c, _k: {"name": "Planted", "often": "day", "days": "1"})
    yield from act(route + "order/", "round", PLANNING, form=lambda _w, _c, _k: {"keep": "1"})
    yield from act(route + "end/", "round", PLANNING, form=lambda _w, _c, _k: {})


def absences() -> Iterator[Line]:
    """Who is away: one's own is anybody's to note; others' by who manages them; who stands in."""
    yield plain("calendar/away/", shows=told)
    dates = {"first_day": soon(200), "last_day": soon(201)}

    def noted(whose: str) -> Says:
        def says(column: Column) -> str:
            return SIGN_IN if not column.signed_in else YES if PEOPLE.outcome(column, whose) == YES else UNFIT

        return says

    for whose in SITED:

        def send(world: MatrixWorld, column: Column, whose: str = whose) -> Ask:
            key = world.key("person", whose, column)
            return Ask("/calendar/away/", form={"person": key, **dates}, echo=(key,))

        yield Line("calendar/away/", "POST", "somebody's days", whose, noted(whose), send, "person", shows=told)
    route = "calendar/away/<uuid:id>/"
    yield from act(route + "cancel/", "absence", AWAY, form=lambda _w, _c, _k: {}, shows=told)
    stand_in = lambda world, _c, _k: {"stand_in": str(world.people["site-manager"].pk)}  # noqa: E731
    yield from act(route + "cover/", "absence", AWAY, form=stand_in, shows=told)
    seen = Rule(see=AWAY.see, at=works)
    yield from listed(API + "absences", "absence", seen, filters_of(API + "absences"), shows=told)
    yield from one(API + "absences/<uuid:id>", "absence", seen, proves=False, shows=told)
    body = lambda _w, _c, key: {"person": key, **dates}  # noqa: E731
    yield from act(API + "absences", "person", PEOPLE, body=body, inside=True, shows=told)
    yield from act(API + "absences/<uuid:id>/cancel", "absence", AWAY, body=lambda _w, _c, _k: {}, shows=told)


def year() -> Iterator[Line]:
    """Twelve months of a school, a week of it, moves accepted, hours."""
    yield from asked("calendar/year/", "school", PAGE, SCHOOLS, "school")
    yield from asked("calendar/year/week/", "school", PAGE, SCHOOLS, "school", monday=soon())
    accepted = lambda _w, _c, key: {"school": key, "move": "none"}  # noqa: E731
    yield from act("calendar/year/accept/", "school", BOOKING, SCHOOLS, form=accepted, inside=True, writes=False)
    moves = API + "schools/<uuid:id>/year-moves"
    yield from one(moves, "school", whose=SCHOOLS, proves=False)
    yield from act(moves, "school", GONE_MOVES, SCHOOLS, body=lambda _w, _c, _k: {"moves": ["none"]}, writes=False)
    nothing = lambda _w, _c, key: {"school": key}  # noqa: E731
    yield from act("calendar/minutes/", "school", PLANNING, SCHOOLS, form=nothing, inside=True, writes=False)
    hours = Rule(see=PEOPLE.see, do=ABSENCE_MANAGE, at=works, area=(ESTATE_VIEW,))
    yield from act("calendar/hours/<uuid:id>/", "person", hours, form=lambda _w, _c, _k: {"hours": "7"}, shows=told)


def feeds() -> Iterator[Line]:
    """Private calendars: whoever holds the secret reads it; nobody, once its owner has left. And one's own."""
    route = "calendar/feed/<str:secret>.ics"
    for thing, whose, word in (("feed", HERE, YES), ("feed", BESIDE, YES), ("feed", THERE, YES), ("feed", NOBODYS, HIDDEN),
                               ("leaver's feed", HERE, HIDDEN)):  # fmt: skip

        def send(world: MatrixWorld, column: Column, thing: str = thing, whose: str = whose) -> Ask:
            key = world.key(thing, whose, column)
            return Ask(filled(route, key), echo=(key,))

        said = "" if thing == "feed" else "its owner has left"
        yield Line(route, "GET", said, whose, everybody(word), send, thing, shows=lambda _column: SITES)
    yield plain("account/calendar/")
    yield plain("account/calendar/", method="POST", form={"act": "new"}, asked="make it")
    yield plain("account/calendar/", method="POST", form={"act": "off"}, asked="switch it off", writes=False)
