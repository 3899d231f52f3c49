"""What is refused at receipt, by content; and what honest cameras and office programs write, which is not."""

import hashlib
import io
import struct
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from backend.core import files
from backend.core.files import fault_of_content
from backend.core.models import FileProof, StoredFile
from backend.core.papers import CSV, MOST_PARTS, MOST_UNFOLDED, PDF, SHEET, WORD
from backend.core.pictures import redrawn
from backend.core.problems import Problem
from tests.security import hostile
from tests.security.hostile import SCRIPT, WORD_MAIN, archive, jpeg_with, office, pdf, png_chunk, png_with, webp_with
from tests.sync.pictures import jpeg, picture

EXIF = b"Exif\x00\x00" + SCRIPT
TWO_THINGS = {
    "JPEG, then an archive": (jpeg() + archive(), "image/jpeg"),
    "JPEG with an archive in its notes": (jpeg_with(archive()), "image/jpeg"),
    "JPEG with a page in its comment": (jpeg_with(SCRIPT), "image/jpeg"),
    "JPEG with a page in its EXIF": (jpeg_with(EXIF, 0xE1), "image/jpeg"),
    "JPEG with a page in UTF-16": (jpeg_with("<script>".encode("utf-16-le")), "image/jpeg"),
    "JPEG with PHP in its comment": (jpeg_with(b"<?php system($_GET[0]); ?>"), "image/jpeg"),
    "JPEG, then a page": (jpeg() + b"<html><body>" + SCRIPT, "image/jpeg"),
    "JPEG, then a PDF": (jpeg() + pdf(), "image/jpeg"),
    "JPEG, then a camera's picture with a page after it": (jpeg() + jpeg() + SCRIPT, "image/jpeg"),
    "PNG, then a page": (picture("PNG", 20, 20) + b"<!DOCTYPE html>" + SCRIPT, "image/png"),
    "PNG, then an archive": (picture("PNG", 20, 20) + archive(), "image/png"),
    "PNG with a page in its text": (png_with(png_chunk(b"tEXt", b"Comment\x00" + SCRIPT)), "image/png"),
    "PNG with SVG in its text": (png_with(png_chunk(b"iTXt", b"XML\x00\x00\x00\x00\x00<svg onload=x>")), "image/png"),
    "WebP, then an archive": (picture("WEBP", 20, 20) + archive(), "image/webp"),
    "WebP with a page in its notes": (webp_with(b"EXIF", SCRIPT), "image/webp"),
    "PDF, then an archive": (pdf(archive()), PDF),
    "PDF, then a page": (pdf(SCRIPT), PDF),
    "PDF, then a program": (pdf(b"MZ" + b"\x90" * 5000), PDF),
    "Word file, then a page": (office() + SCRIPT, WORD),
    "CSV that is a page": (b"<html>\n" + SCRIPT, CSV),
}
NOT_TAKEN = {
    "GIF with a JAR": (b"GIF89a" + archive(), "image/jpeg"),
    "page before a PDF": (b"<html>" + SCRIPT + pdf(), PDF),
    "archive before a PDF": (archive() + pdf(), PDF),
    "SVG": (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>x</script></svg>', "image/png"),
    "JAR as a Word file": (archive(), WORD),
    "old Word file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, WORD),
    "Word file as Excel": (office(), SHEET),
    "picture as PDF": (jpeg(), PDF),
    "binary as CSV": (b"a,b\n\x00\x01\x02", CSV),
    "nothing": (b"", "image/png"),
}


def refused(content, kind):
    """The code of the refusal; "" when it is taken."""
    problem = fault_of_content(content, kind)
    return problem.code if problem else ""


@pytest.mark.parametrize("name", TWO_THINGS)
def test_a_file_that_is_two_things_is_refused(name):
    assert refused(*TWO_THINGS[name]) == "two_things"


@pytest.mark.parametrize("name", NOT_TAKEN)
def test_a_file_that_is_not_what_it_was_said_to_be_is_refused(name):
    assert refused(*NOT_TAKEN[name]) == "wrong_type"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_that_breaks_off_is_refused_wherever_it_breaks(form):
    content = picture(form, 60, 40)
    whole = f"image/{form.lower()}"
    assert refused(content, whole) == ""
    taken = [cut for cut in range(16, len(content), 7) if not refused(content[:cut], whole)]
    assert not taken


def test_what_cameras_add_after_a_picture_is_taken():
    clip = b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 200
    for tail in (
        b"",
        b"\x00" * 512,
        b"\n",
        jpeg(16, 12),
        clip,
        b"\x00\x00\x01\x0aImage_UTC_Data1690000000000SEFH" + b"\x01" * 20 + b"SEFT",
    ):
        assert refused(jpeg() + tail, "image/jpeg") == "", tail[:20]


def test_honest_pictures_are_taken():
    exif = Image.Exif()
    exif[0x010F], exif[0x010E] = "A camera", "Boiler < 60 degrees > 50"
    animated = io.BytesIO()
    frames = [Image.new("RGB", (50, 60), colour) for colour in ("red", "blue")]
    frames[0].save(animated, "WEBP", save_all=True, append_images=frames[1:])
    odd = {
        "image/jpeg": [
            jpeg(800, 600, exif=exif.tobytes()),
            jpeg(40, 40, progressive=True),
            jpeg(33, 17, restart_marker_blocks=1),
        ],
        "image/png": [picture("PNG", 33, 17), picture("PNG", 300, 300, optimize=True)],
        "image/webp": [picture("WEBP", 33, 17), picture("WEBP", 33, 17, lossless=True), animated.getvalue()],
    }
    assert not [(kind, number) for kind, made in odd.items() for number, each in enumerate(made) if refused(each, kind)]


def test_noise_in_pixels_is_never_taken_for_an_archive():
    pixels = jpeg(300, 200, quality=95)
    assert b"PK\x05\x06" not in pixels
    for place in (len(pixels) // 2, len(pixels) - 30):
        assert refused(pixels[:place] + b"PK\x05\x06" + b"\x17" * 18 + pixels[place + 22 :], "image/jpeg") == ""


@given(
    st.binary(max_size=400), st.sampled_from([jpeg(20, 20), picture("PNG", 9, 9), picture("WEBP", 9, 9), pdf(), office(), b""])
)
@settings(max_examples=300, deadline=None)
def test_no_bytes_whatever_make_the_judging_raise(junk, start):
    for kind in sorted(files.ENDINGS):
        for content in (start[: len(start) // 2] + junk, start + junk, junk + start):
            fault_of_content(content, kind)
    redrawn(start[: len(start) // 2] + junk, 64)


def test_office_files_as_programs_write_them_are_taken():
    linked = {"word___rels__document_dot_xml_dot_rels": hostile.relation("hyperlink", "https://example.org/")}
    local = {"word___rels__settings_dot_xml_dot_rels": hostile.relation("attachedTemplate", "file:///C:\\Templates\\Letter.dotx")}
    assert refused(office(), WORD) == ""
    assert refused(office(hostile.SHEET_MAIN, xl__worksheets__sheet1_dot_xml=b"<worksheet>" + b"<c/>" * 400_000), SHEET) == ""
    assert refused(office(WORD_MAIN, **linked), WORD) == ""
    assert refused(office(WORD_MAIN, **local), WORD) == ""
    assert refused("Asset,Found\nBoiler,“good”\n".encode(), CSV) == ""


MACROS = {
    "a macro": office(word__vbaProject_dot_bin=b"\xd0\xcf\x11\xe0"),
    "a macro by its kind": office("application/vnd.ms-word.document.macroEnabled.main+xml"),
    "an Excel 4 macro": office(hostile.SHEET_MAIN, xl__macrosheets__sheet1_dot_xml=b"<xm:macrosheet/>"),
    "an ActiveX control": office(word__activeX__activeX1_dot_xml=b"<ax:ocx/>"),
    "an embedded program": office(word__embeddings__oleObject1_dot_bin=b"\xd0\xcf\x11\xe0"),
}


@pytest.mark.parametrize("name", MACROS)
def test_an_office_file_that_carries_a_program_is_refused(name):
    kind = SHEET if "Excel" in name else WORD
    assert refused(MACROS[name], kind) == "macro"


@pytest.mark.parametrize("target", ["https://evil.example/t.dotm", "\\\\evil.example\\share\\t.dotm", "http://10.0.0.1/t"])
def test_an_office_file_that_fetches_a_template_is_refused(target):
    content = office(word___rels__settings_dot_xml_dot_rels=hostile.relation("attachedTemplate", target))
    assert refused(content, WORD) == "linked"


def test_entities_are_refused_and_never_resolved():
    for said in ("utf-8", "utf-16"):
        bomb = f'<?xml version="1.0" encoding="{said}"?><!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]><d>&a;</d>'.encode(
            said
        )
        assert refused(office(word__styles_dot_xml=bomb), WORD) == "damaged"


def test_archives_that_unfold_are_refused_before_they_do():
    started = time.monotonic()
    bomb = office(word__media__image1_dot_png=b"\x00" * (MOST_UNFOLDED // 2))
    many = hostile.packed({"[Content_Types].xml": hostile.WORD_MAIN.encode(), **{f"p{n}": b"" for n in range(MOST_PARTS + 1)}})
    huge = hostile.with_size_lied_about(office(word__a_dot_xml=b"<a/>" * 100), "word/a.xml", 4_000_000_000)
    for content in (bomb, many, huge):
        assert refused(content, WORD) == "unfolds"
    small = hostile.with_size_lied_about(office(word__a_dot_xml=b"<a>" + b"b" * 5_000_000 + b"</a>"), "word/a.xml", 900_000)
    assert refused(small, WORD) == "damaged"
    assert time.monotonic() - started < 5


def test_archives_whose_parts_lead_elsewhere_overlap_or_are_locked_are_refused():
    types = hostile.WORD_MAIN.encode()
    for name in ("../../etc/cron.d/x", "/etc/passwd", "word\\..\\..\\x", "C:/x"):
        assert refused(hostile.packed({"[Content_Types].xml": types, name: b"x"}), WORD) == "damaged", name
    twice = bytearray(hostile.packed({"[Content_Types].xml": types, "word/one.xml": b"<a/>", "word/two.xml": b"<a/>"}))
    second = twice.rfind(b"PK\x01\x02")
    first = twice.rfind(b"PK\x01\x02", 0, second)
    twice[second + 42 : second + 46] = twice[first + 42 : first + 46]
    assert refused(bytes(twice), WORD) in {"damaged", "wrong_type"}
    locked = bytearray(hostile.packed({"[Content_Types].xml": types, "word/one.xml": b"<a/>"}))
    last = locked.rfind(b"PK\x01\x02")
    locked[last + 8 : last + 10] = struct.pack("<H", 1)
    assert refused(bytes(locked), WORD) == "locked"


@pytest.fixture
def own_files(settings, tmp_path):
    """Files of its own for each test."""
    place = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": place}


def test_a_form_may_hand_in_office_files_and_nothing_half_is_kept(db, own_files):
    content = office()
    stored = files.take(content, owner="person:1")
    assert (stored.pk, stored.content_type) == (hashlib.sha256(content).hexdigest(), WORD)
    assert FileProof.objects.filter(sha256=stored.pk, owner="person:1").exists()
    assert files.open_file(stored.pk).read() == content
    for bad, code in (
        (MACROS["a macro"], "macro"),
        (b"\x7fELF" + b"\x00" * 50, "wrong_type"),
        (jpeg() + b"x" * files.LARGEST, "too_large"),
    ):
        with pytest.raises(Problem) as told:
            files.take(bad, owner="person:1")
        assert told.value.code == code
    assert StoredFile.objects.count() == 1
