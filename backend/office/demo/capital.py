"""The invented trust's capital plan: projects of what its surveys ask for, and two scenarios side by side."""

import datetime as dt
from typing import Final

from backend.office.demo.people import Team
from backend.risk.actions import ProjectWords, add_projects, add_scenario, change_project, choose_for, keep_run, move_project
from backend.risk.models import Project, Scenario
from backend.risk.queries.capital import capital, year_of
from backend.risk.queries.scenarios import worked_out

LEFT: Final = 3
"""So many proposals are left as they are, so that the page shows how it begins."""
YEARS: Final = 5
MONEY: Final = (("What we have", 60_000_000), ("With twice as much", 120_000_000))
NEED: Final = (
    "Water comes in when it rains. Two rooms cannot be used, and the ceiling below is soft. When nothing is done the room is "
    "lost before the next winter, and the electrics below it have to be switched off."
)
COST: Final = "Prices are those of the survey. One firm has looked at it; two more quotes are asked for. Patching was done twice."
PLANNING: Final = "The estates lead leads it. Done in the summer holiday, so that the school stays open."


def fill(team: Team, today: dt.date) -> None:
    """Projects of all but the least proposals; the first is told in full and agreed; two scenarios, one overruled."""
    lead = team.lead
    proposed = capital(lead, today).proposed
    news = [(each.site, ProjectWords(each.title, [item.pk for item in each.items])) for each in proposed[: -LEFT or None]]
    made = add_projects(person=lead, news=news, today=today)
    if not made:
        return
    first = made[0]
    words = ProjectWords(first.title, first.items, need=NEED, cost=COST, planning=PLANNING)
    change_project(project=first, person=lead, words=words, today=today)
    move_project(project=first, person=lead, stage=Project.Stage.AGREED, why="Agreed by the trustees.", today=today)
    for number, (title, budget) in enumerate(MONEY):
        scenario = add_scenario(
            person=lead, title=title, first_year=year_of(today) + 1, budgets=[budget] * YEARS, carry=True, today=today
        )
        if number and len(made) > 1:
            overrule(team, scenario, made[-1])
        keep_run(scenario=scenario, person=lead, figures=worked_out(scenario, lead, today))


def overrule(team: Team, scenario: Scenario, project: Project) -> None:
    """Put one project into the second year, whatever the solver says."""
    why = "Promised to the school's governors."
    choose_for(scenario=scenario, person=team.lead, project=project, kind="in", year=scenario.first_year + 1, why=why)
