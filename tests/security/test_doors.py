"""Every door, tried the wrong way: forged forms, other methods, text that PostgreSQL cannot hold, JSON that unfolds."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
import yaml
from django.db import connection
from django.test import Client

from tests.arch.sweep import addresses
from tests.arch.test_house import ROOT
from tests.security.test_headers import paths

UNSAFE = ("post", "put", "patch", "delete")
NO_METHOD = ("TRACE", "CONNECT", "PROPFIND", "TRACK", "DEBUG", "LOCK")
BY_TOKEN_OR_PASSWORD = {"/api/v1/auth/token", "/api/v1/field/sign-in", "/api/v1/field/sign-out"}
HOSTILE = {
    "NUL": "a\x00b",
    "half a letter": "\ud800",
    "backwards": "\u202egnp.exe",
    "long": "x" * 60_000,
    "markup": "<script>alert(1)</script>",
    "SQL": "'; DROP TABLE core_auditentry; --",
    "template": "{{ settings.SECRET_KEY }}{% debug %}",
    "lines": "a\r\nSet-Cookie: x=1",
    "accents": "é" * 3000,
}


def browser(person, **more) -> Client:
    """Somebody's browser."""
    client = Client(raise_request_exception=False, **more)
    client.force_login(person)
    return client


def test_no_form_is_taken_without_its_token(world):
    """Signed in, but sent by another site: every address that takes a write refuses it, the API's by cookie too."""
    forged = browser(world.lead, enforce_csrf_checks=True)
    taken: list[Any] = []
    refused = 0
    for path in paths():
        if path.rstrip("/") in BY_TOKEN_OR_PASSWORD:
            continue
        for method in UNSAFE:
            answer = getattr(forged, method)(
                path, "{}", content_type="application/json", headers={"Origin": "https://evil.example"}
            )
            refused += answer.status_code == 403
            if answer.status_code not in {401, 403, 404, 405}:
                taken.append((method, path, answer.status_code))
    assert not taken
    assert refused > 30


