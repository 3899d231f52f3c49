"""A firm that may work: what most tests about work orders need of one."""

import datetime as dt
from typing import Any

from django.utils import timezone

from backend.core.days import today
from backend.maintenance.models import Contractor, ContractorPaper


def insured(name: str = "Volt Ltd", **more: Any) -> Contractor:
    """A firm of one person with its public liability in date for a year."""
    made = Contractor.objects.create(name=name, employs_nobody=True, **more)
    until = today() + dt.timedelta(days=365)
    ContractorPaper.objects.create(
        contractor=made, kind="public-liability", expires_on=until, cover_pence=1_000_000_000, added_at=timezone.now()
    )
    return made
