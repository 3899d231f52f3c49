"""Addresses of what is owed and what was done; of scanning a label; of taking assets in and out of service."""

from backend.checks.api.bookings import Bookings
from backend.checks.api.certificates import Certificates, Documents
from backend.checks.api.check_types import CheckRevisions, CheckTypes
from backend.checks.api.compliance import Compliance
from backend.checks.api.lapses import Lapses
from backend.checks.api.plans import Plans
from backend.checks.api.records import Records
from backend.checks.api.register import Assets, MoveAsset, RetireAsset
from backend.checks.api.scan import ByTag
from backend.checks.api.service import ReturnToService, TakeOutOfService

__all__ = [
    "Assets",
    "Bookings",
    "ByTag",
    "Certificates",
    "CheckRevisions",
    "CheckTypes",
    "Compliance",
    "Documents",
    "Lapses",
    "MoveAsset",
    "Plans",
    "Records",
    "RetireAsset",
    "ReturnToService",
    "TakeOutOfService",
]
