"""Messages to browsers are sealed as RFC 8291 says, and signed as RFC 8292 says."""

import json
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from backend.core.problems import Problem
from backend.core.sealing import POINT, point_of, public_push_key, read, sealed, spelled, who_sends

BROWSER = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
SHARED = "BTBZMqHH6r4Tts7J_aSIgg"


def test_the_example_of_the_standard_is_sealed_as_it_is_printed_there():
    ours = ec.derive_private_key(int.from_bytes(read("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big"), ec.SECP256R1())
    said = b"When I grow up, I want to be a watermelon"
    printed = (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_y"
        "l95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
    assert spelled(sealed(said, BROWSER, SHARED, ours=ours, salt=read("DGv6ra1nlYgDCS1FRnbzlw"))) == printed


def test_no_two_messages_look_alike_and_their_length_says_nothing():
    first, second = (sealed(said, BROWSER, SHARED, pad=256) for said in (b"short", b"much longer than the first one is"))
    assert len(first) == len(second)
    assert first[:16] != second[:16]
    assert first[21 : 21 + POINT] != second[21 : 21 + POINT]


@pytest.mark.parametrize(
    ("key", "secret"),
    [("", SHARED), (BROWSER[:-2], SHARED), ("B" + "A" * 86, SHARED), (BROWSER, "AAAA"), (BROWSER, "no base64!"), ("ü", SHARED)],
)
def test_a_key_that_is_none_is_refused(key, secret):
    with pytest.raises(ValueError, match=r"."):
        sealed(b"said", key, secret)


def test_the_service_is_told_who_sends_and_can_check_it(settings, tmp_path):
    settings.PUSH_KEY_FILE = str(tmp_path / "push.pem")
    header = who_sends("https://push.example.org:443/abc?d", "mailto:estates@example.org", 1_000_000)
    token, key = header.removeprefix("vapid t=").split(", k=")
    head, claims, signature = token.split(".")
    raw = read(signature)
    both = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    point_of(key).verify(both, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    assert json.loads(read(head)) == {"typ": "JWT", "alg": "ES256"}
    said = json.loads(read(claims))
    assert said["aud"] == "https://push.example.org:443"
    assert 0 < said["exp"] - 1_000_000 <= 24 * 3600
    assert key == public_push_key()


def test_the_key_is_made_once_and_its_owner_alone_reads_it(settings, tmp_path):
    path = tmp_path / "deep" / "push.pem"
    settings.PUSH_KEY_FILE = str(path)
    first = public_push_key()
    assert public_push_key() == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_holds_another_key_is_refused_in_words_and_left_alone(settings, tmp_path):
    path = Path(tmp_path / "push.pem")
    path.write_text("something else")
    settings.PUSH_KEY_FILE = str(path)
    with pytest.raises(Problem, match="SITEWARD_PUSH_KEY_FILE"):
        public_push_key()
    assert path.read_text() == "something else"
