"""Backups, and the whole of a trust to take away. See docker/BACKUP.md."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend.config.backup.runs import LastBackup


def last_backup() -> "LastBackup | None":
    """The latest backup: `at`, `file`, `size` (bytes), `verified_at`, `ok`, `says`. None when none was ever made."""
    from backend.config.backup.runs import last_backup as latest  # models are ready only later

    return latest()
