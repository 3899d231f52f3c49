"""Every write about condition and risk."""

from backend.risk.actions.assumptions import set_assumption
from backend.risk.actions.condition import NewItem, NewSurvey, end_item, enter_survey, reopen_item, withdraw_survey
from backend.risk.actions.papers import freeze_paper
from backend.risk.actions.register import RiskWords, add_risk, change_risk, close_risk, open_risk_again, review_risk
from backend.risk.actions.returns import answer_statement, sign_return

__all__ = [
    "NewItem",
    "NewSurvey",
    "RiskWords",
    "add_risk",
    "answer_statement",
    "change_risk",
    "close_risk",
    "end_item",
    "enter_survey",
    "freeze_paper",
    "open_risk_again",
    "reopen_item",
    "review_risk",
    "set_assumption",
    "sign_return",
    "withdraw_survey",
]
