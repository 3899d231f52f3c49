"""Condition from spreadsheets: surveys, and the department's condition data."""

from backend.risk.imports.cdc import ConditionData
from backend.risk.imports.surveys import ConditionSurveys

__all__ = ["ConditionData", "ConditionSurveys"]
