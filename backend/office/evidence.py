"""What of the office is history: who let which other system follow. How people look at lists is their habit."""

from typing import Final

from django.db import models

from backend.core.evidence import Evidence
from backend.office.models import (
    BulkChange,
    DefaultView,
    Delivery,
    Letter,
    ListExport,
    Notice,
    NoticeChoice,
    Push,
    PushDevice,
    SavedView,
    TakenOn,
    Webhook,
)

COME: Final = "How far the sending has come, overwritten each time."

WEBHOOKS = Evidence(
    model=Webhook,
    subject="webhook",
    leave_out={
        **dict.fromkeys(("upto", "upto_hash", "failing_since", "taken_until", "served_at"), COME),
        "salt": "It opens a door, with the server's key: it stays out of everything that leaves this table.",
    },
)

EVIDENCE: Final[list[Evidence]] = [WEBHOOKS]
NOT_EVIDENCE: Final[dict[type[models.Model], str]] = {
    SavedView: "A name for a question that somebody likes to ask; it holds no answer.",
    DefaultView: "With which question a list opens for somebody.",
    ListExport: "A list on its way to somebody as a file, gone after a day; what it lists is evidence in its own place.",
    NoticeChoice: "At which hour somebody likes their letters.",
    Letter: "An envelope: whether an e-mail went; what it said are its notices.",
    Notice: "Who was told what and when, kept for who asks; what it tells of is evidence in its own place.",
    PushDevice: "A browser that may be told of things; the key to reach it, and nothing of what it was told.",
    Push: "An envelope too: whether a letter's line went to a phone.",
    TakenOn: "That somebody has seen a thing; what became of it is recorded where it was done.",
    Delivery: "How often something was sent and what was answered; what it told is evidence in its own place.",
    BulkChange: "A bracket around changes, each of which is entered by its own action; it only serves to undo them.",
}
