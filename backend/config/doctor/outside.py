"""What may be wrong with what Siteward relies on outside: mail, the malware scanner, backups."""

import datetime as dt
from typing import Any, Final

from django.conf import settings
from django.core.mail import get_connection

from backend.config.backup import last_backup
from backend.config.mail import FAILED, SENT
from backend.config.models import Sighting
from backend.config.scrubbing import clean
from backend.core.days import LONDON
from backend.core.doctor import Check, Finding, fine

OLD: Final = dt.timedelta(hours=36)  # a nightly backup and some air
TOO_OLD: Final = dt.timedelta(days=7)
UNPROVED: Final = dt.timedelta(days=92)
BACK_UP: Final = "Run: python manage.py backup create FILE, and see docker/BACKUP.md for backing up every night."


def mail_connects(_now: dt.datetime) -> Finding:
    """The mail server can be reached and knows us. Nothing is sent."""
    if "smtp" not in settings.MAIL_THROUGH:
        says = "No mail server is given, so nobody gets an invitation or a reminder by mail."
        mend = "Set SITEWARD_MAIL_URL=smtp+tls://user:password@host:587 and SITEWARD_MAIL_FROM."
        return fine(says) if settings.DEMO else Finding("warning", says, mend)
    line: Any = get_connection(settings.MAIL_THROUGH, fail_silently=False)
    try:
        line.open()
        line.connection.noop()
    except Exception as wrong:
        says = f"The mail server {settings.EMAIL_HOST}:{settings.EMAIL_PORT} cannot be used: {type(wrong).__name__}: {wrong}"
        return Finding("wrong", says, "Check SITEWARD_MAIL_URL, and whether a firewall lets this machine out to it.")
    finally:
        line.close()
    return fine(f"The mail server {settings.EMAIL_HOST} can be reached.")


def mail_goes_out(_now: dt.datetime) -> Finding:
    """The last mail went out."""
    seen = {row.name: row for row in Sighting.objects.filter(name__in=[SENT, FAILED])}
    failed, sent = seen.get(FAILED), seen.get(SENT)
    if failed and (sent is None or sent.at < failed.at):
        says = f"The last mail could not be sent ({failed.at.astimezone(LONDON):%d %B, %H:%M}): {failed.says}"
        return Finding("warning", says, "Look at the mail server's own log for that time.")
    return fine("The last mail went out." if sent else "No mail has been sent yet.")


def backed_up(now: dt.datetime) -> Finding:
    """There is a recent backup, and the latest attempt worked."""
    last = last_backup()
    if last is None or not last.size:
        says = "There is no backup." if last is None else f"No backup was ever made whole: {clean(last.says)}"
        return Finding("warning" if settings.DEMO and last is None else "wrong", says, BACK_UP)
    says = f"The last backup is {(now - last.at).total_seconds() / 3600:.0f} hours old."
    if not last.ok or now - last.at > TOO_OLD:
        return Finding("wrong", " ".join([says, clean(last.says)]).strip(), BACK_UP)
    return Finding("warning", says, BACK_UP) if now - last.at > OLD else fine(says)


def backup_proved(now: dt.datetime) -> Finding:
    """A backup was restored for proof within the last quarter."""
    last = last_backup()
    if last is None:
        return fine("There is no backup to prove yet.")
    mend = "Run: python manage.py backup verify FILE. It restores the backup beside this database and checks it."
    if last.verified_at is None:
        return Finding("warning", "No backup was ever proved by restoring it.", mend)
    if now - last.verified_at > UNPROVED:
        return Finding("warning", "No backup was proved by restoring it for three months.", mend)
    return fine(f"A backup was proved on {last.verified_at.astimezone(LONDON):%d %B %Y}.")


def scanner_answers(_now: dt.datetime) -> Finding:
    """The malware scanner, where one is configured, answers."""
    if not settings.CLAMD:
        return fine("No malware scanner is configured.")
    from backend.core.malware import ScannerDown, scan

    try:
        scan(b"Siteward was here.")
    except ScannerDown as wrong:
        mend = "Start clamd, or correct SITEWARD_CLAMD. Until then new files wait unseen; none is lost."
        return Finding("wrong", f"The malware scanner at {settings.CLAMD} does not answer: {wrong}", mend)
    return fine("The malware scanner answers.")


CHECKS = [
    Check("mail-server", "The mail server", mail_connects, needs_database=False, asks_outside=True),
    Check("mail", "Mail", mail_goes_out),
    Check("backup", "Backups", backed_up),
    Check("backup-proved", "Proof of backups", backup_proved),
    Check("scanner", "Malware scanner", scanner_answers, needs_database=False, asks_outside=True),
]
