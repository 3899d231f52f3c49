"""What of checks speaks of people: who did them, who could not, who excused a miss."""

from django.db import models

from backend.checks.models import (
    Booking,
    CalendarFeed,
    Certificate,
    CheckRecord,
    Cover,
    Document,
    DocumentNotNeeded,
    EvidencePack,
    LapseNote,
    LibraryDecision,
    NotApplicable,
    NotDone,
    PackRequest,
    Round,
)
from backend.core.personal import Personal

NO_NAME = {"author_name": ""}

PERSONAL = [
    Personal(model=CheckRecord, what="Checks recorded", people=("author_id",), kept="checks", day="done_at", blank=NO_NAME),
    Personal(
        model=NotDone, what="Checks that could not be done", people=("author_id",), kept="checks", day="made_at", blank=NO_NAME
    ),
    Personal(model=Certificate, what="Certificates filed", people=("filed_by_id",), kept="checks", day="filed_at"),
    Personal(model=Document, what="Documents added", people=("added_by_id",), kept="checks", day="added_at"),
    Personal(model=EvidencePack, what="Evidence packs made", people=("made_by_id",), kept="packs", day="made_at"),
    Personal(
        model=PackRequest, what="Evidence packs asked for", people=("asked_by_id",), kept="packs", day="asked_at", delete=True
    ),
    Personal(
        model=DocumentNotNeeded,
        what="Documents said not to be needed",
        people=("asked_by_id", "decided_by_id"),
        kept="checks",
        day="asked_at",
    ),
    Personal(
        model=NotApplicable,
        what="Checks said not to apply",
        people=("asked_by_id", "decided_by_id"),
        kept="checks",
        day="asked_at",
    ),
    Personal(model=LibraryDecision, what="Changes of the library decided", people=("made_by_id",), kept="checks", day="made_at"),
    Personal(model=LapseNote, what="Missed checks excused", people=("made_by_id",), kept="checks", day="made_at"),
    Personal(model=Booking, what="Checks booked", people=("person_id", "made_by_id"), kept="checks", day="day"),
    Personal(model=Round, what="Rounds looked after", people=("person_id",), kept="checks", day="changed_at"),
    Personal(model=Cover, what="Standing in for somebody", people=("person_id",), kept="checks", day="made_at"),
    Personal(
        model=CalendarFeed,
        what="Private calendar address",
        people=("person_id",),
        kept="account",
        delete=True,
        hide=frozenset({"hash"}),
    ),
]
NOT_PERSONAL: dict[type[models.Model], str] = {}
