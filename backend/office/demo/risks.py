"""A few risks on the invented register, put there from what the estate proposes, and some statements of the annual return."""

import datetime as dt
from typing import Final

from backend.office.demo.people import Team
from backend.risk.actions import RiskWords, add_risk, answer_statement, review_risk
from backend.risk.queries.exposure import Exposure
from backend.risk.queries.gathered import gather
from backend.risk.queries.register import proposals
from backend.rules.exposures import CONDITION, DEFECT, DOCUMENT, OVERDUE

SORTS: Final = (CONDITION, DEFECT, OVERDUE, DOCUMENT)
REVIEW: Final = dt.timedelta(days=91)
SAID: Final = (
    ("asset-register", "met", ""),
    ("condition-known", "partly", "One school has never been surveyed; a survey is to be ordered before Easter."),
    ("raac", "partly", "Hollin Hill's lower school is being looked at; the other schools are clear by their age."),
    ("risk-register", "met", ""),
)
CONTROLS: Final = "The estates lead looks at it each month; the head knows, and the room can be closed at once."


def fill(team: Team, today: dt.date) -> None:
    """The worst of each of some sorts; the first was looked at again and stands better now."""
    lead = team.lead
    proposed = proposals(lead, gather(lead, today).exposures)
    chosen = [next((each for each in proposed if each.kind == sort), None) for sort in SORTS]
    for number, one in enumerate(each for each in chosen if each):
        put(team, one, today, first=number == 0)
    for statement, position, gap in SAID:
        owner = lead if gap else None
        answer_statement(person=lead, statement=statement, position=position, gap=gap, owner=owner, today=today)


def put(team: Team, one: Exposure, today: dt.date, *, first: bool) -> None:
    """One risk, from an exposure."""
    law, lead = one.in_law, team.lead
    words = RiskWords(
        title=one.title,
        cause=f"{one.kind_words}: {one.score.steps[0].words}",
        event=one.score.steps[-1].words,
        effect=law.words if law else "Somebody could be hurt, and a place may have to close.",
        controls=CONTROLS,
        owner=lead,
        review_on=today + REVIEW,
    )
    impact = one.score.consequence
    risk = add_risk(
        person=lead,
        school=one.site.school if one.site else None,
        words=words,
        before=(5, impact),
        now=(one.score.likelihood, impact),
        target=(1, impact),
        today=today,
        exposure=one.key,
    )
    if first and one.score.likelihood > 1:
        why = "Temporary works were done; the room below is not used in rain."
        review_risk(
            risk=risk,
            person=lead,
            likelihood=one.score.likelihood - 1,
            impact=impact,
            why=why,
            review_on=today + REVIEW,
            today=today,
        )
