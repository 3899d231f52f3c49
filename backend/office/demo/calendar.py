"""The invented trust's calendar: bookings of the next weeks, rounds, hours (the ends of months need more), somebody away."""

import datetime as dt
import uuid
from collections.abc import Sequence

from backend.checks.actions import NewBooking, book, make_round, set_cover
from backend.checks.models import Plan
from backend.checks.queries.walks import OUTSIDE, WORDS, proposals
from backend.core.problems import Problem
from backend.hr.actions import note_absence, set_working_week
from backend.maintenance.models import Contractor
from backend.office.demo.dice import dice
from backend.office.demo.people import Team
from backend.office.demo.places import Made
from backend.rules.rounds import Stop
from backend.trust.models import Person, Site
from backend.trust.queries import calendars

WITH_ROUNDS = ("oakfield", "riverside")
HOURS = {"oakfield": 33, "riverside": 37}
"""Hours a week that the caretaker has for checks."""
MANAGERS_HOURS = 8
"""The site manager's, who does the rest and stands in."""
FIRST_FREE = 2
BOOKED = 14
NOTES = ("Report to reception first.", "Key is in the site office.", "Isolate the power with the caretaker.", "")


def fill(made: Sequence[Made], team: Team, today: dt.date, seed: int) -> None:
    """Everything of scheduling, at Oakfield and Riverside."""
    away(team, today)
    for each in made:
        if each.plan.key in WITH_ROUNDS:
            sites = list(Site.objects.filter(school=each.school).order_by("name"))
            caretaker = team.at(each.plan.key, "caretaker")
            for site in sites:
                rounds(site, caretaker, team.lead)
                bookings(site, caretaker, team, today, seed)
            minutes = HOURS[each.plan.key] * 60
            set_working_week(person=caretaker, minutes=minutes, in_holidays=True, actor=team.lead)
            manager = team.at(each.plan.key, "site-manager")
            set_working_week(person=manager, minutes=MANAGERS_HOURS * 60, in_holidays=True, actor=team.lead)


def rounds(site: Site, caretaker: Person, lead: Person) -> None:
    """The rounds that the site's own checks propose: daily, weekly and monthly."""
    found: dict[str, list[Stop]] = proposals(site)
    for often in ("day", "week", "month"):
        if often in found:
            stops = [uuid.UUID(stop.key) for stop in found[often]]
            days = [1, 2, 3, 4, 5] if often == "day" else [2]
            make_round(site=site, name=WORDS[often], often=often, stops=stops, actor=lead, days=days, person=caretaker)


def bookings(site: Site, caretaker: Person, team: Team, today: dt.date, seed: int) -> None:
    """Firms and the caretaker booked for what is owed in the next weeks, a few days before it is owed where that can be."""
    throw, firms = (
        dice(seed, "bookings", site.school.name, site.name),
        list(Contractor.objects.filter(active=True).order_by("name")),
    )
    days = calendars([site.school_id])[site.school_id]
    owed = Plan.objects.filter(site=site, active=True, due_on__gte=today, due_on__lte=today + dt.timedelta(days=60))
    owed = owed.exclude(rule__unit__in=["day", "week"]).select_related("check_type__current", "site__school")
    for plan in list(owed.order_by("due_on", "check_type_id", "asset__name", "building__name"))[:BOOKED]:
        current = plan.check_type.current
        outside = current is not None and current.content.get("competence", {}).get("level") == OUTSIDE
        assert plan.due_on
        latest = max(plan.due_on, today + dt.timedelta(days=FIRST_FREE))
        day = days.last_open_day(
            today + dt.timedelta(days=FIRST_FREE), latest - dt.timedelta(days=throw.randint(0, 5)), "when-occupied"
        )
        day = day or days.first_open_day(today + dt.timedelta(days=FIRST_FREE), "when-occupied")
        if day is None or throw.random() < 0.25:
            continue
        firm = throw.choice(firms) if outside and firms else None
        person = caretaker if not outside else None
        at = dt.time(throw.choice((8, 9, 10, 13)), throw.choice((0, 30))) if firm and throw.random() < 0.6 else None
        new = NewBooking(site, [plan], day, person=person, contractor=firm, starts_at=at, note=throw.choice(NOTES))
        try:
            book(new, actor=team.lead, today=today)
        except Problem:
            continue  # owed by law before anybody could come: it stays to be booked by whoever tries the demo


def away(team: Team, today: dt.date) -> None:
    """Oakfield's caretaker away next week, with the site manager standing in; Riverside's in a month, with nobody."""
    monday = today + dt.timedelta(days=7 - today.weekday())
    tom, danuta = team.everybody["caretaker@oakfield.demo"], team.everybody["caretaker@riverside.demo"]
    gone = note_absence(person=tom, first_day=monday, last_day=monday + dt.timedelta(days=4), actor=tom, today=today)
    set_cover(absence=gone, stand_in=team.everybody["site.manager@oakfield.demo"], actor=team.lead)
    later = monday + dt.timedelta(days=21)
    note_absence(person=danuta, first_day=later, last_day=later + dt.timedelta(days=2), actor=danuta, today=today)
