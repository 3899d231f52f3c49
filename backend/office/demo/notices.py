"""The invented trust's notices: what its people were told in the last fortnight of what nobody had acted on. Nothing is sent."""

import datetime as dt

from backend.core.days import LONDON
from backend.office.demo.people import Team
from backend.office.models import Notice
from backend.office.notices.answering import take_on
from backend.office.notices.climbing import climb
from backend.office.notices.people import People
from backend.office.notices.telling import keep

DAYS_AGO = (12, 6, 2)


def fill(team: Team, today: dt.date) -> None:
    """Tell everybody as of some days before; the estates lead has answered to the first."""
    for ago in DAYS_AGO:
        day = today - dt.timedelta(days=ago)
        keep(climb(People.on(day), dt.datetime.combine(day, dt.time(8), LONDON)))
    first = Notice.objects.filter(person=team.lead).order_by("day", "key").first()
    if first:
        take_on(person=team.lead, key=first.key, act="seen", until=today + dt.timedelta(days=3), today=today)
