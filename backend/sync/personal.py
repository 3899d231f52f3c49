"""What of the phones speaks of people: whose they are, and what was sent from them."""

from django.db import models

from backend.core.personal import Personal
from backend.sync.models import Device, DeviceSignIn, KeptAside, Op

PERSONAL = [
    Personal(model=Device, what="Phones linked", people=("registered_by_id",), kept="account", blank={"label": ""}),
    Personal(model=DeviceSignIn, what="Phones signed in on", people=("person_id",), kept="account"),
    Personal(
        model=Op,
        what="What was sent from a phone, or settled in the office",
        people=("author_id", "pusher_id", "settled_by_id"),
        kept="checks",
        day="received_at",
    ),
    Personal(
        model=KeptAside,
        what="What was kept aside of it",
        people=("author_id", "pusher_id", "settled_by_id"),
        kept="checks",
        day="received_at",
    ),
]
NOT_PERSONAL: dict[type[models.Model], str] = {}
