"""What of people at work speaks of people: what they can do, and who looked at their details."""

from django.db import models

from backend.core.personal import Personal
from backend.hr.models import Absence, Competence, Viewing, WorkingWeek

PERSONAL = [
    Personal(model=Competence, what="Certificates and courses", people=("person_id",), kept="people", delete=True),
    Personal(
        model=Viewing,
        what="Looks at personal details",
        people=("person_id", "viewer_id"),
        kept="views",
        day="at",
    ),
    Personal(model=Absence, what="Days away", people=("person_id", "noted_by_id"), kept="people"),
    Personal(model=WorkingWeek, what="Hours for checks", people=("person_id",), kept="account", delete=True),
]
NOT_PERSONAL: dict[type[models.Model], str] = {}
