"""What waits for somebody about checks and documents."""

from backend.checks.waiting_applying import APPLYING
from backend.checks.waiting_bookings import BOOKINGS
from backend.checks.waiting_documents import DOCUMENTS
from backend.checks.waiting_due import DUE
from backend.checks.waiting_packs import PACKS
from backend.core.agenda import Asked

WAITING: list[Asked] = [*DUE, *APPLYING, *BOOKINGS, *DOCUMENTS, *PACKS]
