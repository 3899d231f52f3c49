"""Sends mail through whatever is configured, and notes when that last worked and when and why it last failed."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage
from django.db import DatabaseError
from django.utils import timezone

from backend.config.models import Sighting
from backend.config.scrubbing import clean

SENT, FAILED = "mail sent", "mail failed"


class NotedMail(BaseEmailBackend):
    """A mail backend in front of settings.MAIL_THROUGH."""

    def __init__(self, fail_silently: bool = False, **more: Any) -> None:
        super().__init__(fail_silently=fail_silently)
        self.through: Any = get_connection(settings.MAIL_THROUGH, fail_silently=False, **more)

    def open(self) -> bool | None:
        """Open the connection to the mail server. Raises OSError or SMTPException when it cannot."""
        answer: bool | None = self.through.open()
        return answer

    def close(self) -> None:
        """Close it."""
        self.through.close()

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Send them; how many went. What goes wrong is noted, then raised unless the caller asked for silence."""
        try:
            sent = int(self.through.send_messages(email_messages) or 0)
        except Exception as wrong:
            note(FAILED, clean(f"{type(wrong).__name__}: {wrong}"))
            if self.fail_silently:
                return 0
            raise
        if sent:
            note(SENT, "")
        return sent


def note(name: str, says: str) -> None:
    """Keep the latest of its kind. That this fails is no reason for a mail to fail."""
    try:
        Sighting.objects.see(name, says, at=timezone.now())
    except DatabaseError:
        return
