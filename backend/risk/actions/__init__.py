"""Every write about condition and risk."""

from backend.risk.actions.assumptions import set_assumption
from backend.risk.actions.condition import NewItem, NewSurvey, end_item, enter_survey, reopen_item, withdraw_survey
from backend.risk.actions.papers import freeze_paper

__all__ = [
    "NewItem",
    "NewSurvey",
    "end_item",
    "enter_survey",
    "freeze_paper",
    "reopen_item",
    "set_assumption",
    "withdraw_survey",
]
