"""Fills the end-to-end database with a school to walk: twelve taps on two floors, fourteen first-aid kits. Run as a module."""

import datetime as dt
import json
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from backend.assets.actions import ensure_tags  # noqa: E402
from backend.assets.models import Asset  # noqa: E402
from backend.checks.actions import NewRecord, When, publish_library, record_check  # noqa: E402
from backend.checks.models import Plan, Round  # noqa: E402
from backend.core.days import today  # noqa: E402
from backend.trust.models import Space  # noqa: E402
from tests.conftest import PASSWORD, World, make_world  # noqa: E402

TAPS, KITS = 12, 14


def rooms(world: World) -> list[Space]:
    """Six rooms of the main block, three to a floor, upstairs first: the walk has to sort them."""
    block = world.oakfield.buildings.get()
    return [
        Space.objects.create(building=block, name=f"Room {n}", floor="First" if n > 3 else "Ground") for n in (4, 5, 6, 1, 2, 3)
    ]


def placed(asset: Asset, space: Space) -> Asset:
    """The asset, in this room."""
    asset.space = space
    asset.save()
    return asset


def read_before(plan: Plan, world: World, values: list[float]) -> None:
    """Earlier readings of a tap, one a month, oldest first."""
    revision = plan.check_type.current
    assert revision is not None
    for months, value in zip(range(len(values), 0, -1), values, strict=True):
        at = timezone.now() - dt.timedelta(days=30 * months)
        answers = {"outlet": str(plan.asset_id), "hot_c": value, "cold_c": 15}
        record_check(
            NewRecord(
                author=world.caretaker, revision=revision, answers=answers, when=When(at, at, at), presence="tag", plan=plan
            )
        )


def main() -> None:
    """Migrate, publish, make the world."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    publish_library(actor="tests")
    world = make_world()
    places = rooms(world)
    since = today() - dt.timedelta(days=200)
    plans = []
    for n in range(TAPS):
        tap = placed(world.asset("water-outlet", name=f"Tap {n + 1}", facts={"role": ["sentinel"]}), places[n % len(places)])
        plans.append(world.plan("water-sentinel-temperatures", asset=tap, since=since))
        read_before(plans[-1], world, [56.5, 54, 52.5] if n == 0 else [55])
    kits = [placed(world.asset("first-aid-kit", name=f"Kit {n + 1}"), places[n % 2]) for n in range(KITS)]
    checks = [world.plan("first-aid-kit-check", asset=kit, since=since) for kit in kits]
    walked = Round.objects.create(
        site=world.oakfield, name="Tap round", often="month", days=[], stops=[plan.pk for plan in plans],
        person=world.caretaker, changed_at=timezone.now(),
    )  # fmt: skip
    tags = ensure_tags(kits)
    made = {
        "password": PASSWORD,
        "caretaker": world.caretaker.email,
        "lead": world.lead.email,
        "panel_tag": tags[kits[0].pk].code,  # what the camera sees
        "kit": str(kits[0].pk),
        "round": str(walked.pk),
        "check": str(checks[0].pk),
    }
    print(json.dumps(made))  # noqa: T201  read by the fixture


if __name__ == "__main__":
    main()
