"""Files by their hash, and pictures made safe for showing."""

import datetime as dt
import hashlib
import io
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from django_q.models import OrmQ
from PIL import Image

from backend.core import files
from backend.core.models import StoredFile, Upload
from backend.core.pictures import fault_of_picture, kind_of, make_shown, picture_size, redrawn, shown_path
from backend.core.problems import NotFound, Problem
from tests.sync.pictures import jpeg, picture, png_that_claims


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    """Files of its own for each test."""
    place = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": place}


def test_the_size_is_read_from_every_header_without_decoding():
    for form, more in (("JPEG", {}), ("JPEG", {"progressive": True}), ("PNG", {}), ("WEBP", {}), ("WEBP", {"lossless": True})):
        content = picture(form, 123, 45, **more)
        assert picture_size(content) == (123, 45), (form, more)
        assert kind_of(content) == f"image/{form.lower()}"
    animated = io.BytesIO()
    frames = [Image.new("RGB", (50, 60), colour) for colour in ("red", "blue")]
    frames[0].save(animated, "WEBP", save_all=True, append_images=frames[1:])
    assert picture_size(animated.getvalue()) == (50, 60)


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF1234WEBP", b"RIFF1234WEBPVP8X", b"GIF89a"])
def test_a_damaged_header_says_no_size_and_raises_nothing(content):
    assert picture_size(content) is None
    assert fault_of_picture(content)


def test_every_cut_of_a_picture_is_read_without_a_fault():
    for content in (jpeg(40, 30), picture("PNG", 40, 30), picture("WEBP", 40, 30)):
        for end in range(0, min(len(content), 400)):
            assert picture_size(content[:end]) in (None, (40, 30))


def test_a_picture_for_showing_is_small_upright_and_without_the_cameras_notes():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter
    exif[0x010F] = "A camera"
    content = jpeg(800, 400, exif=exif.tobytes())
    drawn = Image.open(io.BytesIO(redrawn(content, 320) or b""))
    assert drawn.size == (160, 320)
    assert not dict(drawn.getexif())


def test_a_picture_that_unfolds_or_is_damaged_is_not_drawn():
    assert redrawn(png_that_claims(30_000, 30_000), 320) is None
    assert redrawn(jpeg(400, 400)[:300], 320) is None
    assert redrawn(b"no picture", 320) is None


def test_see_through_parts_are_drawn_on_white():
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(out, "PNG")
    assert Image.open(io.BytesIO(redrawn(out.getvalue(), 320) or b"")).getpixel((5, 5)) == (255, 255, 255)


def test_keeping_a_picture_twice_keeps_it_once_and_asks_for_its_copies(db):
    content = jpeg(300, 200)
    before = OrmQ.objects.count()
    first, second = files.keep(content, "image/jpeg"), files.keep(content, "image/jpeg")
    assert first.pk == second.pk == hashlib.sha256(content).hexdigest()
    assert OrmQ.objects.count() == before + 1
    assert files.open_file(first.pk).read() == content
    assert make_shown(first.pk)
    assert make_shown(first.pk)
    assert default_storage.exists(shown_path(first.pk, "large"))


def test_what_a_broken_attempt_left_behind_is_written_over(db):
    content = jpeg(30, 20)
    path = files.path_of(hashlib.sha256(content).hexdigest())
    files.put(path, b"half of it")
    files.keep(content, "image/jpeg")
    assert files.read(path) == content


def test_a_row_whose_bytes_have_gone_is_not_found(db):
    StoredFile.objects.create(sha256="9" * 64, size=3, content_type="image/png", received_at=timezone.now())
    with pytest.raises(NotFound):
        files.open_file("9" * 64)
    assert files.missing(["9" * 64, "8" * 64]) == {"8" * 64}


def test_uploads_that_nobody_goes_on_with_are_forgotten(db):
    content, now = jpeg(60, 60), timezone.now()
    name = hashlib.sha256(content).hexdigest()
    said: dict[str, Any] = {"owner": "person:1", "sha256": name, "length": len(content), "content_type": "image/jpeg"}
    files.receive(**said, offset=0, piece=content[:100])
    with pytest.raises(Problem):
        files.receive(**said, offset=100, piece=b"")
    assert files.forget_unfinished(now + dt.timedelta(days=59)) == 0
    paths = files.pieces_of(Upload.objects.get())
    assert len(paths) == 1
    assert files.forget_unfinished(now + dt.timedelta(days=61)) == 1
    assert not default_storage.exists(paths[0])
    assert not Upload.objects.exists()
