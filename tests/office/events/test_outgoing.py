"""Sending to an address that somebody typed leads nowhere inside, follows nothing, and ends."""

import http.server
import socket
import ssl
import threading
import time

import pytest

from backend.config import phone_certificate
from backend.core import outgoing
from backend.core.outgoing import Refused, looked_up, post, sound

INSIDE = [
    "127.0.0.1", "127.1.2.3", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.0.8",
    "198.18.0.1", "203.0.113.7", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.88.99.1",
    "::1", "::", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "fec0::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8",
    "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001:0:1::1",
]  # fmt: skip


def answers_with(*addresses):
    """A name that leads to these addresses."""
    family = {True: socket.AF_INET6, False: socket.AF_INET}
    return lambda *_a, **_k: [(family[":" in each], socket.SOCK_STREAM, 6, "", (each, 443)) for each in addresses]


@pytest.mark.parametrize("inside", INSIDE)
def test_no_address_inside_is_sent_to_written_or_by_name(inside, monkeypatch):
    literal = f"[{inside}]" if ":" in inside else inside
    with pytest.raises(Refused):
        sound(f"https://{literal}/")
    monkeypatch.setattr(socket, "getaddrinfo", answers_with(inside))
    with pytest.raises(Refused):
        looked_up("example.org", 443)
    monkeypatch.setattr(socket, "getaddrinfo", answers_with("93.184.215.14", inside))
    with pytest.raises(Refused):
        looked_up("example.org", 443)


def test_addresses_of_the_internet_may_be_sent_to(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", answers_with("93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"))
    assert looked_up("example.org", 443) == ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"]
    assert sound("https://example.org:8443/a?b=c").port == 8443


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/", "ftp://example.org/", "https://", "https:///x", "https://user@example.org/",
        "https://u:p@example.org/", "https://example.org/#there", "https://example.org:22/", "https://example.org:25/",
        "https://example.org:0/", "https://example.org:99999/", "https://exa mple.org/", "https://example.org/\r\nX: y",
        "https://éxample.org/", "//example.org/", "javascript:alert(1)", "", "https://[::1", "http://127.0.0.1/",
        "https://localhost.example.org\x00/", "https://localhost/h", "https://printer/", "https://server.local/", "https://LOCALHOST./",
    ],
)  # fmt: skip
def test_what_is_no_address_to_be_sent_to_is_refused(address):
    with pytest.raises(Refused):
        sound(address)


@pytest.mark.parametrize("host", ["localhost", "0x7f.1", "2130706433", "127.1", "017700000001"])
def test_other_spellings_of_this_machine_are_found_out_when_looked_up(host):
    answer = post(f"https://{host}:8443/", b"{}", {})
    assert answer.status is None
    assert "private or local" in answer.wrong or "looked up" in answer.wrong


def test_a_name_that_changes_in_between_changes_nothing(receiver, monkeypatch):
    """The connection goes to the address that was checked: the name is looked up once and never again."""
    asked = []

    def changing(host, *rest, **more):
        asked.append(host)
        return answers_with("127.0.0.1" if len(asked) == 1 else "10.0.0.1")()

    monkeypatch.setattr(outgoing, "looked_up", lambda host, port: [changing(host)[0][4][0]])
    real = socket.create_connection
    went = []

    def connect(to, **more):
        went.append(to)
        return real(to, **more)

    monkeypatch.setattr(socket, "create_connection", connect)
    assert post(receiver.address, b"{}", {}).status == 200
    assert (len(asked), went) == (1, [("127.0.0.1", receiver.port)])


def test_a_redirect_is_not_followed(receiver):
    receiver.answers, receiver.headers = [302], {"Location": receiver.address + "/inside"}
    answer = post(receiver.address, b"{}", {})
    assert (answer.status, answer.taken, len(receiver.got)) == (302, False, 1)
    assert "led on" in answer.wrong


def test_no_proxy_of_the_environment_is_used(receiver, monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    assert post(receiver.address, b"{}", {}).taken


def test_who_answers_a_byte_at_a_time_is_cut_off(receiver, monkeypatch):
    monkeypatch.setattr(outgoing, "SECONDS", 1)
    receiver.slow, receiver.body = 0.2, b"x" * 100
    begun = time.monotonic()
    answer = post(receiver.address, b"{}", {})
    assert time.monotonic() - begun < 4
    assert answer.took_ms < 4000


def test_who_never_answers_is_given_up(monkeypatch, settings):
    settings.WEBHOOKS_TO_THIS_MACHINE = True
    monkeypatch.setattr(outgoing, "SECONDS", 1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        answer = post(f"http://127.0.0.1:{silent.getsockname()[1]}/", b"{}", {})
    assert (answer.status, answer.wrong) == (None, "It did not answer within 1 seconds.")
    assert answer.took_ms < 4000


def test_a_huge_answer_is_not_read_to_its_end(receiver):
    receiver.body = b"x" * 300_000
    assert post(receiver.address, b"{}", {}).taken


@pytest.mark.parametrize("status", [400, 404, 500, 503])
def test_what_was_answered_is_said(receiver, status):
    receiver.answers = [status]
    assert post(receiver.address, b"{}", {}).wrong == f"It answered {status}."


def test_where_nobody_listens_is_said(settings):
    settings.WEBHOOKS_TO_THIS_MACHINE = True
    with socket.create_server(("127.0.0.1", 0)) as once:
        port = once.getsockname()[1]
    assert post(f"http://127.0.0.1:{port}/", b"{}", {}).wrong == "Nothing answers there."


def test_who_breaks_off_is_said(receiver):
    receiver.answers = [0]
    assert post(receiver.address, b"{}", {}).wrong.startswith("It broke off")


def test_a_certificate_that_nobody_vouches_for_is_refused(settings, tmp_path, monkeypatch):
    settings.WEBHOOKS_TO_THIS_MACHINE = True
    monkeypatch.setattr(phone_certificate, "FOLDER", tmp_path)
    monkeypatch.setattr(phone_certificate, "AUTHORITY", tmp_path / "authority.crt")
    certificate = phone_certificate.certificate_for("127.0.0.1")
    server = http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(*certificate)
    server.socket = tls.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    answer = post(f"https://127.0.0.1:{server.server_address[1]}/", b"{}", {})
    server.shutdown()
    server.server_close()
    assert answer.status is None
    assert "certificate is not trusted" in answer.wrong
