"""What of condition and risk speaks of people: who entered it, who decided."""

from django.db import models

from backend.core.personal import Personal
from backend.risk.models import (
    AnnualReturn,
    AssumptionSet,
    BoardPaper,
    ConditionItem,
    ConditionSurvey,
    ItemEnding,
    Project,
    ReturnAnswer,
    Risk,
    RiskScore,
    Scenario,
    ScenarioChoice,
    ScenarioRun,
)

PERSONAL = [
    Personal(
        model=ConditionSurvey,
        what="Condition surveys entered",
        people=("entered_by_id", "withdrawn_by_id"),
        kept="checks",
        day="entered_at",
    ),
    Personal(model=ItemEnding, what="Condition put right", people=("made_by_id",), kept="checks", day="made_at"),
    Personal(model=AssumptionSet, what="Assumptions set", people=("made_by_id",), kept="checks", day="made_at"),
    Personal(model=BoardPaper, what="Board papers frozen", people=("frozen_by_id",), kept="checks", day="frozen_at"),
    Personal(model=Risk, what="Risks owned", people=("owner_id", "opened_by_id"), kept="checks", day="opened_at"),
    Personal(model=RiskScore, what="Risks scored", people=("made_by_id",), kept="checks", day="made_at"),
    Personal(model=ReturnAnswer, what="Annual returns answered", people=("made_by_id", "owner_id"), kept="checks", day="made_at"),
    Personal(model=AnnualReturn, what="Annual returns signed", people=("signed_by_id",), kept="checks", day="signed_at"),
    Personal(model=Project, what="Projects written down", people=("opened_by_id",), kept="checks", day="opened_at"),
    Personal(model=Scenario, what="Capital plans made", people=("made_by_id",), kept="checks", day="made_at"),
    Personal(model=ScenarioChoice, what="Capital plans decided on", people=("made_by_id",), kept="checks", day="made_at"),
    Personal(model=ScenarioRun, what="Capital plans worked out", people=("made_by_id",), kept="checks", day="made_at"),
]
NOT_PERSONAL: dict[type[models.Model], str] = {
    ConditionItem: "What a survey found of a building.",
}
