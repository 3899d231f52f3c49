"""Photos on their way to the server, and who may look at them."""

import hashlib
import json

import pytest
from django.core.files.storage import default_storage

from backend.assets.models import AssetPaper
from backend.core.models import StoredFile, Upload
from backend.core.pictures import make_shown
from tests.sync.phone import ROOT, Phone, asset_added, check_done, defect_reported
from tests.sync.pictures import jpeg, picture, png_that_claims

PIECE = 4096
PHOTO = jpeg(200, 150, quality=95)


def name_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def put(phone, content, start=0, piece=None, *, name=None, kind="image/jpeg", length=None, **more):
    """Send the piece of `content` that begins at `start`."""
    part = content[start : start + PIECE] if piece is None else piece
    length = len(content) if length is None else length
    headers = {**phone.headers(part), "Upload-Offset": str(start), "Upload-Length": str(length), **more}
    return phone.client.put(f"{ROOT}files/{name or name_of(content)}", part, content_type=kind, headers=headers)


def send(phone, content, kind="image/jpeg"):
    """Send all of it, piece by piece; the last answer."""
    for start in range(0, len(content), PIECE):
        answer = put(phone, content, start, kind=kind)
    return answer


def have(phone, *names):
    body = json.dumps({"sha256": names})
    answer = phone.client.post(ROOT + "files/have", body, content_type="application/json", headers=phone.headers(body.encode()))
    assert answer.status_code == 200, answer.content
    return answer.json()["offsets"]


def ref(content, kind="image/jpeg"):
    return {"sha256": name_of(content), "type": kind, "size": len(content), "field": ""}


def test_a_photo_arrives_in_pieces_and_is_kept_as_it_came(phone):
    assert len(PHOTO) > 3 * PIECE
    answers = [put(phone, PHOTO, start).json() for start in range(0, len(PHOTO), PIECE)]
    assert [each["complete"] for each in answers] == [False] * (len(answers) - 1) + [True]
    stored = StoredFile.objects.get()
    assert (stored.pk, stored.size, stored.content_type) == (name_of(PHOTO), len(PHOTO), "image/jpeg")
    assert not Upload.objects.exists()
    assert not default_storage.exists(f"arriving/{stored.pk}") or not any(default_storage.listdir(f"arriving/{stored.pk}")[1])


def test_after_a_cut_it_goes_on_where_the_server_is(phone):
    unknown = "0" * 64
    put(phone, PHOTO, 0)
    assert have(phone, name_of(PHOTO), unknown) == {name_of(PHOTO): PIECE, unknown: 0}
    wrong = put(phone, PHOTO, 3 * PIECE)
    assert (wrong.status_code, wrong.json()["offset"], wrong["Content-Type"]) == (409, PIECE, "application/problem+json")
    repeated = put(phone, PHOTO, 0)
    assert (repeated.status_code, repeated.json()["offset"]) == (409, PIECE)
    for start in range(PIECE, len(PHOTO), PIECE):
        answer = put(phone, PHOTO, start)
    assert answer.json()["complete"]
    assert have(phone, name_of(PHOTO)) == {name_of(PHOTO): len(PHOTO)}
    assert put(phone, PHOTO, 0).json() == {"offset": len(PHOTO), "length": len(PHOTO), "complete": True}


def test_the_session_may_run_out_in_the_middle(phone):
    put(phone, PHOTO, 0)
    phone.session = False
    assert have(phone, name_of(PHOTO))[name_of(PHOTO)] == PIECE
    for start in range(PIECE, len(PHOTO), PIECE):
        assert put(phone, PHOTO, start).status_code == 200
    phone.signs = False
    assert put(phone, jpeg(20, 20), 0).status_code == 401


def test_other_bytes_than_announced_are_refused_and_dropped(phone):
    answer = put(phone, PHOTO[:100], 0, name=name_of(PHOTO))
    assert (answer.status_code, answer.json()["code"]) == (400, "wrong_hash")
    assert not StoredFile.objects.exists()
    assert not Upload.objects.exists()
    assert send(phone, PHOTO).json()["complete"]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"This is a text that somebody called .jpg", "image/jpeg"),
        (b"<svg onload=alert(1)>", "image/png"),
        (jpeg(20, 20), "image/png"),
        (jpeg(20, 20), "application/pdf"),
        (b"%PDF-1.7 not really", "image/webp"),
        (b"MZ\x90\x00 a program", "application/pdf"),
    ],
)
def test_content_that_is_not_what_it_is_called_is_refused_and_dropped(phone, content, kind):
    answer = send(phone, content, kind)
    assert (answer.status_code, answer.json()["code"]) == (400, "wrong_type")
    assert "content" in answer.json()["detail"]
    assert not StoredFile.objects.exists()
    assert not Upload.objects.exists()


