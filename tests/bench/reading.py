"""What is read all day: a label scanned, a list, the board, home pages, search, the phone's documents, labels printed."""

import datetime as dt
import io
import itertools
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command

from backend.assets.label_stocks import STOCKS
from backend.assets.labels import Label, sheet
from backend.assets.models import Asset, Tag
from backend.core.days import today
from backend.trust.models import Person, Site
from tests.bench import limits
from tests.bench.measure import Bench
from tests.bench.web import Asker

CARETAKER, LEAD = "caretaker@oakfield.demo", "estates@trust.demo"
HOMES = {
    "caretaker": CARETAKER,
    "site manager": "site.manager@oakfield.demo",
    "business manager": "sbm@oakfield.demo",
    "CFO": "cfo@trust.demo",
    "trustee": "trustee@trust.demo",
    "administrator": "admin@trust.demo",
}
DOCUMENTS = ("due", "register", "forms")
LABELS = 500


def home_site() -> Site:
    """Oakfield's first site."""
    return Site.objects.filter(school__appointments__person__email=CARETAKER).order_by("name")[0]


def getting(asker: Asker, *addresses: str) -> Callable[[Any], None]:
    """A call that gets these addresses in turn, one a call."""
    turn = itertools.cycle(addresses)
    return lambda _given: void(asker.get(next(turn)))


def void(_answer: Any) -> None:
    """Nothing: the answer was checked when it came."""


def scan(size: dict[str, int]) -> Iterator[Bench]:
    """A label is scanned: the asset and its checks."""
    field = Asker.by_token(CARETAKER)
    codes = list(Tag.objects.filter(asset__site=home_site()).order_by("code").values_list("pk", flat=True)[:500])
    turn = itertools.cycle(codes)
    yield Bench(
        "scan",
        getting(field, *(f"/api/v1/assets/by-tag/{code}" for code in codes)),
        n=300,
        limit=limits.sql(limits.SCAN, lambda: [next(turn)]),
        floor=lambda: void(field.get("/api/v1/floor")),
        size=size,
    )


def listing(size: dict[str, int]) -> Iterator[Bench]:
    """A hundred assets of one site."""
    site = home_site().pk
    yield Bench(
        "list",
        getting(Asker.by_token(CARETAKER), f"/api/v1/assets?site={site}&page_size=100"),
        n=200,
        limit=limits.sql(limits.LIST, lambda: [site, site]),
        size=size,
    )


def compliance(size: dict[str, int]) -> Iterator[Bench]:
    """How the whole trust stands."""
    lead, raw = Asker.by_token(LEAD), limits.sql(limits.COMPLIANCE, lambda: {"day": today()})
    n = 60 if size["plans"] <= 1_000_000 else 10
    yield Bench("compliance", getting(lead, "/api/v1/compliance?by=school,discipline"), n=n, limit=raw, size=size)
    yield Bench("compliance one school", getting(Asker.by_token("sbm@oakfield.demo"), "/api/v1/compliance"), n=60, size=size)


def dashboard(size: dict[str, int]) -> Iterator[Bench]:
    """Each role's home page, and the board."""
    n = 40 if size["plans"] <= 1_000_000 else 10
    for role, email in HOMES.items():
        yield Bench(f"dashboard {role}", getting(Asker.by_session(email), "/"), n=n, limit=limits.overdue(),
                    limit_what="raw SQL: overdue by site", size=size)  # fmt: skip
    yield Bench("dashboard board", getting(Asker.by_session(LEAD), "/compliance/"), n=n, size=size)
    yield Bench("dashboard map", getting(Asker.by_session(LEAD), "/map/"), n=n, size=size)
    yield Bench("trends", getting(Asker.by_session(LEAD), "/trends/"), n=n, size=size)


def search(size: dict[str, int]) -> Iterator[Bench]:
    """A serial number, words that are common, and words as the API is asked for them."""
    page, field = Asker.by_session(LEAD), Asker.by_token(LEAD)
    asset = Asset.objects.exclude(serial="").order_by("pk")[0]
    word = asset.name.split()[0].lower()
    rare = limits.sql(limits.SEARCH, lambda: [asset.serial.lower()])
    common = limits.sql(limits.SEARCH, lambda: [f"{word}:*"])
    yield Bench("search serial", lambda _g: void(page.ask(f"/search/?q={asset.serial}")), n=60, limit=rare, size=size)
    yield Bench("search words", getting(page, f"/search/?q={word}"), n=30, limit=common, size=size)
    yield Bench("search API", getting(field, f"/api/v1/assets?search={word}"), n=30, limit=common, size=size)


