"""What of approvals is history: all of it."""

from django.db import models

from backend.approvals.models import Chain, Decision, Interest, Limit, Scheme, StandIn, Step
from backend.core.evidence import Evidence

SCHEMES = Evidence(model=Scheme, subject="scheme")
LIMITS = Evidence(model=Limit, subject="scheme-limit", sealed=True, rows="limits of schemes")
CHAINS = Evidence(model=Chain, subject="approval", sealed=True, school="centre__school_id", rows="approvals")
STEPS = Evidence(model=Step, subject="approval-step", sealed=True, school="chain__centre__school_id", rows="steps of approvals")
DECISIONS = Evidence(model=Decision, subject="decision", sealed=True, school="chain__centre__school_id")
STAND_INS = Evidence(model=StandIn, subject="stand-in")
INTERESTS = Evidence(model=Interest, subject="interest", salted=True)

EVIDENCE = [SCHEMES, LIMITS, CHAINS, STEPS, DECISIONS, STAND_INS, INTERESTS]
NOT_EVIDENCE: dict[type[models.Model], str] = {}
