"""What of approvals speaks of people: who asked, who decided, who stood in, what ties they declared."""

from django.db import models

from backend.approvals.models import Chain, Decision, Interest, Limit, Scheme, StandIn, Step
from backend.core.personal import Personal

PERSONAL = [
    Personal(
        model=Scheme, what="Schemes of delegation", people=("proposed_by_id", "approved_by_id"), kept="checks", day="proposed_at"
    ),
    Personal(
        model=Chain,
        what="Requests put up for approval",
        people=("asked_by_id", "asked_for_id"),
        kept="checks",
        day="submitted_at",
    ),
    Personal(model=Decision, what="Requests decided", people=("person_id", "stood_in_for_id"), kept="checks", day="made_at"),
    Personal(
        model=StandIn,
        what="Who stood in for whom",
        people=("absent_id", "stands_in_id", "made_by_id"),
        kept="checks",
        day="made_at",
    ),
    Personal(
        model=Interest,
        what="Interests declared",
        people=("person_id",),
        kept="checks",
        day="declared_at",
    ),
]
NOT_PERSONAL: dict[type[models.Model], str] = {
    Limit: "What roles may agree to.",
    Step: "Which role has to agree.",
}
