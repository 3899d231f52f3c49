"""Damaged files through every door: taken, or refused in words; never a fault of ours, and never half of one kept.

SITEWARD_FILES_EACH tries each door that many times (120 unless said; 10,000 files in all are the judged form).
"""

import argparse
import os
import random
from collections.abc import Iterator
from importlib import import_module

import pytest
from django.core.cache import cache
from django.core.management import find_commands, load_command_class
from django.db import transaction

from backend.core.models import AuditEntry
from tests.abuse.damage import damaged
from tests.abuse.importers import IMPORTERS, REFUSALS, Importer

EACH = int(os.environ.get("SITEWARD_FILES_EACH", "120"))
SEED = int(os.environ.get("SITEWARD_SEED", "20261122"))
TAKES_A_FILE = {"file", "files", "folder", "path"}


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    """Files of its own for each test."""
    place = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": place}
    settings.HEADS_FILE = str(tmp_path / "heads.jsonl")
    cache.clear()


@pytest.mark.parametrize("door", IMPORTERS, ids=lambda door: door.name)
def test_a_sound_file_is_taken(door: Importer, world):
    door.take(world, door.whole(world))


@pytest.mark.parametrize("door", IMPORTERS, ids=lambda door: door.name)
def test_a_damaged_file_is_taken_or_refused_in_words(door: Importer, world):
    chance, whole = random.Random(f"{SEED} {door.name}"), door.whole(world)
    for _ in range(EACH):
        content = damaged(whole, chance)
        before = AuditEntry.objects.count()
        try:
            with transaction.atomic():
                door.take(world, content)
                transaction.set_rollback(True)
        except REFUSALS as refused:
            said = str(getattr(refused, "detail", refused)).strip()
            assert said, (door.name, content[:200])
            assert "Traceback" not in said, said
        assert AuditEntry.objects.count() == before


def file_arguments(parser: argparse.ArgumentParser, words: str) -> Iterator[str]:
    """The words of every form of a command that takes a file or a folder to read."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for word, inner in action.choices.items():
                yield from file_arguments(inner, f"{words} {word}")
        elif action.dest in TAKES_A_FILE and not action.option_strings:
            yield words
        elif action.dest == "what" and action.choices:  # a word that says what to do, before the file
            others = {each.dest for each in parser._actions if not each.option_strings or each.dest in TAKES_A_FILE}
            if others & TAKES_A_FILE:
                yield from (f"{words} {word}" for word in action.choices)


WRITES_ITS_FILE = {"backup create", "backup key", "evidence export", "heads key", "trust_export create"}
"""Commands whose file is an output."""


def test_every_command_that_takes_a_file_is_among_the_doors():
    from django.apps import apps

    found = set()
    for app in apps.get_app_configs():
        if app.name.startswith("backend."):
            folder = import_module(app.name).__path__[0] + "/management"
            for name in find_commands(folder):
                found |= set(file_arguments(load_command_class(app.name, name).create_parser("manage.py", name), name))
    tried = {door.words for door in IMPORTERS}
    assert not found - tried - WRITES_ITS_FILE, "add these to tests/abuse/importers.py, or to WRITES_ITS_FILE"
    assert not {word for word in tried if word} - found, "these doors are no commands any more"
