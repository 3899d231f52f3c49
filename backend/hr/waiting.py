"""What waits about people at work: competences that end, one's own and those of one's people."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

from django.db.models import Q

from backend.core.agenda import Asked, Waiting
from backend.core.templatetags.words import day
from backend.hr.models import Competence
from backend.trust import permits
from backend.trust.models import Appointment, Site
from backend.trust.scope import reach

SOON: Final = dt.timedelta(days=60)
GONE: Final = dt.timedelta(days=30)
MOST: Final = 30


def competences_ending(person: Any, today: dt.date) -> Iterator[Waiting]:
    """Competences that end within 60 days or ended within 30, with nothing newer that covers the same. Two queries."""
    held = reach(person, permits.CHECK_RECORD)
    about = Q(person=person.pk)
    if not reach(person, permits.PLAN_CHANGE).nowhere():
        sites = Site.objects.visible_to(person, permits.PLAN_CHANGE)
        at = Appointment.objects.in_force(today).filter(role__in=permits.roles_with(permits.CHECK_RECORD))
        near = Q(school__in=sites.values("school_id")) | Q(site__in=sites.values("pk"))
        about |= Q(person__in=at.filter(near | Q(school=None, site=None) if held.everywhere else near).values("person"))
    rows = Competence.objects.filter(about, person__is_active=True)
    for each in newest(rows.filter(expires_on__gte=today - GONE), today):
        assert each.expires_on
        mine = each.person_id == person.pk
        ended = each.expires_on < today
        whose = "Your" if mine else f"{each.person.name}:"
        words = f"{whose} {each.name} {'ended' if ended else 'ends'} {day(each.expires_on)}"
        path = "/account/data/" if mine else "/calendar/year/"
        yield Waiting(f"competence:{each.pk}", "competence", words, path, 3, each.expires_on, None)


def newest(rows: Any, today: dt.date) -> list[Competence]:
    """Those that end soon, without those of which the same person holds a later one of the same name."""
    found = list(rows.select_related("person").order_by("-expires_on", "pk")[:1000])
    last: dict[tuple[Any, str], Competence] = {}
    for each in found:
        last.setdefault((each.person_id, each.name), each)
    ending = [each for each in last.values() if each.expires_on and each.expires_on <= today + SOON]
    return sorted(ending, key=lambda each: (each.expires_on or today, str(each.pk)))[:MOST]


WAITING: list[Asked] = [competences_ending]
