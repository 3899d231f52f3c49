"""Phones for the tests of the field protocol."""

import pytest
from django.core.cache import cache

from tests.sync.phone import Phone


@pytest.fixture
def phone(world) -> Phone:
    """The caretaker's phone, registered."""
    cache.clear()
    made = Phone(world.caretaker)
    assert made.register().status_code == 201
    return made


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    """Files of its own for each test."""
    place = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": place}