def test_a_form_of_another_site_is_refused_whatever_its_content_type(world):
    forged = browser(world.lead, enforce_csrf_checks=True)
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        answer = forged.post("/api/v1/assets", '{"name": "x"}', content_type=kind, headers={"Origin": "https://evil.example"})
        assert answer.status_code in {403, 415}, kind
    with_cookie = browser(world.lead, enforce_csrf_checks=True)
    with_cookie.get("/")
    token = with_cookie.cookies["csrftoken"].value if "csrftoken" in with_cookie.cookies else "x" * 32
    answer = with_cookie.post("/sign-out/", {"csrfmiddlewaretoken": token}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403


def test_odd_methods_are_refused_everywhere(world):
    client = browser(world.lead)
    wrong = []
    for path in paths():
        for method in NO_METHOD:
            answer = client.generic(method, path, headers={"X-HTTP-Method-Override": "DELETE"})
            if answer.status_code not in {400, 401, 403, 404, 405, 501} or b"X-HTTP-Method-Override" in answer.content:
                wrong.append((method, path, answer.status_code))
    assert not wrong


def test_an_address_for_forms_says_so_when_it_is_opened(world):
    browser = Client()
    browser.force_login(world.lead)
    page = browser.get("/account/second-step/codes/")
    assert (page.status_code, page["Allow"]) == (405, "POST")
    assert "only takes what a form sends" in page.content.decode() and "<h1" in page.content.decode()
    said = browser.get("/account/second-step/codes/", headers={"accept": "application/json"})
    assert (said.status_code, said["Content-Type"]) == (405, "application/problem+json")
    assert said.json()["code"] == "method_not_allowed"
    other = browser.generic("BREW", "/status/")
    assert other.status_code == 405 and "does not take BREW. It takes GET" in other.content.decode()


def test_reading_changes_nothing(world):
    """GET and HEAD of every address leave every table of the estate as it was."""
    tables = [t for t in connection.introspection.table_names() if t.split("_")[0] in {"assets", "checks", "maintenance", "hr"}]
    counted = "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables WHERE relname = ANY(%s)"
    client = browser(world.lead)
    with connection.cursor() as cursor:
        cursor.execute(counted, [tables])
        before = cursor.fetchone()
        for path in paths():
            client.get(path)
            client.head(path)
        cursor.execute(counted, [tables])
        assert cursor.fetchone() == before


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_in_addresses_and_searches_is_answered(world, name):
    client, text = browser(world.lead), HOSTILE[name][:4000]
    faults = []
    for path in [path for path in paths() if not path.startswith("/field/")]:
        asked = {
            each: text
            for each in ("q", "search", "site", "status", "page", "order", "next", "page_size", "due_before", text[:50])
        }
        query = urlencode(
            {key.encode("utf-8", "surrogatepass"): value.encode("utf-8", "surrogatepass") for key, value in asked.items()}
        )
        answer = client.get(f"{path}?{query}")
        page = not answer.streaming and answer.headers.get("Content-Type", "").startswith("text/html")
        body = answer.content if page else b""
        if (
            answer.status_code >= 500
            or (name == "markup" and b"<script>alert(1)" in body)
            or "Set-Cookie: x=1" in str(answer.headers)
        ):
            faults.append((path, answer.status_code))
    assert not faults


def shapes() -> dict[str, Any]:
    """The API's document."""
    document: dict[str, Any] = yaml.safe_load((ROOT / "openapi.yaml").read_text())
    return document


def drawn(document: dict[str, Any], shape: dict[str, Any], text: str, depth: int = 0) -> Any:
    """A value of a shape with `text` for every text that may be anything."""
    if "$ref" in shape:
        shape = document["components"]["schemas"][shape["$ref"].rsplit("/", 1)[-1]]
    for many in ("allOf", "oneOf", "anyOf"):
        if many in shape:
            return drawn(document, shape[many][0], text, depth)
    if "enum" in shape:
        return shape["enum"][0]
    kind = shape.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "array":
        return [drawn(document, shape.get("items", {}), text, depth + 1)]
    if kind in {"integer", "number", "boolean"}:
        return True if kind == "boolean" else 1
    if kind == "string":
        made = {"uuid": "01a203f2-330a-70c3-91a3-4fd1c98fbc6b", "date": "2026-11-22", "date-time": "2026-11-22T09:00:00Z"}
        return made.get(shape.get("format", ""), text)
    if depth > 5:
        return text
    inner = {name: drawn(document, each, text, depth + 1) for name, each in shape.get("properties", {}).items()}
    return inner or {text[:40]: text}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_in_every_body_of_the_api_is_answered(world, name):
    document, client, faults, asked = shapes(), browser(world.lead), [], 0
    asset = world.asset("fire-alarm-panel")
    for path, methods in document["paths"].items():
        for method in set(methods) & {"post", "put", "patch"}:
            body = methods[method].get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
            if body is None:
                continue
            asked += 1
            where = path.replace("{id}", str(asset.pk)).replace("{sha256}", "f" * 64).replace("{code}", "x")
            sent = json.dumps(drawn(document, body, HOSTILE[name]))
            answer = getattr(client, method)(where, sent, content_type="application/json")
            if answer.status_code >= 500:
                faults.append((method, path, answer.status_code))
    assert not faults
    assert asked > 8


BOMBS = {
    "deep lists": b"[" * 200_000,
    "deep objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "a number of a million figures": b'{"name": ' + b"9" * 1_000_000 + b"}",
    "a huge power": b'{"name": 1e999999}',
    "not a number": b'{"name": NaN}',
    "a mark before": b'\xef\xbb\xbf{"name": "x"}',
    "UTF-16": '{"name": "x"}'.encode("utf-16"),
    "not UTF-8": b'{"name": "\xff\xfe"}',
    "twice the same name": b'{"name": "x", "name": {"$gt": ""}}',
    "a prototype": b'{"__proto__": {"role": "admin"}, "constructor": {"prototype": {}}}',
    "nothing": b"",
    "a word": b"null",
}


@pytest.mark.parametrize("name", BOMBS)
def test_json_made_to_do_harm_is_refused_with_words(world, name):
    client = browser(world.lead)
    for path in ("/api/v1/assets", "/api/v1/defects", "/api/v1/records", "/api/v1/field/ops", "/api/v1/auth/token"):
        answer = client.post(path, BOMBS[name], content_type="application/json")
        assert 400 <= answer.status_code < 500, (path, answer.status_code)
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["detail"]


def test_more_than_can_be_taken_in_one_piece_is_refused(world):
    client = browser(world.lead)
    large = b'{"name": "' + b"x" * (4 * 2**20) + b'"}'
    for path in ("/api/v1/assets", "/api/v1/auth/token"):
        assert client.post(path, large, content_type="application/json").status_code == 413
    many = "&".join(f"a{n}=1" for n in range(5000))
    for path in ("/sign-in/", "/labels/"):
        assert client.post(path, many, content_type="application/x-www-form-urlencoded").status_code in {400, 405, 413}
    form = {"name": "x" * (4 * 2**20)}
    assert client.post("/sign-in/", form).status_code in {400, 413, 422}


def test_there_are_doors_to_try():
    assert len(list(addresses())) > 60