def test_pngs_webps_and_pdfs_are_taken(phone):
    for content, kind in (
        (picture("PNG", 30, 20), "image/png"),
        (picture("WEBP", 30, 20), "image/webp"),
        (picture("WEBP", 30, 20, lossless=True), "image/webp"),
        (b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF", "application/pdf"),
    ):
        assert send(phone, content, kind).json()["complete"], kind
    assert StoredFile.objects.count() == 4


def test_a_photo_of_50_megapixels_is_kept_and_only_not_shown_small(phone):
    content = png_that_claims(8660, 5774)
    assert send(phone, content, "image/png").json()["complete"]
    assert make_shown(name_of(content)) is False


@pytest.mark.parametrize("content", [png_that_claims(65_000, 65_000), png_that_claims(0, 10), PHOTO[:20] + b"\x00" * 50])
def test_a_picture_of_an_impossible_size_or_none_is_refused(phone, content):
    kind = "image/png" if content.startswith(b"\x89") else "image/jpeg"
    answer = send(phone, content, kind)
    assert (answer.status_code, answer.json()["code"] in ("too_large", "damaged")) == (400, True)
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"length": 12 * 1024 * 1024 + 1}, 413),
        ({"length": 0}, 400),
        ({"length": 100}, 400),
        ({"kind": "text/html"}, 415),
        ({"kind": "image/heic"}, 415),
        ({"name": "zz"}, 400),
        ({"name": "A" * 64}, 400),
        ({"name": ".." + "0" * 62}, 400),
        ({"Upload-Offset": "-1"}, 400),
        ({"Upload-Offset": "many"}, 400),
        ({"Upload-Length": ""}, 400),
    ],
)
def test_what_cannot_be_is_refused_at_once_with_a_reason(phone, more, status):
    answer = put(phone, PHOTO, **{"start": 0, **more})
    assert answer.status_code == status, answer.content
    assert answer.json()["detail"]
    assert not StoredFile.objects.exists()


def test_a_body_larger_than_any_file_is_413(phone):
    assert put(phone, b"x", 0, b"x" * (12 * 1024 * 1024 + 1)).status_code == 413


def test_a_stranger_can_neither_spoil_nor_finish_anothers_upload(world, phone):
    put(phone, PHOTO, 0)
    stranger = Phone(world.stranger, signs=False)
    assert have(stranger, name_of(PHOTO)) == {name_of(PHOTO): 0}
    put(stranger, PHOTO, 0, b"rubbish" * 100)
    for start in range(PIECE, len(PHOTO), PIECE):
        answer = put(phone, PHOTO, start)
    assert answer.json()["complete"]
    assert default_storage.open(f"kept/{name_of(PHOTO)[:2]}/{name_of(PHOTO)[2:4]}/{name_of(PHOTO)}").read() == PHOTO


def test_announced_anew_with_another_length_it_begins_anew(phone):
    put(phone, PHOTO, 0, length=len(PHOTO) + 5)
    assert send(phone, PHOTO).json()["complete"]


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"sha256": "x"}', '{"sha256": ["zz"]}', '{"sha256": [5], "more": 1}'])
def test_asking_for_what_is_no_name_is_400(phone, body):
    answer = phone.client.post(ROOT + "files/have", body, content_type="application/json", headers=phone.headers(body.encode()))
    assert answer.status_code == 400


def look(phone, name, **query):
    return phone.client.get(f"/api/v1/files/{name}", query, headers=phone.headers())


def test_a_photo_is_shown_to_those_who_see_its_record_and_to_no_stranger(world, phone):
    send(phone, PHOTO)
    assert look(phone, name_of(PHOTO)).status_code == 404
    phone.push_one(phone.op("check_done", check_done(world.plan(), photos=[ref(PHOTO)])))
    shown = look(phone, name_of(PHOTO))
    assert (shown.status_code, b"".join(shown.streaming_content), shown["Content-Type"]) == (200, PHOTO, "image/jpeg")
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in shown["Content-Security-Policy"]
    assert shown["Content-Disposition"].startswith("inline")
    assert look(Phone(world.stranger), name_of(PHOTO)).status_code == 404
    assert look(Phone(world.person("headteacher", school=world.oakfield.school)), name_of(PHOTO)).status_code == 200
    assert look(Phone(None), name_of(PHOTO)).status_code == 401
    assert look(phone, "zz").status_code == 400
    assert look(phone, name_of(PHOTO), size="huge").status_code == 400


