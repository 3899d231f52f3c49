"""The evidence for a bid: what is there of what a bid is judged by, and what is missing."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from backend.assets.models import Asset
from backend.risk.estate import funding
from backend.risk.models import ConditionSurvey
from backend.risk.queries.capital import Works, lines_of_cost
from backend.risk.queries.exposure import Exposure
from backend.risk.queries.gathered import Gathered
from backend.risk.queries.surveys import ASBESTOS
from backend.rules.capital import Cost, Criterion, cost_in
from backend.rules.estate import years_between
from backend.rules.exposures import CONDITION

MOST_YEARS = 5
"""How old a survey may be for a bid."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing that a bid asks for: whether it is there, and what is."""

    asks: str
    there: bool
    words: str


@dataclass(slots=True)
class Bid:
    """A bid as far as it stands: by criterion what is there; the cost in its lines (None without a price); the history."""

    works: Works
    cost: Cost | None
    history: list[Exposure]
    surveys: list[ConditionSurvey]
    photos: list[str]
    parts: list[tuple[Criterion, str, list[Shown]]] = field(default_factory=list)

    @property
    def missing(self) -> int:
        """How many things are missing."""
        return sum(not each.there for *_, shown in self.parts for each in shown)

    @property
    def asked(self) -> int:
        """How many things are asked for."""
        return sum(len(shown) for *_, shown in self.parts)


def bid_of(works: Works, found: Gathered) -> Bid:
    """The evidence for a bid with a project, as it stands on the day of what was gathered. Two queries."""
    assert works.project
    lines = lines_of_cost(found.figures)
    surveys = list({each.survey.pk: each.survey for each in works.items}.values())
    buildings = {each.building_id for each in works.items if each.building_id}
    history = [each for each in found.exposures if each.kind != CONDITION and at(each, works, buildings)]
    bid = Bid(
        works=works,
        cost=cost_in(works.pence, 0, **lines) if works.pence is not None else None,
        history=history,
        surveys=sorted(surveys, key=lambda each: each.done_on, reverse=True),
        photos=[sha256 for each in works.items for sha256 in each.photos],
    )
    for criterion in funding().criteria:
        said = getattr(works.project, criterion.key)
        facts = {"words": bool(said.strip()), **facts_of(bid, found.day, lines)}
        bid.parts.append((criterion, said, [shown(key, words, facts, bid) for key, words in criterion.asks.items()]))
    return bid


def at(one: Exposure, works: Works, buildings: set[Any]) -> bool:
    """Whether an exposure is of the buildings of a project; of its site, when it names none."""
    return one.site == works.site and (one.building_id in buildings if buildings else True)


def facts_of(bid: Bid, day: dt.date, lines: dict[str, int]) -> dict[str, bool]:
    """What is there, by the key of what is asked for."""
    works = bid.works
    return {
        "survey": any(is_young(each, day) for each in bid.surveys),
        "photos": bool(bid.photos),
        "history": bool(bid.history),
        "pupils": works.site.school.pupils is not None,
        "prices": works.pence is not None and not works.unpriced,
        "unexpected": lines["unexpected"] > 0,
        "fees": lines["fees"] < funding().most_fees,
        "asbestos": asbestos_of(works) > 0,
    }


def is_young(survey: ConditionSurvey, day: dt.date) -> bool:
    """Whether a survey by a professional is young enough for a bid."""
    return survey.source != ConditionSurvey.Source.OWN and years_between(survey.done_on, day) < MOST_YEARS


def asbestos_of(works: Works) -> int:
    """How many asbestos-containing materials the register knows at the site of a project."""
    return Asset.objects.filter(site=works.site, type=ASBESTOS).count()


def shown(key: str, asks: str, facts: dict[str, bool], bid: Bid) -> Shown:
    """One thing that is asked for, with what there is of it in words."""
    pupils, newest = bid.works.site.school.pupils, bid.surveys[0] if bid.surveys else None
    words = {
        "words": "In your words." if facts["words"] else "Nothing is written yet.",
        "survey": f"{newest}, of {newest.done_on:%-d %B %Y}." if newest else "None.",
        "photos": f"{len(bid.photos)} of them." if bid.photos else "None. Add them to the findings.",
        "history": f"{len(bid.history)} open there." if bid.history else "None is open there.",
        "pupils": f"{pupils:,} at {bid.works.site.school}." if pupils is not None else "Not known: enter it at the school.",
        "prices": f"{bid.works.unpriced} without a price." if bid.works.unpriced or bid.works.pence is None else "All have one.",
        "unexpected": "Reckoned in." if facts["unexpected"] else "Nothing is reckoned in.",
        "fees": "They are." if facts["fees"] else "They are not.",
        "asbestos": "The register names some at this site." if facts["asbestos"] else "The register names none at this site.",
    }[key]
    return Shown(asks, facts[key], words)
