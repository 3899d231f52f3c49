"""What of people at work is history."""

from django.db import models

from backend.core.evidence import Evidence
from backend.hr.models import Absence, Competence, Viewing, WorkingWeek

COMPETENCES = Evidence(
    model=Competence, subject="competence", removable="Its person has left, and the time it is kept for is over.", salted=True
)

VIEWINGS = Evidence(model=Viewing, subject="viewing", sealed=True)
ABSENCES = Evidence(model=Absence, subject="absence", salted=True)
WORKING_WEEKS = Evidence(model=WorkingWeek, subject="working-week", removable="Its person has left and is erased.", salted=True)

EVIDENCE = [COMPETENCES, VIEWINGS, ABSENCES, WORKING_WEEKS]
NOT_EVIDENCE: dict[type[models.Model], str] = {}
