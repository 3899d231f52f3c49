"""What every answer tells the browser, asked of every address that exists; cookies; and no API in the clear."""

from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client

from backend.trust.models import Person
from tests.arch.sweep import addresses
from tests.conftest import PASSWORD

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
FILLED = {"uuid": "01a203f2-330a-70c3-91a3-4fd1c98fbc6b", "sha256": "f" * 64, "size": "small", "code": "ABCDEFGH"}


def paths():
    """Every address there is, with something put for its parameters (mostly of things that do not exist)."""
    found = []
    for address in addresses():
        path = address.plain
        for _, name in address.parameters():
            value = FILLED.get(
                name, FILLED["uuid"] if "uuid" in address.route else "1" if "<int:" in address.route else "overview"
            )
            path = path.replace(next(part for part in path.split("/") if name in part and "<" in part), value, 1)
        found.append("/" + path)
    return found


@pytest.fixture
def lead(world):
    """The estates lead's browser."""
    client = Client(raise_request_exception=False)
    client.force_login(world.lead)
    return client


def test_every_answer_is_kept_from_other_sites_frames_and_guessing(lead):
    wrong: list[tuple[Any, ...]] = []
    asked = paths()
    for path in asked:
        answer = lead.get(path)
        wrong += [(path, name) for name, value in EVERYWHERE.items() if answer.headers.get(name) != value]
        policy = answer.headers.get("Content-Security-Policy", "")
        wrong += [(path, "unsafe", policy)] if "unsafe-inline" in policy or "'unsafe-eval'" in policy else []
        wrong += [(path, "policy")] if "frame-ancestors 'none'" not in policy and "sandbox" not in policy else []
        wrong += [(path, "CORS")] if "Access-Control-Allow-Origin" in answer.headers else []
        wrong += [(path, "camera")] if "microphone=()" not in answer.headers.get("Permissions-Policy", "") else []
    assert not wrong
    assert len(asked) > 60


def test_nothing_that_may_be_personal_is_stored_by_a_browser_or_on_the_way(lead):
    kept = []
    for path in paths():
        said = lead.get(path).headers.get("Cache-Control", "")
        if "no-store" not in said and not (path.startswith("/field/") or path.startswith("/api/v1/schema") or "private" in said):
            kept.append((path, said))
    assert not kept


def test_the_policy_allows_only_our_own_things(lead):
    policy = dict(each.strip().partition(" ")[::2] for each in lead.get("/")["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert "wasm-unsafe-eval" in lead.get("/field/")["Content-Security-Policy"]


def test_signing_out_empties_the_browsers_store_of_photos_and_not_the_phones_work(lead):
    assert lead.post("/sign-out/")["Clear-Site-Data"] == '"cache"'
    assert "Clear-Site-Data" not in lead.get("/").headers


def test_another_origin_is_never_allowed_to_read(lead):
    for path in ("/api/v1/assets", "/", "/api/v1/field/ops"):
        for ask in (lead.get, lead.options):
            answer = ask(path, headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"})
            assert not [name for name in answer.headers if name.lower().startswith("access-control")]


def test_cookies_are_for_us_alone(world):
    client = Client()
    page = client.get("/sign-in/")
    answer = client.post("/sign-in/", {"email": world.lead.email, "password": PASSWORD, "login": world.lead.email})
    made = {**page.cookies, **answer.cookies}
    session = made[configured.SESSION_COOKIE_NAME]
    assert (session["httponly"], session["samesite"], session["path"], session["domain"]) == (True, "Lax", "/", "")
    assert all(each["samesite"] in {"Lax", "Strict"} for each in made.values())


def test_a_session_gets_a_new_number_when_somebody_signs_in(world):
    client = Client()
    client.get("/sign-in/")
    client.cookies[configured.SESSION_COOKIE_NAME] = "planted" * 4
    client.post("/sign-in/", {"email": world.lead.email, "password": PASSWORD, "login": world.lead.email})
    assert client.cookies[configured.SESSION_COOKIE_NAME].value != "planted" * 4
    assert Person.objects.filter(pk=world.lead.pk).exists()


def test_over_plain_http_a_page_redirects_and_the_api_refuses(settings, world):
    settings.SECURE_SSL_REDIRECT = True
    client = Client()
    assert client.get("/assets/")["Location"].startswith("https://")
    for path in ("/api/v1/assets", "/api/v1/field/ops"):
        answer = client.get(path, headers={"Authorization": "Bearer abc"})
        assert (answer.status_code, answer.json()["code"]) == (403, "https_only")
    assert client.get("/api/v1/assets", secure=True).status_code == 401


@pytest.mark.parametrize("host", ["evil.example", "estates.example.org.evil.example", "estates.example.org@evil.example", "[::1"])
def test_an_unknown_host_is_refused_and_never_repeated(settings, host, db):
    settings.ALLOWED_HOSTS = ["estates.example.org"]
    for path in ("/", "/sign-in/", "/api/v1/assets"):
        answer = Client(raise_request_exception=False).get(path, headers={"Host": host})
        assert answer.status_code == 400
        assert "evil" not in answer.content.decode() + str(dict(answer.headers))


FORWARDED = {
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Server": "evil.example",
    "X-Original-URL": "/held/",
    "X-Rewrite-URL": "/held/",
}


def test_headers_that_a_proxy_might_set_are_not_believed(lead):
    answer = lead.get("/", headers=FORWARDED)
    assert answer.status_code == 200
    assert "evil.example" not in answer.content.decode() + str(dict(answer.headers))


@pytest.mark.parametrize(
    "onward",
    ["https://evil.example", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
     "https:evil.example", "/%09/evil.example", "\t//evil.example", "http://testserver@evil.example", "data:text/html,x",
     "\x00//e"],
)  # fmt: skip
def test_signing_in_leads_nowhere_else(world, onward):
    client = Client()
    answer = client.post(
        "/sign-in/", {"email": world.lead.email, "password": PASSWORD, "login": world.lead.email, "next": onward}
    )
    assert answer.status_code == 302
    assert answer["Location"].startswith("/")
    assert not answer["Location"].startswith(("//", "/\\", "/\t"))
