"""Readings: keep a value read off an asset."""

import datetime as dt
import uuid
from decimal import Decimal

from django.db import transaction

from backend.assets.evidence import READINGS
from backend.assets.models import Asset, Reading
from backend.core import audit
from backend.core.problems import Problem
from backend.trust import permits
from backend.trust.models import Person
from backend.trust.scope import require


@transaction.atomic
def take_reading(*, id: uuid.UUID, asset: Asset, value: Decimal, unit: str, taken_at: dt.datetime, person: Person) -> Reading:
    """Keep a value read off an asset."""
    require(person, permits.CHECK_RECORD, asset.site, "take readings")
    if not value.is_finite() or abs(value) >= Decimal(10) ** 14:
        raise Problem("answers", "That reading is not a possible number.", fields={"value": "Write the number shown."})
    reading = Reading.objects.create(
        id=id, asset=asset, value=value, unit=unit[:20], taken_at=taken_at.astimezone(dt.UTC), taken_by=person
    )
    audit.append([READINGS.fact(reading, person.pk, person.name)])
    return reading
