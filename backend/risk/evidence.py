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
    ReturnAnswer,
    Risk,
    RiskScore,
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

EVIDENCE = [SURVEYS, ITEMS, ENDINGS, ASSUMPTIONS, PAPERS, REGISTER, SCORES, ANSWERS, RETURNS]
NOT_EVIDENCE: dict[type[models.Model], str] = {}
