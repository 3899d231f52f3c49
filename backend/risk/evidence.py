"""What of condition and risk is history."""

from django.db import models

from backend.core.evidence import Evidence
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

SURVEYS = Evidence(model=ConditionSurvey, subject="condition-survey", school="site__school_id")
ITEMS = Evidence(model=ConditionItem, subject="condition-item", sealed=True, school="survey__site__school_id")
ENDINGS = Evidence(model=ItemEnding, subject="condition-ending", sealed=True, school="item__survey__site__school_id")
ASSUMPTIONS = Evidence(model=AssumptionSet, subject="assumption", sealed=True, rows="assumptions")
PAPERS = Evidence(model=BoardPaper, subject="board-paper", sealed=True)

REGISTER = Evidence(model=Risk, subject="risk", school="school_id")
SCORES = Evidence(model=RiskScore, subject="risk-score", sealed=True, school="risk__school_id")
ANSWERS = Evidence(model=ReturnAnswer, subject="return-answer", sealed=True)
RETURNS = Evidence(model=AnnualReturn, subject="annual-return", sealed=True)

PROJECTS = Evidence(model=Project, subject="project", school="site__school_id")
SCENARIOS = Evidence(model=Scenario, subject="scenario")
CHOICES = Evidence(model=ScenarioChoice, subject="scenario-choice", sealed=True, school="project__site__school_id")
RUNS = Evidence(model=ScenarioRun, subject="scenario-run", sealed=True)

EVIDENCE = [
    SURVEYS, ITEMS, ENDINGS, ASSUMPTIONS, PAPERS, REGISTER, SCORES, ANSWERS, RETURNS, PROJECTS, SCENARIOS, CHOICES, RUNS,
]  # fmt: skip
NOT_EVIDENCE: dict[type[models.Model], str] = {}