def test_naming_the_hash_of_another_schools_photo_lets_nobody_read_it(world, phone):
    send(phone, PHOTO)
    phone.push_one(phone.op("check_done", check_done(world.plan(), photos=[ref(PHOTO)])))
    thief = Phone(world.stranger)
    thief.register()
    place = {"site": str(world.riverside.pk), "building": None, "space": None}
    thief.push_one(thief.op("defect_reported", defect_reported(world, place=place, photos=[ref(PHOTO)])))
    assert look(thief, name_of(PHOTO)).status_code == 404
    send(thief, PHOTO)
    assert look(thief, name_of(PHOTO)).status_code == 200


def test_photos_of_problems_and_attempts_are_shown_too(world, phone):
    other = jpeg(33, 22)
    for each in (PHOTO, other):
        send(phone, each)
    phone.push(
        phone.op("defect_reported", defect_reported(world, photos=[ref(PHOTO)])),
        phone.op("check_not_done", {"plan": str(world.plan().pk), "reason": "other", "note": "", "photos": [ref(other)]}),
    )
    for each in (PHOTO, other):
        assert look(phone, name_of(each)).status_code == 200
        assert look(Phone(world.stranger), name_of(each)).status_code == 404


def test_a_pdf_is_offered_for_saving(world, phone):
    content = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    send(phone, content, "application/pdf")
    phone.push_one(phone.op("defect_reported", defect_reported(world, photos=[ref(content, "application/pdf")])))
    assert look(phone, name_of(content))["Content-Disposition"].startswith("attachment")


def test_the_small_copy_is_shown_once_the_job_has_made_it(world, phone):
    send(phone, PHOTO)
    phone.push_one(phone.op("defect_reported", defect_reported(world, photos=[ref(PHOTO)])))
    assert b"".join(look(phone, name_of(PHOTO), size="small").streaming_content) == PHOTO
    assert make_shown(name_of(PHOTO))
    small = look(phone, name_of(PHOTO), size="small").content
    assert small.startswith(b"\xff\xd8")
    assert small != PHOTO


def test_a_plate_photographed_with_a_new_asset_is_shown_once_its_author_has_sent_it(world, phone, client):
    ref = {"sha256": name_of(PHOTO), "type": "image/jpeg", "size": len(PHOTO), "field": "plate"}
    op = phone.op("asset_added", asset_added(world, photos=[ref]))
    assert phone.push_one(op)["outcome"] == "applied"
    paper = AssetPaper.objects.get(asset=op["id"])
    assert (paper.kind, paper.sha256, paper.added_by) == ("plate", ref["sha256"], phone.person)
    browser = client
    browser.force_login(world.lead)
    assert f"/assets/papers/{paper.pk}/small/" in browser.get(f"/assets/{op['id']}/").content.decode()
    assert "photo" in browser.get(f"/assets/papers/{paper.pk}/small/")["Location"]
    assert browser.get(f"/assets/papers/{paper.pk}/").status_code == 404
    send(Phone(world.stranger), PHOTO)  # the same bytes from somebody else prove nothing
    assert browser.get(f"/assets/papers/{paper.pk}/").status_code == 404
    send(phone, PHOTO)
    shown = browser.get(f"/assets/papers/{paper.pk}/")
    assert shown.status_code == 200 and b"".join(shown.streaming_content) == PHOTO


def test_the_photo_of_a_reading_is_kept_with_its_asset(world, phone):
    ref = {"sha256": name_of(PHOTO), "type": "image/jpeg", "size": len(PHOTO), "field": ""}
    body = {"asset": str(world.asset().pk), "value": 41902, "unit": "kWh", "photos": [ref]}
    assert phone.push_one(phone.op("reading_taken", body))["outcome"] == "applied"
    paper = AssetPaper.objects.get()
    assert (paper.kind, paper.title, str(paper.asset_id)) == ("photo", "Reads 41902 kWh", body["asset"])
