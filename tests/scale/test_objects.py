"""Files in an object store behave as files in a folder do."""

import datetime as dt
import hashlib

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.test import override_settings
from django.utils import timezone

from backend.config import settings as configured
from backend.config.backup import scheduled, stored
from backend.config.storage import file_storage
from backend.core import files, pictures
from backend.core.invariants import file_faults
from backend.core.models import StoredFile, Upload
from backend.core.problems import NotFound
from tests.scale.servers import object_store
from tests.scale.storing import stored_in
from tests.sync.pictures import jpeg

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("backup")]
PIECE = 2000


@pytest.fixture(scope="module")
def store():
    """An object store."""
    with object_store() as settings:
        yield settings


@pytest.fixture(autouse=True)
def files_there(store):
    """All files of this test in it, and none of another's."""
    with stored_in(store):
        for name in list(stored.names()):
            default_storage.delete(name)
        yield


def said_of(content):
    """What a phone says of a photo."""
    name = hashlib.sha256(content).hexdigest()
    return {"owner": "person:1", "sha256": name, "length": len(content), "content_type": "image/jpeg"}


def begin(content):
    """Send the first piece of a photo."""
    assert len(content) > PIECE
    files.receive(**said_of(content), offset=0, piece=content[:PIECE])


def test_a_file_arrives_in_pieces_is_kept_whole_and_its_pieces_go():
    content = jpeg(200, 150, quality=95)
    begin(content)
    assert [name.partition("/")[0] for name in stored.names()] == ["arriving"]
    assert files.receive(**said_of(content), offset=PIECE, piece=content[PIECE:]).complete
    kept = StoredFile.objects.get()
    assert files.open_file(kept.pk).read() == content
    assert list(stored.names()) == [files.path_of(kept.pk)]
    assert pictures.make_shown(kept.pk)
    assert default_storage.exists(pictures.shown_path(kept.pk, "small"))


def test_a_file_that_is_not_there_is_not_found_and_is_told_by_verify():
    StoredFile.objects.create(sha256="9" * 64, size=3, content_type="image/png", received_at=timezone.now())
    with pytest.raises(NotFound):
        files.open_file("9" * 64)
    assert any("9" * 64 in fault for fault in file_faults(lambda _count: None))


def test_what_a_broken_attempt_left_is_written_over_and_changed_bytes_are_told():
    content = jpeg(30, 20)
    path = files.path_of(hashlib.sha256(content).hexdigest())
    files.put(path, b"half of it")
    files.keep(content, "image/jpeg")
    assert files.read(path) == content
    assert not list(file_faults(lambda _count: None))
    files.put(path, content[:-1] + b"?")
    assert list(file_faults(lambda _count: None))


def test_uploads_that_nobody_goes_on_with_are_forgotten():
    begin(jpeg(200, 150, quality=95))
    assert files.forget_unfinished(timezone.now() + dt.timedelta(days=61)) == 1
    assert not Upload.objects.exists()
    assert list(stored.names()) == []


def test_a_file_put_back_is_the_same_also_over_half_of_it(tmp_path):
    content = jpeg(40, 30)
    name = files.path_of(hashlib.sha256(content).hexdigest())
    path = tmp_path / "content"
    path.write_bytes(content)
    for there in (b"", content[:10], content):
        files.put(name, there)
        with path.open("rb") as file:
            assert stored.put_back(name, file) == (len(content), hashlib.sha256(content).hexdigest())
        assert files.read(name) == content


def test_a_store_that_does_not_answer_is_not_taken_for_an_empty_one(store):
    with stored_in({**store, "SITEWARD_S3_BUCKET": "no-such-bucket"}), pytest.raises(Exception, match="not exist"):
        list(stored.names())


@pytest.mark.django_db(transaction=True)
def test_the_nightly_backup_goes_into_a_bucket_and_comes_back_from_it(store, settings, tmp_path, monkeypatch):
    settings.VAR, settings.BACKUP_SCHEDULED, settings.HEADS_FILE = tmp_path, True, str(tmp_path / "heads")
    for name, value in store.items():
        monkeypatch.setenv(name.replace("SITEWARD_S3", "SITEWARD_BACKUP_S3"), value)
    monkeypatch.setenv("SITEWARD_BACKUP_S3_FOLDER", "backups")
    place = file_storage(configured.env, tmp_path, "SITEWARD_BACKUP_S3")
    with override_settings(STORAGES={**settings.STORAGES, "backups": place}):
        assert "bytes" in scheduled.back_up()
        (name,) = scheduled.there()
        with scheduled.on_disk(name) as path:
            assert path.stat().st_size == storages["backups"].size(name)
    assert list(tmp_path.iterdir()) == []


def test_the_bucket_of_a_store_just_started_is_made_once(store):
    with stored_in({**store, "SITEWARD_S3_BUCKET": "made-by-upgrade"}):
        assert storages["default"].make_bucket()  # type: ignore[attr-defined]
        assert not storages["default"].make_bucket()  # type: ignore[attr-defined]
        default_storage.save("x", ContentFile(b"there"))
        assert default_storage.open("x").read() == b"there"
