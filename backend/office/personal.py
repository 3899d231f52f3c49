"""What the office's own tables hold of people: how they look at lists, and what they changed many at once."""

from typing import Final

from django.db import models

from backend.core.personal import Personal
from backend.office.models import (
    BulkChange,
    DefaultView,
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

PERSONAL: Final = [
    Personal(model=SavedView, what="Lists kept as views", people=("person_id",), kept="account", delete=True),
    Personal(model=DefaultView, what="Lists' first views", people=("person_id",), kept="account", delete=True),
    Personal(model=BulkChange, what="Many rows changed at once", people=("person_id",), kept="account", delete=True),
    Personal(
        model=ListExport,
        what="Long lists that they had made into files",
        people=("person_id",),
        kept="account",
        delete=True,
        hide=frozenset({"reach", "stored"}),
    ),
    Personal(model=NoticeChoice, what="How they wish to be told", people=("person_id",), kept="account", delete=True),
    Personal(model=Notice, what="What they were told", people=("person_id",), kept="account", delete=True),
    Personal(model=Letter, what="Letters to them", people=("person_id",), kept="account", delete=True),
    Personal(
        model=PushDevice,
        what="Phones and browsers that are told of things",
        people=("person_id",),
        kept="account",
        delete=True,
        hide=frozenset({"endpoint", "key", "secret", "session_id"}),
    ),
    Personal(model=TakenOn, what="What they took on or put off", people=("person_id",), kept="account", delete=True),
    Personal(
        model=Webhook,
        what="Other systems that they let follow",
        people=("made_by_id",),
        kept="people",
        day="made_at",
        hide=frozenset({"salt", "mark"}),
    ),
]
NOT_PERSONAL: Final[dict[type[models.Model], str]] = {
    Push: "Whether a letter went to a phone as well; the letter and the phone are their person's, and it goes with either.",
}
