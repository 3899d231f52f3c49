"""What the office keeps of its own: how people look at lists, what they changed, what they were told, which systems follow."""

from backend.office.models.exports import ListExport
from backend.office.models.lists import BulkChange, DefaultView, SavedView
from backend.office.models.notices import Letter, Notice, NoticeChoice, TakenOn
from backend.office.models.pushes import Push, PushDevice
from backend.office.models.webhooks import Delivery, Webhook

__all__ = [
    "BulkChange",
    "DefaultView",
    "Delivery",
    "Letter",
    "ListExport",
    "Notice",
    "NoticeChoice",
    "Push",
    "PushDevice",
    "SavedView",
    "TakenOn",
    "Webhook",
]
