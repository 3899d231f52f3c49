"""Scenarios of the capital plan: made, changed, decided over, worked out, closed."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from backend.core import audit
from backend.core.problems import Forbidden, Problem
from backend.risk.evidence import CHOICES, RUNS, SCENARIOS
from backend.risk.models import Project, Scenario, ScenarioChoice, ScenarioRun
from backend.risk.models.capital import MOST_YEARS
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.numbering import next_number
from backend.trust.scope import reach

MOST_BUDGET = 100_000_000_000
FURTHEST = 10


def require_plans(person: Person) -> None:
    """Refuse who does not manage the risk of the whole trust."""
    if not reach(person, permits.RISK_MANAGE).everywhere:
        raise Forbidden("Your role does not let you plan for the whole trust. Ask the estates lead or the CFO.")


def check(title: str, first_year: int, budgets: Sequence[int], today: dt.date) -> None:
    """Refuse a scenario without a name, beginning long ago or far ahead, or with money that cannot be right. Raises Problem."""
    faults = {} if title.strip() else {"title": "Give it a name."}
    if not today.year - 1 <= first_year <= today.year + FURTHEST:
        faults["first_year"] = f"From {today.year - 1} to {today.year + FURTHEST}."
    if not 1 <= len(budgets) <= MOST_YEARS:
        faults["budgets"] = f"A sum for each year, from one year to {MOST_YEARS}."
    elif any(not 0 <= each <= MOST_BUDGET for each in budgets):
        faults["budgets"] = f"From nothing to £{MOST_BUDGET // 100:,} a year."
    if faults:
        raise Problem("scenario", "Something is missing.", fields=faults)


@transaction.atomic
def add_scenario(*, person: Person, title: str, first_year: int, budgets: Sequence[int], carry: bool, today: dt.date) -> Scenario:
    """Make a scenario: so many pence in each year, from the year that begins in September of `first_year`. Raises Problem."""
    require_plans(person)
    check(title, first_year, budgets, today)
    number = next_number(Scenario.objects.all())
    row = Scenario.objects.create(
        number=number, title=title.strip()[:160], first_year=first_year, budgets=list(budgets), carry=carry,
        made_at=timezone.now(), made_by=person,
    )  # fmt: skip
    audit.append([SCENARIOS.fact(row, person.pk, person.name, kind="scenario-added")])
    return row


def held(scenario: Scenario, person: Person) -> Scenario:
    """The scenario, held until the end of the transaction. Raises Problem when it is closed."""
    require_plans(person)
    found = Scenario.objects.select_for_update().get(pk=scenario.pk)
    if found.closed_on:
        raise Problem("closed", "This scenario is closed. Open it again first.", status=409)
    return found


@transaction.atomic
def change_scenario(
    *, scenario: Scenario, person: Person, title: str, first_year: int, budgets: Sequence[int], carry: bool, today: dt.date
) -> Scenario:
    """Change its name or its money. Raises Problem."""
    scenario = held(scenario, person)
    check(title, first_year, budgets, today)
    scenario.title, scenario.first_year = title.strip()[:160], first_year
    scenario.budgets, scenario.carry = list(budgets), carry
    scenario.save(update_fields=["title", "first_year", "budgets", "carry"])
    audit.append([SCENARIOS.fact(scenario, person.pk, person.name, kind="scenario-changed")])
    return scenario


@transaction.atomic
def choose_for(*, scenario: Scenario, person: Person, project: Project, kind: str, year: int | None, why: str) -> ScenarioChoice:
    """Decide about a project over the solver's head: in the plan (in one of its years), out of it, or free again.

    Raises Problem without a reason, for a year that the plan does not have, and for a project that is closed.
    """
    scenario = held(scenario, person)
    faults = {} if why.strip() else {"why": "Say why, so that others can follow it."}
    if kind not in ScenarioChoice.Kind.values:
        faults["kind"] = "Choose one of the list."
    year = year if kind == ScenarioChoice.Kind.IN else None
    if year is not None and year not in range(scenario.first_year, scenario.first_year + len(scenario.budgets)):
        faults["year"] = "The plan has no such year."
    if not project.is_open:
        faults["kind"] = "This project is done or dropped."
    if faults:
        raise Problem("choice", "Something is missing.", fields=faults)
    row = ScenarioChoice.objects.create(
        scenario=scenario, project=project, kind=kind, year=year, why=why.strip()[:500], made_at=timezone.now(), made_by=person
    )
    audit.append([CHOICES.fact(row, person.pk, person.name)])
    return row


@transaction.atomic
def keep_run(*, scenario: Scenario, person: Person, figures: dict[str, Any]) -> ScenarioRun:
    """Keep what was worked out for a scenario. Runs before it stay to be compared with."""
    scenario = held(scenario, person)
    row = ScenarioRun.objects.create(scenario=scenario, figures=figures, made_at=timezone.now(), made_by=person)
    audit.append([RUNS.fact(row, person.pk, person.name)])
    return row


@transaction.atomic
def close_scenario(*, scenario: Scenario, person: Person, today: dt.date, closed: bool = True) -> Scenario:
    """Take a scenario away from those that are compared, or bring it back (`closed` False). Nothing of it is lost."""
    require_plans(person)
    scenario = Scenario.objects.select_for_update().get(pk=scenario.pk)
    scenario.closed_on = today if closed else None
    scenario.save(update_fields=["closed_on"])
    kind = "scenario-closed" if closed else "scenario-opened-again"
    audit.append([SCENARIOS.fact(scenario, person.pk, person.name, kind=kind)])
    return scenario
