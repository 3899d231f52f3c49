"""How far an import has come, written past the transaction in which it runs: what it makes shows only when it is whole."""

import logging
import time
import uuid
from types import TracebackType
from typing import Final, Self

from django.db import Error, connections
from django.db.backends.base.base import BaseDatabaseWrapper

log = logging.getLogger(__name__)
EVERY_SECONDS: Final = 1.0
WAIT: Final = "SET lock_timeout = '500ms'"
SAY: Final = "UPDATE trust_import SET told = %s WHERE id = %s"


class Progress:
    """Says on a connection of its own how far an import has come, once a second at most. Failing to say it fails nothing."""

    def __init__(self, row_id: uuid.UUID) -> None:
        self.row_id, self.said_at = row_id, 0.0
        self.aside: BaseDatabaseWrapper | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, wrong: BaseException | None, trace: TracebackType | None) -> None:
        if self.aside is not None:
            self.aside.close()

    def __call__(self, said: str) -> None:
        """Say it, unless something was said a moment ago."""
        now = time.monotonic()
        if now - self.said_at < EVERY_SECONDS:
            return
        self.said_at = now
        try:
            if self.aside is None:
                self.aside = connections["default"].copy()
                with self.aside.cursor() as cursor:
                    cursor.execute(WAIT)
            with self.aside.cursor() as cursor:
                cursor.execute(SAY, [said[:200], self.row_id])
        except Error as wrong:
            log.warning("import %s: its progress could not be written: %s", self.row_id, type(wrong).__name__)
