"""What is written to somebody is said in a line on their devices: to a real push service here, which opens what it gets."""

import datetime as dt
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.test import Client
from django.utils import timezone

from backend.core.problems import Problem
from backend.core.sealing import point_of, raw_point, spelled
from backend.office.models import Letter, NoticeChoice, Push, PushDevice
from backend.office.notices import devices
from backend.office.notices.pushing import LASTS, address_pushes, send_pushes
from backend.office.notices.running import tell
from backend.trust.actions.accounts import end_sessions
from backend.trust.models import Appointment, Session
from tests.conftest import PASSWORD
from tests.office.notices.conftest import at, defect, order, working_day

SECRET = b"sixteen letters."


@dataclass
class Service:
    """A push service with one browser behind it, which opens what comes."""

    port: int = 0
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    browser: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def gives(self, name: str = "phone") -> dict[str, str]:
        """What the browser gives of itself."""
        key = spelled(raw_point(self.browser.public_key()))
        return {"endpoint": f"http://127.0.0.1:{self.port}/{name}", "key": key, "secret": spelled(SECRET)}

    def lines(self) -> list[str]:
        """What the browser shows of all that came."""
        return [self.opened(body) for _headers, body in self.got]

    def opened(self, body: bytes) -> str:
        """RFC 8291 from the browser's side."""
        salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        theirs, record = body[21 : 21 + length], body[21 + length :]
        assert len(record) <= size
        own = raw_point(self.browser.public_key())
        shared = self.browser.exchange(ec.ECDH(), point_of(spelled(theirs)))
        material = HKDF(hashes.SHA256(), 32, SECRET, b"WebPush: info\x00" + own + theirs).derive(shared)
        key = HKDF(hashes.SHA256(), 16, salt, b"Content-Encoding: aes128gcm\x00").derive(material)
        nonce = HKDF(hashes.SHA256(), 12, salt, b"Content-Encoding: nonce\x00").derive(material)
        plain = AESGCM(key).decrypt(nonce, record, None).rstrip(b"\x00")
        assert plain.endswith(b"\x02")
        said = json.loads(plain[:-1])
        assert set(said) == {"line"}
        return str(said["line"])


@pytest.fixture
def service(settings, tmp_path) -> Iterator[Service]:
    settings.WEBHOOKS_TO_THIS_MACHINE = True
    settings.PUSH_HOSTS = ["127.0.0.1"]
    settings.PUSH_KEY_FILE = str(tmp_path / "push.pem")
    here = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            here.got.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(here.answers.pop(0) if here.answers else 201)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_said):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    here.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield here
    server.shutdown()
    server.server_close()


def browser_of(person) -> Client:
    client = Client(headers={"User-Agent": "Mozilla/5.0 (Android 15; Mobile) Firefox/140.0"})
    assert client.post("/sign-in/", {"email": person.email, "password": PASSWORD}).status_code == 302
    return client


@pytest.fixture
def phone(staffed, service) -> Client:
    """The caretaker's phone, switched on an hour before the runs of these tests."""
    client = browser_of(staffed.caretaker)
    assert client.post("/account/notices/device/", service.gives()).status_code == 201
    PushDevice.objects.update(made_at=timezone.now() - dt.timedelta(days=9))
    return client


def run(day: dt.date, hour: int = 12, minute: int = 0) -> tuple[int, int]:
    now = at(day, hour) + dt.timedelta(minutes=minute)
    tell(now)
    address_pushes(now)
    return send_pushes(now)


def given(world, **more):
    """Work that was given to the caretaker just before the run."""
    return order(world, world.caretaker, given_at=at(working_day(), 11), **more)


def test_what_is_given_to_somebody_is_said_on_their_phone_once_and_names_nothing(staffed, phone, service):
    given(staffed, title="Mend the railing of Mrs Brown's room")
    assert run(working_day())[0] >= 1
    before = service.lines()
    assert any(str(staffed.oakfield) in line for line in before)
    assert not any("railing" in line or "Brown" in line for line in before)
    run(working_day())
    assert service.lines() == before


def test_the_service_learns_who_sends_and_nothing_of_what_is_said(staffed, phone, service):
    given(staffed)
    run(working_day())
    headers, body = service.got[0]
    assert headers["Content-Encoding"] == "aes128gcm"
    assert headers["Authorization"].startswith("vapid t=")
    assert int(headers["TTL"]) == LASTS.total_seconds()
    assert b"line" not in body
    assert len({len(each) for _headers, each in service.got}) == 1


