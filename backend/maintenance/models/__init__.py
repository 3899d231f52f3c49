"""What is wrong and who mends it: defects and work orders; the firms that do, their people, papers and visits."""

from backend.maintenance.models.contractor_people import ContractorPerson, SiteInduction
from backend.maintenance.models.contractors import Contractor, ContractorContact, ContractorPaper
from backend.maintenance.models.defects import Defect, DefectQuerySet, Proof, Severity, Stage, barred
from backend.maintenance.models.links import OnePurposeLink
from backend.maintenance.models.notes import SENT_BACK, DefectNote, DefectPhoto
from backend.maintenance.models.reports import FaultPhoto, FaultReport
from backend.maintenance.models.risks import AcceptedRisk, Merge
from backend.maintenance.models.visits import ContractorVisit, ReportRequest, ReportUpload
from backend.maintenance.models.work import WorkOrder, WorkOrderQuerySet

__all__ = [
    "SENT_BACK",
    "AcceptedRisk",
    "Contractor",
    "ContractorContact",
    "ContractorPaper",
    "ContractorPerson",
    "ContractorVisit",
    "Defect",
    "DefectNote",
    "DefectPhoto",
    "DefectQuerySet",
    "FaultPhoto",
    "FaultReport",
    "Merge",
    "OnePurposeLink",
    "Proof",
    "ReportRequest",
    "ReportUpload",
    "Severity",
    "SiteInduction",
    "Stage",
    "WorkOrder",
    "WorkOrderQuerySet",
    "barred",
]
