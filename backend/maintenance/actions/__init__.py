"""Every write about what is wrong: report a problem, look at it, give it out, close it; strangers' reports; accepted risks."""

from backend.maintenance.actions.defects import close_defect, note_defect, reopen_defect, report_defect, withdraw_defect
from backend.maintenance.actions.giving import cancel_work, change_work, chase_work, give_work, reassign_work
from backend.maintenance.actions.merging import merge_defects, unmerge_defect
from backend.maintenance.actions.notes import files_taken, keep_photos
from backend.maintenance.actions.remedials import raise_remedial, schemes
from backend.maintenance.actions.reports import accept_report, join_report, receive_report, refuse_report
from backend.maintenance.actions.risks import ask_to_accept, decide_risk, end_risk
from backend.maintenance.actions.triage import make_safe, reject_defect, triage_defect
from backend.maintenance.actions.work import check_work, finish_by_firm, finish_work, send_back, start_work

__all__ = [
    "accept_report",
    "ask_to_accept",
    "cancel_work",
    "change_work",
    "chase_work",
    "check_work",
    "close_defect",
    "decide_risk",
    "end_risk",
    "files_taken",
    "finish_by_firm",
    "finish_work",
    "give_work",
    "join_report",
    "keep_photos",
    "make_safe",
    "merge_defects",
    "note_defect",
    "raise_remedial",
    "reassign_work",
    "receive_report",
    "refuse_report",
    "reject_defect",
    "reopen_defect",
    "report_defect",
    "schemes",
    "send_back",
    "start_work",
    "triage_defect",
    "unmerge_defect",
    "withdraw_defect",
]
