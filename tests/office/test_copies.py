"""The office takes in, on a page, the copy that a phone saved of its unsent work."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from backend.maintenance.models import Defect
from backend.sync.models import Op
from tests.sync.phone import Phone, defect_reported

PAGE = "/held/copy/"


def sent(content: bytes) -> dict[str, SimpleUploadedFile]:
    return {"copy": SimpleUploadedFile("siteward-unsent-2026-11-23.json", content)}


@pytest.fixture
def copy(world) -> bytes:
    """Two problems and what the phone calls them, signed."""
    phone = Phone(world.caretaker)
    phone.register()
    raw = phone.envelope([phone.op("defect_reported", defect_reported(world)) for _ in range(2)])
    envelopes = [{"body": raw.decode(), "signature": phone.signature(raw)}]
    about = {"exported_at": "2026-11-23T08:00:00Z", "work": ["Problem: Door off its hinge <b>, Hall (Sam)"]}
    return json.dumps({"siteward_export": 1, "device": phone.id, **about, "envelopes": envelopes, "files": []}).encode()


def test_looking_takes_nothing_in_and_taking_it_in_twice_acts_once(world, client, copy):
    client.force_login(world.lead)
    looked = client.post(PAGE, {**sent(copy), "look": "1"}).content.decode()
    assert "2 pieces of work" in looked
    assert "Door off its hinge &lt;b&gt;" in looked
    assert not Op.objects.exists()
    taken = client.post(PAGE, sent(copy)).content.decode()
    assert "The copy is in." in taken
    assert "2 pieces of work: taken in now" in taken
    assert Defect.objects.count() == 2
    assert "2 pieces of work: here already" in client.post(PAGE, sent(copy)).content.decode()
    assert Defect.objects.count() == 2


@pytest.mark.parametrize("content", [b"[]", b"\xff\x00", b'{"siteward_export": 2}'])
def test_what_is_no_copy_is_refused_in_words(world, client, content):
    client.force_login(world.lead)
    for more in ({}, {"look": "1"}):
        answer = client.post(PAGE, {**sent(content), **more})
        assert answer.status_code == 422
        assert "not a copy saved by the field app" in answer.content.decode()
    assert "Choose the file first" in client.post(PAGE, {}).content.decode()


def test_a_caretaker_takes_nothing_in(world, client, copy):
    client.force_login(world.caretaker)
    assert client.post(PAGE, sent(copy)).status_code == 403
    assert not Op.objects.exists()
