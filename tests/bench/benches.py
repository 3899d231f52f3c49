"""What is measured: the hot paths of the day, asked as a caretaker or an SBM would, through the whole of Django."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection
from django.test import Client

from backend.assets.models import Asset, Tag
from backend.checks.actions import NewRecord, When, record_check
from backend.checks.models import CheckRecord, CheckRevision, Plan
from backend.core.days import today
from backend.rules.answers import judge
from backend.trust.models import Person, Site
from backend.trust.tokens import issue
from tests.answers import good_answers
from tests.bench.measure import Bench
from tests.sync.phone import Phone, check_done


def client_for(email: str) -> Client:
    """A client that is signed in by a token."""
    token, _ = issue(Person.objects.get(email=email))
    return Client(headers={"Authorization": f"Bearer {token}"})


def getting(client: Client, url: Callable[[], str]) -> Callable[[], None]:
    """A call that gets a page and insists on 200."""

    def call() -> None:
        address = url()
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code, answer.content[:300])

    return call


def sql(text: str, params: Callable[[], list[Any]]) -> Callable[[], None]:
    """A call that runs bare SQL and fetches everything."""

    def call() -> None:
        with connection.cursor() as cursor:
            cursor.execute(text, params())
            cursor.fetchall()

    return call


def simple_plans(site: Site, least: int = 200) -> list[Plan]:
    """Active plans of a site whose check can be answered without a file."""
    rows = Plan.objects.filter(site=site, active=True, rule__isnull=False).select_related("check_type__current", "site", "asset")
    fit = [plan for plan in rows[:3000] if answerable(plan)]
    assert fit, "no plan can be answered without a file"
    return fit[: max(least, 1)]


def answerable(plan: Plan) -> bool:
    """Whether the plan's check can be answered without a file."""
    answers = good_answers(current(plan).questions(), plan)
    return answers is not None and not judge(current(plan).questions(), answers).problems


def benches(assets: int) -> Iterator[Bench]:
    """Every benchmark at this size."""
    caretaker = Person.objects.get(email="caretaker@oakfield.demo")
    site = Site.objects.filter(school__appointments__person=caretaker).order_by("name").first()
    assert site is not None
    size = {"assets": Asset.objects.count(), "plans": Plan.objects.count(), "records": CheckRecord.objects.count()}
    field, lead = client_for("caretaker@oakfield.demo"), client_for("estates@trust.demo")

    tags = itertools.cycle(Tag.objects.filter(asset__site=site).values_list("pk", flat=True)[:500])
    yield Bench(
        "scan",
        getting(field, lambda: f"/api/v1/assets/by-tag/{next(tags)}"),
        limit=sql(
            "SELECT a.* FROM assets_tag t JOIN assets_asset a ON a.id = t.asset_id WHERE t.code = %s", lambda: [next(tags)]
        ),
        size=size,
    )
    yield Bench(
        "list",
        getting(field, lambda: f"/api/v1/assets?site={site.pk}&page_size=100"),
        limit=sql("SELECT * FROM assets_asset WHERE site_id = %s ORDER BY name, id LIMIT 100", lambda: [site.pk]),
        size=size,
    )
    plans = simple_plans(site)
    yield from writing(plans, caretaker, size)
    yield Bench(
        "compliance",
        getting(lead, lambda: "/api/v1/compliance?by=school,discipline"),
        n=60,
        limit=sql(
            "SELECT site_id, discipline, count(*), count(*) FILTER (WHERE overdue_from <= %s), "
            "count(*) FILTER (WHERE due_on < %s) FROM checks_plan WHERE active GROUP BY 1, 2",
            lambda: [today(), today()],
        ),
        size=size,
    )
    yield Bench("snapshot", getting(field, lambda: f"/api/v1/field/sites/{site.pk}/due"), n=10, size=size)


def writing(plans: list[Plan], author: Person, size: dict[str, int]) -> Iterator[Bench]:
    """Recording one check through the action, and pushing operations over the field protocol."""
    turn = itertools.cycle(plans)

    def record() -> None:
        plan = next(turn)
        plan.active = True
        record_check(
            NewRecord(
                author=author,
                revision=current(plan),
                answers=good_answers(current(plan).questions(), plan) or {},
                when=When.now(),
                presence="tag",
                plan=plan,
            )
        )

    yield Bench("record", record, size=size)
    phone = Phone(author)
    assert phone.register().status_code == 201
    for count in (100, 500):
        yield Bench(
            f"push {count}",
            pushing(turn, phone, count),
            n=10,
            size=size,
            extra=rate(count),
        )


def current(plan: Plan) -> CheckRevision:
    """The revision on the screen."""
    assert plan.check_type.current
    return plan.check_type.current


def rate(count: int) -> Callable[[float], dict[str, Any]]:
    """Records a second from the median milliseconds of a push of `count`."""
    return lambda p50: {"records/s, one process": round(count / p50 * 1000)}


def pushing(turn: Iterator[Plan], phone: Phone, count: int) -> Callable[[], None]:
    """A call that pushes `count` fresh operations, signed and chained, and insists that each was applied."""

    def call() -> None:
        ops = [phone.op("check_done", check_done(next(turn))) for _ in range(count)]
        outcomes = {each["outcome"] for each in phone.push(*ops)}
        assert outcomes == {"applied"}, outcomes

    return call
