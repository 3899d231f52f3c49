"""Who may be told: everybody with a role in force, where it counts, on which days they work, and how they wish to be told."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from backend.checks.queries.booked import Away, away, away_on
from backend.core.days import LONDON
from backend.office.models import NoticeChoice
from backend.rules.days import CalendarKind, SchoolDays
from backend.rules.telling import is_quiet
from backend.trust.models import Appointment, Person, School
from backend.trust.queries import calendars


@dataclass
class People:
    """Everybody with access on a day, read once: six queries, however many there are."""

    today: dt.date
    persons: dict[uuid.UUID, Person] = field(default_factory=dict)
    held: dict[uuid.UUID, list[Appointment]] = field(default_factory=lambda: defaultdict(list))
    choices: dict[uuid.UUID, NoticeChoice] = field(default_factory=dict)
    days: dict[uuid.UUID, SchoolDays] = field(default_factory=dict)
    away: Away = field(default_factory=dict)

    @classmethod
    def on(cls, today: dt.date) -> "People":
        """Those with a role in force on a day, whose account is open."""
        found = cls(today)
        rows = Appointment.objects.in_force(today).filter(person__is_active=True).select_related("person", "site")
        for each in rows.order_by("pk"):
            found.persons[each.person_id] = each.person
            found.held[each.person_id].append(each)
        found.choices = {each.person_id: each for each in NoticeChoice.objects.filter(person__in=found.persons)}
        found.away = away(found.persons, today, today)
        found.days = calendars(School.objects.values_list("pk", flat=True))
        return found

    def choice(self, person: Person) -> NoticeChoice:
        """How somebody wishes to be told."""
        return self.choices.get(person.pk) or NoticeChoice(person=person)

    def at(self, site_id: uuid.UUID, school_id: uuid.UUID, roles: Iterable[str]) -> list[Person]:
        """Who holds one of the roles at a site, by name."""
        wanted = set(roles)
        found = [
            self.persons[pk]
            for pk, held in self.held.items()
            if any(each.role in wanted and covers(each, site_id, school_id) for each in held)
        ]
        return sorted(found, key=lambda person: (person.name, str(person.pk)))

    def here(self, found: Iterable[Person], site_id: uuid.UUID) -> list[Person]:
        """Of these people who is here today, and for who is away, who stands in at a site (and is here)."""
        asked = [self.instead(person, site_id) for person in found]
        return list(dict.fromkeys(person for person in asked if person))

    def instead(self, person: Person, site_id: uuid.UUID) -> Person | None:
        """Who is to be told for somebody of a site: they themselves, or while they are away who stands in; None for nobody."""
        stands = away_on(self.away, person.pk, self.today)
        if stands is None:
            return person
        other = stands.instead(site_id=site_id)
        return self.persons.get(other.pk) if other and not away_on(self.away, other.pk, self.today) else None

    def is_open(self, school_id: uuid.UUID, day: dt.date) -> bool:
        """Whether a school is open on a day: a working day without a bank holiday or closure, or a letting."""
        days = self.days.get(school_id)
        return days.is_open(day, CalendarKind.WHEN_OCCUPIED) if days else day.weekday() < 5

    def works(self, person: Person, day: dt.date) -> bool:
        """Whether a day is one on which somebody is told of things: one of theirs, open at one of their schools, and not one on
        which they are away."""
        choice = self.choice(person)
        if day == self.today and person.pk in self.away:
            return False
        if day.weekday() not in choice.days:
            return False
        kind = CalendarKind.WHEN_OCCUPIED if choice.in_holidays else CalendarKind.TERM_TIME
        asked = [self.days[each] for each in self.schools(person) if each in self.days]
        return any(days.is_open(day, kind) for days in asked) if asked else day.weekday() < 5

    def schools(self, person: Person) -> set[uuid.UUID]:
        """The schools at which somebody has a role; all for a role of the whole trust."""
        found: set[uuid.UUID] = set()
        for each in self.held[person.pk]:
            if each.school_id is None and each.site is None:
                return set(self.days)
            found.add(each.site.school_id if each.site else each.school_id)  # type: ignore[arg-type]
        return found

    def reachable(self, person: Person, now: dt.datetime) -> bool:
        """Whether a letter that is no emergency may go at a moment: a working day, and not within the quiet hours."""
        choice, local = self.choice(person), now.astimezone(LONDON)
        return self.works(person, local.date()) and not is_quiet(local.hour, choice.quiet_from, choice.quiet_until)


def covers(held: Appointment, site_id: uuid.UUID, school_id: uuid.UUID) -> bool:
    """Whether an appointment reaches a site."""
    if held.site_id is not None:
        return held.site_id == site_id
    return held.school_id is None or held.school_id == school_id
