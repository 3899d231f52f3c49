"""The estate that is measured: a pattern of 5,000 assets and 50,000 plans made by the actions, copied set by set for more."""

import datetime as dt
import itertools
import random
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any

from django.core.management import call_command
from django.db import connection

from backend.assets.models import Asset
from backend.checks.actions import NewPlan, NewRecord, When, make_plans, pause_plans, publish_library, record_checks
from backend.checks.models import CheckRecord, CheckType, Plan
from backend.core.days import today
from backend.rules.answers import judge
from backend.trust.models import Person, School
from tests.answers import good_answers
from tests.bench import copies

PATTERN = 5000  # assets
PER_SCHOOL = 1000
PLANS_PER_ASSET = 10
RECORDS = 4000  # in the pattern; each copy has as many
SEED = 7
AT_ONCE = 1000


def fill(assets: int) -> None:
    """Bring the database to about that many assets: the schema always, the rows only as far as they are missing."""
    call_command("migrate", verbosity=0)
    publish_library(actor="bench")
    there = Asset.objects.count()
    if there >= assets:
        return
    started = time.monotonic()
    if not there:
        pattern(min(assets, PATTERN))
        say(f"pattern of {Asset.objects.count():,} assets and {Plan.objects.count():,} plans", started)
    if (times := assets // PATTERN) > 1:
        copies.copy_estate(times - 1)
        say(f"copied to {assets:,} assets", started)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    say("vacuumed", started)


def say(what: str, since: float) -> None:
    """A line of progress."""
    sys.stderr.write(f"  {what}: {time.monotonic() - since:.0f} s\n")


def pattern(assets: int, plans_per_asset: int = PLANS_PER_ASSET, records: int = RECORDS) -> None:
    """The demo's schools and register without history; then more plans, and records of the last weeks, all by actions."""
    call_command("load_demo", assets=assets, schools=max(2, assets // PER_SCHOOL), no_history=True, stdout=sys.stderr)
    lead = Person.objects.get(email="estates@trust.demo")
    throw = random.Random(SEED)
    news = further_plans(assets * plans_per_asset - Plan.objects.count(), throw)
    for some in batched(news):
        make_plans(some, person=lead, today=today())
    paused = list(Plan.objects.filter(active=True).select_related("site").order_by("pk")[:: plans_per_asset * 5])
    for part in batched(iter(paused)):
        pause_plans(part, first=today() - dt.timedelta(days=3), last=today() + dt.timedelta(days=30), person=lead, today=today())
    for made in batched(history(lead, records, throw)):
        record_checks(made)


def batched(rows: Iterator[Any]) -> Iterator[list[Any]]:
    """Lists of a thousand."""
    while part := list(itertools.islice(rows, AT_ONCE)):
        yield part


def further_plans(wanted: int, throw: random.Random) -> Iterator[NewPlan]:
    """So many plans on single assets, in turn: each check of the library that has a rule, once an asset."""
    checks = [
        each
        for each in CheckType.objects.filter(withdrawn=False).select_related("current").order_by("pk")
        if each.current and each.current.content.get("rule")
    ]
    there = set(Plan.objects.filter(asset__isnull=False).values_list("asset_id", "check_type_id"))
    assets = list(Asset.objects.exclude(status=Asset.Status.RETIRED).select_related("site").order_by("site_id", "pk"))
    pairs = (
        (asset, checks[(number + turn * 7) % len(checks)])
        for number, asset in enumerate(assets)
        for turn in range(1 + -(-wanted // len(assets)))
    )
    free = ((asset, check) for asset, check in pairs if (asset.pk, check.pk) not in there)
    for asset, check in itertools.islice(free, max(0, wanted)):
        starts = today() + dt.timedelta(days=throw.randint(-8, 320))
        yield NewPlan(check_type=check, site=asset.site, asset=asset, starts_on=starts)


def history(author: Person, wanted: int, throw: random.Random) -> Iterator[NewRecord]:
    """So many records of the last 60 days, one a plan; one in 25 finds something wrong."""
    rows = Plan.objects.filter(active=True, rule__isnull=False).select_related("check_type__current", "site", "asset", "building")
    step = max(1, rows.count() // max(1, wanted * 2))
    made = 0
    for plan in rows.order_by("pk")[::step]:
        if made == wanted:
            return
        revision = plan.check_type.current
        answers = good_answers(revision.questions(), plan) if revision else None
        if revision is None or answers is None or judge(revision.questions(), answers).problems:
            continue
        if throw.random() < 0.04:
            answers = spoiled(revision.questions(), answers)
        at = When.now().received_at - dt.timedelta(days=throw.randint(0, 60), minutes=throw.randint(0, 600))
        made += 1
        yield NewRecord(author, revision, answers, When(at, at, at), "tag", plan)


def spoiled(questions: Sequence[dict[str, Any]], answers: dict[str, Any]) -> dict[str, Any]:
    """The answers with one that fails, where a failure asks for nothing more."""
    for question in questions:
        if question["type"] == "pass-fail" and question["key"] in answers:
            worse = {**answers, question["key"]: "fail"}
            return answers if judge(questions, worse).problems else worse
    return answers


def size() -> dict[str, int]:
    """How large it is."""
    return {
        "assets": Asset.objects.count(),
        "plans": Plan.objects.count(),
        "records": CheckRecord.objects.count(),
        "schools": School.objects.count(),
    }
