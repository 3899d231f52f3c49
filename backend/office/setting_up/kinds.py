"""Every kind of import there is, and what follows when one is applied or undone."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from backend.assets.imports import Assets
from backend.checks.actions import reckon_school
from backend.core.days import today
from backend.core.problems import NotFound
from backend.risk.imports import ConditionData, ConditionSurveys
from backend.trust.imports.gias import Gias
from backend.trust.imports.kinds import Kind
from backend.trust.imports.outlines import Outlines
from backend.trust.imports.people import People
from backend.trust.imports.places import Places
from backend.trust.imports.terms import Terms

KINDS_IN_ORDER: Final = (
    Gias(), Terms(), Places(), People(), Assets(), Outlines(), ConditionSurveys(), ConditionData(),
)  # fmt: skip
KINDS: Final[dict[str, Kind]] = {each.key: each for each in KINDS_IN_ORDER}


def kind_named(key: str) -> Kind:
    """The kind of that key. Raises NotFound."""
    if key not in KINDS:
        raise NotFound("That kind of import")
    return KINDS[key]


def follow(steps: Iterable[Mapping[str, Any]]) -> None:
    """Reckon the plans of the schools whose calendars were set anew."""
    for school_id in dict.fromkeys(each["school"] for each in steps if each["did"] == "calendar"):
        reckon_school(school_id, today=today())
