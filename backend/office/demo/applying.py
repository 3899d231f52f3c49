"""What the invented schools said of their sites, and the checks that they agreed do not apply."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from backend.assets.models import Asset
from backend.checks.actions.not_applicable import ask_not_applicable, decide_not_applicable
from backend.checks.models import CheckType
from backend.checks.queries.places import judgings
from backend.core.days import LONDON
from backend.office.demo.people import Team
from backend.office.demo.places import Grounds, Made
from backend.rules.known_facts import Judging, Source
from backend.rules.place_facts import PLACE_FACTS, UNKNOWN
from backend.trust.actions.facts import say_facts

RADON: Final = frozenset({"thistledown", "hollin-hill"})
LEFT_OPEN: Final = {"marsh-end": frozenset({"water", "lifting", "outside"})}
"""Schools that have not answered these screens yet."""
NOT_KNOWN: Final = {"marsh-end": ("fire_dampers",), "pendle-park": ("expansion_vessels", "rpz")}
SMALL: Final = 200  # square metres
CODE: Final = "condition-survey"
WHY: Final = "A small block: the surveyor looks at it with the main building, and it stands in that report."


def fill(made: Sequence[Made], team: Team, today: dt.date) -> None:
    """Answers about every site, and what was agreed: mostly in force, one waiting, one run out."""
    known = judgings([grounds.site for school in made for grounds in school.grounds])
    kind = CheckType.objects.get(pk=CODE)
    for school in made:
        for grounds in school.grounds:
            answer(school.plan.key, grounds, known[grounds.site.pk], team)
            for block in grounds.blocks:
                if block.plan.area < SMALL:
                    leave_out(school.plan.key, grounds, block.building, kind, known[grounds.site.pk], team, today)


def answer(key: str, grounds: Grounds, judged: Judging, team: Team) -> None:
    """What is in the register needs no answer; the rest is not there, but for what nobody has looked up yet."""
    said: dict[str, Any] = {}
    for fact in PLACE_FACTS.values():
        if fact.on == "site" and judged.site[fact.key].source is Source.UNKNOWN and fact.group not in LEFT_OPEN.get(key, ()):
            said[fact.key] = UNKNOWN if fact.key in NOT_KNOWN.get(key, ()) else False
    say_facts(grounds.site, answers=said, actor=team.lead)
    cooled = Asset.objects.filter(site=grounds.site, type_id="air-conditioning").values_list("building_id", flat=True)
    for block in grounds.blocks:
        told = {"radon": key in RADON, "cooling_over_12kw": block.building.pk in set(cooled)}
        say_facts(block.building, answers=told, actor=team.lead)


def leave_out(key: str, grounds: Grounds, building: Any, kind: CheckType, judged: Judging, team: Team, today: dt.date) -> None:
    """A condition survey of its own is not needed for a small block: asked by the business manager, agreed by the lead."""
    back = 400 if key == "marsh-end" else 80
    on = today - dt.timedelta(days=back)
    at = dt.datetime.combine(on, dt.time(10, 15), LONDON)
    row = ask_not_applicable(
        check_type=kind,
        site=grounds.site,
        building=building,
        person=team.at(key, "sbm") if key != "oakfield" else team.lead,
        reason=WHY,
        expires_on=on + dt.timedelta(days=365),
        today=on,
        judged=judged,
        at=at,
    )
    if key != "oakfield" and row.asked_by_id != team.lead.pk:
        decide_not_applicable(row, agree=True, person=team.lead, today=on, at=at + dt.timedelta(days=2), answer="Agreed.")
