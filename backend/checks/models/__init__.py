"""What is owed and what was done: check types in their revisions, plans, records, lapses."""

from backend.checks.models.applying import LibraryDecision, NotApplicable, NotApplicableQuerySet
from backend.checks.models.bookings import BookedCheck, Booking, CalendarFeed, Cover, Round
from backend.checks.models.certificates import Certificate, CertificateItem, CertificateRemedial
from backend.checks.models.documents import Document, DocumentNotNeeded
from backend.checks.models.lapses import Lapse, LapseNote
from backend.checks.models.library import CheckRevision, CheckType
from backend.checks.models.months import MonthEnd
from backend.checks.models.packs import EvidencePack, PackRequest
from backend.checks.models.plans import NotDone, Plan
from backend.checks.models.records import CheckRecord, CheckRecordQuerySet, Finding, RecordPhoto
from backend.checks.tally import LapseTally, PlanTally

__all__ = [
    "BookedCheck",
    "Booking",
    "CalendarFeed",
    "Certificate",
    "CertificateItem",
    "CertificateRemedial",
    "CheckRecord",
    "CheckRecordQuerySet",
    "CheckRevision",
    "CheckType",
    "Cover",
    "Document",
    "DocumentNotNeeded",
    "EvidencePack",
    "Finding",
    "Lapse",
    "LapseNote",
    "LapseTally",
    "LibraryDecision",
    "MonthEnd",
    "NotApplicable",
    "NotApplicableQuerySet",
    "NotDone",
    "PackRequest",
    "Plan",
    "PlanTally",
    "RecordPhoto",
    "Round",
]
