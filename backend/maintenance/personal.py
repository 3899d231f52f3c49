"""What of problems speaks of people: who reported them, who has them to mend, who wrote of them."""

from django.db import models

from backend.core.personal import Personal
from backend.maintenance.models import (
    AcceptedRisk,
    Contractor,
    ContractorContact,
    ContractorPaper,
    ContractorPerson,
    ContractorVisit,
    Defect,
    DefectNote,
    FaultReport,
    Merge,
    OnePurposeLink,
    ReportRequest,
    ReportUpload,
    SiteInduction,
    WorkOrder,
)

PERSONAL = [
    Personal(
        model=ContractorPaper, what="Contractors' papers entered", people=("added_by_id",), kept="contractors", day="added_at"
    ),
    Personal(
        model=ContractorPerson,
        what="Contractors' DBS checks seen",
        people=("dbs_checked_by_id",),
        kept="contractors",
        day="dbs_checked_on",
    ),
    Personal(model=SiteInduction, what="Contractors inducted", people=("given_by_id",), kept="contractors", day="entered_at"),
    Personal(
        model=ContractorVisit,
        what="Contractors' visits planned and signed in",
        people=("planned_by_id", "let_in_by_id"),
        kept="contractors",
        day="planned_on",
    ),
    Personal(model=ReportRequest, what="Reports asked for", people=("asked_by_id",), kept="checks", day="asked_at"),
    Personal(model=ReportUpload, what="Reports handed in, settled", people=("settled_by_id",), kept="checks", day="settled_at"),
    Personal(model=Defect, what="Problems reported", people=("reported_by_id",), kept="problems", day="reported_at"),
    Personal(model=DefectNote, what="Notes on problems", people=("made_by_id",), kept="problems", day="made_at"),
    Personal(model=WorkOrder, what="Work given", people=("assigned_to_id", "given_by_id"), kept="problems", day="done_at"),
    Personal(
        model=AcceptedRisk,
        what="Risks asked for and decided",
        people=("asked_by_id", "decided_by_id"),
        kept="problems",
        day="asked_at",
    ),
    Personal(model=Merge, what="Problems put together", people=("made_by_id", "undone_by_id"), kept="problems", day="made_at"),
    Personal(
        model=FaultReport,
        what="Faults reported by a label",
        people=("reported_by_id", "settled_by_id"),
        kept="problems",
        day="received_at",
    ),
    Personal(
        model=OnePurposeLink,
        what="Links sent to firms",
        people=("made_by_id",),
        kept="problems",
        day="made_at",
        hide=frozenset({"hash"}),
    ),
]
NOT_PERSONAL: dict[type[models.Model], str] = {
    Contractor: "A firm, as it is known to everybody it works for.",
    ContractorContact: "Whom a firm names for its business; taken out when it names another.",
}
