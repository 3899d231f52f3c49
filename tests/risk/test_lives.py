"""Keep or replace: things of the register with their work orders, as the CFO sees them."""

import datetime as dt

import pytest
from django.utils import timezone

from backend.core.days import today
from backend.maintenance.models import Defect, WorkOrder
from backend.risk.queries.whole_life import things
from tests.risk.test_pages import browser, words

pytestmark = pytest.mark.django_db


def mended(world, asset, pence: int, *, ago: int) -> None:
    """A problem with something that was mended, so many days ago."""
    at = timezone.now() - dt.timedelta(days=ago)
    defect = Defect.objects.create(
        site=asset.site, asset=asset, summary="Leaks", severity="low", found_on=at.date(), reported_at=at, status="closed"
    )
    WorkOrder.objects.create(
        site=asset.site, defect=defect, title="Mend", cost_pence=pence, status=WorkOrder.Status.CHECKED, done_at=at
    )


def years_ago(years: int) -> dt.date:
    """A day so many years ago."""
    return today().replace(year=today().year - years, day=1)


def test_an_old_boiler_that_eats_money_is_to_be_replaced(world):
    """20 years of 18; £2,500 of repairs in three years are £833 a year, a new one £667."""
    boiler = world.asset("gas-boiler", name="Boiler 1", installed_on=years_ago(20))
    mended(world, boiler, 250_000, ago=100)
    mended(world, boiler, 999_999, ago=1500)
    world.asset("gas-boiler", name="Boiler 2", installed_on=years_ago(5))
    world.asset("gas-boiler", name="Boiler 3", installed_on=years_ago(30), site=world.riverside)
    found = {each.asset.name: each.life for each in things(world.person("cfo"), today())}
    assert (found["Boiler 1"].advice, found["Boiler 1"].lately, found["Boiler 1"].repairs) == ("replace", 250_000, 1_249_999)
    assert [found[name].advice for name in ("Boiler 2", "Boiler 3")] == ["keep", "look"]
    cfo = browser(world.person("cfo"))
    page = words(cfo, "/risk/lives/")
    assert "1 thing to replace for about £12,000, 1 to look at." in page
    assert "Boiler 1" in page and "Boiler 2" not in page
    assert "Boiler 2" in words(cfo, "/risk/lives/?advice=all")
    rows = cfo.get("/risk/lives.csv?advice=replace").getvalue().decode()
    assert "Boiler 1" in rows and "Boiler 3" not in rows and "833.33" in rows
    head = browser(world.person("headteacher", school=world.riverside.school))
    assert "Boiler 1" not in words(head, "/risk/lives/?advice=all")


def test_more_things_ask_no_more_of_the_database(world, django_assert_num_queries):
    cfo = world.person("cfo")
    world.asset("gas-boiler", installed_on=years_ago(20))
    things(cfo, today())
    with django_assert_num_queries(6) as few:
        things(cfo, today())
    for number in range(5):
        world.asset("gas-boiler", name=f"Boiler {number}", installed_on=years_ago(20))
    with django_assert_num_queries(len(few)):
        things(cfo, today())
