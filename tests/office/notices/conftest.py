"""What the tests of notices share: days on which the world of the tests is open, and what makes people be told."""

import datetime as dt

import pytest
from django.utils import timezone

from backend.core.days import LONDON, today
from backend.maintenance.models import Defect, WorkOrder
from backend.office.notices.post import post_letters
from backend.office.notices.running import tell
from backend.rules.days import england_bank_holidays
from backend.trust.models import CalendarMark


def working_day(after: int = 0) -> dt.date:
    """The first day from today on (`after` days later) that is a working day in England."""
    day = today() + dt.timedelta(days=after)
    holidays = england_bank_holidays(day.year, day.year + 1)
    while day.weekday() > 4 or day in holidays:
        day += dt.timedelta(days=1)
    return day


def at(day: dt.date, hour: int = 12) -> dt.datetime:
    """A moment of a day in London."""
    return dt.datetime.combine(day, dt.time(hour), LONDON)


def run(day: dt.date, hour: int = 12) -> tuple[int, int]:
    """Tell everybody at an hour of a day, and send the letters."""
    tell(at(day, hour))
    return post_letters(at(day, hour))


def defect(world, *, site=None, **more) -> Defect:
    """An open problem at a site, reported yesterday."""
    yesterday = timezone.now() - dt.timedelta(days=1)
    said = {"summary": "Loose railing on the stair", "found_on": today(), "reported_at": yesterday, "stage": "triaged"}
    return Defect.objects.create(site=site or world.oakfield, **said | more)


def order(world, person, **more) -> WorkOrder:
    """Work given to somebody just now."""
    problem = defect(world)
    said = {"title": "Mend the railing", "given_at": timezone.now(), "given_by": world.lead}
    return WorkOrder.objects.create(site=world.oakfield, defect=problem, assigned_to=person, **said | more)


@pytest.fixture
def staffed(world):
    """The people up the line at Oakfield, and the manager of Riverside."""
    school = world.oakfield.school
    for role in ("site-manager", "sbm", "headteacher", "caretaker"):
        world.person(role, school=school)
    world.person("site-manager", school=world.riverside.school)
    world.person("cfo")
    assert world.lead
    return world


@pytest.fixture
def closed(world):
    """A day on which Oakfield and Riverside are closed, though it would be a working day."""
    day = working_day()
    for site in (world.oakfield, world.riverside):
        CalendarMark.objects.create(school=site.school, kind=CalendarMark.Kind.CLOSURE, first_day=day, last_day=day)
    return day
