"""The invented trust's people: the accounts of the demo, the staff of each school, their appointments and competences."""

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from backend.hr.actions import NewCompetence, add_competences
from backend.office.demo.dice import dice
from backend.office.demo.fixtures import Account, Course, Fixtures, SchoolPlan
from backend.office.demo.places import Made
from backend.trust.actions import Actor, NewPerson, add_people, appoint
from backend.trust.models import Person, School


@dataclass(slots=True)
class Team:
    """Who acts where: by role for each school (its key), and for the trust."""

    everybody: dict[str, Person]
    by_school: dict[str, dict[str, Person]]

    def at(self, school: str, role: str) -> Person:
        """Whoever holds the role at the school; the estates lead when nobody does."""
        return self.by_school.get(school, {}).get(role) or self.lead

    @property
    def lead(self) -> Person:
        """The trust's estates lead."""
        return self.everybody["estates@trust.demo"]


def make_people(made: Sequence[Made], *, fixtures: Fixtures, actor: Actor, today: dt.date, seed: int) -> Team:
    """Everybody, with the same password, appointed and with their competences."""
    schools = {each.plan.key: each for each in made}
    people = fixtures.people
    wanted = {each.email: each for each in people.accounts if set(each.schools) <= schools.keys()}
    for each in made:
        wanted |= {new.email: new for new in staff_of(each.plan, fixtures, seed) if new.email not in wanted}
    hashed = make_password(people.password)  # one hash for all: they are invented, and each hash takes a while
    accounts = list(wanted.values())
    persons = add_people(people=[NewPerson(a.email, a.name, password_hash=hashed) for a in accounts], actor=actor)
    team = Team({person.email: person for person in persons}, {key: {} for key in schools})
    for account, person in zip(accounts, persons, strict=True):
        role = "caretaker" if account.role == "assistant" else account.role
        ends = today + dt.timedelta(days=account.to_days) if account.to_days else None
        begins = today + dt.timedelta(days=account.from_days)
        where: list[School | None] = [schools[key].school for key in account.schools]
        for school in where or [None]:
            appoint(person=person, role=role, school=school, starts_on=begins, ends_on=ends, actor=actor)
        for key in account.schools:
            team.by_school[key][account.role] = person
    news = [new for account in accounts for new in courses_of(account, team, fixtures, today, seed)]
    add_competences(news=news, actor=actor)
    return team


def staff_of(plan: SchoolPlan, fixtures: Fixtures, seed: int) -> Iterator[Account]:
    """Who works at a school, besides the accounts that hold a role there."""
    people, throw = fixtures.people, dice(seed, "staff", plan.key)
    held = {account.role for account in people.accounts if plan.key in account.schools}
    for role in people.staff[plan.phase]:
        name = f"{throw.choice(people.first_names)} {throw.choice(people.last_names)}"
        if role not in held:
            yield Account(email=f"{people.email_names[role]}@{plan.key}.demo", name=name, role=role, schools=[plan.key])


def courses_of(account: Account, team: Team, fixtures: Fixtures, today: dt.date, seed: int) -> Iterator[NewCompetence]:
    """What somebody has been proved able to do; some of it expired, some soon to."""
    throw = dice(seed, "competence", account.email)
    said = {(each.email, each.name): each.days for each in fixtures.people.expiries}
    for course in fixtures.people.competences.get(account.role, []):
        left = said.get((account.email, course.name))
        days = left if left is not None else days_left(course, throw, fixtures)
        expires = today + dt.timedelta(days=days)
        held_from = expires - dt.timedelta(days=365 * course.years)
        yield NewCompetence(team.everybody[account.email], course.name, course.covers, held_from, expires, course.by)


def days_left(course: Course, throw: random.Random, fixtures: Fixtures) -> int:
    """How long a course lasts from today: mostly well ahead, some soon to expire, a few expired."""
    luck = throw.random()
    if luck < fixtures.people.expired_share:
        return -throw.randint(5, 120)
    if luck < fixtures.people.expired_share + fixtures.people.soon_share:
        return throw.randint(3, 30)
    return throw.randint(40, 365 * course.years - 20)
