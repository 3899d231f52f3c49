"""What of problems and the work on them is history."""

from django.db import models

from backend.core.evidence import Evidence
from backend.maintenance.models import (
    AcceptedRisk,
    Contractor,
    ContractorContact,
    ContractorPaper,
    ContractorPerson,
    ContractorVisit,
    Defect,
    DefectNote,
    DefectPhoto,
    FaultPhoto,
    FaultReport,
    Merge,
    OnePurposeLink,
    ReportRequest,
    ReportUpload,
    SiteInduction,
    WorkOrder,
)

CONTRACTORS = Evidence(
    model=Contractor,
    subject="contractor",
    added={"trades": [], "asked_for": [], "employs_nobody": False, "advises": False, "address": "", "company_number": ""},
)
CONTACTS = Evidence(
    model=ContractorContact,
    subject="contractor-contact",
    salted=True,
    removable="When the firm names somebody else.",
)
CONTRACTOR_PAPERS = Evidence(model=ContractorPaper, subject="contractor-paper")
CONTRACTOR_PEOPLE = Evidence(model=ContractorPerson, subject="contractor-person", rows="contractors' people", salted=True)
INDUCTIONS = Evidence(model=SiteInduction, subject="site-induction", sealed=True, school="site__school_id")
VISITS = Evidence(model=ContractorVisit, subject="contractor-visit", salted=True, school="site__school_id")
REQUESTS = Evidence(model=ReportRequest, subject="report-request", school="site__school_id")
UPLOADS = Evidence(model=ReportUpload, subject="report-upload", salted=True, school="site__school_id")
DEFECTS = Evidence(
    model=Defect,
    subject="defect",
    school="site__school_id",
    added={
        "stage": "new", "ending": "", "scheme": "", "code": "", "location": "", "source": "", "safe_by": None,
        "made_safe_on": None, "target_on": None, "deadline_fixed": False, "do_not_use_from": None, "proof": "",
        "merged_into_id": None, "accepted_until": None,
    },
)  # fmt: skip
WORK_ORDERS = Evidence(
    model=WorkOrder,
    subject="work-order",
    school="site__school_id",
    added={
        "contractor_id": None, "priority": "routine", "instructions": "", "proof": "", "cost_pence": None, "parts": "",
        "given_at": None, "given_by_id": None, "started_at": None, "checked_at": None,
    },
)  # fmt: skip
NOTES = Evidence(model=DefectNote, subject="defect-note", sealed=True, school="defect__site__school_id", added={"firm_id": None})
PHOTOS = Evidence(model=DefectPhoto, subject="defect-photo", sealed=True, school="defect__site__school_id")
RISKS = Evidence(model=AcceptedRisk, subject="accepted-risk", school="defect__site__school_id")
MERGES = Evidence(model=Merge, subject="defect-merge", school="survivor__site__school_id")
FAULT_REPORTS = Evidence(model=FaultReport, subject="fault-report", salted=True, school="site__school_id")
FAULT_PHOTOS = Evidence(model=FaultPhoto, subject="fault-photo", sealed=True, school="report__site__school_id")
LINKS = Evidence(
    model=OnePurposeLink, subject="one-purpose-link", leave_out={"opened_at": "It says when somebody looked, not what was done."}
)

EVIDENCE = [
    CONTRACTORS,
    CONTACTS,
    CONTRACTOR_PAPERS,
    CONTRACTOR_PEOPLE,
    INDUCTIONS,
    VISITS,
    REQUESTS,
    UPLOADS,
    DEFECTS,
    WORK_ORDERS,
    NOTES,
    PHOTOS,
    RISKS,
    MERGES,
    FAULT_REPORTS,
    FAULT_PHOTOS,
    LINKS,
]
NOT_EVIDENCE: dict[type[models.Model], str] = {}
