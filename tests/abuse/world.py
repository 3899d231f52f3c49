"""Fills a chaos run's database: a school with many plans, a caretaker; prints what the phones need to know as JSON."""

import datetime as dt
import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402

from backend.assets.models import Asset, AssetType  # noqa: E402
from backend.checks.actions import NewPlan, make_plans, publish_library  # noqa: E402
from backend.checks.models import CheckType  # noqa: E402
from backend.core.days import today  # noqa: E402
from tests.answers import good_answers  # noqa: E402
from tests.conftest import PASSWORD, World, make_world  # noqa: E402
from tests.evidence.entering import enter_missing  # noqa: E402

CHECKS = {"fire-alarm-weekly-test": "fire-alarm-panel", "emergency-lighting-monthly-test": "emergency-luminaire"}


def main(plans: int) -> None:
    """Migrate, publish, make the world and so many plans; print what the phones need."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    publish_library(actor="tests")
    call_command("sync_jobs", verbosity=0)
    world = make_world()
    made = [each for code, kind in usable().items() for each in planned(world, code, kind, plans // len(usable()))]
    found = {
        "email": world.caretaker.email,
        "person": str(world.caretaker.pk),
        "lead": world.lead.email,
        "password": PASSWORD,
        "site": str(world.oakfield.pk),
        "plans": made,
    }
    enter_missing()  # what was made by hand, as its actions would have entered it
    print(json.dumps(found))  # noqa: T201  read by the run


def usable() -> dict[str, str]:
    """The checks of CHECKS that the library has."""
    there = set(CheckType.objects.filter(pk__in=CHECKS).values_list("pk", flat=True))
    return {code: kind for code, kind in CHECKS.items() if code in there}


def planned(world: World, code: str, kind: str, count: int) -> list[dict[str, object]]:
    """So many assets, each with a plan of this check: as a phone's snapshot would name them."""
    check = CheckType.objects.select_related("current").get(pk=code)
    assert check.current
    building = world.oakfield.buildings.get()
    where = {"site": world.oakfield, "building": building, "space": building.spaces.first()}
    type_ = AssetType.objects.get(pk=kind)
    assets = [Asset(type=type_, name=f"{type_.name} {number}", **where) for number in range(count)]
    Asset.objects.bulk_create(assets, batch_size=2000)
    start = today() - dt.timedelta(days=3)
    news = [NewPlan(check_type=check, site=world.oakfield, asset=asset, starts_on=start) for asset in assets]
    rows = make_plans(news, person=world.lead, today=today())
    answers = good_answers(check.current.questions(), rows[0])
    return [
        {"plan": str(row.pk), "code": code, "revision": check.current.number, "asset": str(row.asset_id), "answers": answers}
        for row in rows
    ]


if __name__ == "__main__":
    main(int(sys.argv[1]))
