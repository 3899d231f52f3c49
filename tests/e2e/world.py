"""Fills the end-to-end database with the small world and a few plans, and says what it made as JSON. Run as a module."""

import datetime as dt
import json
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402

from backend.assets.actions import ensure_tags, make_tags  # noqa: E402
from backend.checks.actions import publish_library  # noqa: E402
from backend.core.days import today  # noqa: E402
from tests.answers import good_answers  # noqa: E402
from tests.conftest import PASSWORD, make_world  # noqa: E402


def main() -> None:
    """Migrate, publish, make the world: a weekly alarm test that is overdue, monthly taps, a place round with photos."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    publish_library(actor="tests")
    world = make_world()
    panel = world.asset("fire-alarm-panel", name="Fire alarm panel")
    call_point = world.asset("manual-call-point", name="Call point 1, by the hall")
    tap = world.asset("water-outlet", name="Kitchen tap", facts={"role": ["sentinel"]})
    since = today() - dt.timedelta(days=24)
    weekly = world.plan("fire-alarm-weekly-test", asset=panel, since=since)
    monthly = world.plan("water-sentinel-temperatures", asset=tap, since=since)
    perimeter = world.plan("site-perimeter-check", site=world.oakfield, since=since)
    lift = world.asset("passenger-lift", name="Hall lift")
    examined = world.plan("loler-passenger-lift", asset=lift, since=since)
    tags = ensure_tags([panel, tap])
    second = world.person("caretaker", site=world.oakfield)
    form = weekly.check_type.current
    assert form
    made = {
        "password": PASSWORD,
        "caretaker": world.caretaker.email,
        "stranger": world.stranger.email,
        "lead": world.lead.email,
        "administrator": world.person("administrator").email,
        "hr": world.person("hr-officer").email,
        "caretaker_id": str(world.caretaker.pk),
        "second": second.email,
        "second_id": str(second.pk),
        "weekly_check": {"code": weekly.check_type_id, "revision": form.number},
        "weekly_answers": good_answers(form.questions(), weekly),
        "site": str(world.oakfield.pk),
        "panel": str(panel.pk),
        "call_point": str(call_point.pk),
        "tap": str(tap.pk),
        "weekly": str(weekly.pk),
        "monthly": str(monthly.pk),
        "perimeter": str(perimeter.pk),
        "lift_plan": str(examined.pk),
        "panel_tag": tags[panel.pk].code,
        "tap_tag": tags[tap.pk].code,
        "spare_tag": make_tags(1)[0].code,
    }
    print(json.dumps(made))  # noqa: T201  read by the fixture


if __name__ == "__main__":
    main()
