"""Twelve months of one school: the minutes of checks in each week against the hours there are, and on whom it all hangs.

Ten queries, however many checks: the dates ahead are worked out from what each plan keeps.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from backend.checks.models import BookedCheck, CheckType, Plan, Round
from backend.checks.queries.booked import away, occurrences
from backend.checks.queries.walks import BESIDE, in_house
from backend.hr.absences import days_away, working_weeks
from backend.hr.models import Competence
from backend.office.calendar.people import checkers_at
from backend.rules import load
from backend.rules.days import CalendarKind, SchoolDays
from backend.trust.models import Person, School, Site
from backend.trust.queries import calendars

WEEKS: Final = 53
OFTEN_ENOUGH: Final = frozenset({"day", "week"})
"""What is owed so often that moving one of them means nothing."""
TRAINED: Final = "trained-in-house"


@dataclass(frozen=True, slots=True)
class Hang:
    """Checks that hang on one person, or on nobody: `who` is "" then."""

    who: str
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """A kind of check of unknown length: its plans at the school, and how often they are to be done in the year."""

    check_type: CheckType
    plans: tuple[Plan, ...]
    times: int


@dataclass(slots=True)
class Year:
    """What the page shows. `plans` by id; `jobs` are the school's own, `visits` those of firms."""

    school: School
    today: dt.date
    plans: dict[uuid.UUID, Plan]
    jobs: list[load.Job]
    visits: list[load.Job]
    there: dict[dt.date, int | None]
    holidays: frozenset[dt.date]
    people: list[Person]
    minutes: dict[uuid.UUID, int]
    not_in_holidays: frozenset[uuid.UUID]
    days: SchoolDays

    @property
    def weeks(self) -> list[load.Week]:
        """The weeks as they are."""
        return load.weeks(self.jobs, self.there, self.holidays)

    @property
    def known(self) -> bool:
        """Whether anybody's hours are known."""
        return any(self.minutes.values())

    def moves(self) -> list[load.Move]:
        """What could be moved out of overloaded weeks."""

        def can(day: dt.date) -> bool:
            return self.days.is_open(day, CalendarKind.WHEN_OCCUPIED)

        return load.proposals(self.jobs, self.there, self.today, can)

    def plan_of(self, job: load.Job) -> Plan:
        """The plan of a job."""
        return self.plans[uuid.UUID(job.key[:36])]

    def unknown(self) -> list["Unknown"]:
        """The kinds of check of which nobody has said how long they take, the most often done first."""
        times: dict[str, int] = defaultdict(int)
        plans: dict[str, set[uuid.UUID]] = defaultdict(set)
        for job in self.jobs:
            if job.minutes is None:
                plan = self.plan_of(job)
                times[plan.check_type_id] += 1
                plans[plan.check_type_id].add(plan.pk)
        found = [
            Unknown(self.plans[next(iter(keys))].check_type, tuple(self.plans[key] for key in keys), times[code])
            for code, keys in plans.items()
        ]
        return sorted(found, key=lambda each: (-each.times, each.check_type.title))

    def in_week(self, monday: dt.date) -> tuple[list[load.Job], list[load.Job]]:
        """The jobs of a week: the school's own and the firms', by day."""
        own = [job for job in self.jobs if load.monday_of(job.day) == monday]
        firms = [job for job in self.visits if load.monday_of(job.day) == monday]
        return sorted(own, key=lambda job: (job.day, job.key)), sorted(firms, key=lambda job: (job.day, job.key))


def year_of(school: School, person: Person, today: dt.date) -> Year:
    """The twelve months of a school from this week on, as far as `person` may know of its sites."""
    sites = list(Site.objects.visible_to(person).filter(school=school))
    rows = Plan.objects.filter(site__in=sites, active=True).select_related("site", *BESIDE).order_by("pk")
    plans = {plan.pk: plan for plan in rows}
    mondays = load.mondays(today, WEEKS)
    until = mondays[-1] + dt.timedelta(days=6)
    days = calendars([school.pk])[school.pk]
    jobs, visits = jobs_of(plans, today, until)
    people = list(people_of(person, sites))
    hours = working_weeks([each.pk for each in people])
    gone = days_away([each.pk for each in people], mondays[0], until)
    staff = [load.Staff(week.minutes, week.in_holidays, gone.get(who, frozenset())) for who, week in hours.items()]
    taught = days.opening(CalendarKind.TERM_TIME).is_open
    works = days.opening(CalendarKind.WHEN_OCCUPIED).is_open
    until_known = days.known_until

    def term(day: dt.date) -> bool:
        """Beyond the calendar that was entered every week counts as term."""
        return until_known is None or day > until_known or taught(day.toordinal())

    there = {m: load.minutes_there(m, staff, term=term, works=lambda day: works(day.toordinal())) for m in mondays}
    holidays = frozenset(m for m in mondays if not any(term(m + dt.timedelta(days=n)) for n in range(5)))
    minutes = {each.pk: hours[each.pk].minutes if each.pk in hours else 0 for each in people}
    not_then = frozenset(who for who, week in hours.items() if not week.in_holidays)
    return Year(school, today, plans, jobs, visits, there, holidays, people, minutes, not_then, days)


