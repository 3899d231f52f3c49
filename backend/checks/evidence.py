"""What of checks is history: the library as published, what is planned, what was done, and what was missed."""

from typing import Final

from django.db import models

from backend.checks.models import (
    BookedCheck,
    Booking,
    CalendarFeed,
    Certificate,
    CertificateItem,
    CertificateRemedial,
    CheckRecord,
    CheckRevision,
    CheckType,
    Cover,
    Document,
    DocumentNotNeeded,
    EvidencePack,
    Finding,
    Lapse,
    LapseNote,
    LapseTally,
    LibraryDecision,
    MonthEnd,
    NotApplicable,
    NotDone,
    PackRequest,
    Plan,
    PlanTally,
    RecordPhoto,
    Round,
)
from backend.core.evidence import Evidence

RECKONED: Final = "Worked out from the records; the invariant plan-dates works it out again."
NAME: Final = "A name stands apart from what it signed, so that it can be erased; the invariant author-names compares it."

TYPES = Evidence(model=CheckType, subject="check-type")
REVISIONS = Evidence(model=CheckRevision, subject="revision", sealed=True)
PLANS = Evidence(
    model=Plan,
    subject="plan",
    leave_out={
        **dict.fromkeys(
            ("due_on", "overdue_from", "soon_from", "last_done_on", "last_done_at", "last_outcome", "basis"), RECKONED
        ),
        "sealed_to": "How far lapses were looked for; the invariants plan-dates and lapses look again.",
    },
    instead={"active": lambda plan: plan.rule is None or plan.active},  # a one-off ends by being done: plan-dates sees to it
    school="site__school_id",
    added={
        "origin": "",
        "why": "",
        "rule_since": None,
        "earlier_rules": [],
        "ended_on": None,
        "ended_why": "",
        "own_minutes": None,
    },
)
RECORDS = Evidence(
    model=CheckRecord,
    subject="record",
    sealed=True,
    leave_out={"author_name": NAME},
    school="site__school_id",
    added={"together": None},
)
RECORD_PHOTOS = Evidence(model=RecordPhoto, subject="record-photo", sealed=True, school="record__site__school_id")
FINDINGS = Evidence(model=Finding, subject="finding", sealed=True, school="record__site__school_id")
LAPSES = Evidence(model=Lapse, subject="lapse", sealed=True, school="plan__site__school_id")
LAPSE_NOTES = Evidence(model=LapseNote, subject="lapse-note", sealed=True, school="lapse__plan__site__school_id")
ATTEMPTS = Evidence(
    model=NotDone,
    subject="not-done",
    rows="attempts that came to nothing",
    sealed=True,
    leave_out={"author_name": NAME},
    school="plan__site__school_id",
)
BOOKINGS = Evidence(model=Booking, subject="booking", school="site__school_id")
BOOKED_CHECKS = Evidence(model=BookedCheck, subject="booked-check", school="booking__site__school_id")
ROUNDS = Evidence(model=Round, subject="round", school="site__school_id")
COVERS = Evidence(model=Cover, subject="cover", removable="Somebody else stands in, or nobody any more.", salted=True)
FEEDS = Evidence(
    model=CalendarFeed,
    subject="calendar-feed",
    removable="Its owner switched it off, or its person is erased.",
    salted=True,
    leave_out={
        "hash": "It opens a door: its hash stays out of everything that leaves this table.",
        "used_on": "Overwritten daily.",
    },
)

CERTIFICATES = Evidence(model=Certificate, subject="certificate", sealed=True, school="site__school_id")
CERTIFIED = Evidence(
    model=CertificateItem,
    subject="certificate-item",
    rows="checks covered by certificates",
    sealed=True,
    school="certificate__site__school_id",
)
REMEDIALS = Evidence(
    model=CertificateRemedial,
    subject="certificate-remedial",
    rows="remedials of certificates",
    sealed=True,
    school="certificate__site__school_id",
)
DOCUMENTS = Evidence(model=Document, subject="document", sealed=True, school="site__school_id")
NOT_NEEDED = Evidence(
    model=DocumentNotNeeded, subject="document-not-needed", rows="documents not needed", school="site__school_id"
)

NOT_APPLICABLE = Evidence(
    model=NotApplicable, subject="not-applicable", rows="decisions that a check does not apply", school="site__school_id"
)
LIBRARY_DECISIONS = Evidence(
    model=LibraryDecision, subject="library-decision", rows="decisions about the library's changes", sealed=True
)
PACKS = Evidence(model=EvidencePack, subject="evidence-pack", sealed=True, school="site__school_id")

EVIDENCE = [
    TYPES,
    REVISIONS,
    PLANS,
    RECORDS,
    RECORD_PHOTOS,
    FINDINGS,
    LAPSES,
    LAPSE_NOTES,
    ATTEMPTS,
    CERTIFICATES,
    CERTIFIED,
    REMEDIALS,
    DOCUMENTS,
    NOT_NEEDED,
    NOT_APPLICABLE,
    LIBRARY_DECISIONS,
    BOOKINGS,
    BOOKED_CHECKS,
    ROUNDS,
    COVERS,
    FEEDS,
    PACKS,
]
COUNTS: Final = "Counted by triggers from what is evidence; the invariant tallies counts again."
NOT_EVIDENCE: dict[type[models.Model], str] = {
    PlanTally: COUNTS,
    LapseTally: COUNTS,
    MonthEnd: "Worked out from the records by a job, for the trends; a test compares it with the board of that day.",
    PackRequest: "How far the making of a pack has come; the pack that comes of it is sealed.",
}
