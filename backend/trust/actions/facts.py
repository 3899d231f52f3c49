"""What people say of a site or a building: the facts that decide which checks apply."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from backend.core import audit
from backend.core.problems import Problem
from backend.rules.place_facts import PLACE_FACTS, PlaceFact
from backend.trust import permits
from backend.trust.actions.acting import Actor, fact, require_site
from backend.trust.actions.places import change_building
from backend.trust.models import Building, Site


@transaction.atomic
def say_facts(place: Site | Building, *, answers: Mapping[str, Any], actor: Actor) -> int:
    """Keep what was answered: a value, "unknown" (asked, and nobody knew), or None for not answered. Answers how many changed.

    Year, floor area and floors go where a building keeps them. Raises Problem naming what is no fact or no possible value.
    """
    site = place.site if isinstance(place, Building) else place
    require_site(actor, permits.SITE_CHANGE, site, "say what is there")
    read = read_answers(place, answers)
    kind: type[Site] | type[Building] = type(place)
    locked = kind._default_manager.select_for_update().get(pk=place.pk)
    kept = dict(locked.facts)
    for key, value in read.items():
        if PLACE_FACTS[key].column:
            continue
        kept.pop(key, None)
        if value is not None:
            kept[key] = value
    changed = {key for key in {**kept, **locked.facts} if kept.get(key) != locked.facts.get(key)}
    if changed:
        place.facts = dict(sorted(kept.items()))
        place.save(update_fields=["facts"])
        audit.append([fact(f"{place._meta.model_name}-facts", place, actor)])
    return len(changed) + say_columns(place, read, actor)


def say_columns(place: Site | Building, read: Mapping[str, Any], actor: Actor) -> int:
    """Keep the figures that a building has columns for; answers how many changed. "Unknown" leaves what is there."""
    if not isinstance(place, Building):
        return 0
    columns = {PLACE_FACTS[key].column: value for key, value in read.items() if PLACE_FACTS[key].column and value != "unknown"}
    different = {name: value for name, value in columns.items() if getattr(place, name) != value}
    if different:
        change_building(place, changes=different, actor=actor)
    return len(different)


def read_answers(place: Site | Building, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers, if each is of a fact of such a place and can be. Raises Problem."""
    on = "building" if isinstance(place, Building) else "site"
    read: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for key, value in answers.items():
        known: PlaceFact | None = PLACE_FACTS.get(key)
        if known is None or known.on != on:
            wrong[str(key)] = f"No such fact of a {on} is known."
            continue
        try:
            read[key] = None if value is None else known.read(value)
        except ValueError as problem:
            wrong[key] = str(problem)
    if wrong:
        raise Problem("facts", "Some of these answers cannot be taken.", fields=wrong)
    return read