def people_of(person: Person, sites: Sequence[Site]) -> list[Person]:
    """The people who do checks at these sites, without those of the whole trust, whose hours are not this school's."""
    found: dict[uuid.UUID, Person] = {}
    for site in sites:
        for each in checkers_at(person, site).prefetch_related("appointments")[:100]:
            if any(held.school_id or held.site_id for held in each.appointments.all()):
                found[each.pk] = each
    return sorted(found.values(), key=lambda each: (each.name, str(each.pk)))


def jobs_of(plans: dict[uuid.UUID, Plan], today: dt.date, until: dt.date) -> tuple[list[load.Job], list[load.Job]]:
    """Everything to be done up to a day: by the school's own people, and by firms. What is booked lies on its day."""
    booked: dict[tuple[uuid.UUID, dt.date], BookedCheck] = {}
    lines = BookedCheck.objects.to_come().filter(plan__in=plans, booking__day__gte=today)
    for each in lines.select_related("booking"):
        booked[each.plan_id, each.owed_on] = each
    own: list[load.Job] = []
    firms: list[load.Job] = []
    for key, dates in occurrences(list(plans.values()), today, until).items():
        plan = plans[key]
        often = (plan.rule or {}).get("unit") in OFTEN_ENOUGH
        for one in dates:
            line = booked.get((key, one.due_on))
            day = line.booking.day if line else one.do_on
            job = load.Job(
                key=f"{key}:{one.due_on}", day=day, due_on=one.due_on, earliest=one.counts_from,
                latest=max(one.last_on, one.do_on), minutes=plan.minutes, fixed=often or line is not None,
            )  # fmt: skip
            firm = line.booking.contractor_id is not None if line else not in_house(plan)
            (firms if firm else own).append(job)
    return own, firms


def hanging(year: Year) -> list[Hang]:
    """The checks for which only one person at the school has what they ask for, or nobody: the former by person."""
    held = Competence.objects.valid_on(year.today).filter(person__in=[each.pk for each in year.people])
    covers: dict[str, set[uuid.UUID]] = defaultdict(set)
    for who, what in held.values_list("person_id", "covers"):
        for each in what:
            covers[each].add(who)
    names = {each.pk: each.name for each in year.people}
    found: dict[str, set[str]] = defaultdict(set)
    for plan in year.plans.values():
        current = plan.check_type.current
        if current is None or current.content.get("competence", {}).get("level") != TRAINED:
            continue
        able = covers[plan.check_type_id] | covers[plan.discipline]
        if len(able) < 2:
            found[names[next(iter(able))] if able else ""].add(plan.check_type.title)
    return [Hang(who, tuple(sorted(checks))) for who, checks in sorted(found.items(), key=lambda item: (item[0] == "", item[0]))]


@dataclass(frozen=True, slots=True)
class Uncovered:
    """Somebody with rounds who will be away with nobody standing in."""

    name: str
    first_day: dt.date
    last_day: dt.date


def uncovered(year: Year) -> tuple[list[Uncovered], list[Round]]:
    """Absences to come of those who walk the school's rounds, without anybody standing in; and rounds that nobody walks."""
    rounds = list(
        Round.objects.filter(site__school=year.school, ended_at=None).select_related("person", "site").order_by("name", "pk")
    )
    rounds = [each for each in rounds if any(plan.site_id == each.site_id for plan in year.plans.values())]
    walkers = {each.person_id for each in rounds if each.person_id}
    until = year.today + dt.timedelta(days=366)
    gone = [stands for each in away(walkers, year.today, until).values() for stands in each if not stands.covers]
    left = [Uncovered(each.absence.person.name, each.absence.first_day, each.absence.last_day) for each in gone]
    return left, [each for each in rounds if each.person_id is None]
