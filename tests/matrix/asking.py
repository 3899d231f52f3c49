"""Asking a line as a column: the request as it really goes, and what was told, as the table words it."""

import copy
import io
import json
import re
import zipfile
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.db import connection, transaction
from django.test.client import ClientHandler, RequestFactory

from tests.matrix.columns import SITES, Column
from tests.matrix.lines import CLASH, GONE, HELD, HIDDEN, NO, OUTSIDE, SIGN_IN, UNFIT, WORDS, YES, Ask, Line
from tests.matrix.world import MatrixWorld

BY_STATUS = {401: SIGN_IN, 403: NO, 404: HIDDEN, 409: CLASH, 410: GONE, 400: UNFIT, 422: UNFIT}
LIBRARY = {"checks_checkrevision", "checks_checktype", "assets_assettype"}
WRITTEN_BY_ASKING = {"trust_session", "trust_tries"}
ESTATE_APPS = ("trust", "assets", "hr", "maintenance", "checks")
PASSING = [
    (re.compile(rb'name="csrfmiddlewaretoken" value="\w+"'), b""),
    (re.compile(rb'"server_time": ?"[^"]+"'), b""),
    (re.compile(rb'nonce="[^"]+"'), b""),
    (re.compile(rb"&quot;challenge&quot;: &quot;[\w-]+&quot;|\"challenge\": \"[\w-]+\""), b""),
]
"""What differs between any two answers and tells nothing."""
PICKERS = re.compile(r'<select.*?</select>|<ul class="chips".*?</ul>|<details class="menu views".*?</details>', re.S)
COMPARED = ("Content-Type", "Content-Disposition", "Location", "ETag", "Last-Modified", "Link")


@dataclass(frozen=True)
class Told:
    """An answer: its status, its headers, all its bytes."""

    status: int
    headers: dict[str, str]
    content: bytes

    def text(self, echo: tuple[str, ...]) -> str:
        """Everything that is read in it, without the ids that the asker sent themselves."""
        said = f"{self.headers} {self.content.decode(errors='replace')}"
        for each in sorted(echo, key=len, reverse=True):
            said = said.replace(each, "·")
        return said

    def gist(self, echo: tuple[str, ...]) -> tuple[int, dict[str, str], bytes]:
        """What must be the same where nothing different may be told."""
        content = self.content
        for pattern, instead in PASSING:
            content = pattern.sub(instead, content)
        heads = {name: self.headers[name] for name in COMPARED if name in self.headers}
        for each in echo:
            content = content.replace(each.encode(), b"id")
            heads = {name: value.replace(each, "id") for name, value in heads.items()}
        return self.status, heads, content


class Browser(RequestFactory):
    """Asks through the whole of Siteward, middleware included, without noting which templates were drawn as Client does."""

    handler = ClientHandler(enforce_csrf_checks=False)

    def request(self, **environ: Any) -> Any:
        """The answer to a request."""
        return self.handler(self._base_environ(**environ))  # type: ignore[attr-defined]


def ask(world: MatrixWorld, line: Line, column: Column) -> tuple[Ask, Told]:
    """Send a line's request as this column."""
    wanted = line.send(world, column)
    return wanted, told(send(world, column, line.method, wanted))


def send(world: MatrixWorld, column: Column, method: str, wanted: Ask) -> Any:
    """The request, in a browser that forgets what it was told (so that signing out in it signs nobody else out)."""
    browser, headers = Browser(), dict(wanted.headers)
    if wanted.by == "token" and column.name in world.tokens:
        headers["Authorization"] = f"Bearer {world.tokens[column.name]}"
    elif wanted.by != "token":
        browser.cookies = copy.deepcopy(world.clients[column.name].cookies)
    if method == "GET":
        return browser.get(wanted.path, wanted.query, headers=headers)
    path = f"{wanted.path}?{urlencode(wanted.query, doseq=True)}" if wanted.query else wanted.path
    if wanted.form is not None:
        return browser.post(path, wanted.form, headers=headers)
    raw = wanted.raw if wanted.raw is not None else json.dumps(wanted.body if wanted.body is not None else {}).encode()
    kind = headers.pop("Content-Type", "application/json")
    return browser.generic(method, path, raw, content_type=kind, headers=headers)


