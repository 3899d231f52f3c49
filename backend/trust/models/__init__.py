"""The trust, its schools, places, people and calendars; and how people come in: sessions, tokens, invitations."""

from backend.trust.models.access import Invitation, Session, Token, Tries
from backend.trust.models.calendar import CalendarMark, Term
from backend.trust.models.centres import CentreHolder, CostCentre
from backend.trust.models.imports import Import, ImportTrace
from backend.trust.models.people import Appointment, Person
from backend.trust.models.places import Building, School, Site, Space, Trust
from backend.trust.models.setting_up import Outline, SchoolUrn, SetUpCode

__all__ = [
    "Appointment",
    "Building",
    "CalendarMark",
    "CentreHolder",
    "CostCentre",
    "Import",
    "ImportTrace",
    "Invitation",
    "Outline",
    "Person",
    "School",
    "SchoolUrn",
    "Session",
    "SetUpCode",
    "Site",
    "Space",
    "Term",
    "Token",
    "Tries",
    "Trust",
]
