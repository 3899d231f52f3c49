"""What the list of what somebody was told is filtered by, and what of it stands in its file."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.db.models import QuerySet

from backend.core.days import LONDON
from backend.office.forms.lists import ListFilters
from backend.office.models import Notice

HEAD: Final = ("Told on", "At", "What", "Why", "Site", "Was due", "Sent by e-mail")
KINDS: Final = [
    ("unsafe", "Unsafe"), ("check", "Checks"), ("defect", "Problems"), ("work", "Work given"),
    ("deadline", "Work whose day came"), ("quiet", "Gone quiet"), ("risk", "Risks"), ("certificate", "Certificates"),
    ("document", "Documents"), ("visit", "Visits"), ("contractor", "Firms' papers"), ("competence", "Competences"),
    ("held", "Held for the office"),
    ("unsent", "Work that phones have not sent"),
]  # fmt: skip


class NoticeFilters(ListFilters):
    """What one was told, by words, site, what it is about and why it was told."""

    sorts = {"at": ("-at", "-weight", "pk"), "worst": ("-weight", "-at", "pk"), "due": ("due_on", "-weight", "pk")}
    shown = ("q", "site", "kind", "why")
    hidden = ()
    kind = forms.ChoiceField(label="About", required=False)
    why = forms.ChoiceField(label="Why", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("school", "building", "asset", "discipline"):
            del self.fields[name]
        self.choices("kind", "Everything", KINDS)
        self.choices("why", "For whatever reason", Notice.Sort.choices)

    def rows(self) -> QuerySet[Any]:
        """The notices wanted, the newest first."""
        rows: QuerySet[Any] = Notice.objects.visible_to(self.person)
        if not self.is_valid():
            return rows.none()
        rows = self.narrowed(rows, {"site": "site_id", "kind": "kind", "why": "sort"})
        if text := self.value("q"):
            rows = rows.filter(words__icontains=text)
        return self.ordered(rows).select_related("letter", "site")


def line(notice: Notice) -> Sequence[Any]:
    """A notice as a row of the file."""
    sent: dt.datetime | None = notice.letter.sent_at if notice.letter else None
    return (
        notice.day, notice.at.astimezone(LONDON).strftime("%H:%M"), notice.words, notice.get_sort_display(),
        notice.site.name if notice.site else "", notice.due_on, sent,
    )  # fmt: skip
