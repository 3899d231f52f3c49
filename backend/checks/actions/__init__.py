"""Every write of this app: publish the library, make plans, record checks, seal lapses, in and out of service."""

from backend.checks.actions.attempts import record_not_done
from backend.checks.actions.lapses import excuse_lapse, seal_lapses
from backend.checks.actions.library import publish_library
from backend.checks.actions.plans import NewPlan, make_plans, pause_plans, reckon_school
from backend.checks.actions.records import NewPhoto, NewRecord, When, record_check, record_checks
from backend.checks.actions.service import return_to_service, take_out_of_service

__all__ = [
    "NewPhoto",
    "NewPlan",
    "NewRecord",
    "When",
    "excuse_lapse",
    "make_plans",
    "pause_plans",
    "publish_library",
    "reckon_school",
    "record_check",
    "record_checks",
    "record_not_done",
    "return_to_service",
    "seal_lapses",
    "take_out_of_service",
]
