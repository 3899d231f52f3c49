"""Condition surveys and what they found, figures that the trust assumes, the risk register, and papers frozen for the board."""

from backend.risk.models.assumptions import AssumptionSet
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
    "ReturnAnswer",
    "Risk",
    "RiskScore",
]