GZIP = {"Accept-Encoding": "gzip"}


def snapshot(size: dict[str, int]) -> Iterator[Bench]:
    """The phone's three documents of a site: built, and asked for again when nothing changed."""
    field, site = Asker.by_token(CARETAKER), home_site()
    plans = site.plans.filter(active=True).count()
    for name in DOCUMENTS:
        address = f"/api/v1/field/sites/{site.pk}/{name}"
        first = field.get(address, GZIP)
        facts = {"kB sent": round(len(first.body) / 1000, 1), "plans of the site": plans}
        known = {**GZIP, "If-None-Match": first.headers["ETag"]}
        built, again = partial(fetch, field, address, GZIP), partial(unchanged, field, address, known)
        yield Bench(f"snapshot {name}", built, n=3 if name == "due" else 12, size=size, extra=partial(added, facts))
        yield Bench(f"snapshot {name} 304", again, n=20, size=size)


def fetch(asker: Asker, address: str, headers: dict[str, str], _given: Any) -> None:
    """Get it."""
    asker.get(address, headers)


def added(facts: dict[str, Any], _row: dict[str, Any]) -> dict[str, Any]:
    """Figures that were known before."""
    return facts


def unchanged(asker: Asker, address: str, known: dict[str, str], _given: Any) -> None:
    """It must say that nothing has changed."""
    answer = asker.ask(address, headers=known)
    assert answer.status == 304, answer.status


def phone(size: dict[str, int]) -> Iterator[Bench]:
    """A phone's first day at a site: who I am, and all three documents."""
    field, site = Asker.by_token(CARETAKER), home_site().pk
    addresses = ["/api/v1/field/me", *(f"/api/v1/field/sites/{site}/{name}" for name in DOCUMENTS)]

    def first_sync(_given: Any = None) -> int:
        return sum(len(field.get(each, GZIP).body) for each in addresses)

    sent = {"kB sent": round(first_sync() / 1000, 1)}
    yield Bench("phone first sync", first_sync, n=2, size=size, extra=lambda _r: sent)


def qr(size: dict[str, int]) -> Iterator[Bench]:
    """A sheet of 500 labels as PDF."""
    rows = Tag.objects.filter(asset__isnull=False).order_by("code").values_list("code", "asset__name", "asset__site__name")
    labels = [Label(*row) for row in rows[:LABELS]]
    stock = next(iter(STOCKS.values()))
    rate = {"labels": len(labels)}
    yield Bench("qr sheet of 500", lambda _g: void(sheet(labels, stock, settings.LABEL_HOST)), n=3, size=size,
                extra=lambda row: {**rate, "labels/s": round(len(labels) / row["p50"] * 1000)})  # fmt: skip


def evidence(size: dict[str, int]) -> Iterator[Bench]:
    """One school's evidence written out, to be checked on another machine; and a pack of one site and a year for an inspector."""
    urn = home_site().school.urn

    def export(_given: Any) -> None:
        with tempfile.TemporaryDirectory() as folder:
            call_command("evidence", "export", str(Path(folder) / "out.zip"), "--school", str(urn), stdout=io.StringIO())

    yield Bench("evidence export of one school", export, n=2, size=size)
    yield Bench("evidence pack of one site and a year", pack_of_a_year, n=2, size=size)


def pack_of_a_year(_given: Any) -> None:
    """The pack of the home site: every discipline, the last twelve months, photos too, made as the job makes it."""
    from backend.checks.actions.packs import ask_pack
    from backend.checks.models import PackRequest, Plan
    from backend.office.proof.making import make_pack

    site, now = home_site(), today()
    kinds = sorted(set(Plan.objects.filter(site=site).values_list("discipline", flat=True)))
    days = {"first_day": now - dt.timedelta(days=364), "last_day": now}
    asked = PackRequest(site=site, disciplines=kinds, recipient="auditor", **days)
    make_pack(str(ask_pack(asked, person=Person.objects.get(email=LEAD)).pk))
