"""Loads the invented trust, whole or not at all: one transaction, everything through the actions."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.db import connection, transaction

from backend.assets.actions import add_assets, ensure_tags
from backend.assets.models import Asset
from backend.checks.actions import NewPlan, NewRecord, make_plans, publish_library, record_checks, seal_lapses
from backend.checks.models import CheckRecord, CheckType, Lapse, Plan
from backend.core.files import person_owner, vouch
from backend.core.problems import Problem
from backend.maintenance.models import Contractor
from backend.office.demo import (
    applying,
    calendar,
    capital,
    condition,
    deep,
    incidents,
    labels,
    lists,
    maps,
    notices,
    pictured,
    risks,
    systems,
    work,
)
from backend.office.demo.answers import Answers
from backend.office.demo.contractors import load_contractors, load_firms
from backend.office.demo.dice import dice
from backend.office.demo.duties import Duty, duties_of, events_of, owed_checks
from backend.office.demo.fixtures import Fixtures
from backend.office.demo.history import Year, event_records, pasts_of, records_of
from backend.office.demo.papers import Papers
from backend.office.demo.past import YEAR, Past
from backend.office.demo.people import Team, make_people
from backend.office.demo.places import Made, make_school, planned
from backend.office.demo.register import Lot, assets_of, lots_of, scaled
from backend.rules.due import Counts
from backend.trust.actions import System, add_trust
from backend.trust.models import Building, Person, School, Trust
from backend.trust.queries import calendars

LOADER = System("Demo loader")
PER_SCHOOL = 500  # assets, unless a total is asked for
FEWEST, MOST = 2, 1000  # schools: the accounts of the contract need Oakfield and Riverside


class Teller(Protocol):
    """Somebody who tells how far it has come."""

    def step(self, title: str, total: int) -> None:
        """A new step begins, of so many parts."""

    def part(self) -> None:
        """One part of it is done."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What there is: counts of rows. `already` when it was there before and nothing was changed."""

    already: bool
    schools: int
    assets: int
    plans: int
    records: int
    lapses: int


@dataclass(slots=True)
class Stage:
    """What every step of the load needs."""

    fixtures: Fixtures
    today: dt.date
    seed: int
    tell: Teller


def load(*, schools: int, assets: int | None, seed: int, history: bool, today: dt.date, tell: Teller) -> Loaded:
    """Load the invented trust: so many schools and assets, the same for a seed and a day. Raises Problem; keeps nothing then.

    On a database that holds it already, nothing is changed.
    """
    if not settings.DEMO:
        raise Problem("not_demo", "Siteward is not in demo mode here: the invented people have a password that is no secret.")
    if not FEWEST <= schools <= MOST:
        raise Problem("schools", f"--schools must be from {FEWEST} to {MOST}.")
    fixtures = Fixtures()
    if is_loaded(fixtures):
        return counts(already=True)
    stage = Stage(fixtures, today, seed, tell)
    with transaction.atomic():
        fill(stage, schools, PER_SCHOOL * schools if assets is None else assets, history=history)
    return counts(already=False)


def is_loaded(fixtures: Fixtures) -> bool:
    """Whether the invented trust is here already. Raises Problem when another trust is, or people without a trust."""
    trust = Trust.objects.first()
    if trust is None:
        if Person.objects.exists():
            raise Problem("not_empty", "There are people in this database already. The invented trust goes into an empty one.")
        return False
    if trust.uid != fixtures.trust.uid or not trust.made_up:
        raise Problem("real_trust", f"This database holds {trust.name}. The invented trust is never loaded beside it.")
    return True


def counts(*, already: bool) -> Loaded:
    """What the database holds now."""
    kinds = (School, Asset, Plan, CheckRecord, Lapse)
    return Loaded(already, *(kind._default_manager.count() for kind in kinds))


def fill(stage: Stage, schools: int, total: int, *, history: bool) -> None:
    """Everything, in the order in which it hangs together."""
    fixtures, today, tell = stage.fixtures, stage.today, stage.tell
    tell.step("Library", 1)
    publish_library(actor=LOADER.name)
    tell.part()
    trust = add_trust(name=fixtures.trust.name, uid=fixtures.trust.uid, made_up=True, actor=LOADER)
    plans = planned(fixtures, schools, stage.seed)
    tell.step("Schools, buildings and rooms", len(plans))
    made = []
    for plan in plans:
        made.append(make_school(plan, trust=trust, fixtures=fixtures, actor=LOADER, today=today))
        tell.part()
    tell.step("People", 1)
    team = make_people(made, fixtures=fixtures, actor=LOADER, today=today, seed=stage.seed)
    tell.part()
    firms = load_firms(fixtures.spoken.firms, team, today) if history else {}
    lots = [list(lots_of(each, fixtures, stage.seed)) for each in made]
    scaled([lot for each in lots for lot in each], total)
    tell.step("Assets, plans and a year of records" if history else "Assets and plans", len(made))
    one = Loader(
        stage,
        team,
        Answers(fixtures.spoken, Papers(stage.seed, fixtures.trust.name)),
        owed_checks(fixtures),
        event_checks(stage),
    )
    for school, its_lots in zip(made, lots, strict=True):
        one.load_school(school, its_lots, history=history)
        tell.part()
    afterwards(stage, made, team, firms if history else None, one.answers.papers)


