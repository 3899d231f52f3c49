"""Sessions that know whose they are: listed, ended one by one, ended all at once, ended with the phone they belong to."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.http import HttpRequest
from django.utils import timezone

from backend.trust.models import Person, Session

BROWSER: Final = "browser"
BEGAN: Final = "began_at"
SLID: Final = "slid_on"
DEVICE: Final = "device"
CONFIRMED: Final = "confirmed_at"


class SessionStore(DatabaseSessions):
    """Django's sessions in the database, with whose each is beside its data."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The table."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """A row for this data; its columns say what the data says."""
        row: Session = super().create_model_instance(data)  # type: ignore[assignment]
        row.person_id = data.get(SESSION_KEY)
        row.device_id = data.get(DEVICE, "")
        row.browser = data.get(BROWSER, "")
        row.began_at = dt.datetime.fromisoformat(data[BEGAN]) if data.get(BEGAN) else None
        row.used_on = dt.date.fromisoformat(data[SLID]) if data.get(SLID) else None
        return row


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session as its owner is shown it: `public` names it without being it."""

    public: str
    words: str
    began_at: dt.datetime | None
    used_on: dt.date | None
    device_id: str
    here: bool


def note_beginning(request: HttpRequest) -> None:
    """Write into the fresh session when it began and in which browser."""
    now = timezone.now()
    request.session[BEGAN] = now.isoformat()
    request.session[CONFIRMED] = now.timestamp()
    request.session[BROWSER] = request.headers.get("User-Agent", "").replace("\x00", "")[:200]


def note_device(request: HttpRequest, device_id: str) -> None:
    """Tie the session to the phone that it is used on: it ends when the phone is taken out of use."""
    if request.session.get(SESSION_KEY) and request.session.get(DEVICE) != device_id:
        request.session[DEVICE] = device_id


def public_name(key: str) -> str:
    """What a session is called on a page: nothing that could be used as a cookie."""
    return hashlib.sha256(b"session " + key.encode()).hexdigest()[:32]


def sessions_of(person: Person, current: str | None = None) -> list[SignedIn]:
    """The person's sessions that have not run out, the one in use first."""
    rows = Session.objects.filter(person=person, expire_date__gt=timezone.now())
    found = [
        SignedIn(public_name(row.pk), browser_words(row.browser), row.began_at, row.used_on, row.device_id, row.pk == current)
        for row in rows
    ]
    return sorted(found, key=lambda each: (not each.here, -(each.began_at.timestamp() if each.began_at else 0)))


def keys_named(person: Person, public: str) -> list[str]:
    """The keys of the person's sessions that go by this public name (one, or none)."""
    keys = Session.objects.filter(person=person).values_list("pk", flat=True)
    return [key for key in keys if public_name(key) == public]


BROWSERS: Final = (("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
                   ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
SYSTEMS: Final = (("iPhone", "an iPhone"), ("iPad", "an iPad"), ("Android", "Android"), ("Windows", "Windows"),
                  ("Macintosh", "a Mac"), ("CrOS", "a Chromebook"), ("Linux", "Linux"))  # fmt: skip


def browser_words(agent: str) -> str:
    """What a browser calls itself, in words: "Firefox on Windows"."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    if not browser and not system:
        return "A browser or program"
    return f"{browser or 'A browser'} on {system}" if system else browser
