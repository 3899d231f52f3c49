"""What is written all day: one check recorded by the office, and operations pushed by phones."""

import itertools
import json
import random
from collections.abc import Iterator
from functools import partial
from typing import Any

from backend.checks.models import CheckRevision, Plan
from backend.rules.answers import judge
from backend.trust.models import Person
from tests.answers import good_answers
from tests.bench.limits import Bare
from tests.bench.measure import Bench
from tests.bench.reading import CARETAKER, home_site
from tests.bench.web import Answer, Asker
from tests.sync.phone import Phone, check_done

SPREAD = 2500  # plans that are taken in turn, so that none grows a history of its own


def simple_plans() -> Iterator[Plan]:
    """Oakfield's active plans whose check can be answered without a file, in turn, always in the same order."""
    rows = Plan.objects.filter(site=home_site(), active=True, rule__isnull=False)
    rows = rows.exclude(asset__status="retired").select_related("check_type__current", "site", "asset", "building")
    plans = list(rows.order_by("pk"))
    random.Random(3).shuffle(plans)
    return itertools.cycle(list(itertools.islice((plan for plan in plans if answerable(plan)), SPREAD)))


def answerable(plan: Plan) -> bool:
    """Whether the plan's check can be answered without a file."""
    answers = good_answers(current(plan).questions(), plan)
    return answers is not None and not judge(current(plan).questions(), answers).problems


def current(plan: Plan) -> CheckRevision:
    """The revision on the screen."""
    assert plan.check_type.current
    return plan.check_type.current


def record(size: dict[str, int]) -> Iterator[Bench]:
    """One check logged over the API, with its audit entry."""
    turn, field = simple_plans(), Asker.by_token(CARETAKER)

    def body() -> bytes:
        plan = next(turn)
        answers = good_answers(current(plan).questions(), plan)
        return json.dumps({"plan": str(plan.pk), "revision": current(plan).number, "answers": answers}).encode()

    def post(sent: bytes) -> None:
        answer = field.ask("/api/v1/records", sent)
        assert answer.status == 201, answer.body[:400]

    yield Bench("record", post, prepare=body, n=150, limit=Bare().one, limit_what="bare inserts and one update", size=size)


def push(size: dict[str, int]) -> Iterator[Bench]:
    """Operations of a phone, signed and chained, each of which must be applied."""
    turn, bare = simple_plans(), Bare()
    phone = Phone(Person.objects.get(email=CARETAKER))
    assert phone.register().status_code == 201
    asker = Asker(phone.person, token="by the phone's own headers") if phone.person else None
    assert asker

    def ready(count: int) -> tuple[bytes, dict[str, str]]:
        raw = phone.envelope([phone.op("check_done", check_done(next(turn))) for _ in range(count)])
        return raw, phone.headers(raw)

    def send(given: tuple[bytes, dict[str, str]]) -> None:
        applied(asker.ask("/api/v1/field/ops", *given))

    for count in (100, 500):
        yield Bench(
            f"push {count}",
            send,
            prepare=partial(ready, count),
            n=10,
            limit=bare.many(count),
            limit_what="COPY of as many records and audit entries",
            size=size,
            extra=partial(a_second, count),
        )


def a_second(count: int, row: dict[str, Any]) -> dict[str, Any]:
    """Records a second, from the middle time of a push."""
    return {"records/s, one process": round(count / row["p50"] * 1000)}


def applied(answer: Answer) -> None:
    """Every operation must have been applied."""
    assert answer.status == 200, answer.body[:400]
    outcomes: set[Any] = {each["outcome"] for each in json.loads(answer.body)["results"]}
    assert outcomes == {"applied"}, outcomes