def told(answer: Any) -> Told:
    """The answer, read to its end."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if "spreadsheetml" in answer.headers.get("Content-Type", ""):
        content = unpacked(content)
    return Told(answer.status_code, dict(answer.headers), content)


def unpacked(workbook: bytes) -> bytes:
    """All that stands in a workbook, without the moment at which it was made."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as inside:
        return b"".join(inside.read(name) for name in sorted(inside.namelist()) if not name.startswith("docProps/"))


def places_in(world: MatrixWorld, answer: Told, echo: tuple[str, ...], *, rows_only: bool = False) -> frozenset[str]:
    """The places of which something is read in an answer; `rows_only`: leaving out a page's frame and its pickers."""
    text = answer.text(echo)
    if rows_only and "<main" in text:
        text = PICKERS.sub("", text[text.index("<main") :])
    return frozenset(place for place in SITES if any(mark in text for mark in world.marks[place]))


def outcome(world: MatrixWorld, line: Line, wanted: Ask, answer: Told) -> str:
    """What was told, as the table words it."""
    onward = answer.headers.get("Location", "")
    if answer.status in (301, 302):
        return SIGN_IN if onward.startswith("/sign-in/") else YES
    if answer.status not in (200, 201, 202, 204, 304):
        return BY_STATUS.get(answer.status, f"status {answer.status}")
    if line.tells is not None:
        return WORDS[places_in(world, answer, wanted.echo, rows_only=True) & line.tells]
    return special(line, answer)


def special(line: Line, answer: Told) -> str:
    """A good answer whose meaning lies in its body: a push, a question about files, a label's page, a search."""
    if line.route.endswith("/field/ops"):
        result = json.loads(answer.content)["results"][0]["outcome"]
        return {"applied": YES, "held": HELD, "conflict": CLASH}.get(result, str(result))
    if line.route.endswith("files/have"):
        return YES if any(json.loads(answer.content)["offsets"].values()) else "none"
    if line.route == "<code>":
        return OUTSIDE
    return "none" if line.route == "search/" else YES


@cache
def tables(*, estate_only: bool) -> list[str]:
    """The tables that a refused write must leave alone: all, or those of the estate."""
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    if estate_only:
        models = [model for model in models if model._meta.app_label in ESTATE_APPS]
    return sorted({model._meta.db_table for model in models} - LIBRARY - WRITTEN_BY_ASKING)


def written(*, estate_only: bool) -> int:
    """How many rows this transaction has written so far in those tables, those taken back included: PostgreSQL counts them."""
    counted = "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_user_tables WHERE relname = ANY(%s)"
    with connection.cursor() as cursor:
        cursor.execute(counted, [tables(estate_only=estate_only)])
        return int(cursor.fetchone()[0])


def fingerprint(*, estate_only: bool = False) -> dict[str, tuple[int, str]]:
    """Table -> how many rows it has and a hash over all of them."""
    one = "SELECT '{0}', count(*), md5(coalesce(string_agg(t::text, '' ORDER BY t::text), '')) FROM \"{0}\" t"
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(one.format(each) for each in tables(estate_only=estate_only)))
        return {name: (count, mark) for name, count, mark in cursor.fetchall()}


class Undone(Exception):  # noqa: N818
    """Takes back what a cell did."""


class cell_of_its_own:  # noqa: N801  reads as a word where it is used
    """A savepoint that is always taken back: no cell sees what another did."""

    def __enter__(self) -> None:
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def __exit__(self, kind: Any, value: Any, trace: Any) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(kind, value, trace)
