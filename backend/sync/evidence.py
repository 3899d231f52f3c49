"""What of the phones is history: which were linked to whom, what they sent word for word, and how it ended."""

from typing import Final

from django.db import models

from backend.core.evidence import Evidence
from backend.sync.models import Device, DeviceSignIn, KeptAside, LostWork, Op

COUNT: Final = "How far the phone's own count has come, overwritten at each push; a step back is kept as lost work."

DEVICES = Evidence(
    model=Device,
    subject="device",
    rows="phones",
    salted=True,
    leave_out=dict.fromkeys(("app", "last_push_at", "last_sent_at", "skew_ms", "highest_seq", "head"), COUNT),
)
SIGN_INS = Evidence(model=DeviceSignIn, subject="device-sign-in", rows="sign-ins on phones", salted=True)
OPS = Evidence(model=Op, subject="op", rows="operations that phones sent", school="site__school_id")
KEPT = Evidence(model=KeptAside, subject="kept", rows="things kept aside")
LOST_WORK = Evidence(model=LostWork, subject="lost-work", rows="losses of work", sealed=True)

EVIDENCE = [DEVICES, SIGN_INS, OPS, KEPT, LOST_WORK]
NOT_EVIDENCE: dict[type[models.Model], str] = {}
