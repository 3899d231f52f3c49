"""What of the trust is history: its places, its people and what they were allowed, its calendars."""

from typing import Final

from allauth.mfa.models import Authenticator
from django.db import models

from backend.core.evidence import Evidence
from backend.trust import factors, passwords
from backend.trust.models import (
    Appointment,
    Building,
    CalendarMark,
    CentreHolder,
    CostCentre,
    Import,
    ImportTrace,
    Invitation,
    Outline,
    Person,
    School,
    SchoolUrn,
    Session,
    SetUpCode,
    Site,
    Space,
    Term,
    Token,
    Tries,
    Trust,
)

SEEN: Final = "When somebody was last here is no decision; it is overwritten daily."
REPLACED: Final = "The whole calendar of a school is replaced when it is set anew; plan-dates reckons by the one that stands."
UNDONE: Final = "The import that made it is undone, before anything else used it (the invariant removed-by-undoing compares)."
TRIED: Final = "What a trial found, and how far it has come: worked out anew when the import is applied."
OPENS: Final = "It opens a door: its hash stays out of everything that leaves this table."

TRUSTS = Evidence(model=Trust, subject="trust")
SCHOOLS = Evidence(model=School, subject="school", removable=UNDONE, school="id", added={"opened_on": None, "closed_on": None})
SITES = Evidence(model=Site, subject="site", removable=UNDONE, school="school_id", added={"facts": {}})
BUILDINGS = Evidence(model=Building, subject="building", removable=UNDONE, school="site__school_id", added={"facts": {}})
SPACES = Evidence(model=Space, subject="space", removable=UNDONE, school="building__site__school_id")
PEOPLE = Evidence(
    model=Person,
    subject="person",
    salted=True,
    leave_out={
        "last_login": SEEN,
        "has_second_factor": "A copy of whether there are rows of second steps; the invariant second-steps compares them.",
        "second_factor_by": "A date by which somebody is reminded; it follows from their role.",
    },
    instead={"password": passwords.covered},
)
APPOINTMENTS = Evidence(model=Appointment, subject="appointment", salted=True, added={"ended_at": None})
TERMS = Evidence(model=Term, subject="term", removable=REPLACED, school="school_id")
MARKS = Evidence(model=CalendarMark, subject="calendar-mark", removable=REPLACED, school="school_id")
CENTRES = Evidence(model=CostCentre, subject="cost-centre", school="school_id")
HOLDERS = Evidence(
    model=CentreHolder, subject="centre-holder", salted=True, school="centre__school_id", rows="holders of cost centres"
)
TOKENS = Evidence(
    model=Token,
    subject="token",
    removable="It ends, runs out, or its person is erased.",
    salted=True,
    leave_out={"hash": OPENS, "used_on": SEEN},
)
INVITATIONS = Evidence(
    model=Invitation, subject="invitation", removable="Its person is erased.", salted=True, leave_out={"hash": OPENS}
)

SCHOOL_URNS = Evidence(model=SchoolUrn, subject="school-urn", removable=UNDONE, school="school_id", rows="former URNs of schools")
OUTLINES = Evidence(model=Outline, subject="outline", removable=UNDONE + " Or somebody takes it away.", school="site__school_id")
IMPORTS = Evidence(
    model=Import,
    subject="import",
    removable="It was a trial that was dropped or never applied.",
    leave_out={"state": "It follows from the moments, which are covered.", "report": TRIED, "told": TRIED},
)
TRACES = Evidence(model=ImportTrace, subject="import-trace", sealed=True)
SECOND_STEPS = Evidence(
    model=Authenticator,
    subject="second-step",
    removable="It is taken away or replaced by its person, reset by an administrator, or its person is erased.",
    salted=True,
    leave_out={"last_used_at": SEEN, "created_at": "The act that it was set up, which the chain covers, has its own moment."},
    instead={"data": factors.covered},
    rows="second steps of signing in",
)

EVIDENCE = [
    TRUSTS, SCHOOLS, SITES, BUILDINGS, SPACES, PEOPLE, APPOINTMENTS, TERMS, MARKS, CENTRES, HOLDERS, TOKENS, INVITATIONS,
    SCHOOL_URNS, OUTLINES, IMPORTS, TRACES, SECOND_STEPS,
]  # fmt: skip
NOT_EVIDENCE: dict[type[models.Model], str] = {
    Session: "A browser's session comes and goes with its cookie.",
    SetUpCode: "It opens the door once, before there is a trust; what it made is entered.",
    Tries: "A counter against guessing, overwritten every minute.",
}