def test_quiet_hours_hold_a_line_back_until_they_end(staffed, phone, service):
    NoticeChoice.objects.create(person=staffed.caretaker, digest=False, quiet_from=10, quiet_until=14)
    Letter.objects.all().delete()
    given(staffed)
    Push.objects.all().delete()
    run(working_day(), 12)
    assert service.got == []
    run(working_day(), 14)
    assert len(service.got) == 1


def test_a_line_that_waits_to_be_tried_again_is_not_said_in_the_quiet_hours(staffed, phone, service):
    service.answers = [503]
    given(staffed)
    NoticeChoice.objects.create(person=staffed.caretaker, digest=False, quiet_from=13, quiet_until=14)
    assert run(working_day(), 12) == (0, 1)
    assert run(working_day(), 13, 30) == (0, 0)
    assert run(working_day(), 14) == (1, 0)
    assert len(service.got) == 2


def test_what_is_unsafe_is_said_at_any_hour_and_in_haste(staffed, service):
    manager = staffed.person("site-manager", school=staffed.oakfield.school)
    client = browser_of(manager)
    client.post("/account/notices/device/", service.gives())
    PushDevice.objects.update(made_at=timezone.now() - dt.timedelta(days=9))
    defect(staffed, unsafe=True, reported_at=at(working_day(), 1))
    run(working_day(), 2)
    assert service.lines() == [f"1 thing is unsafe at {staffed.oakfield}."]
    assert service.got[0][0]["Urgency"] == "high"


def test_who_wants_no_letters_of_a_kind_gets_no_line_of_it(staffed, phone, service):
    NoticeChoice.objects.create(person=staffed.caretaker, digest=False, without=["work", "deadline"])
    given(staffed)
    run(working_day())
    assert service.got == []


