"""What the installation remembers about itself is no history."""

from django.db import models

from backend.config.models import BackupRun, Sighting
from backend.core.evidence import Evidence

EVIDENCE: list[Evidence] = []
NOT_EVIDENCE: dict[type[models.Model], str] = {
    BackupRun: "How a backup went is the operator's log; the backup itself holds the chain.",
    Sighting: "When a worker or the mail was last seen: overwritten all the time.",
}
