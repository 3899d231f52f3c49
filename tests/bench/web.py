"""Asking Siteward in this process, as a server would: the WSGI application itself, with nothing of a test client around it."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.test import Client
from rest_framework.request import Request
from rest_framework.response import Response

from backend.core.api.resources import Address
from backend.trust.models import Person
from backend.trust.tokens import issue


class Empty(Address):
    """The framework's floor: signed in, answers nothing."""

    def get(self, _request: Request) -> Response:
        """Nothing."""
        return Response({})


@dataclass(slots=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Asker:
    """Somebody signed in: by token for the API, by session for pages."""

    person: Person
    token: str = ""
    cookie: str = ""
    app: WSGIHandler = field(default_factory=WSGIHandler)

    @classmethod
    def by_token(cls, email: str) -> "Asker":
        """A program."""
        person = Person.objects.get(email=email)
        return cls(person, token=issue(person)[0])

    @classmethod
    def by_session(cls, email: str) -> "Asker":
        """A browser."""
        person = Person.objects.get(email=email)
        client = Client()
        client.force_login(person)
        cookies: SimpleCookie = client.cookies
        return cls(person, cookie="; ".join(f"{name}={each.value}" for name, each in cookies.items()))

    def headers(self) -> dict[str, str]:
        """How they show who they are."""
        return {"Authorization": f"Bearer {self.token}"} if self.token else {"Cookie": self.cookie}

    def ask(self, address: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Answer:
        """GET, or POST when there is a body."""
        path, _, query = address.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "GET" if body is None else "POST",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body or b""),
            "wsgi.errors": io.StringIO(),
            "wsgi.version": (1, 0),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            "CONTENT_LENGTH": str(len(body or b"")),
            "CONTENT_TYPE": "application/json" if body is not None else "",
        }
        for name, value in {**self.headers(), **(headers or {})}.items():
            environ["HTTP_" + name.upper().replace("-", "_")] = value
        said: list[Any] = []
        started: Any = lambda status, sent, _fault=None: said.extend((status, sent))  # noqa: E731
        response: Any = self.app(environ, started)
        try:
            content = b"".join(response)
        finally:
            response.close()
        return Answer(int(said[0].split()[0]), dict(said[1]), content)

    def get(self, address: str, headers: Mapping[str, str] | None = None) -> Answer:
        """GET that must succeed."""
        answer = self.ask(address, headers=headers)
        if answer.status not in {200, 304}:
            raise AssertionError(f"{address}: {answer.status} {answer.body[:300]!r}")
        return answer
