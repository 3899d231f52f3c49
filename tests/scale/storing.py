"""This process's files in an object store."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from django.test import override_settings

from backend.config import settings as configured
from backend.config.storage import file_storage


@contextmanager
def stored_in(store: dict[str, str]) -> Iterator[None]:
    """Keep files where these settings say (SITEWARD_S3_…), read as a web process reads them from its environment."""
    with patch.dict(os.environ, store):
        place = file_storage(configured.env, configured.MEDIA_ROOT, "SITEWARD_S3")
    with override_settings(STORAGES={**configured.STORAGES, "default": place}):
        yield
