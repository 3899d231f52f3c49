"""Every write about condition and risk."""

from backend.risk.actions.assumptions import set_assumption
from backend.risk.actions.capital import ProjectWords, add_projects, change_project, move_project
from backend.risk.actions.condition import NewItem, NewSurvey, end_item, enter_survey, reopen_item, withdraw_survey
from backend.risk.actions.papers import freeze_paper
from backend.risk.actions.register import RiskWords, add_risk, change_risk, close_risk, open_risk_again, review_risk
from backend.risk.actions.returns import answer_statement, sign_return
from backend.risk.actions.scenarios import add_scenario, change_scenario, choose_for, close_scenario, keep_run

__all__ = [
    "NewItem",
    "NewSurvey",
    "ProjectWords",
    "RiskWords",
    "add_projects",
    "add_risk",
    "add_scenario",
    "answer_statement",
    "change_project",
    "change_risk",
    "change_scenario",
    "choose_for",
    "close_risk",
    "close_scenario",
    "end_item",
    "enter_survey",
    "freeze_paper",
    "keep_run",
    "move_project",
    "open_risk_again",
    "reopen_item",
    "review_risk",
    "set_assumption",
    "sign_return",
    "withdraw_survey",
]
