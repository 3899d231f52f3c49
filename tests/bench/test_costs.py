"""What reading costs in statements: pinned, and the same however large the estate. Never in seconds."""

import datetime as dt
import random

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client

from backend.assets.actions import ensure_tags
from backend.assets.models import Asset, AssetType
from backend.checks.models import CheckType, Plan
from backend.checks.queries.compliance import counted
from backend.core.days import today
from backend.trust.models import Building, School, Site
from tests.bench.copies import copy_estate
from tests.bench.measure import counted as statements
from tests.bench.web import Asker

DAY = dt.timedelta(days=1)
PINNED = {"scan": 4, "list": 4, "compliance": 8, "home": 12, "search": 18, "board": 12}


@pytest.fixture
def estate(world):
    """Two schools with assets, labels and plans of every status."""
    assets = [world.asset(site=site) for site in (world.oakfield, world.riverside) for _ in range(6)]
    ensure_tags(assets)
    check, throw = CheckType.objects.get(pk="fire-alarm-weekly-test"), random.Random(1)
    Plan.objects.bulk_create(
        Plan(
            check_type=check, discipline=throw.choice(["fire", "water"]), site=asset.site, asset=asset, starts_on=today(),
            due_on=today() + throw.randint(-9, 9) * DAY, overdue_from=today() + throw.randint(-5, 20) * DAY,
            soon_from=today() + throw.randint(-20, 5) * DAY,
            pauses=[DateRange(today() - DAY, today() + throw.randint(0, 2) * DAY)] if throw.random() < 0.3 else [],
        )
        for asset in assets
    )  # fmt: skip
    return world


def costs(world) -> dict[str, int]:
    """Statements of each hot page, each asked once before so that nothing is read for the first time."""
    field, lead = world.caretaker, world.lead
    code = Asset.objects.filter(site=world.oakfield).order_by("pk")[0].tags.get().code
    asked = {
        "scan": (Asker.by_token(field.email), f"/api/v1/assets/by-tag/{code}"),
        "list": (Asker.by_token(field.email), f"/api/v1/assets?site={world.oakfield.pk}&page_size=100"),
        "compliance": (Asker.by_token(lead.email), "/api/v1/compliance?by=school,discipline"),
        "home": (Asker.by_session(lead.email), "/"),
        "board": (Asker.by_session(lead.email), "/compliance/"),
        "search": (Asker.by_session(lead.email), "/search/?q=fire"),
    }
    found = {}
    for name, (asker, address) in asked.items():
        client = Client(headers=asker.headers())
        assert client.get(address).status_code == 200
        with statements() as sent:
            client.get(address)
        found[name] = len([each for each in sent if not each.startswith(("SAVEPOINT", "RELEASE"))])
    return found


def test_hot_pages_cost_few_statements_and_no_more_when_the_estate_grows(estate):
    before = costs(estate)
    assert {name: n for name, n in before.items() if n > PINNED[name]} == {}
    copy_estate(4)
    assert costs(estate) == before


def test_a_copied_estate_hangs_together_and_is_as_large_as_it_should_be(estate):
    kinds = (School, Site, Building, Asset, Plan)
    before = {kind: kind.objects.count() for kind in kinds}
    copy_estate(3)
    assert {kind: kind.objects.count() for kind in kinds} == {kind: n * 4 for kind, n in before.items()}
    for row in Plan.objects.select_related("site__school", "asset__building"):
        assert row.asset and row.asset.site_id == row.site_id
    assert Asset.objects.filter(tags=None).count() == 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relname = 'plan_not_in_date'"
        )
        assert cursor.fetchone() == (1,)


def test_counts_by_index_are_those_of_each_plan_on_every_day(estate):
    plans = list(Plan.objects.all())
    for offset in range(-30, 31):
        day = today() + offset * DAY
        told = {
            (d, status): n
            for (d,), found in counted(Plan.objects.filter(active=True), day, "discipline").items()
            for status, n in found
        }
        one_by_one: dict[tuple[str, str], int] = {}
        for plan in plans:
            key = plan.discipline, plan.status(day).value
            one_by_one[key] = one_by_one.get(key, 0) + 1
        assert told == one_by_one, day


def test_plans_that_stand_so_are_found_so(estate):
    for offset in (-20, -5, 0, 1, 5, 20):
        day = today() + offset * DAY
        for status in ("in-date", "due-soon", "due", "overdue", "paused"):
            found = set(Plan.objects.standing(status, day).values_list("pk", flat=True))
            assert found == {plan.pk for plan in Plan.objects.all() if plan.status(day).value == status}, (status, day)


def test_plans_are_vacuumed_early_for_the_counts_read_their_index_alone(library):
    with connection.cursor() as cursor:
        cursor.execute("SELECT reloptions FROM pg_class WHERE relname = 'checks_plan'")
        assert "autovacuum_vacuum_scale_factor=0.02" in cursor.fetchone()[0]
    assert AssetType.objects.exists()
