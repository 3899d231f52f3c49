"""Every write of this app: publish the library, make plans, record checks, seal lapses, in and out of service."""

from backend.checks.actions.attempts import record_not_done
from backend.checks.actions.bookings import NewBooking, Preview, book, cancel_booking, move_booking, preview
from backend.checks.actions.certificate_told import Covered, NewCertificate, Remedial
from backend.checks.actions.certificate_withdrawn import withdraw_certificate
from backend.checks.actions.certificates import file_certificate, file_remedial
from backend.checks.actions.feeds import end_feed, new_feed
from backend.checks.actions.lapses import excuse_lapse, seal_lapses
from backend.checks.actions.library import publish_library
from backend.checks.actions.plans import NewPlan, make_plans, pause_plans, reckon_school
from backend.checks.actions.records import add_records, record_check, record_checks
from backend.checks.actions.rounds import change_round, end_round, make_round, set_cover
from backend.checks.actions.service import return_to_service, take_out_of_service
from backend.checks.actions.told import NewPhoto, NewRecord, When, corrections_of, sound

__all__ = [
    "Covered",
    "NewBooking",
    "NewCertificate",
    "NewPhoto",
    "NewPlan",
    "NewRecord",
    "Preview",
    "Remedial",
    "When",
    "add_records",
    "book",
    "cancel_booking",
    "change_round",
    "corrections_of",
    "end_feed",
    "end_round",
    "excuse_lapse",
    "file_certificate",
    "file_remedial",
    "make_plans",
    "make_round",
    "move_booking",
    "new_feed",
    "pause_plans",
    "preview",
    "publish_library",
    "reckon_school",
    "record_check",
    "record_checks",
    "record_not_done",
    "return_to_service",
    "seal_lapses",
    "set_cover",
    "sound",
    "take_out_of_service",
    "withdraw_certificate",
]
