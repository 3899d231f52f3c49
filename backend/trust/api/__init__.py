"""The trust's addresses: signing in, schools, places, people, school calendars."""

from backend.trust.api.calendar import CalendarMarks, Terms
from backend.trust.api.facts import SayBuildingFacts, SaySiteFacts
from backend.trust.api.people import People
from backend.trust.api.places import Buildings, Schools, Sites, Spaces
from backend.trust.api.sign_in import SignIn

__all__ = [
    "Buildings",
    "CalendarMarks",
    "People",
    "SayBuildingFacts",
    "SaySiteFacts",
    "Schools",
    "SignIn",
    "Sites",
    "Spaces",
    "Terms",
]
