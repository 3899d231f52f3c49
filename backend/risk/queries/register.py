"""The risk register as it stands: each risk with its newest scores and which way it moved; what the estate proposes."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery

from backend.risk.models import Risk, RiskScore
from backend.risk.queries.exposure import Exposure
from backend.trust.models import Person

PROPOSED_FROM = 12  # from this score on, an exposure is proposed for the register


def newest(kind: str, column: str, nth: int = 0) -> Subquery:
    """SQL: a column of the newest score of a kind, or of the one before (`nth` 1)."""
    rows = RiskScore.objects.filter(risk=OuterRef("pk"), kind=kind).order_by("-made_at", "-pk")
    return Subquery(rows.values(column)[nth : nth + 1])


def with_scores(rows: QuerySet[Risk]) -> Any:
    """The risks with `likelihood` and `impact` now, `score`, `score_before` (the review before) and `target`."""
    now, then, target = RiskScore.Kind.NOW, RiskScore.Kind.NOW, RiskScore.Kind.TARGET
    return rows.annotate(
        likelihood=newest(now, "likelihood"),
        impact=newest(now, "impact"),
        score=newest(now, "likelihood") * newest(now, "impact"),
        score_before=newest(then, "likelihood", 1) * newest(then, "impact", 1),
        target=newest(target, "likelihood") * newest(target, "impact"),
        moved=F("score") - F("score_before"),
    )


def grid(risks: Sequence[Any]) -> list[tuple[int, list[tuple[int, int]]]]:
    """Five rows, the likeliest first: (likelihood, [(impact, how many risks stand there), …])."""
    counts: dict[tuple[int, int], int] = {}
    for each in risks:
        counts[each.likelihood, each.impact] = counts.get((each.likelihood, each.impact), 0) + 1
    return [(like, [(impact, counts.get((like, impact), 0)) for impact in range(1, 6)]) for like in range(5, 0, -1)]


def proposals(person: Person, exposures: Sequence[Exposure]) -> list[Exposure]:
    """Exposures from a score on that no open risk of the register came from. One query."""
    there = set(Risk.objects.visible_to(person).filter(closed_on=None).exclude(exposure="").values_list("exposure", flat=True))
    return [each for each in exposures if each.score.score >= PROPOSED_FROM and each.key not in there]


def to_review(person: Person, day: dt.date) -> int:
    """How many open risks are to be looked at again. One query."""
    return Risk.objects.visible_to(person).filter(closed_on=None, review_on__lte=day).count()