@pytest.mark.parametrize("gone", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(staffed, phone, service, gone):
    service.answers = [gone]
    given(staffed)
    assert run(working_day()) == (0, 0)
    assert not PushDevice.objects.exists()
    assert len(service.got) == 1


@pytest.mark.parametrize("busy", [429, 500, 503])
def test_a_service_that_is_busy_is_asked_again_later_and_not_at_once(staffed, phone, service, busy):
    NoticeChoice.objects.create(person=staffed.caretaker, digest=False)
    service.answers = [busy]
    given(staffed)
    assert run(working_day(), 12) == (0, 1)
    assert run(working_day(), 12, 5) == (0, 0)
    assert run(working_day(), 12, 15) == (1, 0)
    assert len(service.got) == 2


def test_a_service_that_refuses_is_not_asked_again_and_its_owner_sees_it(staffed, phone, service):
    NoticeChoice.objects.create(person=staffed.caretaker, digest=False)
    service.answers = [403]
    given(staffed)
    run(working_day(), 12)
    run(working_day(), 15)
    assert len(service.got) == 1
    assert Push.objects.get().state == Push.State.FAILED
    assert "not reached lately: It answered 403." in phone.get("/account/notices/").content.decode()


def test_a_redirect_leads_nowhere(staffed, phone, service):
    NoticeChoice.objects.create(person=staffed.caretaker, digest=False)
    service.answers = [307]
    given(staffed)
    assert run(working_day()) == (0, 0)
    assert len(service.got) == 1


def test_one_service_that_fails_is_asked_once_in_a_run_however_many_wait(staffed, phone, service):
    second = browser_of(staffed.caretaker)
    second.post("/account/notices/device/", service.gives("second"))
    PushDevice.objects.update(made_at=timezone.now() - dt.timedelta(days=9))
    NoticeChoice.objects.create(person=staffed.caretaker, digest=False)
    service.answers = [503, 503]
    given(staffed)
    run(working_day())
    assert len(service.got) == 1


def test_a_line_that_could_not_be_said_in_half_a_day_is_dropped(staffed, phone, service):
    NoticeChoice.objects.create(person=staffed.caretaker, digest=False, quiet_from=0, quiet_until=0)
    service.answers = [503]
    given(staffed)
    run(working_day(), 8)
    assert send_pushes(at(working_day(), 20) + dt.timedelta(minutes=30)) == (0, 0)
    assert Push.objects.get().state == Push.State.DROPPED


def test_who_signs_out_is_told_nothing_more_there(staffed, phone, service):
    phone.post("/sign-out/")
    assert not PushDevice.objects.exists()
    given(staffed)
    run(working_day())
    assert service.got == []


def test_who_is_signed_out_everywhere_is_told_nothing_more(staffed, phone, service):
    end_sessions(person=staffed.caretaker, actor=staffed.caretaker)
    assert not PushDevice.objects.exists()


def test_who_has_left_meanwhile_is_told_nothing_more(staffed, phone, service):
    given(staffed)
    tell(at(working_day()))
    address_pushes(at(working_day()))
    Appointment.objects.filter(person=staffed.caretaker).update(ends_on=working_day() - dt.timedelta(days=1))
    assert send_pushes(at(working_day())) == (0, 0)
    assert service.got == []


def test_a_phone_that_somebody_else_now_uses_tells_the_one_before_nothing(staffed, phone, service):
    another = staffed.person("site-manager", school=staffed.oakfield.school)
    browser_of(another).post("/account/notices/device/", service.gives())
    assert list(PushDevice.objects.values_list("person__email", flat=True)) == [another.email]


def test_switching_on_twice_is_one_device_with_a_name_of_its_own(staffed, phone, service):
    phone.post("/account/notices/device/", service.gives())
    assert [each.name for each in PushDevice.objects.all()] == ["Firefox on Android"]
    assert phone.get("/account/notices/device/").json()["on"] is True
    phone.post("/account/notices/device/", {"off": "yes"})
    assert phone.get("/account/notices/device/").json()["on"] is False


@pytest.mark.parametrize(
    "change",
    [
        {"endpoint": "https://intranet.example.org/push"},
        {"endpoint": "https://fcm.googleapis.com.example.org/push"},
        {"endpoint": "https://push.apple.com@127.0.0.1/x"},
        {"endpoint": "http://fcm.googleapis.com/push"},
        {"endpoint": "https://10.0.0.1/push"},
        {"endpoint": "https://[::1]/push"},
        {"endpoint": "not an address"},
        {"endpoint": ""},
        {"endpoint": "https://fcm.googleapis.com/" + "a" * 990},
        {"key": "AAAA"},
        {"secret": "AAAA"},
        {"secret": "\x00"},
    ],
)
def test_an_address_that_is_no_push_service_and_a_key_that_is_none_are_refused_in_words(staffed, service, change):
    client = browser_of(staffed.caretaker)
    answer = client.post("/account/notices/device/", service.gives() | change, headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["detail"]
    assert not PushDevice.objects.exists()


def test_the_well_known_services_are_allowed_and_their_namesakes_are_not(settings):
    settings.PUSH_HOSTS = []
    for host in ("fcm.googleapis.com", "updates.push.services.mozilla.com", "web.push.apple.com", "db5p.notify.windows.com"):
        assert devices.is_service(host)
    for host in ("googleapis.com", "evil-push.apple.com.example", "push.apple.com.example.org", "xpush.apple.com", "127.0.0.1"):
        assert not devices.is_service(host)


def test_nobody_has_more_devices_than_ten(staffed, service):
    for number in range(devices.MOST):
        browser_of(staffed.caretaker).post("/account/notices/device/", service.gives(f"phone{number}"))
    answer = browser_of(staffed.caretaker).post("/account/notices/device/", service.gives("one-more"))
    assert answer.status_code == 409
    assert PushDevice.objects.count() == devices.MOST


def test_a_trial_is_said_at_once_and_one_that_cannot_be_said_tells_why(staffed, phone, service):
    device = PushDevice.objects.get()
    phone.post(f"/account/notices/device/{device.pk}/trial/")
    assert service.lines() == ["This is a trial. What cannot wait is said here from now on."]
    service.answers = [500]
    said = phone.post(f"/account/notices/device/{device.pk}/trial/", follow=True).content.decode()
    assert "It answered 500." in said
    service.answers = [410]
    said = phone.post(f"/account/notices/device/{device.pk}/trial/", follow=True).content.decode()
    assert "Switch it on there again" in said
    assert not PushDevice.objects.exists()


def test_it_can_be_switched_off_for_the_whole_trust(staffed, phone, service, settings):
    settings.PUSH_ON = False
    given(staffed)
    assert run(working_day()) == (0, 0)
    assert phone.post("/account/notices/device/", service.gives()).status_code == 409
    assert "switched off for this installation" in phone.get("/account/notices/").content.decode()


def test_a_device_needs_a_sign_in_of_its_own_person(staffed, service):
    session = Session.objects.create(session_key="k" * 32, session_data="", expire_date=timezone.now(), person=staffed.lead)
    with pytest.raises(Problem, match="not signed in"):
        devices.switch_on(person=staffed.caretaker, session=session.pk, **service.gives())


def test_lines_cost_the_same_questions_however_many_letters_there_are(staffed, phone, service, django_assert_max_num_queries):
    for _ in range(3):
        given(staffed)
    tell(at(working_day()))
    with django_assert_max_num_queries(5):
        address_pushes(at(working_day()))


def test_the_worker_is_asked_for_anew_and_lies_where_it_may_serve(client):
    answer = client.get("/notices/worker.js")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/javascript")
    assert "no-cache" in answer["Cache-Control"]
    assert "showNotification" in answer.content.decode()
