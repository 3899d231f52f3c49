"""A scenario worked out: which projects are done when under its money, and what is left of the risk."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from backend.risk.models import Scenario, ScenarioChoice
from backend.risk.queries.brief import plain
from backend.risk.queries.capital import Capital, Works, capital, lines_of_cost
from backend.risk.queries.exposure import Exposure
from backend.risk.queries.gathered import summed
from backend.rules.capital import OBJECTIVE, OWN, Candidate, Choice, choose, cost_in
from backend.trust.models import Person

Figures = dict[str, Any]


def choices_of(scenario: Scenario) -> dict[str, ScenarioChoice]:
    """Project (its id in words) -> the newest choice about it; none for those that were given free again. One query."""
    found = {str(each.project_id): each for each in scenario.choices.select_related("made_by").order_by("made_at", "pk")}
    return {key: each for key, each in found.items() if each.kind != ScenarioChoice.Kind.FREE}


def worked_out(scenario: Scenario, person: Person, day: dt.date) -> Figures:
    """The figures of a run, as plain as JSON: the money, the projects with their years and costs, what it leaves. Pence."""
    one, held = capital(person, day), choices_of(scenario)
    years, lines = len(scenario.budgets), lines_of_cost(one.found.figures)
    offset = max(0, scenario.first_year - one.first_year)
    offered = [each for each in one.works if each.project and belongs(each, held)]
    those = [Candidate(key_of(each), each.points, costs_of(each, offset, years, lines)) for each in offered]
    plan = choose(those, scenario.budgets, asked(held, scenario), carry=scenario.carry)
    done = [each for each in offered if key_of(each) in plan.years]
    costs = {each.key: each.costs for each in those}
    return {
        "day": day.isoformat(),
        "first_year": scenario.first_year,
        "budgets": list(scenario.budgets),
        "carry": scenario.carry,
        "objective": OBJECTIVE,
        "within": plan.within,
        "fault": plan.fault,
        "assumptions": lines,
        "spent": plan.spent(those, years),
        "projects": [told(each, costs, plan.years, held) for each in offered],
        "beside": [beside(each) for each in one.works if each not in offered],
        "done": plain(summed(exposures(done))),
        "left": left(one, done),
        "points": sum(each.points for each in done),
        "point_years": sum(each.points * (years - plan.years[key_of(each)]) for each in done),
    }


def costs_of(works: Works, offset: int, years: int, lines: Mapping[str, int]) -> tuple[int, ...]:
    """What a project costs in each year of a plan that begins `offset` years from now, in pence."""
    return tuple(cost_in(works.pence or 0, offset + year, **lines).total for year in range(years))


def key_of(works: Works) -> str:
    """A project's id in words."""
    return str(works.project.pk) if works.project else ""


def belongs(works: Works, held: Mapping[str, ScenarioChoice]) -> bool:
    """Whether a project is one to choose from: it has a price, and is not small enough to be the school's own to pay.

    What somebody put into the plan belongs to it whoever pays.
    """
    wanted = held.get(str(works.project.pk)) if works.project else None
    return works.pence is not None and (works.route != OWN or (wanted is not None and wanted.kind == ScenarioChoice.Kind.IN))


def asked(held: Mapping[str, ScenarioChoice], scenario: Scenario) -> dict[str, Choice]:
    """The choices as the rule takes them. A year that the plan does not have leaves the year free."""
    span = range(scenario.first_year, scenario.first_year + len(scenario.budgets))
    return {key: Choice(each.kind == ScenarioChoice.Kind.IN, year_in(each, span)) for key, each in held.items()}


def year_in(choice: ScenarioChoice, span: range) -> int | None:
    """The year of a choice, counted from the first of the plan; None when it names none, or one that the plan has not."""
    return span.index(choice.year) if choice.year is not None and choice.year in span else None


def exposures(those: Iterable[Works]) -> list[Exposure]:
    """The exposures that some projects take away."""
    return [each for one in those for each in one.exposures]


def left(one: Capital, done: list[Works]) -> Figures:
    """What is left: open exposures of condition that no project of the plan takes away, by band, with their price and wait."""
    gone = {each.key for each in exposures(done)}
    return plain(summed(each for each in one.found.exposures if each.key.startswith("condition.") and each.key not in gone))


def told(
    works: Works, costs: Mapping[str, tuple[int, ...]], years: Mapping[str, int], held: Mapping[str, ScenarioChoice]
) -> Figures:
    """A project as plain figures: its year in the plan (None: not in it), its cost then, and who decided so."""
    assert works.project
    key = str(works.project.pk)
    year, choice = years.get(key), held.get(key)
    return {
        "id": key, "number": works.project.number, "title": works.project.title, "site": str(works.site),
        "school": str(works.site.school), "points": works.points, "pence": works.pence, "bands": dict(works.sums.bands),
        "year": year, "cost": costs[key][year] if year is not None else None, "by": works.by, "route": works.route,
        "choice": choice.kind if choice else "", "why": choice.why if choice else "",
        "chooser": choice.made_by.name if choice else "",
    }  # fmt: skip


def beside(works: Works) -> Figures:
    """A project that is not one to choose from, and why."""
    assert works.project
    why = "It has no price." if works.pence is None else "It is small: the school's own money pays for it."
    return {"id": str(works.project.pk), "number": works.project.number, "title": works.project.title, "site": str(works.site),
            "pence": works.pence, "why": why}  # fmt: skip
