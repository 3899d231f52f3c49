"""The matrix's world, built once for each worker in a transaction that is taken back at the end."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import override_settings

from backend.checks.actions import publish_library
from backend.checks.models import CheckType
from backend.config import phone
from backend.core.pictures import make_shown
from tests.matrix.columns import SITES
from tests.matrix.world import MatrixWorld, build


@pytest.fixture(scope="module")
def db(django_db_setup: Any, django_db_blocker: Any) -> Iterator[None]:
    """In place of pytest-django's: one transaction for a whole module, never committed.

    It has that name so that pytest-django makes the test database, which it does only where a test asks for `db`.
    """
    with django_db_blocker.unblock():
        name = connection.settings_dict["NAME"]
        assert name.startswith("test_"), f"{name} is no test database"
        with transaction.atomic():
            yield
            transaction.set_rollback(True)


@pytest.fixture(scope="module")
def matrix(db: None, tmp_path_factory: Any) -> Iterator[MatrixWorld]:
    """The world. Every cell works in a savepoint of its own."""
    place: Path = tmp_path_factory.mktemp("matrix")
    app = place / "fieldapp"
    app.mkdir()
    (app / "index.html").write_text("<!doctype html><title>Checks</title>")
    stored = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": place / "files"}}
    static = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    authority, before = place / "authority.crt", phone.AUTHORITY
    authority.write_text("as when the demo serves phones")
    phone.AUTHORITY = authority
    with override_settings(STORAGES={"default": stored, "staticfiles": static}, FIELDAPP_DIST=app, DEMO=True):
        cache.clear()
        if not CheckType.objects.exists():
            publish_library(actor="tests")
        world = build()
        for name in SITES:
            make_shown(world.rows["file"][name])
        note_etags(world)
        logging.disable(logging.CRITICAL)  # thousands of refusals are meant
        yield world
        logging.disable(logging.NOTSET)
    phone.AUTHORITY = before


def note_etags(world: MatrixWorld) -> None:
    """The ETags of every site's documents, as somebody who may see them was given them."""
    for name in ("forms", "register", "due"):
        for site in world.rows["site"].values():
            answer = world.clients["estates-lead"].get(f"/api/v1/field/sites/{site}/{name}")
            world.etags[f"{name} {site}"] = answer.headers["ETag"]
