"""Invented condition surveys, two of each site, and a board paper of the day."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import Field

from backend.office.demo.dice import dice
from backend.office.demo.fixtures import Fixtures, Part
from backend.office.demo.people import Team
from backend.office.demo.places import Block, Made
from backend.office.risk.paper import EDITION, set_paper
from backend.risk.actions import NewItem, NewSurvey, enter_survey, freeze_paper
from backend.risk.queries.brief import brief
from backend.trust.actions import Actor

PER_M2: Final = 1000
ROUGHLY: Final = 50_000  # costs are estimates: to the next £500


class Finding(Part):
    """What may be found of a building from an age on; `year` counts from the survey's, `cost` is pounds for 1,000 m²."""

    element: str
    words: str
    grade: str
    priority: int | None = None
    cost: int | None = None
    year: int | None = None
    age: int = 0
    chance: float = Field(ge=0, le=1)
    later: str = ""


def fill(made: Sequence[Made], team: Team, fixtures: Fixtures, actor: Actor, today: dt.date, seed: int) -> None:
    """Two surveys of every site, but of those that nobody has looked at; then a paper of how it stands."""
    written: Mapping[str, Any] = fixtures.raw("condition")
    findings = [fixtures.part("condition", Finding, each) for each in written["findings"]]
    for school in made:
        if school.plan.key in written["unsurveyed"]:
            continue
        throw = dice(seed, "condition", school.plan.key)
        ago = written["old"].get(school.plan.key) or throw.randint(*written["newest_days_ago"])
        surveyor = throw.choice(written["surveyors"])
        for grounds in school.grounds:
            lots = [(block, each) for block in grounds.blocks for each in findings if fits(block, each, today, throw.random())]
            for days, before in ((written["before_days_ago"] + ago, True), (ago, False)):
                on = today - dt.timedelta(days=days)
                items = [item_of(block, each, on, before=before) for block, each in lots]
                if items:
                    enter_survey(new=NewSurvey(grounds.site, on, surveyor, items), actor=actor, today=today)
    paper(team, today)


def fits(block: Block, one: Finding, today: dt.date, thrown: float) -> bool:
    """Whether a building has it."""
    return today.year - block.plan.built >= one.age and thrown < one.chance


def item_of(block: Block, one: Finding, on: dt.date, *, before: bool) -> NewItem:
    """The item of a survey; the survey before found it better, and cheaper."""
    grade = one.later if before and one.later else one.grade
    pence = round((one.cost or 0) * 100 * block.plan.area / PER_M2 * (0.8 if before else 1.0) / ROUGHLY) * ROUGHLY
    poor = grade in "CD"
    return NewItem(
        element=one.element,
        words=one.words,
        grade=grade,
        priority=one.priority if poor or not before else None,
        cost_pence=max(pence, ROUGHLY) if one.cost and (poor or not before) else None,
        year=on.year + one.year if one.year is not None and (poor or not before) else None,
        building=block.building,
    )


def paper(team: Team, today: dt.date) -> None:
    """A board paper of the day, by the CFO."""
    cfo = team.everybody.get("cfo@trust.demo")
    if cfo is None:
        return
    figures = brief(cfo, today)
    title = f"Estate risk, {today:%B %Y}"
    words = "Severe items come first this term. Prices of visits are still Siteward's assumptions."
    pdf, pages = set_paper(figures, title=title, commentary=words, by=cfo.name, version=1)
    freeze_paper(person=cfo, title=title, commentary=words, figures=figures, pdf=pdf, pages=pages, edition=EDITION)
