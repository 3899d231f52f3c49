"""Condition surveys and what they found, assumed figures, the risk register, capital projects, papers for the board."""

from backend.risk.models.assumptions import AssumptionSet
from backend.risk.models.capital import Project, Scenario, ScenarioChoice, ScenarioRun
from backend.risk.models.condition import ConditionItem, ConditionSurvey, ItemEnding
from backend.risk.models.papers import BoardPaper
from backend.risk.models.register import Risk, RiskScore
from backend.risk.models.returns import AnnualReturn, ReturnAnswer

__all__ = [
    "AnnualReturn",
    "AssumptionSet",
    "BoardPaper",
    "ConditionItem",
    "ConditionSurvey",
    "ItemEnding",
    "Project",
    "ReturnAnswer",
    "Risk",
    "RiskScore",
    "Scenario",
    "ScenarioChoice",
    "ScenarioRun",
]