def afterwards(stage: Stage, made: Sequence[Made], team: Team, firms: dict[str, Contractor] | None, papers: Papers) -> None:
    """What hangs on all schools together; what firms did and what is booked only with a history (`firms`)."""
    today, tell = stage.today, stage.tell
    with connection.cursor() as cursor:  # without it PostgreSQL plans what follows as if these tables were still empty
        cursor.execute("ANALYZE checks_checkrecord, checks_recordphoto, checks_plan, checks_lapse, core_auditentry, assets_asset")
    if firms is not None:
        tell.step("Visits, certificates and documents", 1)
        load_contractors(made, firms, team, papers, today, stage.seed)
        tell.part()
    tell.step("Sealing what was missed", 1)
    seal_lapses(today=today)
    tell.part()
    lists.fill(team)
    if firms is not None:
        deep.fill(made, team, today, stage.seed)
    tell.step("Outlines and months", 1)
    maps.fill(made, LOADER, today, history=firms is not None)
    pictured.fill(made, LOADER)
    tell.part()
    tell.step("Which checks apply", 1)
    applying.fill(made, team, today)
    tell.part()
    if firms is not None:
        booked_and_told(stage, made, team)
        tell.step("Condition and a board paper", 1)
        condition.fill(made, team, stage.fixtures, LOADER, today, stage.seed)
        risks.fill(team, today)
        capital.fill(team, today)
        tell.part()


def booked_and_told(stage: Stage, made: Sequence[Made], team: Team) -> None:
    """What is booked, and what people were told lately."""
    stage.tell.step("Rounds, bookings and notices", 1)
    calendar.fill(made, team, stage.today, stage.seed)
    notices.fill(team, stage.today)
    labels.fill(made, team)
    systems.fill(team)
    stage.tell.part()


def event_checks(stage: Stage) -> list[CheckType]:
    """The checks that only a use calls for and that the demo records."""
    return list(CheckType.objects.filter(pk__in=stage.fixtures.duties.events).select_related("current").order_by("pk"))


@dataclass(slots=True)
class Loader:
    """Fills one school after another."""

    stage: Stage
    team: Team
    answers: Answers
    checks: list[CheckType]
    events: list[CheckType]

    def load_school(self, made: Made, lots: Sequence[Lot], *, history: bool) -> None:
        """A school's assets with their tags, its plans, and its year."""
        stage, lead = self.stage, self.team.lead
        assets = add_assets(assets_of(lots, today=stage.today, seed=stage.seed), person=lead)
        tags = ensure_tags(assets)
        days = calendars([made.school.pk])[made.school.pk]
        year = Year(made, stage.fixtures, self.team, self.answers, days, stage.today, stage.seed)
        year.tags = {asset_id: tag.code for asset_id, tag in tags.items()}
        year.know(assets)
        duties = list(duties_of(made, assets, self.checks, stage.fixtures))
        if history:
            self.with_history(year, duties, assets)
        else:
            self.without_history(year, duties)
        incidents.out_of_service(year, assets)

    def with_history(self, year: Year, duties: Sequence[Duty], assets: Sequence[Asset]) -> None:
        """Plans that began a year ago, everything done since, and what came of it."""
        pasts = [self.past(year, duty, past) for duty, past in pasts_of(year, duties)]
        news = [new_plan(duty, past.starts_on) for duty, past in pasts]
        plans = make_plans(news, person=self.team.lead, today=self.stage.today - YEAR)
        records: list[NewRecord] = []
        for (duty, past), plan in zip(pasts, plans, strict=True):
            found = list(records_of(year, duty, past, plan))
            if found and incidents.is_bad_eicr(year, duty):
                found[-1] = incidents.made_bad(found[-1])
            records += found
        records += event_records(year, year.fixtures.duties.events, list(events_of(assets, self.events)))
        record_checks(records)
        vouch((photo.sha256, person_owner(record.author.pk)) for record in records for photo in record.photos)
        incidents.reports(year)
        incidents.settle(year)
        incidents.explain_misses(year)
        work.went_wrong(year)

    def past(self, year: Year, duty: Duty, past: Past) -> tuple[Duty, Past]:
        """A duty with its dates; those of the unsatisfactory report are said outright."""
        return (duty, incidents.past_of_bad_eicr(year)) if incidents.is_bad_eicr(year, duty) else (duty, past)

    def without_history(self, year: Year, duties: Sequence[Duty]) -> None:
        """Plans that begin about now and have never been done: quick, for measuring."""
        throw, today = dice(self.stage.seed, "starts", year.made.plan.key), self.stage.today
        news = []
        for duty in duties:
            ahead = throw.randint(-5, 300) if duty.rule.counts is Counts.COMPLETION else 0
            news.append(new_plan(duty, today + dt.timedelta(days=ahead)))
        make_plans(news, person=self.team.lead, today=today)


def new_plan(duty: Duty, starts_on: dt.date) -> NewPlan:
    """The plan of a duty."""
    building: Building | None = duty.building
    return NewPlan(duty.check, duty.site, starts_on, building, duty.asset, duty.rule.as_mapping())
